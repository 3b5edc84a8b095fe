//! Who users are, who is kept out, and what others see of them.

use policy_analysis::check;

use super::{GRANT, HEAD, assert_found, assert_says, grant, only};

#[test]
fn what_every_peer_sees() {
    let (p, s) = ("lint.metadata_personal", "lint.metadata_secret");
    let metadata = |line: &str| format!("{GRANT}[identity_metadata]\n{line}\n");
    for (line, expected) in [
        ("email = \"{email}\"", Some((p, "email"))),
        ("contact = \"{email}\"", Some((p, "\"{email}\""))),
        ("contact = \"to {email}!\"", Some((p, "\"to {email}!\""))),
        ("givenName = \"{x}\"", Some((p, "givenName"))),
        ("a.b.phone_number = \"{x}\"", Some((p, "phone_number"))),
        ("a = [{ b = \"{address.city}\" }]", Some((p, "\"{address.city}\""))),
        (
            "x = '{\"https://example.com/birth-date\"}'",
            Some((p, "'{\"https://example.com/birth-date\"}'")),
        ),
        ("name = \"{name}\"", Some((p, "name"))),
        ("clientIp = \"{x}\"", Some((p, "clientIp"))),
        ("x = \"{user.given_name}\"", Some((p, "\"{user.given_name}\""))),
        ("apiKey = \"k\"", Some((s, "apiKey"))),
        ("key = \"k\"", Some((s, "key"))),
        ("x = \"{refresh_token}\"", Some((s, "\"{refresh_token}\""))),
        ("client_secret = \"k\"", Some((s, "client_secret"))),
        ("role = \"{role}\"", None),
        ("storeName = \"{store_name}\"", None),
        ("public_key = \"{x}\"", None),
        ("token_use = \"{x}\"", None),
        ("verified = \"{email_verified}\"", None),
        ("relationship = \"{x}\"", None),
        ("tenant = \"{request.provider}\"", None),
        ("x = \"{store.name}\"", None),
    ] {
        let expected = expected.into_iter().collect::<Vec<_>>();
        assert_says(line, &format!("{HEAD}{}", metadata(line)), &expected);
    }
    assert_found(&[
        ("what the app gets", format!("{GRANT}[client_info]\nemail = \"{{email}}\"\n"), &[]),
        (
            "what a table makes of it",
            format!("[map.m]\na = \"b\"\n{GRANT}[identity_metadata]\nx = \"{{email | map(m)}}\"\n"),
            &[],
        ),
    ]);
}

#[test]
fn sessions_that_outlive_their_token() {
    let head = "user_id = \"{sub}\"\n[session]\nlength = \"7d\"\nwithin_token = false\n";
    let policy = format!("{head}{GRANT}");
    assert_says("beyond", &policy, &[("lint.session_beyond_token", "within_token = false")]);
    for (length, session, words) in [
        ("7d", "", "7 days"),
        ("1d", "", "1 day"),
        ("36h", "", "36 hours"),
        ("90m", "", "90 minutes"),
        ("61s", "", "61 seconds"),
        ("7d", "session = \"1h\"\n", "1 hour"),
        ("1h", "session = \"2h\"\n", "1 hour"),
    ] {
        let message = only(&format!("{}{GRANT}{session}", head.replace("7d", length))).message;
        assert!(message.contains(&format!("keeps access for up to {words},")), "{message}");
    }
    assert_says("within", &policy.replace("false", "true"), &[]);
}

