//! Signature algorithms (RFC 7518 3.1, RFC 8037, RFC 9864).

use std::str::FromStr;

use jsonwebtoken::Algorithm;

/// Algorithms of key pairs, the most common first: a key without `alg` is bound to the first that fits it.
pub const PUBLIC_KEY_ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// Algorithms of shared secrets: whoever can verify can also forge.
pub const HMAC_ALGORITHMS: [Algorithm; 3] = [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512];

/// The algorithm of that name. `Ed25519` is the newer name of what older software calls `EdDSA` (RFC 9864 2.2);
/// the only curve it is used with here is Ed25519.
#[must_use]
pub fn algorithm_named(name: &str) -> Option<Algorithm> {
    if name == "Ed25519" {
        return Some(Algorithm::EdDSA);
    }
    Algorithm::from_str(name).ok()
}
