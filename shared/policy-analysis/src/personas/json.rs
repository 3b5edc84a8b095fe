//! TOML values as JSON: claims, document ids, what an app is handed.

use serde_json::{Map, Number, Value};
use toml::de::{DeTable, DeValue};

use super::reader::{Node, Reader};

impl Reader {
    pub(super) fn json_object(&mut self, table: &DeTable<'_>) -> Map<String, Value> {
        let mut members = Map::new();
        for (name, node) in table {
            if let Some(value) = self.json(node) {
                members.insert(name.get_ref().to_string(), value);
            }
        }
        members
    }

    pub(super) fn json(&mut self, node: &Node<'_>) -> Option<Value> {
        match node.get_ref() {
            DeValue::String(text) => Some(Value::from(text.as_ref())),
            DeValue::Boolean(boolean) => Some(Value::Bool(*boolean)),
            DeValue::Integer(integer) => {
                let parsed = i64::from_str_radix(integer.as_str(), integer.radix());
                self.number(node, parsed.ok().map(Number::from))
            }
            DeValue::Float(float) => {
                let parsed = float.as_str().replace('_', "").parse::<f64>();
                self.number(node, parsed.ok().and_then(Number::from_f64))
            }
            DeValue::Array(items) => {
                Some(Value::Array(items.iter().filter_map(|item| self.json(item)).collect()))
            }
            DeValue::Table(table) => Some(Value::Object(self.json_object(table))),
            DeValue::Datetime(_) => {
                let hint = "write seconds since 1970, as a token has them, or quote it";
                self.value(node, "JSON has no dates", Some(hint));
                None
            }
        }
    }

    fn number(&mut self, node: &Node<'_>, number: Option<Number>) -> Option<Value> {
        if number.is_none() {
            self.value(node, "JSON has no such number", None);
        }
        number.map(Value::Number)
    }
}
