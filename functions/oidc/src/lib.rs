//! Login with any OpenID Connect provider: access tokens (RFC 9068, OAuth) or ID tokens (OpenID Connect Core 2).

mod provider;

pub use provider::PROVIDER;
