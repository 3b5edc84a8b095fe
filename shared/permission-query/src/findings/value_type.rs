//! Values of other types than the query takes them for.

use super::Draft;
use super::call::results;
use super::facts::{Facts, typed};
use super::path::{path_text, steps_from_id, type_test};
use super::text::conjunction;
use super::tree::{parts, peeled, string};
use crate::{Expression, ExpressionKind, FindingKind, Function, Query, Step, ValueType};

/// `n == '1'` where `n` may be a number.
pub(super) fn text_for_number(
    left: &Expression,
    right: &Expression,
    facts: &Facts,
) -> Option<Draft> {
    let side = |value, literal| string(literal).map(|text| (value, literal, text));
    let (value, literal, text) = side(left, right).or_else(|| side(right, left))?;
    let is_boolean = matches!(text, "true" | "false");
    let is_number = text.parse::<i64>().is_ok_and(|number| number.to_string() == text);
    let may_be_other = match steps_from_id(peeled(value)) {
        Some(steps) => !facts.have_types(steps, ValueType::String.alone()),
        None => results(value) == ValueType::Number.alone(),
    };
    if !may_be_other || !(is_number || is_boolean) {
        return None;
    }
    let message = if is_boolean {
        "never matches where this is true or false and not text"
    } else {
        "never matches where this is a number and not text, and text orders '10' before '9'"
    };
    let draft = Draft::new(FindingKind::TextForNumber, &peeled(literal).span, message);
    Some(draft.replacing(&peeled(literal).span, text))
}

/// Calls on paths that may lead to values which the function does not take.
pub(super) fn unguarded(query: &Query, atom: &Expression, facts: &Facts) -> Vec<Draft> {
    let calls = parts(atom).filter(|part| !part.is_in_filter).filter_map(|part| {
        match &part.expression.kind {
            ExpressionKind::Call { function, arguments } => {
                Some((part.expression, Function::named(function)?, arguments))
            }
            _ => None,
        }
    });
    let mut found = Vec::new();
    for (call, function, arguments) in
        calls.filter(|(_, function, args)| function.takes(args.len()))
    {
        for (index, argument) in arguments.iter().enumerate() {
            let types = function.parameter(index).map_or(&[][..], |parameter| parameter.types());
            let Some(steps) = steps_from_id(peeled(argument)) else { continue };
            if types.len() < 6 && !facts.have_types(steps, types) {
                found.push(Unguarded { call, function, steps, types: meant(function, types) });
            }
        }
    }
    found.iter().map(|one| draft(query, atom, one, &found)).collect()
}

struct Unguarded<'q> {
    call: &'q Expression,
    function: &'static Function,
    steps: &'q [Step],
    types: &'static [ValueType],
}

impl Unguarded<'_> {
    fn kind(&self) -> FindingKind {
        let is_contains = self.function.name == "contains";
        if is_contains { FindingKind::SubstringContains } else { FindingKind::UnguardedCall }
    }
}

/// What a function is used for with a path: `contains` looks into lists.
fn meant(function: &Function, types: &'static [ValueType]) -> &'static [ValueType] {
    if function.name == "contains" { ValueType::Array.alone() } else { types }
}

fn draft(query: &Query, atom: &Expression, one: &Unguarded<'_>, all: &[Unguarded<'_>]) -> Draft {
    let path = path_text(query, one.steps).unwrap_or_default();
    let name = one.function.name;
    let mut message = match one.kind() {
        FindingKind::SubstringContains => format!(
            "looks for a part of the text where `{path}` is text, and fails the whole query for everybody where it \
             is neither text nor a list"
        ),
        _ => format!(
            "one document whose `{path}` is of another type than {name}() takes makes the whole query fail for \
             everybody"
        ),
    };
    if is_tested(query, one.steps) {
        message.push_str("; the test of its type must stand before it, joined with `&&`");
    }
    let draft = Draft::new(one.kind(), &one.call.span, message);
    let mut guards = Vec::new();
    for other in all.iter().filter(|other| other.kind() == one.kind()) {
        let Some(path) = path_text(query, other.steps) else { return draft };
        let guard = type_test(&path, other.types);
        if !guards.contains(&guard) {
            guards.push(guard);
        }
    }
    draft.replacing(&atom.span, conjunction(&guards, query.slice(&atom.span)))
}

/// Whether the query asks for the type, in a place that does not help.
fn is_tested(query: &Query, steps: &[Step]) -> bool {
    parts(query.expression()).any(|part| typed(part.expression) == Some(steps))
}
