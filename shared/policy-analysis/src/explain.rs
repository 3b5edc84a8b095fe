//! Why a login ends as it does: each rule, whether it took effect, and what decided that.

mod condition;
mod placeholder;
mod rule;
mod session;
mod text;
mod token;
mod trace;

use claim_mapping::{Decision, Login, Policy, line_and_column};
use serde::Serialize;
use serde_json::Value;

pub use condition::ConditionStep;
pub use placeholder::LeftOut;
pub use rule::{RuleKind, RuleStep};
pub use session::SessionStep;
pub use token::{UnreadableToken, unverified_claims};
pub use trace::{GrantTrace, Trace};

use crate::{Answer, Budget, Footprint, MatrixRow, Passage, matrix, passage, refusal_code};

/// A policy with its text and its file.
#[derive(Debug, Clone, Copy)]
pub struct PolicySource<'s> {
    /// The policy.
    pub policy: &'s Policy,
    /// Its text.
    pub text: &'s str,
    /// Its file, as it is shown.
    pub file: &'s str,
}

/// Why a login ends as it does.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// The policy's file, as it is shown.
    pub policy: String,
    /// Whether the login is accepted.
    pub is_accepted: bool,
    /// The code of the refusal.
    pub code: Option<&'static str>,
    /// Why it is refused.
    pub reason: Option<String>,
    /// What became of each rule, in the order in which they are decided on.
    pub rules: Vec<RuleStep>,
    /// How long the session lasts, and by what.
    pub session: Option<SessionStep>,
    /// Members that the answer lacks, because their claims are missing.
    pub left_out: Vec<LeftOut>,
    /// What may be read and written, by collection.
    pub matrix: Vec<MatrixRow>,
    /// What the answer weighs.
    pub footprint: Option<Footprint>,
    /// The documents that were asked about.
    pub documents: Vec<DocumentStep>,
    /// The answer to Ditto.
    pub answer: Option<Value>,
    #[serde(skip)]
    decision: Option<Decision>,
}

/// Whether a document passes, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentStep {
    /// Its collection.
    pub collection: String,
    /// Its `_id`.
    pub id: Value,
    /// Whether it can be read.
    pub read: Passage,
    /// Whether it can be written.
    pub write: Passage,
}

impl Explanation {
    /// Explains what the policy makes of a login, and whether documents (collection and `_id`) pass.
    #[must_use]
    pub fn of(source: &PolicySource<'_>, login: &Login<'_>, documents: &[(String, Value)]) -> Self {
        let mut trace = Trace::default();
        let result = source.policy.evaluate_observed(login, &mut trace);
        let refusal = result.as_ref().err();
        let decision = result.as_ref().ok();
        let rules = source.policy.rules();
        Self {
            policy: source.file.to_owned(),
            is_accepted: decision.is_some(),
            code: refusal.map(refusal_code),
            reason: refusal.map(ToString::to_string),
            rules: rule::steps(source, login, &trace, refusal),
            session: decision.map(|decision| SessionStep::of(decision, rules, login, &trace)),
            left_out: decision.map(|_| placeholder::left_out(source, login)).unwrap_or_default(),
            matrix: decision.map(|decision| matrix(&decision.permissions)).unwrap_or_default(),
            footprint: decision.map(Footprint::of),
            documents: documents
                .iter()
                .map(|(collection, id)| DocumentStep::of(decision, collection, id))
                .collect(),
            // Strings and numbers always serialize.
            answer: decision.and_then(|decision| serde_json::to_value(Answer::from(decision)).ok()),
            decision: decision.cloned(),
        }
    }

    /// What programs read.
    #[must_use]
    pub fn json(&self, budget: &Budget) -> Value {
        // Strings and numbers always serialize.
        let mut json = serde_json::to_value(self).unwrap_or_default();
        if let Some(members) = json.as_object_mut() {
            let fits = self.footprint.map(|footprint| footprint.fits(budget));
            members.insert("within_budget".to_owned(), fits.into());
        }
        json
    }
}

impl DocumentStep {
    fn of(decision: Option<&Decision>, collection: &str, id: &Value) -> Self {
        let permissions = decision.map(|decision| &decision.permissions);
        let pass = |access| passage(access, collection, id);
        Self {
            collection: collection.to_owned(),
            id: id.clone(),
            read: permissions.map_or(Passage::Nothing, |permissions| pass(&permissions.read)),
            write: permissions.map_or(Passage::Nothing, |permissions| pass(&permissions.write)),
        }
    }
}

impl PolicySource<'_> {
    fn line(&self, at: usize) -> usize {
        line_and_column(self.text, at).0
    }
}
