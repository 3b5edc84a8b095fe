//! What a policy says, as data. Tools read it; only [`Policy::parse`](crate::Policy::parse) makes it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use crate::{ClaimReference, Condition, QueryTemplate, Session, Template, ValueMaps};

/// All that a policy says.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// Who the user is.
    pub user_id: Template,
    /// How long a session lasts.
    pub session: Session,
    /// Conditions without which nobody is let in.
    pub require: Vec<Condition>,
    /// Who is let in under no circumstances.
    pub deny: Vec<Deny>,
    /// The tables of `map(…)`.
    pub maps: ValueMaps,
    /// Named grants, in the order of their names.
    pub roles: Vec<Role>,
    /// What is given, and to whom.
    pub grants: Vec<Grant>,
    /// What the app on the device is handed.
    pub client_info: JsonTemplate,
    /// What every peer of the mesh sees.
    pub identity_metadata: JsonTemplate,
}

/// A `[[deny]]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Deny {
    /// Who.
    pub who: Denied,
    /// Its place in the text, in bytes.
    pub span: Range<usize>,
}

/// Whom a `[[deny]]` is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Denied {
    /// Users by their user id.
    Users(BTreeSet<String>),
    /// Whoever these conditions hold for, or cannot be told for.
    When(Vec<Condition>),
}

/// A `[role.NAME]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// What it gives.
    pub gift: Gift,
    /// The place of its name in the text, in bytes.
    pub span: Range<usize>,
}

/// A `[[grant]]`: what it gives where all of `when` holds and every placeholder can be filled.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// For whom.
    pub when: Vec<Condition>,
    /// Until when: a claim that holds a `NumericDate`.
    pub until: Option<ClaimReference>,
    /// The roles it gives, as indexes of [`Rules::roles`].
    pub roles: Vec<usize>,
    /// What it gives beside them.
    pub gift: Gift,
    /// Its place in the text, in bytes.
    pub span: Range<usize>,
}

/// What a role or a grant gives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gift {
    /// What may be read.
    pub read: AccessTemplate,
    /// What may be written.
    pub write: AccessTemplate,
    /// Whether the device may be queried remotely.
    pub remote_query: bool,
    /// How long a session with it lasts at most.
    pub session: Option<std::time::Duration>,
}

/// `read` or `write`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AccessTemplate {
    /// All documents of all collections.
    pub everything: bool,
    /// Queries by collection.
    pub queries: BTreeMap<String, Vec<PlacedQuery>>,
}

/// A query template, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedQuery {
    /// The template; the same one for each place where the text is the same.
    pub template: Arc<QueryTemplate>,
    /// Its place in the text, quotes included, in bytes.
    pub span: Range<usize>,
}

/// A table of a policy that becomes JSON; members whose claims are missing are left out.
pub type JsonTemplate = BTreeMap<String, JsonTemplateValue>;

/// A value in such a table.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonTemplateValue {
    /// A value that stands as it is.
    Fixed(Value),
    /// Text with placeholders.
    Filled {
        /// The text.
        template: Template,
        /// Its place in the policy, in bytes.
        span: Range<usize>,
    },
    /// A list.
    List(Vec<Self>),
    /// A table.
    Table(JsonTemplate),
}

impl Rules {
    /// What a grant gives, its roles first.
    pub fn gifts<'r>(&'r self, grant: &'r Grant) -> impl Iterator<Item = &'r Gift> + Clone {
        let roles = grant.roles.iter().filter_map(|index| self.roles.get(*index));
        roles.map(|role| &role.gift).chain(std::iter::once(&grant.gift))
    }
}

impl AccessTemplate {
    /// Whether it gives nothing.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        !self.everything && self.queries.is_empty()
    }
}
