//! Names of signature algorithms (RFC 7518 3.1, RFC 8037, RFC 9864).

use std::str::FromStr;

use jsonwebtoken::{Algorithm, AlgorithmFamily};

/// The algorithm of that name. `Ed25519` is the newer name of what older software calls `EdDSA` (RFC 9864 2.2);
/// the only curve it is used with here is Ed25519.
#[must_use]
pub fn algorithm_named(name: &str) -> Option<Algorithm> {
    if name == "Ed25519" {
        return Some(Algorithm::EdDSA);
    }
    Algorithm::from_str(name).ok()
}

/// Whether the algorithm signs with a shared secret: whoever can verify can also forge.
#[must_use]
pub fn is_symmetric(algorithm: Algorithm) -> bool {
    algorithm.family() == AlgorithmFamily::Hmac
}
