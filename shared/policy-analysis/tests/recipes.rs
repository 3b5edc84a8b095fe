//! The recipes of `examples/policies`: each does what its examples say, and leaves no trap.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is the failure report")]

use std::fs;
use std::path::Path;

use claim_mapping::Policy;
use policy_analysis::{Budget, Persona, PolicySource, STARTERS, Suite, check};

const RECIPES: [&str; 5] = ["auditors", "contractors", "organisations", "owner-only", "stores"];

fn read(recipe: &str, file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/policies");
    fs::read_to_string(folder.join(recipe).join(file)).unwrap()
}

#[test]
fn there_are_no_recipes_but_these() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/policies");
    let folders = fs::read_dir(folder).unwrap();
    let mut folders =
        folders.map(|it| it.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>();
    folders.sort();
    assert_eq!(folders, RECIPES);
}

#[test]
fn every_recipe_does_what_its_examples_say() {
    for recipe in RECIPES {
        let text = read(recipe, "policy.toml");
        let policy = Policy::parse(&text).unwrap();
        let personas = Persona::parse_all(&read(recipe, "policy.test.toml")).unwrap();
        assert!((3..=6).contains(&personas.len()), "{recipe}");
        let source = PolicySource { file: "policy.toml", text: &text, policy: &policy };
        let suite = Suite::run(&source, "policy.test.toml", &personas);
        let report = suite.text(&Budget::default());
        assert_eq!((suite.failures(), suite.coverage.percent()), (0, 100), "{recipe}\n{report}");
    }
}

#[test]
fn no_recipe_and_no_starter_leaves_a_trap() {
    let recipes = RECIPES.map(|recipe| (recipe, read(recipe, "policy.toml")));
    let starters = STARTERS.iter().map(|starter| (starter.provider, starter.policy.to_owned()));
    for (name, text) in recipes.into_iter().chain(starters) {
        let found = check(&text);
        let codes = found.iter().map(|found| found.code).collect::<Vec<_>>();
        assert_eq!(codes, [""; 0], "{name}: {found:#?}");
    }
}

/// What auditors may not write they do not relay; the recipe says so, and the tool says the same.
#[test]
fn without_its_comment_the_recipe_for_auditors_is_warned_of() {
    let text = read("auditors", "policy.toml").replace("# allow", "# allowed");
    let codes = check(&text).iter().map(|found| found.code).collect::<Vec<_>>();
    assert_eq!(codes, ["lint.relay"]);
}

#[test]
fn every_recipe_names_its_schema_and_mixes_nothing_without_parentheses() {
    for recipe in RECIPES {
        let text = read(recipe, "policy.toml");
        assert_eq!(text.lines().next(), Some("#:schema ../../../docs/policy.schema.json"));
        for line in text.lines().filter(|line| line.contains("&&")) {
            assert!(line.contains(") && ("), "{recipe}: {line}");
        }
    }
}
