//! Claim mapping: a policy and the claims of a verified token in, Ditto permissions out.
//!
//! Pure: no I/O, no clock, no async. A policy is checked whole when it is loaded, with every problem and its
//! place; what cannot be decided at load time denies at evaluation time.
//!
//! | module | owns |
//! |---|---|
//! | [`Policy`] | the evaluation of a policy |
//! | [`Rules`] | what a policy says, as data |
//! | `load`, `reader` | TOML to rules, all problems at once |
//! | [`Condition`], [`ClaimReference`], [`Template`], [`QueryTemplate`] | the parts of a rule |
//! | [`ClaimPath`] | how a rule names a claim |
//! | `place` | where a placeholder stands in a query, and which values can stand there |
//! | [`Observer`] | hears of each decision, to explain it |
//! | [`Permissions`] | the answer, as Ditto reads it |
//!
//! The query language itself, and how a value enters a query, are the crate `permission-query`'s.

mod claim_path;
mod claim_reference;
mod condition;
mod decision;
mod given;
mod load;
mod login;
mod nearest;
mod observer;
mod permissions;
mod place;
mod policy;
mod problem;
mod query_template;
mod reader;
mod rules;
mod session;
mod template;
mod transform;

pub use claim_path::{ClaimPath, ClaimPathError, PathStep};
pub use claim_reference::{ClaimReference, ClaimReferenceError};
pub use condition::{Condition, ConditionKind, Scalar, Test, Truth};
pub use decision::{Decision, MAX_ANSWER_SIZE, MAX_QUERIES, MAX_USER_ID_LENGTH, Refusal};
pub use given::{MAX_GATHERED_QUERIES, MAX_GATHERED_SIZE};
pub use load::{
    CONDITION_NAMES, DENY_NAMES, GRANT_NAMES, MAX_CONDITION_DEPTH, MAX_JSON_DEPTH, MAX_POLICY_SIZE,
    POLICY_NAMES, ROLE_NAMES, SESSION_NAMES,
};
pub use login::Login;
pub use nearest::nearest;
pub use observer::{GrantOutcome, Observer, Unfilled, UnfilledReason};
pub use permissions::{Access, Permissions};
pub use policy::Policy;
pub use problem::{PolicyProblem, PolicyProblems, ProblemKind, line_and_column};
pub use query_template::{MAX_QUERY_TEMPLATE_SIZE, QueryTemplate};
pub use rules::{
    AccessTemplate, Denied, Deny, Gift, Grant, JsonTemplate, JsonTemplateValue, PlacedQuery, Role,
    Rules,
};
pub use session::{MAX_SESSION, MIN_SESSION, Session, parse_duration};
pub use template::{Part, Template, TemplateProblem};
pub use transform::{MAX_MAPPED_ITEMS, Transform, ValueMap, ValueMaps};

/// The claims of a verified token, as JSON.
pub type Claims = serde_json::Map<String, serde_json::Value>;
