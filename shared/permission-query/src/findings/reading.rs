//! Where the engine reads operators otherwise than people do: `&&` beside `||`, far-reaching `!`, chained
//! comparisons.

use std::collections::BTreeSet;

use super::comparison::{chain, chain_text};
use super::tree::{filter, operands, parts};
use super::{Draft, is_rewritable};
use crate::{Expression, ExpressionKind, FindingKind, Query};

const MIXED: &str = "`&&` and `||` have no precedence: each takes the whole rest of the query, so that \
                     `a && b || c` means `a && (b || c)`; set parentheses";
const CHAINED: &str = "a chain of comparisons compares `true` or `false` with the next value, and so says nothing \
                       about the first two";

pub(super) fn errors(query: &Query) -> Vec<Draft> {
    // A chain is reported once, where it starts; its inner parts end, or begin, at the same place.
    let (mut ends, mut starts) = (BTreeSet::new(), BTreeSet::new());
    let mut drafts = Vec::new();
    for part in parts(query.expression()) {
        let expression = part.expression;
        let draft = |kind, message: &str| Draft::new(kind, &expression.span, message);
        match &expression.kind {
            ExpressionKind::And(_, right) | ExpressionKind::Or(_, right)
                if is_mixed(expression, right) && ends.insert(expression.span.end) =>
            {
                drafts.push(draft(FindingKind::MixedOperators, MIXED));
            }
            ExpressionKind::Not(inner) => {
                if let Some(message) = reach(inner) {
                    drafts.push(draft(FindingKind::NegationReach, message));
                }
            }
            ExpressionKind::Compare { left, .. }
                if is_comparison(left) && starts.insert(expression.span.start) =>
            {
                drafts.push(draft(FindingKind::ChainedComparison, CHAINED));
            }
            _ => {}
        }
    }
    if drafts.is_empty() || !is_rewritable(query) {
        return drafts;
    }
    let (whole, meant) = (&query.expression().span, as_meant(query, query.expression()));
    drafts.into_iter().map(|draft| draft.replacing(whole, meant.clone())).collect()
}

fn is_mixed(expression: &Expression, right: &Expression) -> bool {
    matches!(
        (&expression.kind, &right.kind),
        (ExpressionKind::And(..), ExpressionKind::Or(..))
            | (ExpressionKind::Or(..), ExpressionKind::And(..))
    )
}

fn is_comparison(expression: &Expression) -> bool {
    matches!(expression.kind, ExpressionKind::Compare { .. })
}

fn reach(inner: &Expression) -> Option<&'static str> {
    match inner.kind {
        ExpressionKind::And(..) => Some(
            "`!` takes the whole rest of the query: `!a && b` means `!(a && b)`, which may match far more \
             documents than meant",
        ),
        ExpressionKind::Or(..) => Some(
            "`!` takes the whole rest of the query: `!a || b` means `!(a || b)`, which misses documents",
        ),
        ExpressionKind::Compare { .. } => {
            Some("`!` takes the whole comparison, not the value beside it; set parentheses")
        }
        _ => None,
    }
}

/// The text that makes the engine read it as people do: `!` binds closest, then `&&`, then `||`.
pub(super) fn as_meant(query: &Query, expression: &Expression) -> String {
    match &expression.kind {
        ExpressionKind::And(..) | ExpressionKind::Or(..) | ExpressionKind::Not(_)
            if !is_clear(expression) =>
        {
            joined(&terms(query, expression))
        }
        ExpressionKind::Compare { .. } => {
            let terms = terms(query, expression);
            joined(&terms)
        }
        _ => with_inner(query, expression),
    }
}

/// Whether people and engine agree about the chain.
fn is_clear(expression: &Expression) -> bool {
    let mut rest = expression;
    loop {
        match &rest.kind {
            ExpressionKind::And(_, right) | ExpressionKind::Or(_, right)
                if !is_mixed(rest, right) =>
            {
                rest = right;
            }
            ExpressionKind::And(..) | ExpressionKind::Or(..) => return false,
            ExpressionKind::Not(inner) => {
                if reach(inner).is_some() {
                    return false;
                }
                rest = inner;
            }
            _ => return true,
        }
    }
}

