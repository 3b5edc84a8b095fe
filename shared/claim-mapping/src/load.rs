//! From TOML to a [`Policy`]: every problem of the text at once, each with its place and a hint.

mod access;
mod condition;
mod json;

pub use condition::{CONDITION_NAMES, MAX_CONDITION_DEPTH};
pub use json::MAX_JSON_DEPTH;

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use toml::de::DeTable;

use crate::claim_reference::KnownType;
use crate::problem::{PolicyProblems, ProblemKind};
use crate::reader::{Node, Reader, one_or_many};
use crate::rules::{Denied, Deny, Gift, Grant, Role, Rules};
use crate::session::{MAX_SESSION, MIN_SESSION, Session, parse_duration};
use crate::template::{Part, Template, not_a_claim};
use crate::{ClaimReference, Policy, ValueMap, nearest};

/// The largest policy, in bytes.
pub const MAX_POLICY_SIZE: usize = 256 * 1024;

/// The names of each table of a policy, in the order in which they are usually written. The JSON Schema says the same.
pub const POLICY_NAMES: &[&str] = &[
    "user_id",
    "session",
    "require",
    "deny",
    "map",
    "role",
    "grant",
    "client_info",
    "identity_metadata",
];
/// The names of `[session]`.
pub const SESSION_NAMES: &[&str] = &["length", "within_token"];
/// The names of `[[deny]]`.
pub const DENY_NAMES: &[&str] = &["users", "when"];
/// The names of `[role.NAME]`.
pub const ROLE_NAMES: &[&str] = &["read", "write", "remote_query", "session"];
/// The names of `[[grant]]`.
pub const GRANT_NAMES: &[&str] =
    &["when", "until", "roles", "read", "write", "remote_query", "session"];

impl Policy {
    /// Loads a policy.
    ///
    /// # Errors
    /// [`PolicyProblems`] with every problem of the text, in its order.
    pub fn parse(text: &str) -> Result<Self, PolicyProblems> {
        let mut reader = Reader::new(text);
        if text.len() > MAX_POLICY_SIZE {
            let message = format!("the policy is larger than {MAX_POLICY_SIZE} bytes");
            reader.report(0..0, ProblemKind::Limit, message, None);
            return Err(PolicyProblems(reader.problems));
        }
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let at = error.span().unwrap_or_default();
            reader.report(at, ProblemKind::Syntax, error.message().to_owned(), None);
        }
        let rules = reader.rules(table.get_ref(), &table.span());
        let mut problems = reader.problems;
        problems.sort_by_key(|problem| problem.span.start);
        match rules {
            Some(rules) if problems.is_empty() => Ok(Self::new(rules)),
            _ => Err(PolicyProblems(problems)),
        }
    }
}

