//! Ditto's permission query language, as the engine of SDK 4.14 was measured: a parser, an evaluator, the literal
//! that stands for a value, and the traps that cost people data.
//!
//! | module | owns |
//! |---|---|
//! | [`Query`] | a parsed query, and whether it matches a document id |
//! | [`Expression`] | its syntax tree |
//! | [`Finding`] | a trap that a query falls into, with the consequence and a rewrite |
//! | [`query_literal`] | how a value enters a query: the one place where that happens |

mod expression;
mod literal;

pub use expression::{Comparison, Expression, ExpressionKind, Step};
pub use literal::{
    LiteralError, MAX_EXACT_INTEGER, MAX_MEMBERSHIP_INTEGER, exact_integer, push_literal,
    query_literal,
};
