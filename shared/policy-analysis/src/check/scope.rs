//! Scopes: words of one text.

use claim_mapping::{Scalar, Test};

use super::claim::plain_name;
use super::{LintKind, Lints};
use crate::structure::{Leaf, condition_lists, leaves};

impl Lints<'_> {
    pub(super) fn find_scopes(&mut self) {
        let rules = self.rules;
        for conditions in condition_lists(rules) {
            for Leaf { condition, claim, test } in leaves(conditions) {
                let Some(name @ ("scope" | "scp")) = plain_name(claim) else { continue };
                let scopes = if let Test::AnyOf(scalars) = test {
                    scalars.as_slice()
                } else if let Test::Equals(scalar) = test {
                    std::slice::from_ref(scalar)
                } else {
                    continue;
                };
                let Some(hint) = words_hint(name, scopes) else { continue };
                let message = format!(
                    "`{name}` is one text with a word for each scope and is compared as a whole: a token with one more scope does not match"
                );
                let span = condition.span.clone();
                self.warn(LintKind::ScopeWhole, span, message, Some(hint));
            }
        }
    }
}

/// The condition that looks for words.
fn words_hint(claim: &str, scopes: &[Scalar]) -> Option<String> {
    let words = scopes.iter().filter_map(|scope| match scope {
        Scalar::Text(text) => Some(text.split(' ').collect::<Vec<_>>()),
        Scalar::Boolean(_) | Scalar::Integer(_) => None,
    });
    let asked = words.map(|words| match words.as_slice() {
        [word] => format!("{{ claim = \"{claim}\", contains = \"{word}\" }}"),
        words => format!("{{ claim = \"{claim}\", all_of = [\"{}\"] }}", words.join("\", \"")),
    });
    let asked = asked.collect::<Vec<_>>();
    match asked.as_slice() {
        [] => None,
        [one] => Some(format!("write `{one}`")),
        several => Some(format!("write `{{ any = [{}] }}`", several.join(", "))),
    }
}
