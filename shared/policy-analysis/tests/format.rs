//! The format of policies: what it makes of a text, and what it never does to one.
#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a panic is the failure report, and tables are long"
)]

use std::fs;
use std::path::{Path, PathBuf};

use policy_analysis::{NotToml, format};

#[test]
fn lays_out_every_part() {
    for (name, text, expected) in [
        ("nothing", "", ""),
        ("blank lines only", "\n\n \n", ""),
        ("a comment only", "\n\n  # a  \n\n", "# a\n"),
        ("spaces around `=`", "a=1\nb   =   2\n\tc = 3", "a = 1\nb = 2\nc = 3\n"),
        ("dotted names", "a . \"b\".c = 1", "a.\"b\".c = 1\n"),
        ("names that alternate", "a.b=1\nc=2\na.d=3", "a.b = 1\nc = 2\na.d = 3\n"),
        ("headers", "[ a . b ]\n[[ c ]]\nx=1\n[[c]]", "[a.b]\n\n[[c]]\nx = 1\n\n[[c]]\n"),
        ("a blank line after a header", "[a]\n\nx=1\n", "[a]\nx = 1\n"),
        ("several blank lines", "a=1\n\n\n\nb=1\n\n\n[c]\n", "a = 1\n\nb = 1\n\n[c]\n"),
        ("blank lines at the ends", "\n\na = 1\n\n\n", "a = 1\n"),
        ("a header after a comment", "# a\n[b]", "# a\n[b]\n"),
        ("line ends of Windows", "a = 1\r\n\r\n# b\r\n[c]\r\n", "a = 1\n\n# b\n[c]\n"),
        ("lists", "a=[ 1,2 , 3, ]\nb=[ ]\n", "a = [1, 2, 3]\nb = []\n"),
        ("a list of several lines that fits", "a = [\n1,\n\n2\n]\n", "a = [1, 2]\n"),
        ("inline tables", "a={b=1,c={ }}\n", "a = { b = 1, c = {} }\n"),
        ("an inline table of several lines that fits", "a = {\nb=1,\n}", "a = { b = 1 }\n"),
        ("dates", "a = 2026-01-01 00:00:00Z\n", "a = 2026-01-01 00:00:00Z\n"),
        ("numbers", "a = 1_000\nb = 0xFF\nc = -1.50e3", "a = 1_000\nb = 0xFF\nc = -1.50e3\n"),
    ] {
        assert_eq!(format(text).unwrap(), expected, "{name}");
    }
}

