//! What a policy says, and its evaluation.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::condition::Condition;
use crate::session::Session;
use crate::template::Template;
use crate::{Access, Claims, Permissions, QueryTemplate};

/// The longest user id, in characters.
const MAX_USER_ID_LENGTH: usize = 512;

/// A loaded policy: every problem it could have had was found by [`Policy::parse`].
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    pub(crate) user_id: Template,
    pub(crate) session: Session,
    pub(crate) require: Vec<Condition>,
    pub(crate) grants: Vec<Grant>,
    pub(crate) client_info: JsonTemplate,
    pub(crate) identity_metadata: JsonTemplate,
}

/// One `[[grant]]`: what it gives where all of `when` holds and every placeholder can be filled.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Grant {
    pub(crate) when: Vec<Condition>,
    pub(crate) read: AccessTemplate,
    pub(crate) write: AccessTemplate,
    pub(crate) remote_query: bool,
}

/// `read` or `write` of a grant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AccessTemplate {
    Everything,
    Queries(BTreeMap<String, Vec<QueryTemplate>>),
}

/// A table of a policy that becomes JSON; members whose claims are missing are left out.
pub(crate) type JsonTemplate = BTreeMap<String, JsonTemplateValue>;

/// A value in such a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum JsonTemplateValue {
    Fixed(Value),
    Filled(Template),
    List(Vec<Self>),
    Table(JsonTemplate),
}

/// An accepted login: who it is, for how long, and what they may do.
#[derive(Clone, PartialEq)]
pub struct Decision {
    /// Who the user is, unique within the database.
    pub user_id: String,
    /// How long the session lasts, in seconds.
    pub session_seconds: u32,
    /// What may be read and written.
    pub permissions: Permissions,
    /// What the app on the device is handed; nothing where no member of `[client_info]` can be filled.
    pub client_info: Option<Map<String, Value>>,
    /// What every peer sees; nothing where no member of `[identity_metadata]` can be filled.
    pub identity_metadata: Option<Map<String, Value>>,
}

impl fmt::Debug for Decision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Decision").finish_non_exhaustive()
    }
}

/// Why a policy refuses a verified user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No grant applies: no access, so no login.
    #[error("no grant of the policy applies to these claims")]
    NoGrant,
    /// A condition of `require` does not hold or cannot be evaluated.
    #[error("condition {number} of `require` does not hold")]
    Requirement {
        /// Its place in the list, counted from 1.
        number: usize,
    },
    /// The `user_id` template cannot be filled, or gives something that cannot be a user id.
    #[error("`user_id` cannot be made of these claims")]
    UserId,
}

impl Policy {
    /// Decides on a user whose token was verified and is valid for `remaining_life` more.
    ///
    /// # Errors
    /// [`Refusal`]: the user is not let in.
    pub fn evaluate(&self, claims: &Claims, remaining_life: Duration) -> Result<Decision, Refusal> {
        if let Some(index) = self.require.iter().position(|condition| !condition.holds(claims)) {
            return Err(Refusal::Requirement { number: index.saturating_add(1) });
        }
        let user_id = self.user_id.text(claims).filter(|user_id| is_user_id(user_id));
        Ok(Decision {
            user_id: user_id.ok_or(Refusal::UserId)?,
            session_seconds: self.session.seconds(remaining_life),
            permissions: self.permissions(claims).ok_or(Refusal::NoGrant)?,
            client_info: fill(&self.client_info, claims),
            identity_metadata: fill(&self.identity_metadata, claims),
        })
    }

    /// What all grants that apply give together, or nothing where none applies.
    fn permissions(&self, claims: &Claims) -> Option<Permissions> {
        let mut permissions = None;
        for grant in &self.grants {
            if let Some(given) = grant.give(claims) {
                add(permissions.get_or_insert_with(Permissions::default), given);
            }
        }
        if let Some(Permissions { read, write, .. }) = &mut permissions {
            read.fold();
            write.fold();
        }
        permissions
    }
}

impl Grant {
    /// What this grant gives, or nothing where it does not apply: it gives all it says or nothing at all.
    fn give(&self, claims: &Claims) -> Option<Permissions> {
        if !self.when.iter().all(|condition| condition.holds(claims)) {
            return None;
        }
        Some(Permissions {
            read: self.read.access(claims)?,
            write: self.write.access(claims)?,
            remote_query: self.remote_query,
        })
    }
}

impl AccessTemplate {
    fn access(&self, claims: &Claims) -> Option<Access> {
        let mut access = Access::default();
        match self {
            Self::Everything => access.everything = true,
            Self::Queries(collections) => {
                for (collection, templates) in collections {
                    for template in templates {
                        access.add(collection, template.query(claims)?);
                    }
                }
            }
        }
        Some(access)
    }
}

impl JsonTemplateValue {
    fn fill(&self, claims: &Claims) -> Option<Value> {
        match self {
            Self::Fixed(value) => Some(value.clone()),
            Self::Filled(template) => template.value(claims),
            Self::List(items) => {
                Some(Value::Array(items.iter().filter_map(|item| item.fill(claims)).collect()))
            }
            Self::Table(table) => Some(Value::Object(fill_members(table, claims))),
        }
    }
}

fn add(permissions: &mut Permissions, given: Permissions) {
    for (access, given) in
        [(&mut permissions.read, given.read), (&mut permissions.write, given.write)]
    {
        access.everything |= given.everything;
        for (collection, queries) in given.queries_by_collection {
            for query in queries {
                access.add(&collection, query);
            }
        }
    }
    permissions.remote_query |= given.remote_query;
}

fn fill(table: &JsonTemplate, claims: &Claims) -> Option<Map<String, Value>> {
    Some(fill_members(table, claims)).filter(|members| !members.is_empty())
}

fn fill_members(table: &JsonTemplate, claims: &Claims) -> Map<String, Value> {
    let filled = |(name, value): (&String, &JsonTemplateValue)| {
        value.fill(claims).map(|value| (name.clone(), value))
    };
    table.iter().filter_map(filled).collect()
}

fn is_user_id(text: &str) -> bool {
    !text.trim().is_empty()
        && text.chars().count() <= MAX_USER_ID_LENGTH
        && !text.chars().any(char::is_control)
}
