//! Random policies of the whole language, and random claims that their rules are about.

mod filled;

pub(crate) use filled::is_filled;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// The claims that random rules are about. `sub` is always there.
const CLAIMS: [&str; 6] = ["sub", "role", "groups", "level", "ok", "realm.roles"];

/// Query templates, every place of a placeholder among them.
pub(crate) const TEMPLATES: [&str; 15] = [
    "true",
    "_id.owner == {sub}",
    "{sub} == _id.owner",
    "_id['site id'] != {role}",
    "contains({groups}, _id.group)",
    "contains(_id.tags, {role})",
    "(!(contains({groups}, _id.group))) && (_id.x == 1)",
    "(_id.level >= {level}) && (_id.ok == {ok})",
    "(_id.a == {role | default('none')}) || !(_id.b == {sub | lower})",
    "(type(_id.p) == 'string') && starts_with(_id.p, {sub | strip_prefix('u')})",
    "(type(_id.p) == 'string') && ends_with(_id.p, {role | trim})",
    "_id.group == {each groups}",
    "_id.tags[?@.owner == {sub}] == [1]",
    "(_id.r == {role | map(role)}) && (_id.g == {each groups})",
    "(_id.db == {request.database_id}) && (_id.o == {{'k': [1, 'x']}})",
];

/// Text made of what breaks encodings, and of any characters.
pub(crate) fn hostile_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => proptest::sample::select(vec![
            "'", "\"", "\\", "\\u0027", "||", "&&", "!", "==", "true", "(", ")", "[", "]", "{", "}", "@", "_id", ".",
            " ", "\t", "\n", "\0", "\u{7f}", "\u{85}", "\u{2028}", "\u{202e}", "é", "e\u{301}", "š", "😀", "u", "auth0|",
        ])
        .prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => hostile_text().prop_map(Value::String),
        2 => proptest::sample::select(vec!["admin", "ops", "a b", "u1"]).prop_map(Value::from),
        2 => any::<i64>().prop_map(Value::from),
        2 => (-3_i64..4).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<f64>().prop_map(|float| json!(float)),
        1 => Just(Value::Null),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => scalar(),
        2 => prop::collection::vec(scalar(), 0..4).prop_map(Value::Array),
        1 => Just(json!({"admin": true})),
        1 => Just(json!([["a"]])),
    ]
}

/// Any claims.
pub(crate) fn claims() -> impl Strategy<Value = Map<String, Value>> {
    let user = prop_oneof![3 => Just("u1".to_owned()), 1 => hostile_text()];
    let members = prop::collection::vec((proptest::sample::select(CLAIMS.to_vec()), value()), 0..7);
    (user, members).prop_map(|(user, members)| {
        let mut claims = Map::from_iter([("sub".to_owned(), json!(user))]);
        for (name, value) in members {
            match name.split_once('.') {
                Some((outer, inner)) => claims.insert(outer.to_owned(), json!({inner: value})),
                None if name == "sub" => None,
                None => claims.insert(name.to_owned(), value),
            };
        }
        claims
    })
}

fn toml_scalar() -> impl Strategy<Value = String> {
    proptest::sample::select(vec!["\"admin\"", "\"ops\"", "\"a\"", "2", "-1", "true", "false"])
        .prop_map(str::to_owned)
}

fn test() -> impl Strategy<Value = String> {
    let several = prop::collection::vec(toml_scalar(), 1..3).prop_map(|items| items.join(", "));
    let number = proptest::sample::select(vec!["2", "-1", "0.5"]);
    prop_oneof![
        toml_scalar().prop_map(|value| format!("equals = {value}")),
        toml_scalar().prop_map(|value| format!("contains = {value}")),
        (proptest::sample::select(vec!["any_of", "all_of", "none_of"]), several)
            .prop_map(|(name, items)| format!("{name} = [{items}]")),
        (
            proptest::sample::select(vec!["at_least", "at_most", "greater_than", "less_than"]),
            number
        )
            .prop_map(|(name, number)| format!("{name} = {number}")),
        (proptest::sample::select(vec!["exists", "boolean"]), any::<bool>())
            .prop_map(|(name, value)| format!("{name} = {value}")),
        proptest::sample::select(vec!["prefix = \"a\"", "suffix = \"s\"", "glob = \"*m?n\""])
            .prop_map(str::to_owned),
    ]
}

