//! Rewriting what personas expect, and nothing else of their file.
#![allow(clippy::unwrap_used, reason = "a panic is the failure report")]

use claim_mapping::Policy;
use policy_analysis::{Persona, PersonaOutcome, Updated, update};

const POLICY: &str = r#"
user_id = "{sub}"
[session]
length = "12h"
[[deny]]
users = ["eve"]
[[grant]]
read = { tasks = "_id.owner == {sub}", "the shops" = ["_id.a == 1", "_id.b == {sub}"] }
write = { tasks = "_id.owner == {sub}" }
[[grant]]
when = { claim = "role", equals = "admin" }
read = "everything"
remote_query = true
[client_info]
name = "{name}"
age = "{age}"
"#;

fn updated(text: &str) -> Updated {
    let policy = Policy::parse(POLICY).unwrap();
    let updated = update(&policy, text, |_| true).unwrap();
    for persona in Persona::parse_all(&updated.text).unwrap() {
        let outcome = PersonaOutcome::of(&policy, &persona);
        assert!(outcome.passes(), "{:#?}\n{}", outcome.problems, updated.text);
    }
    let again = update(&policy, &updated.text, |_| true).unwrap();
    assert_eq!((again.text.as_str(), again.changed.len()), (updated.text.as_str(), 0));
    updated
}

const OUTDATED: &str = r#"# Who is who.

[[persona]]
name   = "user" # aligned
claims = { sub = "u", name = "Una", age = 7 }

# What Una may.
[persona.expect]
user_id = "una"   # her id
session = 60
read = { tasks = ["_id.owner == 'u'"], gone = "true" } # hers
write = "everything"
client_info = { name = "Una", age = 8 }

[[persona.document]]
collection = "tasks"
id = { owner = "u" }
can = ["read", "write"]

[[persona]]
name = "admin"
claims = { sub = "a", role = "admin" }
[persona.expect.read]
# all of them
tasks = ["_id.owner == 'x'"]

[[persona]]
name = "fine"
claims = { sub = "f" }
expect = {   remote_query   =   false   } # odd spacing stays
"#;

const UPDATED: &str = r#"# Who is who.

[[persona]]
name   = "user" # aligned
claims = { sub = "u", name = "Una", age = 7 }

# What Una may.
[persona.expect]
user_id = "u"   # her id
session = 3600
read = { tasks = ["_id.owner == 'u'"], "the shops" = ["_id.a == 1", "_id.b == 'u'"] } # hers
write = { tasks = ["_id.owner == 'u'"] }
client_info = { name = "Una", age = 7 }

[[persona.document]]
collection = "tasks"
id = { owner = "u" }
can = ["read", "write"]

[[persona]]
name = "admin"
claims = { sub = "a", role = "admin" }

[persona.expect]
read = "everything"

[[persona]]
name = "fine"
claims = { sub = "f" }
expect = {   remote_query   =   false   } # odd spacing stays
"#;

#[test]
fn what_is_expected_is_rewritten_and_nothing_else() {
    let updated = updated(OUTDATED);
    assert_eq!(updated.text, UPDATED);
    assert_eq!(updated.changed, ["user", "admin"]);
}

#[test]
fn lines_end_as_they_did() {
    let windows = |text: &str| text.replace('\n', "\r\n");
    assert_eq!(updated(&windows(OUTDATED)).text, windows(UPDATED));
}

#[test]
fn a_file_that_is_right_stays_as_it_is() {
    let text = "persona=[ {name='a',claims={sub='eve'},expect={refused='policy.denied'}} ]";
    assert_eq!(updated(text), Updated { text: text.to_owned(), changed: Vec::new() });
}

#[test]
fn a_verdict_can_turn() {
    let text = |claims: &str, expect: &str| {
        format!(
            "[[persona]]\nname = \"a\"\nclaims = {claims}\n\n[persona.expect] # expected\n{expect}\n"
        )
    };
    let refused = text("{ sub = \"eve\" }", "refused = \"policy.denied\"");
    let accepted = text("{ sub = \"eve\" }", "user_id = \"eve\"\nsession = \"1h\"");
    assert_eq!(updated(&accepted).text, refused);
    let all = "user_id = \"u\"\nsession = \"1h\"\nread = { tasks = [\"_id.owner == 'u'\"], \"the shops\" = [\"_id.a == 1\", \"_id.b == 'u'\"] }\nwrite = { tasks = [\"_id.owner == 'u'\"] }\nremote_query = false\nclient_info = {}\nidentity_metadata = {}";
    let refused = text("{ sub = \"u\" }", "refused = \"policy.denied\"");
    assert_eq!(updated(&refused).text, text("{ sub = \"u\" }", all));
}

