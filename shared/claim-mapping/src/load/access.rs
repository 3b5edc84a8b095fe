//! `read` and `write`.

use std::ops::Range;
use std::sync::Arc;

use crate::QueryTemplate;
use crate::problem::ProblemKind;
use crate::reader::{Node, Reader, one_or_many};
use crate::rules::{AccessTemplate, PlacedQuery};

/// The longest name of a collection, in bytes.
const MAX_COLLECTION_SIZE: usize = 256;

impl Reader<'_> {
    /// `"everything"`, or a table from collections to one query or several.
    pub(super) fn access(&mut self, node: Option<&Node<'_>>) -> Option<AccessTemplate> {
        let Some(node) = node else {
            return Some(AccessTemplate::default());
        };
        if node.get_ref().as_str() == Some("everything") {
            return Some(AccessTemplate { everything: true, ..AccessTemplate::default() });
        }
        let Some(collections) = node.get_ref().as_table() else {
            let hint = match node.get_ref().as_str() {
                Some("true") => r#""everything" is all documents of all collections"#,
                _ => r#"for example { tasks = "_id.owner == {sub}", shops = "true" }"#,
            };
            return self.wrong_type(node, r#""everything" or queries by collection"#, Some(hint));
        };
        let mut access = AccessTemplate::default();
        for (collection, node) in collections {
            self.check_collection(collection.get_ref(), collection.span());
            access.queries.insert(collection.get_ref().to_string(), self.queries(node));
        }
        Some(access)
    }

    fn check_collection(&mut self, name: &str, at: Range<usize>) {
        let is_name = !name.trim().is_empty()
            && name.len() <= MAX_COLLECTION_SIZE
            && !name.chars().any(char::is_control);
        if !is_name {
            let message =
                format!("a collection's name has 1 to {MAX_COLLECTION_SIZE} printable bytes");
            self.report(at, ProblemKind::Value, message, None);
        }
    }

    fn query(&mut self, node: &Node<'_>) -> Option<Arc<QueryTemplate>> {
        if let Some(known) = node.get_ref().as_str().and_then(|text| self.queries.get(text)) {
            return Some(Arc::clone(known));
        }
        let template = Arc::new(self.parsed(node, QueryTemplate::parse)?);
        self.queries.insert(template.query().text().to_owned(), Arc::clone(&template));
        Some(template)
    }

    fn queries(&mut self, node: &Node<'_>) -> Vec<PlacedQuery> {
        let nodes = one_or_many(node);
        if nodes.is_empty() {
            let hint = r#"remove the collection, or write "true" for all its documents"#;
            self.value(node, "an empty list grants nothing", Some(hint));
        }
        let placed = |node: &Node<'_>| {
            if node.get_ref().is_table() || node.get_ref().as_bool().is_some() {
                let hint = r#"all documents are "true"; a collection with a dot in its name stands in quotes"#;
                return self.wrong_type(node, "a query, in quotes", Some(hint));
            }
            let template = self.query(node)?;
            Some(PlacedQuery { template, span: node.span() })
        };
        nodes.iter().filter_map(placed).collect()
    }
}
