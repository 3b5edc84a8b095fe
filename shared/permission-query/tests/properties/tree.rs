//! Random syntax trees, and their text.
#![expect(clippy::wildcard_enum_match_arm, reason = "what is not named stays as it is")]

use permission_query::{Comparison, Expression, ExpressionKind, Step, query_literal};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Any expression that the grammar has a text for.
pub(crate) fn expression() -> impl Strategy<Value = Expression> {
    primary().prop_recursive(5, 24, 3, |inner| {
        let comparison = comparison(inner.clone());
        prop_oneof![
            (comparison.clone(), inner.clone()).prop_map(|(left, right)| {
                new(ExpressionKind::And(Box::new(left), Box::new(right)))
            }),
            (comparison.clone(), inner.clone()).prop_map(|(left, right)| {
                new(ExpressionKind::Or(Box::new(left), Box::new(right)))
            }),
            inner.prop_map(|inner| new(ExpressionKind::Not(Box::new(inner)))),
            comparison,
        ]
    })
}

/// What stands beside `&&`: no operators but comparisons, to the left.
fn comparison(
    inner: impl Strategy<Value = Expression> + Clone + 'static,
) -> impl Strategy<Value = Expression> + Clone {
    let rights = proptest::collection::vec((operator(), operand(inner.clone(), true)), 0..3);
    (operand(inner, false), rights).prop_map(|(first, rights)| {
        rights.into_iter().fold(first, |left, (comparison, right)| {
            let (left, right) = (Box::new(left), Box::new(right));
            new(ExpressionKind::Compare { comparison, left, right })
        })
    })
}

fn operand(
    inner: impl Strategy<Value = Expression> + Clone + 'static,
    is_right: bool,
) -> impl Strategy<Value = Expression> + Clone {
    let base = prop_oneof![
        primary(),
        inner.clone().prop_map(|inner| new(ExpressionKind::Parenthesised(Box::new(inner)))),
        (function(), proptest::collection::vec(inner.clone(), 0..3))
            .prop_map(|(function, arguments)| new(ExpressionKind::Call { function, arguments })),
    ];
    (base, proptest::collection::vec(step(inner), 0..3)).prop_map(move |(base, steps)| {
        let takes_steps = match base.kind {
            ExpressionKind::Placeholder(_) | ExpressionKind::Path { .. } => false,
            ExpressionKind::Current | ExpressionKind::Root(_) => true,
            _ => !is_right,
        };
        let mut has_projection = false;
        let steps = steps
            .into_iter()
            .filter(|step| {
                let is_single = matches!(step, Step::Index(_) | Step::Member(_));
                let is_taken = is_single || !is_right || !has_projection;
                has_projection |= !is_single;
                is_taken
            })
            .collect::<Vec<_>>();
        if steps.is_empty() || !takes_steps {
            return base;
        }
        new(ExpressionKind::Path { base: Box::new(base), steps })
    })
}

fn primary() -> impl Strategy<Value = Expression> + Clone {
    let id = || new(ExpressionKind::Root("_id".to_owned()));
    let member = proptest::sample::select(vec!["a", "b", "odd key", "{}", "true", "é'"]);
    prop_oneof![
        literal().prop_map(|value| new(ExpressionKind::Literal(value))),
        Just(new(ExpressionKind::Current)),
        Just(new(ExpressionKind::Placeholder("sub".to_owned()))),
        Just(new(ExpressionKind::Root("owner".to_owned()))),
        member.prop_map(move |name| {
            let steps = vec![Step::Member(name.to_owned())];
            new(ExpressionKind::Path { base: Box::new(id()), steps })
        }),
        Just(id()),
    ]
}

fn literal() -> impl Strategy<Value = Value> + Clone {
    proptest::sample::select(vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(2.5),
        json!("a"),
        json!("1"),
        json!("{'\"\\}\n"),
        json!([]),
        json!(["a", ["b"], {}]),
        json!({"a": {"{}": null}, "b": []}),
    ])
}

fn step(
    inner: impl Strategy<Value = Expression> + Clone + 'static,
) -> impl Strategy<Value = Step> + Clone {
    prop_oneof![
        Just(Step::Member("a".to_owned())),
        Just(Step::Member("odd {}".to_owned())),
        (-2..3).prop_map(Step::Index),
        Just(Step::Wildcard),
        Just(Step::Flatten),
        inner.prop_map(Step::Filter),
    ]
}