#[test]
fn a_persona_that_expects_nothing_is_given_all() {
    let text = "[[persona]]\nname = \"a\"\nclaims = { sub = \"u\", role = \"admin\" }\n\n[[persona]]\nname = \"b\"\nclaims = { sub = \"eve\" }\n";
    assert_eq!(
        updated(text).text,
        "[[persona]]\nname = \"a\"\nclaims = { sub = \"u\", role = \"admin\" }\n\n[persona.expect]\nuser_id = \"u\"\nsession = \"1h\"\nread = \"everything\"\nwrite = { tasks = [\"_id.owner == 'u'\"] }\nremote_query = true\nclient_info = {}\nidentity_metadata = {}\n\n[[persona]]\nname = \"b\"\nclaims = { sub = \"eve\" }\n\n[persona.expect]\nrefused = \"policy.denied\"\n"
    );
}

#[test]
fn other_ways_to_write_a_table_stay() {
    let persona = |claims: &str, rest: &str| {
        format!("[[persona]]\nname = \"a\"\nclaims = {claims}\n{rest}\n")
    };
    for (before, after) in [
        (
            persona("{ sub = \"u\" }", "expect.user_id = \"x\" # who"),
            persona("{ sub = \"u\" }", "expect.user_id = \"u\" # who"),
        ),
        (
            persona("{ sub = \"u\" }", "expect = { user_id = \"x\" } # who"),
            persona("{ sub = \"u\" }", "expect = { user_id = \"u\" } # who"),
        ),
        (
            persona("{ sub = \"u\" }", "expect.write.tasks = \"_id.owner == 'x'\""),
            persona("{ sub = \"u\" }", "expect.write.tasks = [\"_id.owner == 'u'\"]"),
        ),
        (
            persona("{ sub = \"eve\" }", "expect.user_id = \"x\""),
            persona("{ sub = \"eve\" }", "expect.refused = \"policy.denied\""),
        ),
        (
            "persona = [{ name = \"a\", claims = { sub = \"eve\" } }]\n".to_owned(),
            "persona = [{ name = \"a\", claims = { sub = \"eve\" } , expect = { refused = \"policy.denied\" } }]\n".to_owned(),
        ),
    ] {
        assert_eq!(updated(&before).text, after);
    }
}

#[test]
fn what_is_right_beside_what_is_not_stays() {
    let before = r#"[[persona]]
name = "a"
claims = { sub = "u" }

[persona.expect.read]
# Own tasks.
tasks = [
  "_id.owner == 'u'", # hers
]
gone = "true" # not any more
"#;
    let after = before.replace(
        "gone = \"true\" # not any more",
        "\"the shops\" = [\"_id.a == 1\", \"_id.b == 'u'\"]",
    );
    assert_eq!(updated(before).text, after);
}

#[test]
fn only_the_chosen_are_rewritten() {
    let policy = Policy::parse(POLICY).unwrap();
    let updated = update(&policy, OUTDATED, |persona| persona.name == "admin").unwrap();
    assert_eq!(updated.changed, ["admin"]);
    assert!(
        updated.text.contains("user_id = \"una\"")
            && updated.text.contains("read = \"everything\"")
    );
}

#[test]
fn documents_are_left_to_people() {
    let policy = Policy::parse(POLICY).unwrap();
    let text = "[[persona]]\nname = \"a\"\nclaims = { sub = \"eve\" }\n[[persona.document]]\ncollection = \"tasks\"\nid = 1\ncan = \"read\"\n";
    let updated = update(&policy, text, |_| true).unwrap();
    assert_eq!(updated, Updated { text: text.to_owned(), changed: Vec::new() });
}

#[test]
fn a_file_with_mistakes_is_not_rewritten() {
    let policy = Policy::parse(POLICY).unwrap();
    let problems = update(&policy, "[[persona]]\nname = 1\n", |_| true).unwrap_err();
    assert_eq!(problems.len(), 2, "{problems:#?}");
}