#[test]
fn denials_of_everybody_without_the_claim() {
    let d = "lint.deny_missing_claim";
    let suspended = r#"{ claim = "suspended", equals = true }"#;
    let x = r#"{ claim = "x", equals = 1 }"#;
    let deny = |when: &str| format!("[[deny]]\nwhen = {when}\n{GRANT}");
    assert_found(&[
        ("one", deny(suspended), &[(d, suspended)]),
        ("two", deny(&format!("[{suspended}, {x}]")), &[(d, suspended), (d, x)]),
        ("in `any`", deny(&format!("{{ any = [{suspended}, {x}] }}")), &[(d, suspended), (d, x)]),
        ("in `not`", deny(&format!("{{ not = {suspended} }}")), &[(d, suspended)]),
        (
            "the same claim twice",
            deny("[{ claim = \"n\", at_least = 1 }, { claim = \"n\", at_most = 3 }]"),
            &[(d, "{ claim = \"n\", at_least = 1 }")],
        ),
        (
            "once with a default that lets off",
            deny(
                "[{ claim = \"suspended | default(false)\", equals = true }, { claim = \"suspended\", boolean = true }]",
            ),
            &[],
        ),
        (
            "once with a default that does not",
            deny(
                "[{ claim = \"suspended | default(true)\", equals = true }, { claim = \"suspended\", boolean = true }]",
            ),
            &[(d, "{ claim = \"suspended\", boolean = true }")],
        ),
        ("a default", deny(r#"{ claim = "suspended | default(false)", equals = true }"#), &[]),
        (
            "a guard",
            deny(&format!("[{{ claim = \"suspended\", exists = true }}, {suspended}]")),
            &[],
        ),
        (
            "a guard after it",
            deny(&format!("[{suspended}, {{ claim = \"suspended\", exists = true }}]")),
            &[],
        ),
        (
            "a requirement that users without it meet",
            format!(
                "[[require]]\nclaim = \"suspended | default(false)\"\nboolean = false\n{}",
                deny(suspended)
            ),
            &[(d, suspended)],
        ),
        (
            "a guard on one",
            deny(&format!("[{{ claim = \"suspended\", exists = true }}, {suspended}, {x}]")),
            &[(d, x)],
        ),
        (
            "a guard in `any`",
            deny(&format!(
                "{{ any = [{{ all = [{{ claim = \"suspended\", exists = true }}, {suspended}] }}, {x}] }}"
            )),
            &[(d, x)],
        ),
        (
            "on purpose",
            deny(&format!(
                "{{ any = [{{ claim = \"suspended\", exists = false }}, {suspended}] }}"
            )),
            &[],
        ),
        ("a claim that every token has", deny(r#"{ claim = "sub", prefix = "test-" }"#), &[]),
        (
            "a claim that is required",
            format!("[[require]]\nclaim = \"suspended\"\nexists = true\n{}", deny(suspended)),
            &[],
        ),
        (
            "a claim that a requirement asks",
            format!(
                "[[require]]\nclaim = \"suspended\"\nboolean = false\n{}",
                deny(r#"{ claim = "suspended", equals = "x" }"#)
            ),
            &[],
        ),
        ("users", format!("[[deny]]\nusers = [\"u\"]\n{GRANT}"), &[]),
    ]);
    let found = only(&format!("{HEAD}{}", deny(suspended)));
    assert_eq!(
        found.message,
        "everybody whose token has no `suspended` is denied: it cannot be told"
    );
    assert_eq!(
        found.hint.as_deref(),
        Some(
            "give it a default, `claim = \"suspended | default(false)\"`, or put `{ claim = \"suspended\", exists = true }` beside it"
        )
    );
}

#[test]
fn denials_of_nobody() {
    for (user_id, user, write) in [
        ("oidc|{sub}", "u1", Some("oidc|u1")),
        ("oidc|{sub}", "oidc|u1", None),
        ("{sub}@north", "u1", Some("u1@north")),
        ("{sub}@north", "u1@north", None),
        ("{sub | strip_prefix('auth0|')}", "auth0|u1", Some("u1")),
        ("{sub | strip_prefix('auth0|')}", "u1", None),
        ("{sub}", "U1", None),
    ] {
        let head = HEAD.replace("{sub}", user_id);
        let policy = format!("{head}[[deny]]\nusers = [\"{user}\"]\n{GRANT}");
        let found = check(&policy);
        let hints = found.iter().map(|found| {
            assert_eq!(
                (found.code, &policy[found.span.clone()]),
                ("lint.deny_unknown_user", &*format!("\"{user}\""))
            );
            found.hint.clone().unwrap()
        });
        let hints = hints.collect::<Vec<_>>();
        assert_eq!(hints.len(), usize::from(write.is_some()), "{user_id} {user}: {hints:?}");
        assert!(
            hints.iter().all(|hint| hint.ends_with(&format!("write `{}`", write.unwrap()))),
            "{hints:?}"
        );
    }
    let lower = HEAD.replace("{sub}", "{sub | lower}");
    let policy = format!("{lower}[[deny]]\nusers = [\"Ann\"]\n{GRANT}");
    let found = check(&policy);
    assert!(found.iter().any(|found| found.code == "lint.deny_unknown_user"), "{found:?}");
}

#[test]
fn user_ids_that_do_not_stay_one_users() {
    for (user_id, expected) in [
        ("{email}", &["lint.email_unverified", "lint.user_id_changes"][..]),
        ("x-{preferred_username}", &["lint.user_id_changes"]),
        ("{sub | lower}", &["lint.user_id_merges"]),
        ("{oid | default('x')}", &["lint.user_id_merges"]),
        ("{sub}", &[]),
        ("oidc|{sub | strip_prefix('a|') | trim}", &[]),
        ("{store.name}", &[]),
    ] {
        let policy = format!("{}{GRANT}", HEAD.replace("{sub}", user_id));
        let place = format!("\"{user_id}\"");
        let expected = expected.iter().map(|code| (*code, place.as_str())).collect::<Vec<_>>();
        assert_says(user_id, &policy, &expected);
    }
}

#[test]
fn email_addresses_that_say_less_than_they_seem_to() {
    let (u, s) = ("lint.email_unverified", "lint.email_suffix");
    let at = r#"{ claim = "email", suffix = "@example.com" }"#;
    let bare = r#"{ claim = "email", suffix = "example.com" }"#;
    let verified = r#"{ claim = "email_verified", boolean = true }"#;
    let require = format!("[[require]]\n{}\n", "claim = \"email_verified\"\nequals = true");
    let query = GRANT.replace("\"true\"", "\"_id.owner == {email}\"");
    let quoted = "\"_id.owner == {email}\"";
    assert_found(&[
        ("unverified", grant(at), &[(u, at)]),
        ("verified beside it", grant(&format!("[{verified}, {at}]")), &[]),
        ("verified in `all`", grant(&format!("{{ all = [{at}, {verified}] }}")), &[]),
        ("perhaps verified", grant(&format!("{{ any = [{at}, {verified}] }}")), &[(u, at)]),
        ("verified for all", require.clone() + &grant(at), &[]),
        (
            "not verified",
            grant(&format!("[{at}, {{ claim = \"email_verified\", boolean = false }}]")),
            &[(u, at)],
        ),
        ("only there", grant(r#"{ claim = "email", exists = true }"#), &[]),
        ("in a query", query.clone(), &[(u, quoted), (u, quoted)]),
        ("in a query, verified", require.clone() + &query, &[]),
        ("an open suffix", require.clone() + &grant(bare), &[(s, bare)]),
        (
            "an open pattern",
            require.clone() + &grant(r#"{ claim = "email | lower", glob = "*example.com" }"#),
            &[(s, r#"{ claim = "email | lower", glob = "*example.com" }"#)],
        ),
        (
            "a closed pattern",
            require.clone() + &grant(r#"{ claim = "email", glob = "*@example.com" }"#),
            &[],
        ),
        (
            "a domain's domains",
            require + &grant(r#"{ claim = "email", suffix = ".example.com" }"#),
            &[],
        ),
        ("another claim", grant(r#"{ claim = "host", suffix = "example.com" }"#), &[]),
    ]);
}

#[test]
fn scopes_are_words() {
    let s = "lint.scope_whole";
    for (condition, hint) in [
        (
            r#"{ claim = "scope", equals = "sync" }"#,
            Some(r#"write `{ claim = "scope", contains = "sync" }`"#),
        ),
        (
            r#"{ claim = "scp", any_of = ["a", "b c"] }"#,
            Some(
                r#"write `{ any = [{ claim = "scp", contains = "a" }, { claim = "scp", all_of = ["b", "c"] }] }`"#,
            ),
        ),
        (r#"{ claim = "scope", contains = "sync" }"#, None),
        (r#"{ claim = "scope", none_of = ["sync"] }"#, None),
        (r#"{ claim = "scopes", equals = "sync" }"#, None),
    ] {
        let policy = format!("{HEAD}{}", grant(condition));
        let expected = hint.map(|_| (s, condition)).into_iter().collect::<Vec<_>>();
        assert_says(condition, &policy, &expected);
        assert_eq!(check(&policy).first().and_then(|found| found.hint.clone()).as_deref(), hint);
    }
}
