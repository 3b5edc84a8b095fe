//! The JSON Schema of policies says what the loader says, as far as a schema can.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is the failure report")]

use std::fs;
use std::path::{Path, PathBuf};

use claim_mapping::{
    CONDITION_NAMES, DENY_NAMES, GRANT_NAMES, POLICY_NAMES, Policy, ROLE_NAMES, SESSION_NAMES,
};
use jsonschema::Validator;
use policy_analysis::{STARTERS, policy_schema, policy_schema_text};
use toml::Table;

/// All that a policy can say.
const WHOLE: &str = include_str!("schema_whole.toml");

/// The least that a policy says.
const LEAST: &str = r#"
user_id = "{sub}"
session = { length = "12h" }
grant = [{ remote_query = true }]
"#;

/// Changes of [`LEAST`] that have no policy's form.
const WITHOUT_FORM: &[(&str, &str)] = &[
    ("an unknown name", "rules = 1"),
    ("an unknown name of a session", "session = { length = '1h', lenght = '1h' }"),
    ("an unknown name of a grant", "grant = [{ remote_query = true, reed = {} }]"),
    ("an unknown name of a role", "role.a = { read = 'everything', roles = ['b'] }"),
    ("an unknown name of a denial", "deny = [{ user = ['u'] }]"),
    ("an unknown name of a condition", "require = { claim = 'a', equal = 1 }"),
    ("no session's length", "session = {}"),
    ("a session's length without a unit", "session = { length = '90' }"),
    ("a session's length as a number", "session = { length = 90 }"),
    ("a number as a user id", "user_id = 1"),
    ("one grant that is no list", "grant = { remote_query = true }"),
    ("no grants", "grant = []"),
    ("a grant that gives nothing", "grant = [{}]"),
    ("a grant that gives none of nothing", "grant = [{ read = {}, remote_query = false }]"),
    ("a role that gives nothing", "role.a = { session = '1h' }"),
    ("an empty list of roles", "grant = [{ roles = [] }]"),
    ("an empty list of queries", "grant = [{ read = { a = [] } }]"),
    ("an empty query", "grant = [{ read = { a = '' } }]"),
    ("a query that is a number", "grant = [{ read = { a = 1 } }]"),
    ("a collection without a name", "grant = [{ read = { '' = 'true' } }]"),
    ("another word than everything", "grant = [{ read = 'all' }]"),
    ("an empty list of conditions", "require = []"),
    ("two tests in one condition", "require = { claim = 'a', equals = 1, prefix = 'x' }"),
    ("no test in a condition", "require = { claim = 'a' }"),
    ("a test of no claim", "require = { equals = 1 }"),
    (
        "a combination with a claim",
        "require = { claim = 'a', all = [{ claim = 'a', equals = 1 }] }",
    ),
    ("a combination and a test", "require = { equals = 1, not = { claim = 'a', equals = 1 } }"),
    ("a list under not", "require = { not = [{ claim = 'a', equals = 1 }] }"),
    ("an empty list under any", "require = { any = [] }"),
    ("an empty list to compare with", "require = { claim = 'a', any_of = [] }"),
    ("a text to compare with for a list", "require = { claim = 'a', any_of = 'x' }"),
    ("a fraction to be equal to", "require = { claim = 'a', equals = 1.5 }"),
    ("a list to be equal to", "require = { claim = 'a', equals = ['x'] }"),
    ("a text as a bound", "require = { claim = 'a', at_least = '1' }"),
    ("a text for a boolean", "require = { claim = 'a', boolean = 'true' }"),
    ("an empty prefix", "require = { claim = 'a', prefix = '' }"),
    ("a claim without a name", "require = { claim = '', equals = 1 }"),
    (
        "a denial of users and by a condition",
        "deny = [{ users = ['u'], when = { claim = 'a', equals = 1 } }]",
    ),
    ("a denial of nobody", "deny = [{}]"),
    ("a denial of no users", "deny = [{ users = [] }]"),
    ("no list of denials", "deny = []"),
    ("a table in a map", "map.a = { x = { y = 1 } }"),
    ("a map that is none", "map.a = 1"),
    ("a fraction for the app", "client_info = { a = 1.5 }"),
    ("a list for the app", "client_info = [1]"),
    ("a fraction deep inside", "identity_metadata = { a = [{ b = 1.5 }] }"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn validator() -> Validator {
    jsonschema::draft202012::new(&policy_schema()).unwrap()
}

/// Every policy that is part of the repository, with where it is from.
fn shipped() -> Vec<(String, String)> {
    let folders = ["functions", "examples/policies"].map(|folder| root().join(folder));
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let files = files.map(|folder| folder.unwrap().path().join("policy.toml"));
    let files = files.filter(|file| file.exists());
    let read = |file: PathBuf| (file.display().to_string(), fs::read_to_string(file).unwrap());
    let starter = STARTERS.iter().map(|it| (it.provider.to_owned(), it.policy.to_owned()));
    files.map(read).chain(starter).collect()
}

#[test]
fn the_schema_of_the_documentation_is_the_one_that_is_printed() {
    let file = root().join("docs/policy.schema.json");
    assert_eq!(
        fs::read_to_string(file).unwrap(),
        policy_schema_text(),
        "run `ditto-auth schema > docs/policy.schema.json`"
    );
}

#[test]
fn every_name_has_a_form_and_a_description() {
    let schema = policy_schema();
    assert!(jsonschema::meta::is_valid(&schema));
    for (table, names) in [
        (&schema, POLICY_NAMES),
        (&schema["$defs"]["session"], SESSION_NAMES),
        (&schema["$defs"]["deny"], DENY_NAMES),
        (&schema["$defs"]["role"], ROLE_NAMES),
        (&schema["$defs"]["grant"], GRANT_NAMES),
        (&schema["$defs"]["condition"], CONDITION_NAMES),
    ] {
        let properties = table["properties"].as_object().unwrap();
        assert_eq!(properties.len(), names.len());
        for name in names {
            let member = &properties[*name];
            assert!(member["description"].as_str().is_some_and(|text| text.len() > 10), "{name}");
            assert!(member.as_object().unwrap().len() > 1, "{name} has no form");
        }
    }
}

#[test]
fn what_loads_is_valid() {
    let validator = validator();
    let policies = shipped();
    assert!(policies.len() >= 22, "{}", policies.len());
    let whole = [WHOLE, LEAST].map(|text| ("here".to_owned(), text.to_owned()));
    for (from, text) in policies.into_iter().chain(whole) {
        assert_eq!(Policy::parse(&text).err(), None, "{from}");
        let policy = toml::from_str::<serde_json::Value>(&text).unwrap();
        let errors = validator.iter_errors(&policy).map(|error| error.to_string());
        assert_eq!(errors.collect::<Vec<_>>(), [""; 0], "{from}");
    }
}

#[test]
fn what_has_no_policys_form_is_neither_loaded_nor_valid() {
    let validator = validator();
    for (name, change) in WITHOUT_FORM {
        let mut policy = toml::from_str::<Table>(LEAST).unwrap();
        policy.extend(toml::from_str::<Table>(change).unwrap());
        let text = toml::to_string(&policy).unwrap();
        assert!(Policy::parse(&text).is_err(), "{name} loads");
        assert!(!is_valid(&validator, &policy), "{name} is valid");
    }
    for name in ["user_id", "session", "grant"] {
        let mut policy = toml::from_str::<Table>(LEAST).unwrap();
        policy.remove(name);
        assert!(Policy::parse(&toml::to_string(&policy).unwrap()).is_err(), "no {name} loads");
        assert!(!is_valid(&validator, &policy), "no {name} is valid");
    }
}

fn is_valid(validator: &Validator, policy: &Table) -> bool {
    validator.is_valid(&serde_json::to_value(policy).unwrap())
}
