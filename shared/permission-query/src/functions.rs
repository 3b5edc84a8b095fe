//! The functions of the language: one table for checking and for running.

use std::fmt;

use serde_json::Value;

/// A function of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// Its name; case counts.
    pub name: &'static str,
    /// What it takes, in order.
    pub parameters: &'static [Parameter],
    /// What further arguments must be, where it takes any number of them.
    pub further: Option<Parameter>,
    /// What it can return; empty for a value of any type.
    pub results: &'static [ValueType],
}

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// A list.
    Array,
    /// `true` or `false`.
    Boolean,
    /// `null`.
    Null,
    /// A number.
    Number,
    /// An object.
    Object,
    /// Text.
    String,
}

/// What an argument may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// Anything.
    Any,
    /// A list.
    Array,
    /// A list or text.
    ArrayOrString,
    /// A list, an object or text.
    Measurable,
    /// A list of numbers that is not empty.
    NonEmptyNumbers,
    /// A number.
    Number,
    /// A list of numbers.
    Numbers,
    /// An object.
    Object,
    /// A list of nothing but numbers or nothing but text.
    Sortable,
    /// Text.
    String,
    /// A list of text.
    Strings,
}

/// Every function there is, by name.
pub const FUNCTIONS: &[Function] = {
    use Parameter as P;
    use ValueType as V;
    &[
        function("abs", &[P::Number], None, &[V::Number]),
        function("avg", &[P::NonEmptyNumbers], None, &[V::Number]),
        function("ceil", &[P::Number], None, &[V::Number]),
        function("contains", &[P::ArrayOrString, P::Any], None, &[V::Boolean]),
        function("ends_with", &[P::String, P::String], None, &[V::Boolean]),
        function("floor", &[P::Number], None, &[V::Number]),
        function("join", &[P::String, P::Strings], None, &[V::String]),
        function("keys", &[P::Object], None, &[V::Array]),
        function("length", &[P::Measurable], None, &[V::Number]),
        function("max", &[P::Sortable], None, &[V::Null, V::Number, V::String]),
        function("merge", &[P::Object], Some(P::Object), &[V::Object]),
        function("min", &[P::Sortable], None, &[V::Null, V::Number, V::String]),
        function("not_null", &[P::Any], Some(P::Any), &[]),
        function("regex", &[P::String, P::String], Some(P::Any), &[V::Boolean]),
        function("reverse", &[P::ArrayOrString], None, &[V::Array, V::String]),
        function("sort", &[P::Sortable], None, &[V::Array]),
        function("starts_with", &[P::String, P::String], None, &[V::Boolean]),
        function("sum", &[P::Numbers], None, &[V::Number]),
        function("to_array", &[P::Any], None, &[V::Array]),
        function("to_number", &[P::Any], None, &[]),
        function("to_string", &[P::Any], None, &[V::String]),
        function("type", &[P::Any], None, &[V::String]),
        function("values", &[P::Object], None, &[V::Array]),
    ]
};

const fn function(
    name: &'static str,
    parameters: &'static [Parameter],
    further: Option<Parameter>,
    results: &'static [ValueType],
) -> Function {
    Function { name, parameters, further, results }
}

impl Function {
    /// The function of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        FUNCTIONS.iter().find(|function| function.name == name)
    }

    /// Whether it can be called with so many arguments.
    #[must_use]
    pub fn takes(&self, count: usize) -> bool {
        count == self.parameters.len() || (count > self.parameters.len() && self.further.is_some())
    }

    /// How many arguments it takes, in words.
    #[must_use]
    pub fn takes_in_words(&self) -> String {
        let count = self.parameters.len();
        let ending = if count == 1 && self.further.is_none() { "" } else { "s" };
        let or_more = if self.further.is_some() { " or more" } else { "" };
        format!("{count}{or_more} argument{ending}")
    }

    /// What the argument at `index` may be.
    #[must_use]
    pub fn parameter(&self, index: usize) -> Option<Parameter> {
        self.parameters.get(index).copied().or(self.further)
    }
}

impl Parameter {
    /// Whether the value may be passed.
    #[must_use]
    pub fn accepts(self, value: &Value) -> bool {
        let items = value.as_array().map(Vec::as_slice);
        let are_all = |is: fn(&Value) -> bool| items.is_some_and(|items| items.iter().all(is));
        match self {
            Self::Numbers => are_all(Value::is_number),
            Self::NonEmptyNumbers => {
                are_all(Value::is_number) && items.is_some_and(|items| !items.is_empty())
            }
            Self::Sortable => are_all(Value::is_number) || are_all(Value::is_string),
            Self::Strings => are_all(Value::is_string),
            Self::Any
            | Self::Array
            | Self::ArrayOrString
            | Self::Measurable
            | Self::Number
            | Self::Object
            | Self::String => self.types().contains(&ValueType::of(value)),
        }
    }

    /// The types that may be passed, whatever lists hold.
    #[must_use]
    pub fn types(self) -> &'static [ValueType] {
        use ValueType as V;
        match self {
            Self::Any => &[V::Array, V::Boolean, V::Null, V::Number, V::Object, V::String],
            Self::ArrayOrString => &[V::Array, V::String],
            Self::Array
            | Self::NonEmptyNumbers
            | Self::Numbers
            | Self::Sortable
            | Self::Strings => &[V::Array],
            Self::Measurable => &[V::Array, V::Object, V::String],
            Self::Number => &[V::Number],
            Self::Object => &[V::Object],
            Self::String => &[V::String],
        }
    }

    /// What it is, in words.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Array => "a list",
            Self::ArrayOrString => "a list or text",
            Self::Measurable => "a list, an object or text",
            Self::NonEmptyNumbers => "a list of numbers that is not empty",
            Self::Number => "a number",
            Self::Numbers => "a list of numbers",
            Self::Object => "an object",
            Self::Sortable => "a list of only numbers or only text",
            Self::String => "text",
            Self::Strings => "a list of text",
        }
    }
}

impl ValueType {
    /// The type of a value.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Array(_) => Self::Array,
            Value::Bool(_) => Self::Boolean,
            Value::Null => Self::Null,
            Value::Number(_) => Self::Number,
            Value::Object(_) => Self::Object,
            Value::String(_) => Self::String,
        }
    }

    /// The list of nothing but this type.
    #[must_use]
    pub fn alone(self) -> &'static [Self] {
        match self {
            Self::Array => &[Self::Array],
            Self::Boolean => &[Self::Boolean],
            Self::Null => &[Self::Null],
            Self::Number => &[Self::Number],
            Self::Object => &[Self::Object],
            Self::String => &[Self::String],
        }
    }

    /// What `type()` says.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Array => "array",
            Self::Boolean => "boolean",
            Self::Null => "null",
            Self::Number => "number",
            Self::Object => "object",
            Self::String => "string",
        }
    }

    /// What it is, in words.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Array => "a list",
            Self::Boolean => "a boolean",
            Self::Null => "null",
            Self::Number => "a number",
            Self::Object => "an object",
            Self::String => "text",
        }
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
