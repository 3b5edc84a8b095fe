//! What is known of a claim by its name.

use claim_mapping::{ClaimPath, ClaimReference, Transform};

/// Whether every login has a value for it: the verifier asks for the claim, the request has it, or it has a default.
pub(super) fn is_always_there(claim: &ClaimReference) -> bool {
    match claim.transforms.last() {
        Some(transform) => matches!(transform, Transform::Default(_)),
        None => match &claim.path {
            ClaimPath::DatabaseId | ClaimPath::Provider => true,
            ClaimPath::Claim { name, below } => {
                below.is_empty() && matches!(name.as_str(), "aud" | "exp" | "iss" | "sub")
            }
        },
    }
}

/// The name of a claim that is no member of another.
pub(super) fn plain_name(claim: &ClaimReference) -> Option<&str> {
    match &claim.path {
        ClaimPath::Claim { name, below } if below.is_empty() => Some(name),
        ClaimPath::Claim { .. } | ClaimPath::DatabaseId | ClaimPath::Provider => None,
    }
}
