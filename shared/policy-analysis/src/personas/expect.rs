//! `[persona.expect]`: what must become of a login.

use std::collections::BTreeSet;

use claim_mapping::Access;
use serde_json::{Map, Value};
use toml::de::DeTable;

use super::read::EXPECT_NAMES;
use super::reader::{MISSING_NAME, Node, Reader, VALUE};
use super::{Expected, ExpectedAnswer, REFUSAL_CODES};

impl Reader {
    pub(super) fn expected(&mut self, node: &Node<'_>) -> Option<Expected> {
        let table = self.table(node)?;
        self.check_names(table, EXPECT_NAMES, "`expect`");
        if table.is_empty() {
            if !self.may_expect_nothing {
                let hint = format!("give `refused`, or some of {}", answer_names().join(", "));
                let message = "`expect` expects nothing".to_owned();
                self.report(node.span(), MISSING_NAME, message, Some(hint));
            }
            return None;
        }
        let Some(refused) = table.get("refused") else {
            return Some(Expected::Accepted(self.expected_answer(table)));
        };
        for (name, _) in table.iter().filter(|(name, _)| name.get_ref() != "refused") {
            let message = format!("a refused login has no `{}`", name.get_ref());
            let hint = "give `refused`, or what the answer is".to_owned();
            self.report(name.span(), VALUE, message, Some(hint));
        }
        self.word(refused, &REFUSAL_CODES, "the code of a refusal").map(Expected::Refused)
    }

    fn expected_answer(&mut self, table: &DeTable<'_>) -> ExpectedAnswer {
        let user_id = table.get("user_id").and_then(|node| self.string(node));
        ExpectedAnswer {
            user_id: user_id.map(str::to_owned),
            session: table.get("session").and_then(|node| self.session(node)),
            read: table.get("read").and_then(|node| self.access(node)),
            write: table.get("write").and_then(|node| self.access(node)),
            remote_query: table.get("remote_query").and_then(|node| self.boolean(node)),
            client_info: table.get("client_info").and_then(|node| self.members(node)),
            identity_metadata: table.get("identity_metadata").and_then(|node| self.members(node)),
        }
    }

    fn session(&mut self, node: &Node<'_>) -> Option<u32> {
        let duration = self.duration(node)?;
        let seconds = u32::try_from(duration.as_secs()).ok();
        if seconds.is_none() {
            self.value(node, "a session lasts at most 2^32 - 1 seconds", None);
        }
        seconds
    }

    fn members(&mut self, node: &Node<'_>) -> Option<Map<String, Value>> {
        let table = self.table(node)?;
        Some(self.json_object(table))
    }

    fn access(&mut self, node: &Node<'_>) -> Option<Access> {
        if node.get_ref().is_str() {
            self.word(node, &["everything"], "an access")?;
            return Some(Access { everything: true, ..Access::default() });
        }
        let Some(table) = node.get_ref().as_table() else {
            return self.wrong_type(node, "\"everything\", or a table of collections");
        };
        let mut access = Access::default();
        for (collection, node) in table {
            let nodes = self.one_or_many(node);
            let queries = nodes.iter().filter_map(|node| self.string(node).map(str::to_owned));
            let queries = queries.collect::<BTreeSet<_>>();
            if !queries.is_empty() {
                access.queries_by_collection.insert(collection.get_ref().to_string(), queries);
            }
        }
        Some(access)
    }
}

fn answer_names() -> Vec<&'static str> {
    EXPECT_NAMES.iter().copied().filter(|name| *name != "refused").collect()
}
