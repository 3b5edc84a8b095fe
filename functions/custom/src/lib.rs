//! Login with tokens that the user's own backend signs: with a secret it shares with this function, or a key pair.

mod provider;

pub use provider::PROVIDER;
