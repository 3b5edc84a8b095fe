//! Policies to start from: one for each provider, for the claims that its tokens have.

/// A policy to start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Starter {
    /// The provider.
    pub provider: &'static str,
    /// The text of the policy.
    pub policy: &'static str,
}

/// All of them, the two general ones first.
pub const STARTERS: &[Starter] = &[
    Starter { provider: "oidc", policy: include_str!("../starters/oidc.toml") },
    Starter { provider: "custom", policy: include_str!("../starters/custom.toml") },
    Starter { provider: "auth0", policy: include_str!("../starters/auth0.toml") },
    Starter { provider: "okta", policy: include_str!("../starters/okta.toml") },
    Starter { provider: "entra", policy: include_str!("../starters/entra.toml") },
    Starter { provider: "cognito", policy: include_str!("../starters/cognito.toml") },
    Starter { provider: "firebase", policy: include_str!("../starters/firebase.toml") },
    Starter { provider: "google", policy: include_str!("../starters/google.toml") },
    Starter { provider: "apple", policy: include_str!("../starters/apple.toml") },
    Starter { provider: "keycloak", policy: include_str!("../starters/keycloak.toml") },
    Starter { provider: "supabase", policy: include_str!("../starters/supabase.toml") },
    Starter { provider: "clerk", policy: include_str!("../starters/clerk.toml") },
    Starter { provider: "stytch", policy: include_str!("../starters/stytch.toml") },
    Starter { provider: "introspection", policy: include_str!("../starters/introspection.toml") },
    Starter { provider: "access-code", policy: include_str!("../starters/access-code.toml") },
];
