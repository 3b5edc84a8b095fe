//! Query templates: what fills them, and what cannot be written.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::too_many_lines,
    reason = "a panic is the failure report, and tables are long"
)]

use std::time::{Duration, SystemTime};

use claim_mapping::{Login, MAX_QUERY_TEMPLATE_SIZE, QueryTemplate, UnfilledReason, ValueMaps};
use serde_json::{Value, json};

fn fill(template: &str, claims: &Value) -> Result<Vec<String>, UnfilledReason> {
    let template = QueryTemplate::parse(template, &ValueMaps::new())
        .unwrap_or_else(|problems| panic!("{template}: {problems:?}"));
    let login = Login {
        claims: claims.as_object().unwrap(),
        database_id: "db",
        provider: "my-auth",
        now: SystemTime::UNIX_EPOCH,
        remaining_life: Duration::ZERO,
    };
    let mut queries = Vec::new();
    let filled =
        template.fill(&login, |query| queries.push(query)).map_err(|unfilled| unfilled.reason);
    filled.map(|()| queries)
}

#[test]
fn a_value_becomes_the_literal_of_its_place() {
    let claims = json!({
        "sub": "x' || true || 'y", "stores": ["s1", "s'2"], "n": 3, "ok": true, "empty": "",
        "with_empty": ["", "a"], "none": [], "big": 9_007_199_254_740_992_i64,
    });
    for (template, expected) in [
        ("_id.owner == {sub}", r"_id.owner == 'x\u0027 || true || \u0027y'"),
        ("{sub} == _id.owner", r"'x\u0027 || true || \u0027y' == _id.owner"),
        ("contains({stores}, _id.store)", r"contains(['s1','s\u00272'], _id.store)"),
        ("contains({n}, _id.store)", "contains([3], _id.store)"),
        ("contains({none}, _id.store)", "contains([], _id.store)"),
        ("contains({with_empty}, _id.store)", "contains(['','a'], _id.store)"),
        ("contains(_id.tags, {n})", "contains(_id.tags, 3)"),
        ("(_id.n == {n}) && (_id.k == 'é')", "(_id.n == 3) && (_id.k == 'é')"),
        ("(_id.n >= {n}) || !(_id.ok != {ok})", "(_id.n >= 3) || !(_id.ok != true)"),
        (
            "(!(contains({none}, _id.s))) && (_id.a == 1)",
            "(!(contains([], _id.s))) && (_id.a == 1)",
        ),
        ("\u{a0}_id.n == {n}\u{feff}", "_id.n == 3"),
        ("_id['site id'] == {n}", "_id['site id'] == 3"),
        ("_id.k == '{{x}}'", "_id.k == '{x}'"),
        (
            "(_id.o == {{'a': {{'b': 1}}}}) && (_id.n == {n})",
            "(_id.o == {'a': {'b': 1}}) && (_id.n == 3)",
        ),
        ("_id.trueish == 1e3", "_id.trueish == 1e3"),
        ("_id.k == {empty}", "_id.k == ''"),
        ("_id.n == {big}", "_id.n == 9007199254740992"),
        ("_id.tags == {stores}", r"_id.tags == ['s1','s\u00272']"),
        (
            "(type(_id.path) == 'string') && starts_with(_id.path, {sub})",
            r"(type(_id.path) == 'string') && starts_with(_id.path, 'x\u0027 || true || \u0027y')",
        ),
        ("true", "true"),
    ] {
        assert_eq!(fill(template, &claims), Ok(vec![expected.to_owned()]), "{template}");
    }
}

#[test]
fn a_value_that_would_change_the_meaning_gives_no_query() {
    use UnfilledReason::{EmptyText, InexactNumber, Missing, WrongType};
    let claims = json!({
        "empty": "", "n": 5, "list": ["a"], "nested": [["a"]], "object": {}, "null": null, "f": 1.5,
        "big": 1_125_899_906_842_625_i64, "huge": 9_007_199_254_740_993_i64, "empties": [""],
    });
    for (template, expected) in [
        ("_id.a == {missing}", Missing),
        ("_id.a == {null}", Missing),
        ("_id.a == {object}", WrongType),
        ("_id.a == {nested}", WrongType),
        ("_id.a == {f}", InexactNumber),
        ("_id.a == {huge}", InexactNumber),
        ("contains(_id.a, {big})", InexactNumber),
        ("_id.a != {list}", WrongType),
        ("!(_id.a == {list})", WrongType),
        ("_id.a > {list}", WrongType),
        ("_id.a >= {empty}", EmptyText),
        ("contains({big}, _id.a)", InexactNumber),
        ("contains({nested}, _id.a)", WrongType),
        ("contains(_id.a, {list})", WrongType),
        ("contains(_id.a, {empty})", EmptyText),
        ("starts_with(_id.a, {empty})", EmptyText),
        ("ends_with({empty}, _id.a)", EmptyText),
        ("starts_with(_id.p, {n})", WrongType),
        ("ends_with(_id.p, {list})", WrongType),
        ("starts_with({n}, _id.p)", WrongType),
        ("starts_with(_id.p, {each empties})", EmptyText),
        ("_id.a == {each missing}", Missing),
    ] {
        assert_eq!(fill(template, &claims), Err(expected), "{template}");
    }
}

