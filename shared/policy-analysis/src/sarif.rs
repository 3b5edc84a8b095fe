//! Diagnostics of files as SARIF 2.1.0, which code hosts show beside the code.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::lines::{Lines, Position};
use crate::report::severity_name;
use crate::{Checked, Diagnostic, LintKind};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// A log with one run, which has a rule for every code that occurs.
#[must_use]
pub fn sarif_report(files: &[Checked], version: &str) -> Value {
    let found = files.iter().flat_map(|checked| &checked.diagnostics);
    let codes = found.map(|diagnostic| (diagnostic.code, diagnostic));
    let rules = codes.collect::<BTreeMap<_, _>>();
    let index_of = |code: &str| rules.keys().position(|known| *known == code);
    let results = files.iter().flat_map(|checked| {
        let lines = Lines::of(&checked.text);
        let result = move |one: &Diagnostic| result(checked, &lines, one, index_of(one.code));
        checked.diagnostics.iter().map(result)
    });
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "ditto-auth",
                "semanticVersion": version,
                "rules": rules.values().map(|diagnostic| rule(diagnostic)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

fn rule(diagnostic: &Diagnostic) -> Value {
    let lint = LintKind::ALL.into_iter().find(|kind| kind.code() == diagnostic.code);
    let meaning = match diagnostic.code.split_once('.') {
        _ if lint.is_some() => lint.map(LintKind::meaning).unwrap_or_default(),
        Some(("query", _)) => "A query that does not say what it seems to, or nothing at all.",
        _ => "A policy that does not load.",
    };
    json!({
        "id": diagnostic.code,
        "shortDescription": { "text": meaning },
        "fullDescription": { "text": meaning },
        "help": { "text": "docs/errors.md and docs/policy-tools.md list all codes." },
        "defaultConfiguration": { "level": severity_name(diagnostic.severity) },
    })
}

fn result(
    checked: &Checked,
    lines: &Lines<'_>,
    diagnostic: &Diagnostic,
    rule: Option<usize>,
) -> Value {
    let Position { line, column, end_line, end_column } = lines.position(&diagnostic.span);
    let hint = diagnostic.hint.iter().map(|hint| format!("\n{hint}"));
    json!({
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": severity_name(diagnostic.severity),
        "message": { "text": diagnostic.message.clone() + &hint.collect::<String>() },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&checked.file) },
            "region": {
                "startLine": line,
                "startColumn": column,
                "endLine": end_line,
                "endColumn": end_column,
            },
        } }],
    })
}

/// A path as a URI reference: relative paths stay so, as code hosts want them.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path).replace('\\', "/");
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        for (path, expected) in [
            ("functions/oidc/policy.toml", "functions/oidc/policy.toml"),
            ("./policy.toml", "policy.toml"),
            ("/a b/policy.toml", "file:///a%20b/policy.toml"),
            ("a\\é#1.toml", "a/%C3%A9%231.toml"),
            ("c:policy.toml", "c%3Apolicy.toml"),
        ] {
            assert_eq!(uri(path), expected, "{path}");
        }
    }
}
