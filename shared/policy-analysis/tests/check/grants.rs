//! Grants and what they give.

use super::{GRANT, HEAD, assert_found, grant, only};

#[test]
fn grants_that_add_nothing() {
    let c = "lint.covered_grant";
    let driver = grant(r#"{ claim = "role", equals = "driver" }"#);
    let own = r#"when = { claim = "role", equals = "driver" }
read = { t = "_id.o == {sub}" }
write = { t = "_id.o == {sub}" }
"#;
    let tenant = "[[grant]]\nread = { t = \"_id.t == {t}\" }\nwrite = { t = \"_id.t == {t}\" }\n";
    let found = &[(c, "[[grant]]")];
    assert_found(&[
        ("the same twice", driver.clone() + &driver, found),
        ("what everybody has", GRANT.to_owned() + &driver, found),
        ("what everybody has by a later grant", driver.clone() + GRANT, found),
        ("a query beside all documents", format!("{GRANT}[[grant]]\n{own}"), found),
        (
            "more than everybody has",
            format!("{GRANT}[[grant]]\n{}", own.replace("{ t =", "{ u =")),
            &[],
        ),
        ("a remote query more", format!("{GRANT}[[grant]]\n{own}remote_query = true\n"), &[]),
        ("a shorter session", format!("{GRANT}[[grant]]\n{own}session = \"30m\"\n"), &[]),
        ("a time", format!("{GRANT}[[grant]]\nuntil = \"end\"\n{own}"), &[]),
        (
            "other conditions",
            driver.clone() + &grant(r#"{ claim = "role", equals = "manager" }"#),
            &[],
        ),
        (
            "conditions beside others",
            driver.clone()
                + &grant(
                    r#"[{ claim = "x", exists = true }, { claim = "role", equals = "driver" }]"#,
                ),
            found,
        ),
        ("a claim that only some have", format!("{tenant}[[grant]]\n{own}"), &[]),
        ("a claim that both need", format!("{tenant}{tenant}"), found),
        (
            "a requirement says it already",
            "[[require]]\nclaim = \"role\"\nequals = \"driver\"\n".to_owned()
                + &driver.replace("\"true\" }", "\"true\", u = \"true\" }")
                + GRANT,
            found,
        ),
        (
            "a role gives the same",
            format!(
                "[role.r]\nread = {{ t = \"true\" }}\nwrite = {{ t = \"true\" }}\n{GRANT}[[grant]]\nwhen = {{ claim = \"a\", exists = true }}\nroles = \"r\"\n"
            ),
            found,
        ),
    ]);
    let policy = format!("{HEAD}{driver}{GRANT}");
    let found = only(&policy);
    assert_eq!(found.span.start, policy.find("[[grant]]").unwrap());
    assert_eq!(
        found.message,
        "whoever gets this has all of it by the grant on line 8 already: it adds nothing"
    );
    let twice = only(&format!("{HEAD}{GRANT}{GRANT}"));
    assert_eq!(twice.message, "this says the same as the grant on line 4: it adds nothing");
}

#[test]
fn everything_for_everybody() {
    let e = "lint.everything";
    let all = "read = \"everything\"\nwrite = \"everything\"\n";
    assert_found(&[
        ("both", format!("[[grant]]\n{all}"), &[(e, "[[grant]]")]),
        ("by a role", format!("[role.r]\n{all}[[grant]]\nroles = [\"r\"]\n"), &[(e, "[[grant]]")]),
        ("for some", format!("[[grant]]\nwhen = {{ claim = \"a\", exists = true }}\n{all}"), &[]),
        ("for a time", format!("[[grant]]\nuntil = \"end\"\n{all}"), &[]),
        (
            "with a requirement",
            format!("[[require]]\nclaim = \"a\"\nexists = true\n[[grant]]\n{all}"),
            &[],
        ),
        ("a collection", GRANT.to_owned(), &[]),
    ]);
    let found = only(&format!("{HEAD}[[grant]]\n{all}"));
    assert_eq!(found.message, "every verified user reads and writes every document");
}

#[test]
fn documents_that_do_not_travel_on() {
    let r = "lint.relay";
    let when = "[[grant]]\nwhen = { claim = \"a\", exists = true }\n";
    let roles = "[role.reader]\nread = { shops = \"true\" }\n[role.writer]\nwrite = { shops = \"_id.o == {sub}\" }\n";
    assert_found(&[
        ("a collection", format!("{when}read = {{ shops = \"true\" }}\n"), &[(r, "shops")]),
        (
            "two collections",
            format!(
                "{when}read = {{ shops = \"true\", orders = \"true\" }}\nwrite = {{ tasks = \"true\" }}\n"
            ),
            &[(r, "shops"), (r, "orders")],
        ),
        (
            "everything",
            format!("{when}read = \"everything\"\nwrite = {{ t = \"true\" }}\n"),
            &[(r, "\"everything\"")],
        ),
        (
            "written",
            format!(
                "{when}read = {{ shops = \"true\" }}\nwrite = {{ shops = \"_id.o == {{sub}}\" }}\n"
            ),
            &[],
        ),
        (
            "everything written",
            format!("{when}read = {{ shops = \"true\" }}\nwrite = \"everything\"\n"),
            &[],
        ),
        ("only written", format!("{when}write = {{ shops = \"true\" }}\n"), &[]),
        ("a role", format!("{roles}{when}roles = [\"writer\", \"reader\"]\n"), &[]),
        (
            "one role of the two",
            format!(
                "{roles}{when}roles = [\"reader\"]\n[[grant]]\nwhen = {{ claim = \"b\", exists = true }}\nroles = \"writer\"\n"
            ),
            &[(r, "\"reader\"")],
        ),
        (
            "written by what everybody has",
            format!(
                "[role.reader]\nread = {{ t = \"true\" }}\n{GRANT}{when}roles = \"reader\"\nremote_query = true\n"
            ),
            &[],
        ),
        ("a table of its own", format!("{when}[grant.read]\nshops = \"true\"\n"), &[(r, "shops")]),
    ]);
    let found = only(&format!("{HEAD}{when}read = {{ shops = \"true\" }}\n"));
    assert_eq!(
        found.message,
        "with the grant on line 4, a device that may read `shops` but not write it cannot relay it: peers out of reach of everyone else do not get it"
    );
    let policy =
        format!("{HEAD}[role.auditor]\nread = \"everything\"\n{when}roles = [\"auditor\"]\n");
    let message = only(&policy).message;
    assert!(
        message.starts_with(
            "with role `auditor` in the grant on line 6, a device that may read everything but"
        ),
        "{message}"
    );
}

#[test]
fn roles_and_tables_that_nothing_uses() {
    let role = "[role.reader]\nwrite = { t = \"true\" }\n";
    let map = "[map.region]\na = \"b\"\n";
    let metadata = "[identity_metadata]\nx = [\"{a | map(region)}\"]\n";
    assert_found(&[
        ("a role", format!("{role}{GRANT}"), &[("lint.unused_role", "reader")]),
        ("a role that is given", format!("{role}{GRANT}roles = \"reader\"\n"), &[]),
        ("a table", format!("{map}{GRANT}"), &[("lint.unused_map", "region")]),
        ("a table in metadata", format!("{map}{GRANT}{metadata}"), &[]),
        (
            "a table in a query",
            format!("{map}{}", GRANT.replace("\"true\"", "\"_id.r == {a | map(region)}\"")),
            &[],
        ),
        (
            "a table in a condition",
            map.to_owned() + &grant(r#"{ claim = "a | map(region)", equals = "b" }"#),
            &[],
        ),
        ("a table in `until`", format!("{map}{GRANT}until = \"a | map(region)\"\n"), &[]),
    ]);
}