#[test]
fn each_is_one_query_an_item() {
    let claims = json!({"stores": ["a", "b'"], "one": "x", "none": [], "n": 1});
    let two = |one: &str, other: &str| Ok(vec![one.to_owned(), other.to_owned()]);
    for (template, expected) in [
        ("_id.s == {each stores}", two("_id.s == 'a'", r"_id.s == 'b\u0027'")),
        (
            "(_id.s == {each stores}) && (_id.t == {each stores}) && (_id.n == {n})",
            two(
                "(_id.s == 'a') && (_id.t == 'a') && (_id.n == 1)",
                r"(_id.s == 'b\u0027') && (_id.t == 'b\u0027') && (_id.n == 1)",
            ),
        ),
        ("_id.s == {each one}", Ok(vec!["_id.s == 'x'".to_owned()])),
        ("_id.s == {each none}", Ok(Vec::new())),
    ] {
        assert_eq!(fill(template, &claims), expected, "{template}");
    }
}

#[test]
fn refuses_templates_that_could_hurt() {
    let long = format!("_id == '{}'", "a".repeat(MAX_QUERY_TEMPLATE_SIZE));
    for (template, code) in [
        ("_id == '{sub}'", "query.syntax"),
        (r#"_id == "{sub}""#, "query.syntax"),
        (r"_id == 'a\u0041{sub}'", "query.syntax"),
        ("_id == 'a", "query.syntax"),
        ("_id.š == 1", "query.syntax"),
        ("_id == 1\0", "query.syntax"),
        ("", "query.syntax"),
        ("_id.a = {sub}", "query.syntax"),
        ("_id{sub} == 'x'", "query.syntax"),
        ("_id.{sub} == 'x'", "query.syntax"),
        ("_id.a == {sub}{sub}", "query.syntax"),
        ("_id.a == -{sub}", "query.syntax"),
        ("contains([{sub}], _id.a)", "query.syntax"),
        ("contains (_id.a, {sub})", "query.syntax"),
        ("_id.a == {sub", "query.syntax"),
        ("_id.a == 1 || {sub}", "policy.template"),
        ("({sub}) || (_id.a == 1)", "policy.template"),
        ("starts_with(_id.path, join('', {sub}))", "policy.template"),
        ("contains(not_null({sub}), _id.a)", "policy.template"),
        ("(_id.a == 1) || not_null({sub})", "policy.template"),
        ("(_id.a == 1) || type({sub})", "policy.template"),
        ("(_id.a == 1) && length({sub})", "policy.template"),
        ("_id.a == {s ub}", "policy.template"),
        ("_id.a == {sub | upper}", "policy.template"),
        ("(_id.a == {each x}) && (_id.b == {each y})", "policy.template"),
        ("contains({each x}, _id.b)", "policy.template"),
        // One item's query lets in what another's keeps out.
        ("_id.a != {each x}", "policy.template"),
        ("!(_id.a == {each x})", "policy.template"),
        ("(!(contains(_id.a, {each x}))) && (_id.b == 1)", "policy.template"),
        ("(_id.a == {each x}) == false", "policy.template"),
        ("_id.t[?@.x == {each x}] == []", "policy.template"),
        // A claim would decide alone, or turn around what the rest decides.
        ("(_id.a == 'b') || ({x} == {x})", "policy.template"),
        ("(_id.a == 'b') || ({x} == 'y')", "policy.template"),
        ("(_id.a == 'b') || contains({x}, {y})", "policy.template"),
        ("(_id.a == 'b') || contains(['a'], {y})", "policy.template"),
        ("(_id.a == 'b') || starts_with({x}, 'y')", "policy.template"),
        ("_id.t[?{x} == {y}] == []", "policy.template"),
        ("(_id.a == 'b') == {x}", "policy.template"),
        ("contains(_id.a, 'b') != {x}", "policy.template"),
        ("({x} == 'a') == (_id.b == 1)", "policy.template"),
        ("starts_with(_id.a, {exp})", "policy.template"),
        (&long, "policy.limit"),
    ] {
        let problems = QueryTemplate::parse(template, &ValueMaps::new()).unwrap_err();
        let codes = problems.iter().map(|(kind, _)| kind.code()).collect::<Vec<_>>();
        assert!(codes.contains(&code), "{template}: {codes:?}");
    }
    // Found by the query language's own checks, whatever their codes.
    for template in [
        "regex(_id.a, {sub})",
        "{sub}",
        "false",
        "_id",
        "(_id.a == {sub}) || @",
        "(owner == {sub}) && x._id",
        "_id.a == TRUE",
        "my_id == {sub}",
        "containss(_id.a, {sub})",
        "_id.a == {sub} && _id.b == 1 || _id.c == 2",
        "!_id.a == {sub}",
    ] {
        assert!(QueryTemplate::parse(template, &ValueMaps::new()).is_err(), "{template}");
    }
}
