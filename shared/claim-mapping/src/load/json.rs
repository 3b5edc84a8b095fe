//! `[client_info]` and `[identity_metadata]`.

use serde_json::Value;
use toml::de::DeValue;

use crate::problem::ProblemKind;
use crate::reader::{Node, Reader};
use crate::rules::{JsonTemplate, JsonTemplateValue};

/// How deep their tables and lists are nested at most.
pub const MAX_JSON_DEPTH: usize = 16;

impl Reader<'_> {
    pub(super) fn json_table(&mut self, node: Option<&Node<'_>>, depth: usize) -> JsonTemplate {
        let Some(table) = node.and_then(|node| self.table(node)) else {
            return JsonTemplate::new();
        };
        let mut members = JsonTemplate::new();
        for (name, node) in table {
            if let Some(value) = self.json_value(node, depth.saturating_add(1)) {
                members.insert(name.get_ref().to_string(), value);
            }
        }
        members
    }

    fn json_value(&mut self, node: &Node<'_>, depth: usize) -> Option<JsonTemplateValue> {
        if depth > MAX_JSON_DEPTH {
            let message = format!("nested deeper than {MAX_JSON_DEPTH} levels");
            self.report(node.span(), ProblemKind::Limit, message, None);
            return None;
        }
        match node.get_ref() {
            DeValue::String(_) => self
                .template(node)
                .map(|template| JsonTemplateValue::Filled { template, span: node.span() }),
            DeValue::Boolean(value) => Some(JsonTemplateValue::Fixed(Value::Bool(*value))),
            DeValue::Integer(_) => {
                self.integer(node).map(|integer| JsonTemplateValue::Fixed(Value::from(integer)))
            }
            DeValue::Array(items) => {
                let depth = depth.saturating_add(1);
                let items = items.iter().filter_map(|item| self.json_value(item, depth));
                Some(JsonTemplateValue::List(items.collect()))
            }
            DeValue::Table(_) => Some(JsonTemplateValue::Table(self.json_table(Some(node), depth))),
            DeValue::Float(_) | DeValue::Datetime(_) => {
                self.wrong_type(node, "a string, an integer, a boolean, a list or a table", None)
            }
        }
    }
}
