//! Policies and the examples beside them, as files.

use std::fs;
use std::path::{Path, PathBuf};

use claim_mapping::{Policy, line_and_column};
use policy_analysis::{Diagnostic, Persona, check};

/// The name of a policy's file in the folder of its function.
pub(crate) const POLICY: &str = "policy.toml";

/// The name of the file with the examples beside it.
pub(crate) const TESTS: &str = "policy.test.toml";

/// A policy and where it is from.
pub(crate) struct LoadedPolicy {
    /// The file, as it is shown.
    pub(crate) name: String,
    /// Its text.
    pub(crate) text: String,
    /// What it says.
    pub(crate) policy: Policy,
}

impl LoadedPolicy {
    /// Loads a file.
    pub(crate) fn read(file: &Path) -> Result<Self, String> {
        let name = file.to_string_lossy().into_owned();
        let text = fs::read_to_string(file).map_err(|error| format!("{name}: {error}"))?;
        Self::parse(name, text)
    }

    /// Loads a text.
    pub(crate) fn parse(name: String, text: String) -> Result<Self, String> {
        match Policy::parse(&text) {
            Ok(policy) => Ok(Self { name, text, policy }),
            Err(_) => Err(problem_lines(&name, &text, &check(&text))),
        }
    }
}

/// The personas beside a policy (`policy.test.toml` beside `policy.toml`), or nothing where there is no such file.
pub(crate) fn personas_beside(policy: &Path) -> Result<Option<Vec<Persona>>, String> {
    let file = policy.with_extension("test.toml");
    if !file.exists() {
        return Ok(None);
    }
    let name = file.to_string_lossy();
    let text = fs::read_to_string(&file).map_err(|error| format!("{name}: {error}"))?;
    let personas = Persona::parse_all(&text);
    personas.map(Some).map_err(|problems| problem_lines(&name, &text, &problems))
}

/// A line for each problem of a file.
pub(crate) fn problem_lines(name: &str, text: &str, problems: &[Diagnostic]) -> String {
    let lines = problems.iter().map(|problem| {
        let (line, column) = line_and_column(text, problem.span.start);
        let Diagnostic { code, message, hint, .. } = problem;
        let hint = hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{name}:{line}:{column}: {code}: {message}{hint}")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The folders of `functions/*` that have a policy, in the order of their names.
pub(crate) fn folders_of_functions() -> Result<Vec<PathBuf>, String> {
    let nowhere = "there is no functions/*/policy.toml here; name what is meant";
    let folders = fs::read_dir("functions").map_err(|_| nowhere)?;
    let mut folders = folders.filter_map(|folder| Some(folder.ok()?.path())).collect::<Vec<_>>();
    folders.retain(|folder| folder.join(POLICY).exists());
    folders.sort();
    if folders.is_empty() { Err(nowhere.to_owned()) } else { Ok(folders) }
}

/// The policies of `functions/*`.
pub(crate) fn policies_of_functions() -> Result<Vec<PathBuf>, String> {
    Ok(folders_of_functions()?.into_iter().map(|folder| folder.join(POLICY)).collect())
}
