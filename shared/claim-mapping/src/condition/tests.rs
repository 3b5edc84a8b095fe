use serde_json::json;

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

#[test]
fn tests_pass_fail_or_cannot_be_put() {
    use Truth::{False, True, Unknown};
    let number = |value: f64| Number::from_f64(value).unwrap();
    let ab = || vec![text("a"), text("b")];
    for (test, cases) in [
        (
            Test::Equals(text("a")),
            vec![
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
            vec![
                (json!(1), True),
                (json!(1.0), True),
                (json!("1"), Unknown),
                (json!(true), Unknown),
                (json!(2), False),
            ],
        ),
        (Test::Equals(Scalar::Boolean(true)), vec![(json!(true), True), (json!("true"), Unknown)]),
        (
            Test::AnyOf(ab()),
            vec![
                (json!("a"), True),
                (json!("c"), False),
                (json!(["c", "b"]), True),
                (json!([]), False),
                (json!("a c"), False),
                (json!(1), Unknown),
                (json!({"a": 1}), Unknown),
            ],
        ),
        (
            Test::AnyOf(vec![text("a"), Scalar::Integer(2)]),
            vec![(json!(2), True), (json!(3), False), (json!("b"), False), (json!(true), Unknown)],
        ),
        (
            Test::NoneOf(ab()),
            vec![
                (json!("a"), False),
                (json!("c"), True),
                (json!(["c", "b"]), False),
                (json!(["c"]), True),
                (json!("a c"), False),
                (json!("ac"), True),
                (json!([]), True),
                (json!(1), Unknown),
            ],
        ),
        (
            Test::AllOf(ab()),
            vec![
                (json!(["a", "b", "c"]), True),
                (json!(["a"]), False),
                (json!("b x a"), True),
                (json!("a"), False),
                (json!(1), Unknown),
            ],
        ),
        (
            Test::Contains(text("a")),
            vec![
                (json!(["b", "a"]), True),
                (json!("b a"), True),
                (json!("ba"), False),
                (json!([["a"]]), False),
                (json!("A"), False),
                (json!(7), Unknown),
                (json!({"a": 1}), Unknown),
            ],
        ),
        (
            Test::Contains(Scalar::Integer(1)),
            vec![(json!([1]), True), (json!(["1"]), False), (json!("1"), False)],
        ),
        (
            Test::Prefix("ab".into()),
            vec![
                (json!("abc"), True),
                (json!("xab"), False),
                (json!(["x", "ab"]), True),
                (json!([1]), False),
                (json!(1), Unknown),
            ],
        ),
        (
            Test::Suffix("@x.org".into()),
            vec![(json!("u@x.org"), True), (json!("u@x.org.evil"), False)],
        ),
        (
            Test::Glob(WildMatch::new("s-*-?")),
            vec![
                (json!("s-12-a"), True),
                (json!("s--a"), True),
                (json!("s-1-"), False),
                (json!("s-1-ab"), False),
                (json!(["s-1-a"]), True),
                (json!(true), Unknown),
            ],
        ),
        (
            Test::AtLeast(number(2.0)),
            vec![(json!(2), True), (json!(1.99), False), (json!(3), True), (json!("2"), Unknown)],
        ),
        (Test::AtMost(2.into()), vec![(json!(2), True), (json!(2.01), False), (json!(-5), True)]),
        (
            Test::GreaterThan(2.into()),
            vec![(json!(2), False), (json!(2.01), True), (json!(u64::MAX), True)],
        ),
        (
            Test::LessThan(2.into()),
            vec![(json!(2), False), (json!(1.99), True), (json!(i64::MIN), True)],
        ),
        (
            Test::LessThan(9_007_199_254_740_993_i64.into()),
            vec![(json!(9_007_199_254_740_992_i64), True)],
        ),
        (
            Test::Boolean(true),
            vec![
                (json!(true), True),
                (json!("true"), True),
                (json!("false"), False),
                (json!(false), False),
                (json!("TRUE"), Unknown),
                (json!(1), Unknown),
            ],
        ),
        (Test::Exists(true), vec![(json!(0), True), (json!(null), False)]),
        (Test::Exists(false), vec![(json!(0), False), (json!(null), True)]),
    ] {
        let asked = condition("c", test.clone());
        for (value, expected) in cases {
            assert_eq!(truth(&asked, &json!({"c": value})), expected, "{test:?} of {value}");
        }
        let missing = if let Test::Exists(exists) = test { Truth::of(!exists) } else { Unknown };
        assert_eq!(truth(&asked, &json!({})), missing, "{test:?} of nothing");
    }
}

#[test]
fn what_is_unknown_decides_only_what_nothing_else_decides() {
    use Truth::{False, True, Unknown};
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
