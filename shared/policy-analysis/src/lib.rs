//! What can be said of a policy before it is deployed. No function links this crate; the tool `ditto-auth` does.
//!
//! | module | owns |
//! |---|---|
//! | [`check()`] | all that is wrong with a policy, and the traps it falls into |
//! | [`Checked`] | diagnostics of files, as JSON and SARIF |
//! | [`Coverage`] | how much of a policy its personas try |
//! | [`Diagnostic`] | a problem or a warning, with its place and what to write instead |
//! | [`diff()`] | who gains and loses what from one policy to another |
//! | [`Explanation`] | why a login ends as it does |
//! | [`Footprint`] | how large an answer is |
//! | [`format()`] | the one way to write a policy down |
//! | [`generate()`] | logins that try every branch of policies |
//! | [`json_literal()`] | the literal that a JSON value becomes in a query |
//! | [`matrix()`] | who may read and write what, by collection |
//! | [`Persona`], [`Suite`] | examples of users beside a policy, and what becomes of them |
//! | [`policy_schema`] | the JSON Schema, for editors |
//! | [`STARTERS`] | policies to start from, one for each provider |
//! | [`who_can()`] | whose claims give access to a collection or a document |

mod check;
mod condition_text;
mod coverage;
mod diagnostic;
mod diff;
mod explain;
mod footprint;
mod format;
mod generate;
mod json_literal;
mod junit;
mod lines;
mod matrix;
mod personas;
mod report;
mod sarif;
mod schema;
mod starter;
mod structure;
mod terminal;
mod who_can;

pub use check::{LintKind, check};
pub use coverage::{Branch, Coverage};
pub use diagnostic::Diagnostic;
pub use diff::{Allowed, Change, Comparison, Direction, Subject, UnknownAllow, diff};
pub use explain::{
    ConditionStep, DocumentStep, Explanation, GrantTrace, LeftOut, PolicySource, RuleKind,
    RuleStep, SessionStep, Trace, UnreadableToken, unverified_claims,
};
pub use footprint::{Answer, Budget, Footprint, PersonaFootprint, footprints};
pub use format::{NotToml, format};
pub use generate::{GENERATED_NOW, GeneratedLogins, MAX_GENERATED_LOGINS, SampleLogin, generate};
pub use json_literal::{JsonLiteralError, json_literal};
pub use junit::junit;
pub use matrix::{MatrixRow, Reach, matrix};
pub use personas::{
    DEFAULT_DATABASE_ID, DEFAULT_PROVIDER, DEFAULT_TOKEN_LIFE, DOCUMENT_NAMES, Document,
    EXPECT_NAMES, Expected, ExpectedAnswer, Operation, PERSONA_NAMES, Passage, Persona,
    PersonaOutcome, Problem, REFUSAL_CODES, Suite, TEST_FILE_NAMES, Updated, duration_text,
    parse_time, passage, refusal_code, update,
};
pub use report::{Checked, json_report};
pub use sarif::sarif_report;
pub use schema::{policy_schema, policy_schema_text};
pub use starter::{STARTERS, Starter};
pub use who_can::{Question, Way, WayQuery, WhoCan, collections, nearest_collection, who_can};
