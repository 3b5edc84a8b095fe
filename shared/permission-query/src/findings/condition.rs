//! Follows evaluation through the conditions of a query, and warns about each.

use super::Draft;
use super::facts::Facts;
use super::path::steps_from_id;
use super::tree::peeled;
use super::{absence, alternative, value_type};
use crate::{Comparison, Expression, ExpressionKind, FindingKind, Function, Query, ValueType};

pub(super) fn warnings(query: &Query) -> Vec<Draft> {
    let mut walk = Walk { query, facts: Facts::default(), drafts: Vec::new() };
    if !steps_from_id(peeled(query.expression())).is_some_and(<[_]>::is_empty) {
        walk.visit(query.expression(), false);
    }
    walk.drafts
}

struct Walk<'q> {
    query: &'q Query,
    facts: Facts,
    drafts: Vec<Draft>,
}

impl Walk<'_> {
    /// `is_alternative`: it is an operand of `||`, or that in parentheses.
    fn visit(&mut self, condition: &Expression, is_alternative: bool) {
        match &condition.kind {
            ExpressionKind::And(left, right) => {
                self.visit(left, false);
                self.visit_assuming((left, true), right, false);
            }
            ExpressionKind::Or(left, right) => {
                if !is_alternative {
                    let found = alternative::warnings(self.query, condition, &mut self.facts);
                    self.drafts.extend(found);
                }
                self.visit(left, true);
                self.visit_assuming((left, false), right, true);
            }
            ExpressionKind::Not(inner) => self.visit_negated(condition, inner),
            ExpressionKind::Parenthesised(inner) => self.visit(inner, is_alternative),
            _ => self.visit_atom(condition, condition),
        }
    }

    fn visit_assuming(
        &mut self,
        (before, is_true): (&Expression, bool),
        condition: &Expression,
        is_alternative: bool,
    ) {
        let length = self.facts.len();
        self.facts.assume(before, is_true);
        self.visit(condition, is_alternative);
        self.facts.truncate(length);
    }

    fn visit_negated(&mut self, negation: &Expression, inner: &Expression) {
        let inner = peeled(inner);
        match &inner.kind {
            ExpressionKind::And(..) | ExpressionKind::Or(..) | ExpressionKind::Not(_) => {
                self.visit(inner, false);
            }
            _ => self.visit_atom(negation, inner),
        }
    }

    /// A condition without operators; `whole` is it with the `!` before it, if there is one.
    fn visit_atom(&mut self, whole: &Expression, atom: &Expression) {
        let is_negated = whole.span != atom.span;
        if let ExpressionKind::Compare { comparison, left, right } = &atom.kind {
            if matches!(left.kind, ExpressionKind::Compare { .. }) {
                return;
            }
            let comparison =
                absence::Compared { whole, atom, comparison: *comparison, left, right };
            self.drafts.extend(absence::warning(self.query, &comparison, &self.facts));
            self.drafts.extend(value_type::text_for_number(left, right, &self.facts));
        } else {
            self.drafts.extend(bare_condition(self.query, whole, atom, is_negated));
            self.drafts.extend(absence::default_elsewhere(atom, &self.facts));
        }
        self.drafts.extend(value_type::unguarded(self.query, atom, &self.facts));
    }
}

fn bare_condition(
    query: &Query,
    whole: &Expression,
    atom: &Expression,
    is_negated: bool,
) -> Option<Draft> {
    let draft = |message| Draft::new(FindingKind::BareCondition, &atom.span, message);
    if steps_from_id(atom).is_some() {
        let text = query.slice(&atom.span);
        let draft =
            draft("counts as true for every value that is not empty: 'false' and 1 do as well");
        return Some(draft.replacing(&whole.span, format!("{text} == {}", !is_negated)));
    }
    let ExpressionKind::Call { function, .. } = &atom.kind else { return None };
    let results = Function::named(function)?.results;
    let is_condition = results.is_empty() || results.contains(&ValueType::Boolean);
    (!is_condition)
        .then(|| draft("is no condition: it counts as true whenever it is not empty or 0"))
}

/// Whether the two are compared for being the same.
pub(super) fn is_equal(comparison: Comparison) -> bool {
    comparison == Comparison::Equal
}