fn condition() -> impl Strategy<Value = String> {
    let claim =
        proptest::sample::select(vec!["role", "groups", "level", "ok", "realm.roles", "groups[0]"]);
    let transform =
        proptest::sample::select(vec!["", " | lower", " | default('admin')", " | map(role)"]);
    let leaf = (claim, transform, test()).prop_map(|(claim, transform, test)| {
        format!("{{ claim = \"{claim}{transform}\", {test} }}")
    });
    leaf.prop_recursive(3, 8, 3, |inner| {
        let several = prop::collection::vec(inner.clone(), 1..3).prop_map(|parts| parts.join(", "));
        prop_oneof![
            (proptest::sample::select(vec!["all", "any"]), several)
                .prop_map(|(name, parts)| format!("{{ {name} = [{parts}] }}")),
            inner.prop_map(|inner| format!("{{ not = {inner} }}")),
        ]
    })
}

fn access() -> impl Strategy<Value = String> {
    let templates = prop::collection::vec(proptest::sample::select(TEMPLATES.to_vec()), 1..3);
    let collection = proptest::sample::select(vec!["orders", "tasks", "\"a b\""]);
    prop_oneof![
        1 => Just("\"everything\"".to_owned()),
        6 => prop::collection::btree_map(collection, templates, 1..3).prop_map(|collections| {
            let entries = collections.into_iter().map(|(collection, templates)| {
                let quoted = templates.iter().map(|template| format!("\"{template}\"")).collect::<Vec<_>>();
                format!("{collection} = [{}]", quoted.join(", "))
            });
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }),
    ]
}

fn gift() -> impl Strategy<Value = String> {
    (access(), prop::option::of(access()), any::<bool>()).prop_map(|(read, write, remote)| {
        let write = write.map(|write| format!("write = {write}\n")).unwrap_or_default();
        format!("read = {read}\n{write}remote_query = {remote}\n")
    })
}

/// A grant, as text.
fn grant() -> impl Strategy<Value = String> {
    let conditions = prop::collection::vec(condition(), 0..3).prop_map(|conditions| {
        if conditions.is_empty() {
            String::new()
        } else {
            format!("when = [{}]\n", conditions.join(", "))
        }
    });
    let roles = proptest::sample::select(vec![
        "",
        "roles = \"reader\"\n",
        "roles = [\"reader\", \"writer\"]\n",
    ]);
    let until =
        proptest::sample::select(vec!["", "", "", "until = \"level\"\n", "session = \"5m\"\n"]);
    (conditions, roles, until, gift())
        .prop_map(|(when, roles, until, gift)| format!("[[grant]]\n{when}{roles}{until}{gift}"))
}

/// What a policy has besides its grants, and its grants.
pub(crate) fn policy() -> impl Strategy<Value = (String, Vec<String>)> {
    let require = prop::option::weighted(0.2, condition()).prop_map(|condition| {
        condition.map(|inner| format!("[[require]]\nany = [{inner}]\n")).unwrap_or_default()
    });
    let deny = prop::option::weighted(0.3, condition()).prop_map(|condition| {
        condition.map(|inner| format!("[[deny]]\nwhen = {inner}\n")).unwrap_or_default()
    });
    let head = (require, deny, gift(), gift()).prop_map(|(require, deny, reader, writer)| {
        format!(
            "user_id = \"x{{sub}}\"\n[session]\nlength = \"12h\"\n[map.role]\nadmin = [\"ops\", \"a\"]\nops = 2\n\
             {require}{deny}[role.reader]\n{reader}[role.writer]\n{writer}\
             [identity_metadata]\nrole = \"{{role}}\"\n"
        )
    });
    (head, prop::collection::vec(grant(), 1..5))
}
