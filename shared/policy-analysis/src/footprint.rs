//! How large an answer is. All of it rides in the certificate of the device, and every peer it meets checks it.

use claim_mapping::{Decision, Permissions, Policy};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::Persona;

/// What an answer may weigh before it is worth a warning. Ditto sets no such limit: a device does not sync better for
/// a small certificate, but each connection of each device pays for a large one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Budget {
    /// The bytes of the answer's JSON.
    pub bytes: usize,
    /// The queries for reading and writing together.
    pub queries: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: 4096, queries: 50 }
    }
}

/// What an answer weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Footprint {
    /// The bytes of the answer's JSON.
    pub bytes: usize,
    /// The queries for reading and writing together.
    pub queries: usize,
}

/// What the answer to a persona weighs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonaFootprint {
    /// The persona's name.
    pub persona: String,
    /// What the answer weighs.
    pub footprint: Footprint,
}

/// The answer to Ditto for an accepted login, in the dialect of version 1.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer<'d> {
    authenticated: bool,
    #[serde(rename = "userID")]
    user_id: &'d str,
    expiration_seconds: u32,
    permissions: &'d Permissions,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_info: Option<&'d Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_service_metadata: Option<&'d Map<String, Value>>,
}

impl<'d> From<&'d Decision> for Answer<'d> {
    fn from(decision: &'d Decision) -> Self {
        Self {
            authenticated: true,
            user_id: &decision.user_id,
            expiration_seconds: decision.session_seconds,
            permissions: &decision.permissions,
            client_info: decision.client_info.as_ref(),
            identity_service_metadata: decision.identity_metadata.as_ref(),
        }
    }
}

impl Answer<'_> {
    /// Its JSON.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Strings and numbers always serialize.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

impl Footprint {
    /// What the answer of this decision weighs.
    #[must_use]
    pub fn of(decision: &Decision) -> Self {
        let bytes = Answer::from(decision).to_bytes().len();
        Self { bytes, queries: decision.permissions.query_count() }
    }

    /// Whether it keeps within a budget.
    #[must_use]
    pub fn fits(&self, budget: &Budget) -> bool {
        self.bytes <= budget.bytes && self.queries <= budget.queries
    }
}

/// What the answers to those personas weigh that the policy lets in.
#[must_use]
pub fn footprints(policy: &Policy, personas: &[Persona]) -> Vec<PersonaFootprint> {
    let accepted = personas.iter().filter_map(|persona| {
        let decision = policy.evaluate(&persona.login()).ok()?;
        let footprint = Footprint::of(&decision);
        Some(PersonaFootprint { persona: persona.name.clone(), footprint })
    });
    accepted.collect()
}
