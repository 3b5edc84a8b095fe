//! Claim mapping: a policy and the claims of a verified token in, Ditto permissions out.
//!
//! Pure: no I/O, no clock, no async. A policy is checked whole when it is loaded, with every problem and its
//! place; what cannot be decided at load time denies at evaluation time.
//!
//! | module | owns |
//! |---|---|
//! | [`Policy`] | what a policy says, and its evaluation |
//! | `load`, `reader` | TOML to policy, all problems at once |
//! | `condition`, `template`, `query_template` | the parts of a rule |
//! | [`ClaimPath`] | how a rule names a claim |
//! | [`query_literal`] | how a claim's value enters a query: the one place where that happens |
//! | [`Permissions`] | the answer, as Ditto reads it |

mod claim_path;
mod condition;
mod literal;
mod load;
mod permissions;
mod policy;
mod problem;
mod query_code;
mod query_template;
mod reader;
mod session;
mod template;

pub use claim_path::{ClaimPath, ClaimPathError};
pub use literal::{LiteralError, query_literal};
pub use permissions::{Access, Permissions};
pub use policy::{Decision, Policy, Refusal};
pub use problem::{PolicyProblem, PolicyProblems, ProblemKind};
pub use query_template::{MAX_QUERY_TEMPLATE_SIZE, QueryTemplate};
pub use session::MIN_SESSION;
pub use template::TemplateError;

/// The claims of a verified token, as JSON.
pub type Claims = serde_json::Map<String, serde_json::Value>;
