//! Finding traps.
//!
//! Errors are told from the tree alone; warnings follow what is known of a document where evaluation gets to a
//! part: which members are present, and of what type.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each trap is about a few kinds of expressions, and no trap of the others"
)]

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::{Finding, FindingKind, Query, Severity};

mod absence;
mod alternative;
mod call;
mod comparison;
mod condition;
mod constant;
mod facts;
mod function_name;
mod path;
mod pattern;
mod reading;
mod root;
mod steps;
mod text;
mod tree;
mod value_type;

/// The longest query that gets rewrites, in bytes: each finding repeats the whole query.
const MAX_REWRITE_LENGTH: usize = 10_000;

/// How often a rewrite is looked at again for traps that stood in others.
const MAX_ROUNDS: usize = 4;

/// The largest tree that gets warnings, in nodes and steps: they need more than one look at it.
const MAX_WARNED_SIZE: usize = 2_000;

/// The longest text that gets warnings, in bytes.
const MAX_WARNED_LENGTH: usize = 65_536;

/// A finding whose rewrite is not put together yet.
struct Draft {
    kind: FindingKind,
    span: Range<usize>,
    message: String,
    /// What turns the query into what was meant. Without any, nobody knows.
    edits: Vec<Edit>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Edit {
    span: Range<usize>,
    text: String,
}

impl Draft {
    fn new(kind: FindingKind, span: &Range<usize>, message: impl Into<String>) -> Self {
        Self { kind, span: span.clone(), message: message.into(), edits: Vec::new() }
    }

    fn replacing(mut self, span: &Range<usize>, text: impl Into<String>) -> Self {
        self.edits.push(Edit { span: span.clone(), text: text.into() });
        self
    }
}

/// The errors that need no regex engine.
pub(crate) fn errors(query: &Query) -> Vec<Finding> {
    finished(query, error_drafts)
}

/// All findings, in the order of their places.
pub(crate) fn all(query: &Query) -> Vec<Finding> {
    finished(query, all_drafts)
}

fn all_drafts(query: &Query) -> Vec<Draft> {
    let mut drafts = error_drafts(query);
    drafts.extend(pattern::invalid(query));
    if query.text().len() <= MAX_WARNED_LENGTH && tree::size(query.expression()) <= MAX_WARNED_SIZE
    {
        drafts.extend(pattern::unanchored(query));
        if !drafts.iter().any(|draft| is_about_structure(draft.kind)) {
            drafts.extend(condition::warnings(query));
        }
    }
    drafts
}

/// Whether the query means something else than its author: warnings about the conditions would then be about others
/// than the author's.
fn is_about_structure(kind: FindingKind) -> bool {
    matches!(
        kind,
        FindingKind::ChainedComparison
            | FindingKind::ConstantOperand
            | FindingKind::ConstantQuery
            | FindingKind::MixedOperators
            | FindingKind::NegationReach
    )
}

fn is_rewritable(query: &Query) -> bool {
    query.text().len() <= MAX_REWRITE_LENGTH
}

fn error_drafts(query: &Query) -> Vec<Draft> {
    let mut drafts = reading::errors(query);
    drafts.extend(constant::errors(query));
    drafts.extend(root::errors(query));
    drafts.extend(call::errors(query));
    drafts.extend(steps::errors(query));
    debug_assert!(drafts.iter().all(|draft| draft.kind.severity() == Severity::Error));
    drafts
}

/// Puts the rewrites together: each rids the query of all traps of its kind.
fn finished(query: &Query, find: fn(&Query) -> Vec<Draft>) -> Vec<Finding> {
    let mut drafts = find(query);
    drafts.sort_by_key(|draft| (draft.span.start, draft.span.end, draft.kind));
    let mut rewrites = BTreeMap::new();
    for draft in &drafts {
        rewrites.entry(draft.kind).or_insert_with(|| rewrite(query, draft.kind, &drafts, find));
    }
    let finding = |Draft { kind, span, message, .. }| {
        let rewrite = rewrites.get(&kind).cloned().flatten();
        Finding { kind, span, message, rewrite }
    };
    drafts.into_iter().map(finding).collect()
}

fn rewrite(
    query: &Query,
    kind: FindingKind,
    drafts: &[Draft],
    find: fn(&Query) -> Vec<Draft>,
) -> Option<String> {
    if !is_rewritable(query) {
        return None;
    }
    let mut rewritten = query.reparsed(&edited(query, kind, drafts)?)?;
    for _ in 0..MAX_ROUNDS {
        let left = find(&rewritten);
        if left.iter().all(|draft| draft.kind != kind) {
            return Some(rewritten.text().to_owned());
        }
        rewritten = query.reparsed(&edited(&rewritten, kind, &left)?)?;
    }
    None
}

/// The query's text with the edits of one kind; of edits in edits the outer one.
fn edited(query: &Query, kind: FindingKind, drafts: &[Draft]) -> Option<String> {
    let of_kind = || drafts.iter().filter(|draft| draft.kind == kind);
    if of_kind().any(|draft| draft.edits.is_empty()) {
        return None;
    }
    let mut edits = of_kind().flat_map(|draft| &draft.edits).collect::<Vec<_>>();
    edits.sort_by_key(|edit| (edit.span.start, Reverse(edit.span.end)));
    let (mut text, mut end) = (String::new(), 0);
    for edit in edits {
        if edit.span.start >= end {
            text.push_str(query.text().get(end..edit.span.start)?);
            text.push_str(&edit.text);
            end = edit.span.end;
        }
    }
    text.push_str(query.text().get(end..)?);
    Some(text)
}
