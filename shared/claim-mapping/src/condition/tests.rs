use serde_json::json;

use super::Truth::{False, True, Unknown};
use super::*;
use crate::ValueMaps;

fn text(text: &str) -> Scalar {
    Scalar::Text(text.to_owned())
}

fn condition(claim: &str, test: Test) -> Condition {
    let claim = ClaimReference::parse(claim, &ValueMaps::new()).unwrap();
    Condition { kind: ConditionKind::Claim { claim, test }, span: 0..0 }
}

fn truth(kind: &Condition, claims: &Value) -> Truth {
    kind.truth(&Login::of(claims.as_object().unwrap()), &mut ())
}

/// Holds each test against values, and against none.
fn assert_truths(table: &[(Test, &[(Value, Truth)])]) {
    for (test, cases) in table {
        let asked = condition("c", test.clone());
        for (value, expected) in *cases {
            assert_eq!(truth(&asked, &json!({"c": value})), *expected, "{test:?} of {value}");
        }
        let missing = if let Test::Exists(exists) = test { Truth::of(!exists) } else { Unknown };
        assert_eq!(truth(&asked, &json!({})), missing, "{test:?} of nothing");
    }
}

fn ab() -> Vec<Scalar> {
    vec![text("a"), text("b")]
}

#[test]
fn a_value_is_equal_or_one_of_several() {
    assert_truths(&[
        (
            Test::Equals(text("a")),
            &[
                (json!("a"), True),
                (json!("b"), False),
                (json!(1), Unknown),
                (json!(["a"]), Unknown),
                (json!(null), Unknown),
                (json!("A"), False),
            ],
        ),
        (
            Test::Equals(Scalar::Integer(1)),
            &[
                (json!(1), True),
                (json!(1.0), True),
                (json!("1"), Unknown),
                (json!(true), Unknown),
                (json!(2), False),
            ],
        ),
        (Test::Equals(Scalar::Boolean(true)), &[(json!(true), True), (json!("true"), Unknown)]),
        (
            Test::AnyOf(ab()),
            &[
                (json!("a"), True),
                (json!("c"), False),
                (json!(["c", "b"]), True),
                (json!([]), False),
                (json!("a c"), Unknown),
                (json!(1), Unknown),
                (json!({"a": 1}), Unknown),
            ],
        ),
        (
            Test::AnyOf(vec![text("a"), Scalar::Integer(2)]),
            &[(json!(2), True), (json!(3), False), (json!("b"), False), (json!(true), Unknown)],
        ),
    ]);
}

#[test]
fn a_list_or_a_text_of_words_has_what_is_asked() {
    assert_truths(&[(
        Test::NoneOf(ab()),
        &[
            (json!("a"), False),
            (json!("c"), True),
            (json!(["c", "b"]), False),
            (json!(["c"]), True),
            (json!("a c"), Unknown),
            (json!(["c", 1]), Unknown),
            (json!(["a", 1]), False),
            (json!("ac"), True),
            (json!([]), True),
            (json!(1), Unknown),
        ],
    )]);
}

#[test]
fn a_list_or_a_text_has_each_word() {
    assert_truths(&[
        (
            Test::AllOf(ab()),
            &[
                (json!(["a", "b", "c"]), True),
                (json!(["a"]), False),
                (json!("b x a"), True),
                (json!("a"), False),
                (json!(1), Unknown),
            ],
        ),
        (
            Test::Contains(text("a")),
            &[
                (json!(["b", "a"]), True),
                (json!("b a"), True),
                (json!("ba"), False),
                (json!([["a"]]), Unknown),
                (json!("A"), False),
                (json!(7), Unknown),
            ],
        ),
        (
            Test::Contains(Scalar::Integer(1)),
            &[(json!([1]), True), (json!(["1"]), Unknown), (json!("1"), Unknown)],
        ),
    ]);
}

#[test]
fn a_text_has_a_form() {
    assert_truths(&[
        (
            Test::Prefix("ab".into()),
            &[
                (json!("abc"), True),
                (json!("xab"), False),
                (json!(["x", "ab"]), True),
                (json!([1]), Unknown),
                (json!([1, "ab"]), True),
                (json!(1), Unknown),
            ],
        ),
        (
            Test::Suffix("@x.org".into()),
            &[(json!("u@x.org"), True), (json!("u@x.org.evil"), False)],
        ),
        (
            Test::Glob(WildMatch::new("s-*-?")),
            &[
                (json!("s-12-a"), True),
                (json!("s--a"), True),
                (json!("s-1-"), False),
                (json!("s-1-ab"), False),
                (json!(["s-1-a"]), True),
                (json!(true), Unknown),
            ],
        ),
    ]);
}

#[test]
fn a_number_is_in_its_bounds_and_a_boolean_may_be_text() {
    assert_truths(&[
        (
            Test::AtLeast(Number::from_f64(2.0).unwrap()),
            &[(json!(2), True), (json!(1.99), False), (json!(3), True), (json!("2"), Unknown)],
        ),
        (Test::AtMost(2.into()), &[(json!(2), True), (json!(2.01), False), (json!(-5), True)]),
        (
            Test::GreaterThan(2.into()),
            &[(json!(2), False), (json!(2.01), True), (json!(u64::MAX), True)],
        ),
        (
            Test::LessThan(2.into()),
            &[(json!(2), False), (json!(1.99), True), (json!(i64::MIN), True)],
        ),
        (
            Test::LessThan(9_007_199_254_740_993_i64.into()),
            &[(json!(9_007_199_254_740_992_i64), True)],
        ),
        (
            Test::Boolean(true),
            &[
                (json!(true), True),
                (json!("true"), True),
                (json!("false"), False),
                (json!(false), False),
                (json!("TRUE"), Unknown),
                (json!(1), Unknown),
            ],
        ),
        (Test::Exists(true), &[(json!(0), True), (json!(null), False)]),
        (Test::Exists(false), &[(json!(0), False), (json!(null), True)]),
    ]);
}

#[test]
fn what_is_unknown_decides_only_what_nothing_else_decides() {
    let part = |truth| match truth {
        True => condition("t", Test::Exists(true)),
        False => condition("t", Test::Exists(false)),
        Unknown => condition("missing", Test::Boolean(true)),
    };
    let of = |kind| Condition { kind, span: 0..0 };
    let claims = json!({"t": 1});
    for (one, other, all, any) in [
        (True, True, True, True),
        (True, False, False, True),
        (True, Unknown, Unknown, True),
        (False, False, False, False),
        (False, Unknown, False, Unknown),
        (Unknown, Unknown, Unknown, Unknown),
    ] {
        for parts in [vec![part(one), part(other)], vec![part(other), part(one)]] {
            assert_eq!(
                truth(&of(ConditionKind::All(parts.clone())), &claims),
                all,
                "all {one:?} {other:?}"
            );
            assert_eq!(
                truth(&of(ConditionKind::Any(parts)), &claims),
                any,
                "any {one:?} {other:?}"
            );
        }
    }
    for (inner, expected) in [(True, False), (False, True), (Unknown, Unknown)] {
        let not = of(ConditionKind::Not(Box::new(part(inner))));
        assert_eq!(truth(&not, &claims), expected, "not {inner:?}");
    }
}
