//! What a trap is: its kind, its place, its consequence, and what to write instead.

use std::fmt;
use std::ops::Range;

/// A trap that a query falls into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which trap.
    pub kind: FindingKind,
    /// Its place in the query's text, in bytes.
    pub span: Range<usize>,
    /// What it does to whom, for the author.
    pub message: String,
    /// The whole query as it was probably meant, rid of this kind of trap. Never for long queries.
    pub rewrite: Option<String>,
}

/// How bad a trap is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nobody can mean it.
    Error,
    /// It may be meant.
    Warning,
}

/// The traps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// A part that is missing in every document, such as `1.e0`.
    AlwaysMissing,
    /// A function with too few or too many arguments.
    ArgumentCount,
    /// An argument of a type that the function does not take.
    ArgumentType,
    /// A path as a condition, where `'false'` and `1` count as true.
    BareCondition,
    /// `_id` as the whole query.
    BareId,
    /// `a < b < c`, which compares a boolean with `c`.
    ChainedComparison,
    /// `… || true`: an operand that is the same for every document.
    ConstantOperand,
    /// A query that looks at nothing of `_id`.
    ConstantQuery,
    /// `@` where it is the whole document.
    CurrentOutsideFilter,
    /// `starts_with(x, '')`, which any text does.
    EmptyText,
    /// A pattern that `regex()` refuses.
    InvalidRegex,
    /// Many `==` on one path joined with `||`.
    LongAlternatives,
    /// Steps that apply to a comparison instead of what stands before them.
    MisplacedSteps,
    /// `x == 'a' || y == 'b'`, where a document without `x` never matches.
    MissingAlternative,
    /// `not_null(x, 'a')` or `x == null`, which do not help a document without `x`.
    MissingDefault,
    /// `x != 'a'`, which a document without `x` does not match.
    MissingInequality,
    /// `&&` and `||` without parentheses between them.
    MixedOperators,
    /// `!a && b`, where the `!` takes all that follows.
    NegationReach,
    /// A placeholder in an argument of `regex()`: its value would be a pattern.
    RegexPlaceholder,
    /// `contains(x, 'a')`, which looks for a part of the text where `x` is text.
    SubstringContains,
    /// Text compared with what may be a number or boolean.
    TextForNumber,
    /// A pattern that any part of the text can match.
    UnanchoredRegex,
    /// A function that fails the whole query for everybody where one document has a value of another type.
    UnguardedCall,
    /// A function that the engine does not have.
    UnknownFunction,
    /// A field other than `_id`.
    UnknownRoot,
}

impl FindingKind {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::AlwaysMissing,
        Self::ArgumentCount,
        Self::ArgumentType,
        Self::BareCondition,
        Self::BareId,
        Self::ChainedComparison,
        Self::ConstantOperand,
        Self::ConstantQuery,
        Self::CurrentOutsideFilter,
        Self::EmptyText,
        Self::InvalidRegex,
        Self::LongAlternatives,
        Self::MisplacedSteps,
        Self::MissingAlternative,
        Self::MissingDefault,
        Self::MissingInequality,
        Self::MixedOperators,
        Self::NegationReach,
        Self::RegexPlaceholder,
        Self::SubstringContains,
        Self::TextForNumber,
        Self::UnanchoredRegex,
        Self::UnguardedCall,
        Self::UnknownFunction,
        Self::UnknownRoot,
    ];

    /// Its stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::AlwaysMissing => "query.always_missing",
            Self::ArgumentCount => "query.argument_count",
            Self::ArgumentType => "query.argument_type",
            Self::BareCondition => "query.bare_condition",
            Self::BareId => "query.bare_id",
            Self::ChainedComparison => "query.chained_comparison",
            Self::ConstantOperand => "query.constant_operand",
            Self::ConstantQuery => "query.constant_query",
            Self::CurrentOutsideFilter => "query.current_outside_filter",
            Self::EmptyText => "query.empty_text",
            Self::InvalidRegex => "query.invalid_regex",
            Self::LongAlternatives => "query.long_alternatives",
            Self::MisplacedSteps => "query.misplaced_steps",
            Self::MissingAlternative => "query.missing_alternative",
            Self::MissingDefault => "query.missing_default",
            Self::MissingInequality => "query.missing_inequality",
            Self::MixedOperators => "query.mixed_operators",
            Self::NegationReach => "query.negation_reach",
            Self::RegexPlaceholder => "query.regex_placeholder",
            Self::SubstringContains => "query.substring_contains",
            Self::TextForNumber => "query.text_for_number",
            Self::UnanchoredRegex => "query.unanchored_regex",
            Self::UnguardedCall => "query.unguarded_call",
            Self::UnknownFunction => "query.unknown_function",
            Self::UnknownRoot => "query.unknown_root",
        }
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Self::AlwaysMissing
            | Self::ArgumentCount
            | Self::ArgumentType
            | Self::BareId
            | Self::ChainedComparison
            | Self::ConstantOperand
            | Self::ConstantQuery
            | Self::CurrentOutsideFilter
            | Self::EmptyText
            | Self::InvalidRegex
            | Self::MisplacedSteps
            | Self::MixedOperators
            | Self::NegationReach
            | Self::RegexPlaceholder
            | Self::UnknownFunction
            | Self::UnknownRoot => Severity::Error,
            Self::BareCondition
            | Self::LongAlternatives
            | Self::MissingAlternative
            | Self::MissingDefault
            | Self::MissingInequality
            | Self::SubstringContains
            | Self::TextForNumber
            | Self::UnanchoredRegex
            | Self::UnguardedCall => Severity::Warning,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.kind.code(), self.message)?;
        self.rewrite.iter().try_for_each(|rewrite| write!(formatter, " (write `{rewrite}`)"))
    }
}
