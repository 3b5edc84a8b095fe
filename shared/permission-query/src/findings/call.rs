//! Calls that fail wherever evaluation reaches them.

use super::Draft;
use super::function_name::nearest;
use super::tree::{has_placeholder, parts, peeled, string};
use crate::{Expression, ExpressionKind, FindingKind, Function, Parameter, Query, ValueType};

const FAILS: &str = "the first document that gets here makes the whole query fail, for everybody";

pub(super) fn errors(query: &Query) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for part in parts(query.expression()) {
        let ExpressionKind::Call { function: name, arguments } = &part.expression.kind else {
            continue;
        };
        let Some(function) = Function::named(name) else {
            drafts.push(unknown(query, part.expression, name, arguments));
            continue;
        };
        if function.takes(arguments.len()) {
            drafts.extend(of_arguments(query, function, arguments));
        } else {
            let expected = function.takes_in_words();
            let message = format!("{name}() takes {expected}, not {}: {FAILS}", arguments.len());
            drafts.push(Draft::new(FindingKind::ArgumentCount, &part.expression.span, message));
        }
        if name == "regex" && arguments.iter().any(has_placeholder) {
            drafts.push(regex_placeholder(query, part.expression, arguments));
        }
        drafts.extend(empty_text(name, part.expression, arguments));
    }
    drafts
}

fn unknown(query: &Query, call: &Expression, name: &str, arguments: &[Expression]) -> Draft {
    let start = call.span.start;
    let name_span = start..start.saturating_add(name.len());
    let draft = |message: String| Draft::new(FindingKind::UnknownFunction, &name_span, message);
    if let ("not", [argument]) = (name.to_ascii_lowercase().as_str(), arguments) {
        let text = format!("(!({}))", query.slice(&argument.span));
        return draft(format!("there is no function {name}(); write `!(…)`"))
            .replacing(&call.span, text);
    }
    match nearest(name) {
        Some(nearest) => {
            draft(format!("there is no function {name}(), perhaps {nearest}() is meant: {FAILS}"))
                .replacing(&name_span, nearest)
        }
        None => draft(format!("there is no function {name}(): {FAILS}")),
    }
}

fn of_arguments(query: &Query, function: &Function, arguments: &[Expression]) -> Vec<Draft> {
    let numbered = arguments.iter().enumerate();
    let wrong = numbered.filter_map(|(index, argument)| {
        let parameter = function.parameter(index)?;
        let found = refused(parameter, argument)?;
        let message = format!(
            "argument {} of {}() must be {}, not {found}: {FAILS}",
            index.saturating_add(1),
            function.name,
            parameter.in_words(),
        );
        let draft = Draft::new(FindingKind::ArgumentType, &argument.span, message);
        let is_quotable = parameter == Parameter::String
            && matches!(&argument.kind, ExpressionKind::Literal(value) if !value.is_array() && !value.is_object());
        Some(if is_quotable {
            draft.replacing(&argument.span, query.quoted(query.slice(&argument.span)))
        } else {
            draft
        })
    });
    wrong.collect()
}

/// What the argument is, where the function never takes it.
fn refused(parameter: Parameter, argument: &Expression) -> Option<&'static str> {
    if let ExpressionKind::Literal(value) = &peeled(argument).kind {
        let found = if value.as_array().is_some_and(Vec::is_empty) {
            "an empty list"
        } else if value.is_array() && parameter.types().contains(&ValueType::Array) {
            "this list"
        } else {
            ValueType::of(value).in_words()
        };
        return (!parameter.accepts(value)).then_some(found);
    }
    let results = results(argument);
    let is_refused =
        !results.is_empty() && results.iter().all(|result| !parameter.types().contains(result));
    results.first().filter(|_| is_refused).map(|result| result.in_words())
}

/// The types that an expression can have, where they are known.
pub(super) fn results(expression: &Expression) -> &'static [ValueType] {
    match &peeled(expression).kind {
        ExpressionKind::Call { function, .. } => {
            Function::named(function).map_or(&[], |function| function.results)
        }
        ExpressionKind::Compare { .. } | ExpressionKind::Not(_) => &[ValueType::Boolean],
        ExpressionKind::Literal(value) => ValueType::of(value).alone(),
        _ => &[],
    }
}

fn regex_placeholder(query: &Query, call: &Expression, arguments: &[Expression]) -> Draft {
    let message = "a claim's value would be read as a pattern: `.*` in it matches every document";
    let draft = Draft::new(FindingKind::RegexPlaceholder, &call.span, message);
    let [text, pattern] = arguments else { return draft };
    if !matches!(pattern.kind, ExpressionKind::Placeholder(_)) || has_placeholder(text) {
        return draft;
    }
    let (text, pattern) = (query.slice(&text.span), query.slice(&pattern.span));
    draft
        .replacing(&call.span, format!("(type({text}) == 'string' && contains({text}, {pattern}))"))
}

fn empty_text(name: &str, call: &Expression, arguments: &[Expression]) -> Option<Draft> {
    let [first, second] = arguments else { return None };
    let looks_for_text = match name {
        "starts_with" | "ends_with" | "regex" => true,
        "contains" => {
            !matches!(&peeled(first).kind, ExpressionKind::Literal(value) if value.is_array())
        }
        _ => false,
    };
    let is_empty = looks_for_text && string(second) == Some("");
    let message = "every text has the empty text in it: matches whatever is text, whoever owns it";
    is_empty.then(|| Draft::new(FindingKind::EmptyText, &call.span, message))
}