/// The expression's own text around those of its inner parts.
fn with_inner(query: &Query, expression: &Expression) -> String {
    let (mut text, mut end) = (String::new(), expression.span.start);
    for inner in inner_parts(expression) {
        text.push_str(query.slice(&(end..inner.span.start)));
        text.push_str(&as_meant(query, inner));
        end = inner.span.end;
    }
    text.push_str(query.slice(&(end..expression.span.end)));
    text
}

fn inner_parts(expression: &Expression) -> Vec<&Expression> {
    match &expression.kind {
        ExpressionKind::And(left, right) | ExpressionKind::Or(left, right) => vec![left, right],
        ExpressionKind::Call { arguments, .. } => arguments.iter().collect(),
        ExpressionKind::Not(inner) | ExpressionKind::Parenthesised(inner) => vec![inner],
        ExpressionKind::Path { base, steps } => {
            std::iter::once(base.as_ref()).chain(steps.iter().filter_map(filter)).collect()
        }
        ExpressionKind::Compare { .. }
        | ExpressionKind::Current
        | ExpressionKind::Literal(_)
        | ExpressionKind::Placeholder(_)
        | ExpressionKind::Root(_) => Vec::new(),
    }
}

/// An operand with the operator before it.
struct Term {
    operator: &'static str,
    text: String,
    is_negated: bool,
}

fn terms(query: &Query, expression: &Expression) -> Vec<Term> {
    let (mut terms, mut rest, mut operator) = (Vec::new(), expression, "");
    loop {
        let (operand, next) = match &rest.kind {
            ExpressionKind::And(left, right) => (left.as_ref(), Some(("&&", right))),
            ExpressionKind::Or(left, right) => (left.as_ref(), Some(("||", right))),
            _ => (rest, None),
        };
        let mut of_operand = terms_of_operand(query, operand);
        if let Some(first) = of_operand.first_mut() {
            first.operator = operator;
        }
        terms.append(&mut of_operand);
        let Some((next_operator, right)) = next else { return terms };
        (operator, rest) = (next_operator, right);
    }
}

/// More than one where a `!` had taken the rest.
fn terms_of_operand(query: &Query, operand: &Expression) -> Vec<Term> {
    match &operand.kind {
        ExpressionKind::Not(inner) => {
            let mut terms = terms(query, inner);
            if let Some(first) = terms.first_mut() {
                let operand = operands(inner).first().map(|operand| &operand.kind);
                let is_enclosed = matches!(operand, Some(ExpressionKind::Parenthesised(_)));
                let text = &first.text;
                first.text = if is_enclosed { format!("!{text}") } else { format!("!({text})") };
                first.is_negated = true;
            }
            terms
        }
        ExpressionKind::Compare { .. } => {
            let (first, right) = chain(operand);
            if let Some((_, last)) = right.last()
                && let ExpressionKind::Not(_) = last.kind
            {
                let mut terms = terms_of_operand(query, last);
                let before = query.slice(&(operand.span.start..last.span.start));
                if let Some(term) = terms.first_mut() {
                    term.text = format!("{before}({})", term.text);
                    term.is_negated = false;
                }
                return terms;
            }
            vec![Term::plain(chain_text(query, first, &right))]
        }
        _ => vec![Term::plain(as_meant(query, operand))],
    }
}

impl Term {
    fn plain(text: String) -> Self {
        Self { operator: "", text, is_negated: false }
    }
}

fn joined(terms: &[Term]) -> String {
    let enclosed = |term: &Term| {
        if term.is_negated && terms.len() > 1 {
            format!("({})", term.text)
        } else {
            term.text.clone()
        }
    };
    let mut alternatives: Vec<Vec<String>> = Vec::new();
    for term in terms {
        match alternatives.last_mut() {
            Some(conjunction) if term.operator == "&&" => conjunction.push(enclosed(term)),
            _ => alternatives.push(vec![enclosed(term)]),
        }
    }
    let is_alone = alternatives.len() == 1;
    let alternatives = alternatives.into_iter().map(|conjunction| {
        let text = conjunction.join(" && ");
        if conjunction.len() > 1 && !is_alone { format!("({text})") } else { text }
    });
    alternatives.collect::<Vec<_>>().join(" || ")
}
