//! What the engine was measured to do beyond its recorded cases.
#![expect(clippy::unwrap_used, reason = "a failed step is the test's report")]

use permission_query::{ExpressionKind, FUNCTIONS, Query, RunError};
use serde_json::{Value, json};

fn matches(query: &str, id: &Value) -> Result<bool, RunError> {
    Query::parse(query).unwrap().matches(id)
}

#[test]
fn functions_return_what_jmespath_says() {
    for condition in [
        "abs(-2) == 2 && abs(-1.5) == 1.5",
        "ceil(1.2) == 2 && floor(-1.2) == -2 && floor(3) == 3",
        "sum([1, 2.5]) == 3.5 && sum([]) == 0",
        "avg([1, 2]) == 1.5",
        "max([1, 3, 2]) == 3 && max(['a', 'b']) == 'b' && max([]) == null",
        "min([2, 1, 3]) == 1 && min([]) == null",
        "sort([3, 1, 2]) == [1, 2, 3] && sort(['b', 'a']) == ['a', 'b']",
        "reverse('añb') == 'bña' && reverse([1, 2]) == [2, 1]",
        "join('-', ['a', 'b']) == 'a-b' && join('-', []) == ''",
        "keys({'b': 1, 'a': 2}) == ['a', 'b'] && values({'b': 1, 'a': 2}) == [2, 1]",
        "merge({'a': 1, 'b': 1}, {'b': 2}) == {'a': 1, 'b': 2}",
        "not_null(null, null) == null && not_null(null, 0, 1) == 0",
        "to_string('a') == 'a' && to_string([1, 'a']) == '[1,\"a\"]' && to_string(1.5) == '1.5'",
        "to_number('1.5') == 1.5 && to_number(2) == 2 && to_number([]) == null",
        "to_array(1) == [1] && to_array([1]) == [1]",
        "length('añb') == 3 && length([1]) == 1 && length({'a': 1}) == 1",
        "type(null) == 'null' && type(true) == 'boolean' && type({}) == 'object'",
        "contains('abc', 'bc') && !(contains('abc', 1) || contains([1], '1'))",
        "regex('aB\nc', '^ab.C$', 'is') && regex('a', 'a # b', 'x')",
        "regex('a', 'a', 'z', 1) && regex('a', 'A', 1) == false",
        "regex('ä1', '^\\\\w\\\\d$') && !regex('a\n', 'a$')",
    ] {
        assert_eq!(matches(condition, &json!(0)), Ok(true), "{condition}");
    }
}

#[test]
fn every_function_runs() {
    for function in FUNCTIONS {
        let samples = ["_id", "1", "'a'", "[1]", "['a']", "{'a': 1}"];
        let runs = samples.iter().any(|first| {
            let call = |arguments: String| format!("type({}({arguments})) != ''", function.name);
            let mut calls = samples.iter().map(|second| call(format!("{first}, {second}")));
            matches(&call((*first).to_owned()), &json!(1)) == Ok(true)
                || calls.any(|call| matches(&call, &json!(1)) == Ok(true))
        });
        assert!(runs, "{}", function.name);
    }
    assert!(FUNCTIONS.is_sorted_by(|one, other| one.name < other.name));
}

#[test]
fn large_integers_are_floats_in_queries_and_exact_in_ids() {
    let [even, odd] = [9_007_199_254_740_992_i64, 9_007_199_254_740_993].map(Value::from);
    let bound = Query::parse("-9007199254740992").unwrap().expression().kind.clone();
    assert_eq!(bound, ExpressionKind::Literal(json!(-9_007_199_254_740_992_i64)));
    assert_eq!(matches("_id == 9007199254740993", &even), Ok(true));
    assert_eq!(matches("_id == 9007199254740993", &odd), Ok(false));
    assert_eq!(matches("_id > 9007199254740992", &odd), Ok(true));
    assert_eq!(matches("to_string(_id) == '9007199254740993'", &odd), Ok(true));
    assert_eq!(matches("_id < 1e300 && _id > -1e300 && _id < 1e18", &odd), Ok(true));
    assert_eq!(matches("_id > 1.5 && _id < 2.5 && 1.5 < _id", &json!(2)), Ok(true));
    assert_eq!(matches("_id >= 2.5 || 1.5 >= _id || _id == 2.5", &json!(2)), Ok(false));
    assert_eq!(matches("_id < -1.5 && _id > -2.5", &json!(-2)), Ok(true));
    assert_eq!(matches("_id == 18446744073709551616", &json!(u64::MAX)), Ok(false));
    let neighbour = json!(4_503_599_627_370_497_i64);
    assert_eq!(matches("contains([4503599627370496], _id)", &neighbour), Ok(true));
    assert_eq!(matches("_id == 4503599627370496", &neighbour), Ok(false));
    let neighbour = json!(1_125_899_906_842_625_i64);
    assert_eq!(matches("contains([1125899906842624], _id)", &neighbour), Ok(false));
}

#[test]
fn missing_takes_over() {
    for query in [
        "_id.x || true",
        "!(_id.x)",
        "_id.x != 1",
        "not_null(_id.x, 1) == 1",
        "_id.x == nosuch()",
        "nosuch(_id.x)",
        "1 == (_id).n",
        "!(1 < 'a')",
        "_id.t[*][0] == 1",
        "!(_id.t[?x == 1])",
        "!(_id[5])",
        "!(_id['0'])",
    ] {
        for id in [json!({"n": 1, "t": [1]}), json!({"t": [{"x": 1}, {}]}), json!([1])] {
            assert_eq!(matches(query, &id), Ok(false), "{query} for {id}");
        }
    }
    assert_eq!(matches("true || _id.x", &json!(1)), Ok(true));
    assert_eq!(matches("(_id.t[*])[0] == 1", &json!({"t": [1]})), Ok(true));
    assert_eq!(matches("_id[-1] == 2 && _id[-2] == 1", &json!([1, 2])), Ok(true));
    assert_eq!(matches("(!@) && !not_null(@)", &json!(1)), Ok(true));
}

#[test]
fn failures_say_which_function_and_why() {
    let type_error = |position, expected, found| RunError::ArgumentType {
        function: "starts_with".to_owned(),
        position,
        expected,
        found,
    };
    for (query, expected) in [
        ("nosuch(1)", RunError::UnknownFunction { function: "nosuch".to_owned() }),
        ("starts_with(_id, 'a')", type_error(1, "text", "a number")),
        ("starts_with('a', null)", type_error(2, "text", "null")),
        (
            "type(1, 2)",
            RunError::ArgumentCount {
                function: "type".to_owned(),
                expected: "1 argument".to_owned(),
                found: 2,
            },
        ),
        (
            "merge()",
            RunError::ArgumentCount {
                function: "merge".to_owned(),
                expected: "1 or more arguments".to_owned(),
                found: 0,
            },
        ),
        ("regex('a', '(')", RunError::BadRegex { reason: "unclosed group".to_owned() }),
    ] {
        assert_eq!(matches(query, &json!(1)), Err(expected), "{query}");
    }
    let template = Query::parse_template("_id == {sub}").unwrap();
    assert_eq!(template.matches(&json!(1)), Err(RunError::Placeholder));
    let unreached = Query::parse_template("false && _id == {sub}").unwrap();
    assert_eq!(unreached.matches(&json!(1)), Ok(false));
}
