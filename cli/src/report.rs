//! Diagnostics as people and machines read them: `--format text|json|sarif`.

use std::env;
use std::error::Error;
use std::io::{IsTerminal, stderr, stdout};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet, normalize_untrusted_str};
use clap::ValueEnum;
use permission_query::{ParseError, Severity};
use policy_analysis::{Checked, Diagnostic, json_report, sarif_report};

use crate::output;

/// How diagnostics are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: each with its line.
    Text,
    /// One JSON object.
    Json,
    /// SARIF 2.1.0, for code hosts.
    Sarif,
}

/// Prints all that is said of these texts to standard output.
pub(crate) fn print(format: Format, files: &[Checked]) -> Result<(), Box<dyn Error>> {
    let report = match format {
        Format::Text => {
            let is_colored = allows_color(&stdout());
            for text in files.iter().flat_map(|checked| text_of(checked, is_colored)) {
                output::line(&text);
            }
            return Ok(());
        }
        Format::Json => json_report(files),
        Format::Sarif => sarif_report(files, env!("CARGO_PKG_VERSION")),
    };
    output::line(&serde_json::to_string_pretty(&report)?);
    Ok(())
}

/// Prints why a text cannot be used to standard error.
pub(crate) fn print_to_standard_error(checked: &Checked) {
    for text in text_of(checked, allows_color(&stderr())) {
        output::progress(&text);
    }
}

/// A parse error of a query, as a diagnostic.
pub(crate) fn of_parse_error(error: ParseError) -> Diagnostic {
    let ParseError { span, message, hint } = error;
    let code = claim_mapping::ProblemKind::QuerySyntax.code();
    Diagnostic { severity: Severity::Error, code, span, message, hint }
}

/// `1 error, 2 warnings`, or `no problems`.
pub(crate) fn summary(files: &[Checked]) -> String {
    let count = |count: usize, name: &str| match count {
        0 => None,
        1 => Some(format!("1 {name}")),
        count => Some(format!("{count} {name}s")),
    };
    let errors = count(files.iter().map(Checked::errors).sum(), "error");
    let warnings = count(files.iter().map(Checked::warnings).sum(), "warning");
    let counts = [errors, warnings].into_iter().flatten().collect::<Vec<_>>();
    if counts.is_empty() { "no problems".to_owned() } else { counts.join(", ") }
}

/// Colours only where a person looks, and does not mind (<https://no-color.org>).
fn allows_color(stream: &impl IsTerminal) -> bool {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    stream.is_terminal() && !is_set("NO_COLOR") && !is_dumb
}

fn text_of(checked: &Checked, is_colored: bool) -> Vec<String> {
    let renderer = if is_colored { Renderer::styled() } else { Renderer::plain() };
    let texts = checked.diagnostics.iter().map(|diagnostic| {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let span = within(&checked.text, &diagnostic.span);
        let snippet = Snippet::source(checked.text.as_str())
            .path(checked.file.as_str())
            .annotation(AnnotationKind::Primary.span(span));
        let mut group =
            level.primary_title(&diagnostic.message).id(diagnostic.code).element(snippet);
        if let Some(hint) = &diagnostic.hint {
            group = group.element(Level::HELP.message(normalize_untrusted_str(hint)));
        }
        renderer.render(&[group]) + "\n"
    });
    texts.collect()
}

/// The part of the place that the text has, for what is missing at its end.
fn within(text: &str, span: &Range<usize>) -> Range<usize> {
    let end = span.end.min(text.len());
    let start = span.start.min(end);
    if text.is_char_boundary(start) && text.is_char_boundary(end) { start..end } else { 0..0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str, span: Range<usize>) -> String {
        let diagnostic = Diagnostic {
            severity: Severity::Warning,
            code: "lint.x",
            span,
            message: "what follows".to_owned(),
            hint: Some("write this".to_owned()),
        };
        let file = "policy.toml".to_owned();
        let checked = Checked { file, text: text.to_owned(), diagnostics: vec![diagnostic] };
        text_of(&checked, false).concat()
    }

    #[test]
    fn the_underline_is_under_what_is_meant() {
        for (text, meant, place, line, underline) in [
            ("a = bad", "bad", "1:5", "a = bad", "    ^^^"),
            ("\na = bad\n", "bad", "2:5", "a = bad", "    ^^^"),
            ("\ta = bad", "bad", "1:6", "    a = bad", "        ^^^"),
            ("ä = bad", "bad", "1:5", "ä = bad", "    ^^^"),
            ("日本 = bad", "bad", "1:6", "日本 = bad", "       ^^^"),
            ("a = 😀", "😀", "1:5", "a = 😀", "    ^^"),
            ("a = bad\r\nb = 1\r\n", "bad", "1:5", "a = bad", "    ^^^"),
        ] {
            let start = text.find(meant).unwrap();
            let shown = rendered(text, start..start + meant.len());
            let lines = shown.lines().collect::<Vec<_>>();
            assert_eq!(lines[0], "warning[lint.x]: what follows", "{shown}");
            assert_eq!(lines[1].trim(), format!("--> policy.toml:{place}"), "{shown}");
            let at = lines.iter().position(|shown| shown.ends_with(&format!("| {line}"))).unwrap();
            assert_eq!(lines[at + 1].trim_start(), format!("| {underline}"), "{shown}");
            assert!(shown.contains("help: write this"), "{shown}");
        }
    }

    #[test]
    fn any_place_can_be_shown() {
        for (text, span) in
            [("", 0..0), ("", 0..9), ("a", 1..1), ("a\n", 2..2), ("ä", 1..2), ("a\nb\nc\n", 0..5)]
        {
            assert!(
                rendered(text, span.clone()).starts_with("warning[lint.x]"),
                "{text:?} {span:?}"
            );
        }
    }

    #[test]
    fn what_a_policy_says_cannot_write_to_the_terminal() {
        let shown = rendered("a = '\u{1b}[31m'", 4..10);
        assert!(!shown.contains('\u{1b}'), "{shown:?}");
    }

    #[test]
    fn only_terminals_get_colours() {
        let diagnostics = policy_analysis::check("x = 1\n");
        let checked = Checked { file: "a".to_owned(), text: "x = 1\n".to_owned(), diagnostics };
        assert!(text_of(&checked, true).concat().contains('\u{1b}'));
        assert!(!text_of(&checked, false).concat().contains('\u{1b}'));
        assert!(!allows_color(&std::fs::File::open(env!("CARGO_MANIFEST_PATH")).unwrap()));
    }
}