#[test]
fn quotes_are_double_unless_that_takes_escapes() {
    for (written, expected) in [
        (r#""a""#, r#""a""#),
        ("'a'", r#""a""#),
        ("''", r#""""#),
        (r#"'"a"'"#, r#"'"a"'"#),
        (r"'a\d'", r"'a\d'"),
        (r#""\"a\"""#, r#"'"a"'"#),
        (r#""a\\d""#, r"'a\d'"),
        // A literal string cannot hold an apostrophe.
        (r#""'\"a\"'""#, r#""'\"a\"'""#),
        // Escapes of what cannot be seen are there to be seen.
        (r#""a\u200b\"""#, r#""a\u200b\"""#),
        (r#""a\tb""#, r#""a\tb""#),
        (r#""{sub | strip_prefix('auth0|')}""#, r#""{sub | strip_prefix('auth0|')}""#),
        ("\"\"\"a\n  b\"\"\"", "\"\"\"a\n  b\"\"\""),
        ("'''it's \"a\"'''", "'''it's \"a\"'''"),
    ] {
        assert_eq!(format(&format!("a = {written}")).unwrap(), format!("a = {expected}\n"));
    }
}

#[test]
fn long_lists_have_one_item_a_line() {
    let item = "x".repeat(44);
    let fits = format!("a = [\"{item}\", \"{item}\"]\n");
    assert_eq!(fits.trim_end().len(), 100);
    assert_eq!(format(&fits).unwrap(), fits);

    let long = format!("ab = [\"{item}\", \"{item}\"]\n");
    let broken = format!("ab = [\n    \"{item}\",\n    \"{item}\",\n]\n");
    assert_eq!(format(&long).unwrap(), broken);
    assert_eq!(format(&broken).unwrap(), broken);

    let nested = format!("a = [[\"{item}\", \"{item}\", 1], []]");
    let broken = format!(
        "a = [\n    [\n        \"{item}\",\n        \"{item}\",\n        1,\n    ],\n    [],\n]\n"
    );
    assert_eq!(format(&nested).unwrap(), broken);
}

#[test]
fn what_follows_on_the_line_counts() {
    let item = |length| "x".repeat(length);
    // With the comma, 101 characters.
    let inner = format!("a = [[\"{}\"], 1]", item(92));
    let expected = format!("a = [\n    [\n        \"{}\",\n    ],\n    1,\n]\n", item(92));
    assert_eq!(format(&inner).unwrap(), expected);
    let inner = format!("a = [[\"{}\"], 1]", item(91));
    let expected = format!("a = [\n    [\"{}\"],\n    1,\n]\n", item(91));
    assert_eq!(format(&inner).unwrap(), expected);
    // With the brace, 101 characters.
    let member = format!("a = {{ b = [\"{}\"] }}", item(85));
    let expected = format!("a = {{ b = [\n    \"{}\",\n] }}\n", item(85));
    assert_eq!(format(&member).unwrap(), expected);
    // There is nothing in it to break.
    let name = item(99);
    assert_eq!(format(&format!("{name} = [\n]")).unwrap(), format!("{name} = []\n"));
}

#[test]
fn inline_tables_keep_to_their_line_and_the_lists_in_them_break() {
    let item = "x".repeat(44);
    let long = format!("read = {{orders=\"{item}\",shops=\"{item}\"}}");
    let expected = format!("read = {{ orders = \"{item}\", shops = \"{item}\" }}\n");
    assert_eq!(format(&long).unwrap(), expected);

    let list = format!("read = {{orders=[\"{item}\",\"{item}\"]}}");
    let expected = format!("read = {{ orders = [\n    \"{item}\",\n    \"{item}\",\n] }}\n");
    assert_eq!(format(&list).unwrap(), expected);

    let lines = format!("read = {{\norders=\"{item}\",\n\n\nshops=\"{item}\"}}");
    let expected = format!("read = {{\n    orders = \"{item}\",\n\n    shops = \"{item}\",\n}}\n");
    assert_eq!(format(&lines).unwrap(), expected);
}

#[test]
fn comments_stay_with_what_they_describe() {
    for (name, text, expected) in [
        ("behind a value", "a = 1#  b\n", "a = 1 #  b\n"),
        ("behind a header", "[a]   # b  \nx = 1", "[a] # b\nx = 1\n"),
        ("above a name", "[a]\n\n # b\n\nx = 1", "[a]\n# b\n\nx = 1\n"),
        ("above a header", "x = 1\n# a\n[a]", "x = 1\n\n# a\n[a]\n"),
        ("of the table before", "x = 1\n# y = 2\n\n[a]", "x = 1\n# y = 2\n\n[a]\n"),
        (
            "of the table before, and of the next",
            "x = 1\n# y = 2\n\n\n# a\n[a]",
            "x = 1\n# y = 2\n\n# a\n[a]\n",
        ),
        ("of no table", "x = 1\n\n# a\n\n[a]", "x = 1\n\n# a\n\n[a]\n"),
        ("at the end", "x = 1\n\n\n# a\n\n\n# b\n\n", "x = 1\n\n# a\n\n# b\n"),
        ("at the end, close by", "x = 1\n# a", "x = 1\n# a\n"),
        (
            "behind the items of a list",
            "a = [1, # one\n 2 # two\n]",
            "a = [\n    1, # one\n    2, # two\n]\n",
        ),
        (
            "above the items of a list",
            "a = [ # list\n\n# one\n1,\n\n\n# two\n2,\n# end\n\n]",
            "a = [ # list\n    # one\n    1,\n\n    # two\n    2,\n    # end\n]\n",
        ),
        (
            "around a comma",
            "a = [1 # one\n # more\n , # comma\n 2]",
            "a = [\n    1, # one\n    # more\n    # comma\n    2,\n]\n",
        ),
        ("in an empty list", "a = [ # none\n\n ]", "a = [ # none\n]\n"),
        ("in an empty list, apart", "a = [ # none\n\n # more\n]", "a = [ # none\n    # more\n]\n"),
        (
            "before a comma on its own line",
            "a = [1 # one\n,\n2]",
            "a = [\n    1, # one\n    2,\n]\n",
        ),
        ("in an empty list, below", "a = [\n # none\n ]", "a = [\n    # none\n]\n"),
        (
            "in an inline table",
            "a = { b = 1, # one\n c = 2 }",
            "a = {\n    b = 1, # one\n    c = 2,\n}\n",
        ),
        (
            "in a list of an inline table",
            "a = { b = [1, # one\n], c = 2 }",
            "a = { b = [\n    1, # one\n], c = 2 }\n",
        ),
    ] {
        let formatted = format(text).unwrap();
        assert_eq!(formatted, expected, "{name}");
        assert_eq!(format(&formatted).unwrap(), expected, "{name}, again");
    }
}

/// Which of the two a string has is up to how the file was checked out, so nobody can mean it.
#[test]
fn line_ends_of_windows_go_from_strings_too() {
    let text = "a = \"\"\"x\r\ny\"\"\"\r\n";
    assert_eq!(format(text).unwrap(), "a = \"\"\"x\ny\"\"\"\n");
}

#[test]
fn what_is_not_toml_is_named_with_its_place() {
    for (text, line, column, message) in [
        ("a = 1\nb = \n", 2, 5, "string"),
        ("a = 1\n\na = 2\n", 3, 1, "duplicate key"),
        ("[a\n", 1, 3, "table"),
        ("a = 'x\n", 1, 7, "literal string"),
    ] {
        let error = format(text).unwrap_err();
        assert_eq!((error.line, error.column), (line, column), "{text}: {error}");
        assert!(error.message.contains(message), "{text}: {error}");
        assert!(!error.message.contains('\n'), "{error}");
    }
    let deep = format!("a = {}{}", "[".repeat(5000), "]".repeat(5000));
    assert!(matches!(format(&deep), Err(NotToml { line: 1, .. })));
}

#[test]
fn every_policy_of_the_repository_is_formatted() {
    let policies = policies();
    assert!(policies.len() >= 15, "{policies:?}");
    for policy in policies {
        let text = fs::read_to_string(&policy).unwrap();
        let formatted = format(&text).unwrap();
        assert_eq!(text, formatted, "{}", policy.display());
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn policies() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in ["functions", "examples/policies"] {
        for folder in fs::read_dir(root().join(folder)).unwrap() {
            let folder = folder.unwrap().path();
            files.extend(["policy.toml", "policy.test.toml"].map(|file| folder.join(file)));
        }
    }
    let starters = Path::new(env!("CARGO_MANIFEST_DIR")).join("starters");
    files.extend(fs::read_dir(starters).unwrap().map(|file| file.unwrap().path()));
    files.retain(|file| file.exists());
    files
}