fn function() -> impl Strategy<Value = String> + Clone {
    let names = ["contains", "type", "starts_with", "keys", "length", "not_null", "nosuch", "Not"];
    proptest::sample::select(names.map(str::to_owned).to_vec())
}

fn operator() -> impl Strategy<Value = Comparison> + Clone {
    proptest::sample::select(vec![
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::GreaterOrEqual,
    ])
}

fn new(kind: ExpressionKind) -> Expression {
    Expression { kind, span: 0..0 }
}

/// The tree as one of no text.
pub(crate) fn without_spans(expression: Expression) -> Expression {
    let boxed = |inner: Box<Expression>| Box::new(without_spans(*inner));
    new(match expression.kind {
        ExpressionKind::And(left, right) => ExpressionKind::And(boxed(left), boxed(right)),
        ExpressionKind::Or(left, right) => ExpressionKind::Or(boxed(left), boxed(right)),
        ExpressionKind::Not(inner) => ExpressionKind::Not(boxed(inner)),
        ExpressionKind::Parenthesised(inner) => ExpressionKind::Parenthesised(boxed(inner)),
        ExpressionKind::Compare { comparison, left, right } => {
            ExpressionKind::Compare { comparison, left: boxed(left), right: boxed(right) }
        }
        ExpressionKind::Call { function, arguments } => ExpressionKind::Call {
            function,
            arguments: arguments.into_iter().map(without_spans).collect(),
        },
        ExpressionKind::Path { base, steps } => ExpressionKind::Path {
            base: boxed(base),
            steps: steps
                .into_iter()
                .map(|step| match step {
                    Step::Filter(condition) => Step::Filter(without_spans(condition)),
                    other => other,
                })
                .collect(),
        },
        leaf => leaf,
    })
}

/// The text of a template.
pub(crate) fn printed(expression: &Expression) -> String {
    match &expression.kind {
        ExpressionKind::And(left, right) => format!("{} && {}", printed(left), printed(right)),
        ExpressionKind::Or(left, right) => format!("{} || {}", printed(left), printed(right)),
        ExpressionKind::Not(inner) => format!("!{}", printed(inner)),
        ExpressionKind::Parenthesised(inner) => format!("( {} )", printed(inner)),
        ExpressionKind::Compare { comparison, left, right } => {
            let operator = match comparison {
                Comparison::Equal => "==",
                Comparison::Greater => ">",
                Comparison::GreaterOrEqual => ">=",
                Comparison::Less => "<",
                Comparison::LessOrEqual => "<=",
                Comparison::NotEqual => "!=",
            };
            format!("{} {operator} {}", printed(left), printed(right))
        }
        ExpressionKind::Call { function, arguments } => {
            format!("{function}({})", arguments.iter().map(printed).collect::<Vec<_>>().join(" , "))
        }
        ExpressionKind::Current => "@".to_owned(),
        ExpressionKind::Literal(value) => printed_literal(value),
        ExpressionKind::Path { base, steps } => {
            printed(base) + &steps.iter().map(printed_step).collect::<String>()
        }
        ExpressionKind::Placeholder(inside) => format!("{{{inside}}}"),
        ExpressionKind::Root(name) => name.clone(),
    }
}

fn printed_step(step: &Step) -> String {
    match step {
        Step::Filter(condition) => format!("[? {} ]", printed(condition)),
        Step::Flatten => "[]".to_owned(),
        Step::Index(index) => format!("[{index}]"),
        Step::Member(name) if name.chars().all(|part| part.is_ascii_alphabetic()) => {
            format!(".{name}")
        }
        Step::Member(name) => format!("[{}]", printed_literal(&json!(name))),
        Step::Wildcard => "[*]".to_owned(),
    }
}

fn printed_literal(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items = items.iter().map(printed_literal).collect::<Vec<_>>();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                format!("{} : {}", printed_literal(&json!(key)), printed_literal(value))
            };
            format!("{{{{{}}}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        Value::String(_) => {
            query_literal(value).unwrap_or_default().replace('{', "{{").replace('}', "}}")
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}
