//! Why a query fails for a document.

/// Why a query fails for a document. The engine then fails the whole query, for every document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// A function got too few or too many arguments.
    #[error("{function}() takes {expected}, not {found}")]
    ArgumentCount {
        /// The function.
        function: String,
        /// How many arguments it takes, in words.
        expected: String,
        /// How many it got.
        found: usize,
    },
    /// A function got an argument that it does not take.
    #[error("argument {position} of {function}() must be {expected}, not {found}")]
    ArgumentType {
        /// The function.
        function: String,
        /// Which argument, counted from one.
        position: usize,
        /// What it takes, in words.
        expected: &'static str,
        /// What it got, in words.
        found: &'static str,
    },
    /// A regular expression is malformed, too large, or uses what the engine lacks.
    #[error("the pattern of regex() is refused: {reason}")]
    BadRegex {
        /// What is wrong with it.
        reason: String,
    },
    /// A sum or an average is infinite.
    #[error("what {function}() returns is out of range")]
    OutOfRange {
        /// The function.
        function: String,
    },
    /// A template was run before its placeholders were filled.
    #[error("a placeholder has no value")]
    Placeholder,
    /// The query does not end in reasonable time: filters in filters.
    #[error("the query takes too many steps")]
    TooExpensive,
    /// A function that the engine does not have.
    #[error("there is no function {function}()")]
    UnknownFunction {
        /// The name as written.
        function: String,
    },
}