impl Reader<'_> {
    fn rules(&mut self, table: &DeTable<'_>, span: &Range<usize>) -> Option<Rules> {
        self.check_names(table, POLICY_NAMES, "a policy");
        let top = span.start..span.start;
        if let Some(node) = table.get("map") {
            self.read_maps(node);
        }
        let roles = table.get("role").map(|node| self.roles(node)).unwrap_or_default();
        let user_id = self.required(table, "user_id", &top).and_then(|node| self.user_id(node));
        let session = self.required(table, "session", &top).and_then(|node| self.session(node));
        let require = table.get("require").map(|node| self.conditions(node)).unwrap_or_default();
        let deny = table.get("deny").map(|node| self.denials(node)).unwrap_or_default();
        let grants = self.required(table, "grant", &top).map(|node| {
            self.items(node).iter().filter_map(|item| self.grant(item)).collect::<Vec<_>>()
        });
        Some(Rules {
            client_info: self.json_table(table.get("client_info"), 0),
            identity_metadata: self.json_table(table.get("identity_metadata"), 0),
            user_id: user_id?,
            session: session?,
            require,
            deny,
            maps: self.maps.clone(),
            roles,
            grants: grants?,
        })
    }

    fn read_maps(&mut self, node: &Node<'_>) {
        let Some(maps) = self.table(node) else { return };
        for (name, node) in maps {
            let Some(entries) = self.table(node) else { continue };
            let mut table = ValueMap::new();
            for (from, node) in entries {
                if let Some(to) = self.map_value(node) {
                    table.insert(from.get_ref().to_string(), to);
                }
            }
            self.maps.insert(name.get_ref().to_string(), Arc::new(table));
        }
    }

    fn map_value(&mut self, node: &Node<'_>) -> Option<Value> {
        let Some(items) = node.get_ref().as_array() else {
            return self.scalar(node).map(Value::from);
        };
        let values = items.iter().filter_map(|item| self.scalar(item).map(Value::from));
        Some(Value::Array(values.collect()))
    }

    fn roles(&mut self, node: &Node<'_>) -> Vec<Role> {
        let Some(table) = self.table(node) else { return Vec::new() };
        // Every name counts, also that of a role that is wrong, so that no grant is said to name an unknown one.
        self.role_names = table.keys().map(|name| name.get_ref().to_string()).collect();
        let mut roles = Vec::new();
        for (name, node) in table {
            let Some(table) = self.table(node) else { continue };
            self.check_names(table, ROLE_NAMES, "a role");
            let Some(gift) = self.gift(table) else { continue };
            if gives_nothing(&gift) {
                self.report_gives_nothing(name.span(), "role", "`read`, `write` or `remote_query`");
            }
            roles.push(Role { name: name.get_ref().to_string(), gift, span: name.span() });
        }
        roles
    }

    fn grant(&mut self, node: &Node<'_>) -> Option<Grant> {
        let table = self.table(node)?;
        self.check_names(table, GRANT_NAMES, "a grant");
        let when = table.get("when").map(|node| self.conditions(node)).unwrap_or_default();
        let until = table.get("until").map(|node| self.until(node));
        let roles = table.get("roles").map(|node| self.role_indexes(node)).unwrap_or_default();
        let gift = self.gift(table)?;
        if gives_nothing(&gift) && !table.contains_key("roles") {
            self.report_gives_nothing(
                node.span(),
                "grant",
                "`roles`, `read`, `write` or `remote_query`",
            );
        }
        let until = match until {
            None => None,
            Some(until) => Some(until?),
        };
        Some(Grant { when, until, roles, gift, span: node.span() })
    }

    fn report_gives_nothing(&mut self, at: Range<usize>, what: &str, names: &str) {
        let message = format!("this {what} gives nothing");
        self.report(at, ProblemKind::MissingName, message, Some(format!("add {names}")));
    }

    fn gift(&mut self, table: &DeTable<'_>) -> Option<Gift> {
        let read = self.access(table.get("read"));
        let write = self.access(table.get("write"));
        let remote_query = table.get("remote_query").map_or(Some(false), |node| self.boolean(node));
        let session = match table.get("session") {
            None => Some(None),
            Some(node) => self.duration(node).map(Some),
        };
        Some(Gift { read: read?, write: write?, remote_query: remote_query?, session: session? })
    }

    fn role_indexes(&mut self, node: &Node<'_>) -> Vec<usize> {
        let nodes = one_or_many(node);
        if nodes.is_empty() {
            self.value(node, "an empty list gives nothing", Some("remove it, or name a role"));
        }
        let mut indexes = Vec::new();
        for node in nodes {
            let Some(name) = self.string(node) else { continue };
            if let Some(index) = self.role_names.iter().position(|role| role == name) {
                indexes.push(index);
                continue;
            }
            let nearest = nearest(name, self.role_names.iter().map(String::as_str));
            let hint = nearest.map(|nearest| format!("did you mean `{nearest}`?"));
            let message = format!("there is no `[role.{name}]`");
            self.report(node.span(), ProblemKind::UnknownName, message, hint);
        }
        indexes
    }

    fn until(&mut self, node: &Node<'_>) -> Option<ClaimReference> {
        let claim = self.claim_reference(node)?;
        if claim.known_type() == Some(KnownType::Text) {
            self.report_type(node, "a claim with a time in seconds since 1970 (`NumericDate`)");
            return None;
        }
        Some(claim)
    }

    fn denials(&mut self, node: &Node<'_>) -> Vec<Deny> {
        self.items(node).iter().filter_map(|item| self.denial(item)).collect()
    }

    fn denial(&mut self, node: &Node<'_>) -> Option<Deny> {
        let table = self.table(node)?;
        if table.contains_key("claim") {
            let message = "a denial's condition stands in `when`".to_owned();
            let hint = r#"when = { claim = "…", equals = "…" }"#.to_owned();
            self.report(node.span(), ProblemKind::UnknownName, message, Some(hint));
            return None;
        }
        self.check_names(table, DENY_NAMES, "a denial");
        let who = match (table.get("users"), table.get("when")) {
            (Some(users), None) => {
                let users = self.items(users).iter().filter_map(|user| self.string(user));
                Denied::Users(users.map(str::to_owned).collect())
            }
            (None, Some(when)) => Denied::When(self.conditions(when)),
            _ => {
                let message = "a denial is about users or about a condition".to_owned();
                let hint = "give exactly one of `users`, `when`".to_owned();
                self.report(node.span(), ProblemKind::MissingName, message, Some(hint));
                return None;
            }
        };
        Some(Deny { who, span: node.span() })
    }

    fn session(&mut self, node: &Node<'_>) -> Option<Session> {
        let table = self.table(node)?;
        self.check_names(table, SESSION_NAMES, "`session`");
        let length = self.required(table, "length", &node.span());
        let length = length.and_then(|node| self.duration(node));
        let within_token = match table.get("within_token") {
            None => Some(true),
            Some(node) => self.boolean(node),
        };
        Some(Session { length: length?, within_token: within_token?, span: node.span() })
    }

    fn user_id(&mut self, node: &Node<'_>) -> Option<Template> {
        let template = self.template(node)?;
        if !template.parts.iter().any(|part| matches!(part, Part::Placeholder(_))) {
            let message = "every user would be the same one: there is no placeholder";
            self.value(node, message, Some(r#"a claim stands in braces: "{sub}""#));
        }
        Some(template)
    }

    fn duration(&mut self, node: &Node<'_>) -> Option<Duration> {
        let hint = "write a number and a unit in quotes: \"30m\", \"12h\", \"7d\"";
        let Some(text) = node.get_ref().as_str() else {
            return self.wrong_type(node, "a length of time", Some(hint));
        };
        let Some(duration) = parse_duration(text) else {
            self.value(node, "this is no length of time", Some(hint));
            return None;
        };
        if !(MIN_SESSION..=MAX_SESSION).contains(&duration) {
            let (min, max) = (MIN_SESSION.as_secs(), MAX_SESSION.as_secs());
            self.value(node, &format!("a session lasts from {min} s to {max} s"), None);
            return None;
        }
        Some(duration)
    }

    fn template(&mut self, node: &Node<'_>) -> Option<Template> {
        self.parsed(node, |text, maps| {
            Template::parse(text, maps).map_err(|problem| vec![(ProblemKind::Template, problem)])
        })
    }

    fn claim_reference(&mut self, node: &Node<'_>) -> Option<ClaimReference> {
        self.parsed(node, |text, maps| {
            ClaimReference::parse(text, maps)
                .map_err(|error| vec![(ProblemKind::Template, not_a_claim(&error, 0..text.len()))])
        })
    }

    fn report_type(&mut self, node: &Node<'_>, expected: &str) {
        let message = format!("this is never {expected}");
        self.report(node.span(), ProblemKind::WrongType, message, None);
    }
}

fn gives_nothing(gift: &Gift) -> bool {
    gift.read.is_nothing() && gift.write.is_nothing() && !gift.remote_query
}
