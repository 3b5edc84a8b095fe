//! Ditto's permission query language, as the engine of SDK 4.14 was measured: a parser, an evaluator, the literal
//! that stands for a value, and the traps that cost people data.
//!
//! | module | owns |
//! |---|---|
//! | [`Query`] | a parsed query, and whether it matches a document id |
//! | [`Expression`] | its syntax tree |
//! | [`Finding`] | a trap that a query falls into, with the consequence and a rewrite |
//! | [`FUNCTIONS`] | what functions take and return, for checking and for running alike |
//! | [`query_literal`] | how a value enters a query: the one place where that happens |

mod evaluate;
mod expression;
mod finding;
mod findings;
mod functions;
mod literal;
mod parse_error;
mod parser;
mod query;
mod run_error;

pub use expression::{Comparison, Expression, ExpressionKind, Step};
pub use finding::{Finding, FindingKind, Severity};
pub use functions::{FUNCTIONS, Function, Parameter, ValueType};
pub use literal::{
    LiteralError, MAX_EXACT_INTEGER, MAX_MEMBERSHIP_INTEGER, exact_integer, push_literal,
    query_literal,
};
pub use parse_error::ParseError;
pub use parser::MAX_QUERY_DEPTH;
pub use query::Query;
pub use run_error::RunError;
