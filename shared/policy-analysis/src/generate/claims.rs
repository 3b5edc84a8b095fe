//! Logins from the values at the paths of their claims.

use std::time::{Duration, UNIX_EPOCH};

use claim_mapping::{ClaimPath, Claims, PathStep};
use serde_json::Value;

use super::{GENERATED_NOW, SampleLogin};
use crate::{DEFAULT_DATABASE_ID, DEFAULT_PROVIDER};

/// Beyond this index, a list is not filled up to reach it.
const MAX_ITEM: usize = 64;

/// Puts a value at a path, and on the way objects and lists that lead to it.
fn put(claims: &mut Claims, name: &str, below: &[PathStep], value: Value) {
    put_below(claims.entry(name).or_insert(Value::Null), below, value);
}

fn put_below(place: &mut Value, steps: &[PathStep], value: Value) {
    let Some((step, rest)) = steps.split_first() else {
        *place = value;
        return;
    };
    match step {
        PathStep::Member(name) => {
            if !place.is_object() {
                *place = Value::Object(Claims::new());
            }
            if let Value::Object(members) = place {
                put_below(members.entry(name).or_insert(Value::Null), rest, value);
            }
        }
        PathStep::Item(index) => {
            let index = (*index).min(MAX_ITEM);
            if !place.is_array() {
                *place = Value::Array(Vec::new());
            }
            if let Value::Array(items) = place {
                if items.len() <= index {
                    items.resize(index.saturating_add(1), Value::Null);
                }
                if let Some(item) = items.get_mut(index) {
                    put_below(item, rest, value);
                }
            }
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A login with these values, parents before what is below them.
pub(crate) fn login_with<'v>(
    values: impl IntoIterator<Item = (&'v ClaimPath, &'v Value)>,
) -> SampleLogin {
    let mut login = SampleLogin {
        name: None,
        claims: Claims::new(),
        database_id: DEFAULT_DATABASE_ID.to_owned(),
        provider: DEFAULT_PROVIDER.to_owned(),
        now: UNIX_EPOCH.checked_add(Duration::from_secs(GENERATED_NOW)).unwrap_or(UNIX_EPOCH),
        remaining_life: Duration::from_hours(1),
    };
    for (path, value) in values {
        match path {
            ClaimPath::Claim { name, below } => put(&mut login.claims, name, below, value.clone()),
            ClaimPath::DatabaseId => login.database_id = text(value),
            ClaimPath::Provider => login.provider = text(value),
        }
    }
    login
}

/// Whether a login is for the provider and the database that generated ones are for.
pub(crate) fn is_request_of_generated(login: &SampleLogin) -> bool {
    login.provider == DEFAULT_PROVIDER && login.database_id == DEFAULT_DATABASE_ID
}
