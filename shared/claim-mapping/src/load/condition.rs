//! Conditions: `{ claim = "role", equals = "driver" }`, and `all`, `any` and `not` of them.

use serde_json::{Number, Value};
use toml::de::DeTable;
use wildmatch::WildMatch;

use crate::ClaimReference;
use crate::claim_reference::KnownType;
use crate::condition::{Condition, ConditionKind, Scalar, Test};
use crate::problem::ProblemKind;
use crate::reader::{Node, Reader, one_or_many};

/// How deep conditions are nested at most.
pub const MAX_CONDITION_DEPTH: usize = 16;

/// The names of a condition. It has one of all but the first, and that one exactly where it asks something of a claim.
pub const CONDITION_NAMES: &[&str] = &[
    "claim",
    "all",
    "all_of",
    "any",
    "any_of",
    "at_least",
    "at_most",
    "boolean",
    "contains",
    "equals",
    "exists",
    "glob",
    "greater_than",
    "less_than",
    "none_of",
    "not",
    "prefix",
    "suffix",
];

const COMBINATIONS: [&str; 3] = ["all", "any", "not"];

impl Reader<'_> {
    /// One condition, or a list of them.
    pub(super) fn conditions(&mut self, node: &Node<'_>) -> Vec<Condition> {
        self.conditions_at(node, 0)
    }

    fn conditions_at(&mut self, node: &Node<'_>, depth: usize) -> Vec<Condition> {
        let nodes = one_or_many(node);
        if nodes.is_empty() {
            self.value(node, "an empty list asks nothing", Some("remove it, or give a condition"));
        }
        nodes.iter().filter_map(|node| self.condition(node, depth)).collect()
    }

    fn condition(&mut self, node: &Node<'_>, depth: usize) -> Option<Condition> {
        if depth > MAX_CONDITION_DEPTH {
            let message = format!("conditions are nested deeper than {MAX_CONDITION_DEPTH} levels");
            self.report(node.span(), ProblemKind::Limit, message, None);
            return None;
        }
        let Some(table) = node.get_ref().as_table() else {
            let hint = r#"for example { claim = "role", equals = "admin" }"#;
            return self.wrong_type(node, "a condition", Some(hint));
        };
        if table.contains_key("when") {
            let message = "a requirement is the condition itself, without `when`".to_owned();
            self.report(node.span(), ProblemKind::UnknownName, message, None);
            return None;
        }
        let before = self.problems.len();
        self.check_names(table, CONDITION_NAMES, "a condition");
        let asked = table.keys().map(|name| name.get_ref().as_ref());
        let asked = asked.filter(|name| *name != "claim" && CONDITION_NAMES.contains(name));
        let asked = asked.collect::<Vec<_>>();
        let [name] = asked.as_slice() else {
            // A misspelt name says it already.
            if self.problems.len() == before {
                self.report_asked(node, &asked);
            }
            return None;
        };
        let kind = if COMBINATIONS.contains(name) {
            self.combination(table, name, depth.saturating_add(1))
        } else {
            self.claim_condition(table, name, node)
        };
        Some(Condition { kind: kind?, span: node.span() })
    }

    fn report_asked(&mut self, node: &Node<'_>, asked: &[&str]) {
        let message = if asked.is_empty() {
            "a condition asks something".to_owned()
        } else {
            format!("a condition asks one thing, and `{}` are several", asked.join("`, `"))
        };
        let names = CONDITION_NAMES.iter().skip(1).copied().collect::<Vec<_>>();
        let hint = format!("give exactly one of {}", names.join(", "));
        self.report(node.span(), ProblemKind::MissingName, message, Some(hint));
    }

    fn combination(
        &mut self,
        table: &DeTable<'_>,
        name: &str,
        depth: usize,
    ) -> Option<ConditionKind> {
        if let Some(claim) = table.get("claim") {
            let hint = "write the claim inside it";
            self.value(claim, &format!("`{name}` is not about a claim of its own"), Some(hint));
        }
        let node = table.get(name)?;
        match name {
            "all" => Some(ConditionKind::All(self.conditions_at(node, depth))),
            "any" => Some(ConditionKind::Any(self.conditions_at(node, depth))),
            _ => self.condition(node, depth).map(|inner| ConditionKind::Not(Box::new(inner))),
        }
    }

    fn claim_condition(
        &mut self,
        table: &DeTable<'_>,
        name: &str,
        node: &Node<'_>,
    ) -> Option<ConditionKind> {
        let claim = self.required(table, "claim", &node.span());
        let claim = claim.and_then(|node| self.claim_reference(node));
        let value = table.get(name)?;
        let test = self.test(name, value);
        let (claim, test) = (claim?, test?);
        self.check_type(&claim, &test, value);
        Some(ConditionKind::Claim { claim, test })
    }

    fn test(&mut self, name: &str, node: &Node<'_>) -> Option<Test> {
        match name {
            "all_of" => self.scalars(node).map(Test::AllOf),
            "any_of" => self.scalars(node).map(Test::AnyOf),
            "none_of" => self.scalars(node).map(Test::NoneOf),
            "at_least" => self.number(node).map(Test::AtLeast),
            "at_most" => self.number(node).map(Test::AtMost),
            "greater_than" => self.number(node).map(Test::GreaterThan),
            "less_than" => self.number(node).map(Test::LessThan),
            "boolean" => self.boolean(node).map(Test::Boolean),
            "exists" => self.boolean(node).map(Test::Exists),
            "contains" => self.one_scalar(node, "`all_of` takes a list").map(Test::Contains),
            "equals" => self.one_scalar(node, "`any_of` takes a list").map(Test::Equals),
            "glob" => self.searched_text(node).map(|text| Test::Glob(WildMatch::new(text))),
            "prefix" => self.searched_text(node).map(|text| Test::Prefix(text.to_owned())),
            "suffix" => self.searched_text(node).map(|text| Test::Suffix(text.to_owned())),
            _ => None,
        }
    }

    fn one_scalar(&mut self, node: &Node<'_>, for_lists: &str) -> Option<Scalar> {
        if node.get_ref().is_array() {
            return self.wrong_type(node, "a string, an integer or a boolean", Some(for_lists));
        }
        self.scalar(node)
    }

    fn scalars(&mut self, node: &Node<'_>) -> Option<Vec<Scalar>> {
        if !node.get_ref().is_array() {
            return self.wrong_type(node, "a list", Some("write it in brackets: […]"));
        }
        let items = self.items(node);
        let scalars = items.iter().filter_map(|item| self.scalar(item)).collect::<Vec<_>>();
        (scalars.len() == items.len() && !items.is_empty()).then_some(scalars)
    }

    /// Text that is searched for. An empty one would be found everywhere.
    fn searched_text<'t>(&mut self, node: &'t Node<'_>) -> Option<&'t str> {
        let text = self.string(node)?;
        if text.is_empty() {
            self.value(node, "an empty text is found everywhere", Some("use `exists = true`"));
            return None;
        }
        Some(text)
    }

    pub(super) fn scalar(&mut self, node: &Node<'_>) -> Option<Scalar> {
        let value = node.get_ref();
        if value.is_integer() {
            return self.integer(node).map(Scalar::Integer);
        }
        let text = value.as_str().map(|text| Scalar::Text(text.to_owned()));
        text.or_else(|| value.as_bool().map(Scalar::Boolean))
            .or_else(|| self.wrong_type(node, "a string, an integer or a boolean", None))
    }

    fn number(&mut self, node: &Node<'_>) -> Option<Number> {
        if node.get_ref().is_integer() {
            return self.integer(node).map(Number::from);
        }
        let Some(float) = node.get_ref().as_float() else {
            return self.wrong_type(node, "a number", None);
        };
        let number = float.as_str().replace('_', "").parse::<f64>().ok();
        let number = number.and_then(Number::from_f64);
        if number.is_none() {
            self.value(node, "the number is not finite", None);
        }
        number
    }

    /// Registered claims have one type, so a test of another could never hold.
    fn check_type(&mut self, claim: &ClaimReference, test: &Test, node: &Node<'_>) {
        let needed = match test {
            Test::AtLeast(_) | Test::AtMost(_) | Test::GreaterThan(_) | Test::LessThan(_) => {
                Some(KnownType::Number)
            }
            Test::Glob(_) | Test::Prefix(_) | Test::Suffix(_) => Some(KnownType::Text),
            Test::Equals(scalar) => scalar.known_type(),
            Test::AnyOf(scalars) | Test::NoneOf(scalars) => {
                let types = scalars.iter().map(Scalar::known_type).collect::<Vec<_>>();
                match types.as_slice() {
                    [first, rest @ ..] if rest.iter().all(|other| other == first) => *first,
                    _ => None,
                }
            }
            Test::AllOf(_) | Test::Contains(_) | Test::Boolean(_) | Test::Exists(_) => None,
        };
        if let (Some(known), Some(needed)) = (claim.known_type(), needed)
            && known != needed
        {
            let is = if known == KnownType::Text { "text" } else { "a number" };
            let message = format!("`{claim}` is {is}, so this can never hold");
            self.report(node.span(), ProblemKind::WrongType, message, None);
        }
    }
}

impl Scalar {
    fn known_type(&self) -> Option<KnownType> {
        match self {
            Self::Text(_) => Some(KnownType::Text),
            Self::Integer(_) => Some(KnownType::Number),
            Self::Boolean(_) => None,
        }
    }
}

impl From<Scalar> for Value {
    fn from(scalar: Scalar) -> Self {
        match scalar {
            Scalar::Boolean(boolean) => Self::Bool(boolean),
            Scalar::Integer(integer) => Self::from(integer),
            Scalar::Text(text) => Self::String(text),
        }
    }
}
