//! Any OpenID Connect provider: its settings and its rule for the kind of token.

use token::{
    PUBLIC_KEY_ALGORITHMS, SignedToken, TokenError, TokenKind, VerifierSettings, is_access_token,
    is_id_token,
};
use webhook::{Provider, Setting, SettingKind, SettingsReader, TokenSettings};

/// Any OpenID Connect provider.
pub const PROVIDER: Provider =
    Provider { name: "oidc", policy: include_str!("../policy.toml"), settings: SETTINGS, verifier };

const SETTINGS: &[Setting] = &[
    Setting {
        name: "ISSUER",
        default: "none: must be given",
        meaning: "The provider's issuer, exactly as its discovery document says it; a slash at the end counts. An https URL (http only for this machine).",
    },
    Setting {
        name: "AUDIENCE",
        default: "none: must be given",
        meaning: "The audiences accepted, comma-separated: for access tokens the identifier of your API, for ID tokens your client ids.",
    },
    Setting {
        name: "TOKEN_KIND",
        default: "`access`",
        meaning: "The one kind of token accepted: `access` or `id`. Access tokens are `at+jwt` (RFC 9068) or name their scope.",
    },
    Setting {
        name: "ALGORITHMS",
        default: "all of them",
        meaning: "The signature algorithms accepted, comma-separated: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA. Each key is bound to one: to its `alg`, or else to the first of these that fits it.",
    },
];

fn verifier(reader: &mut SettingsReader<'_>) -> Option<VerifierSettings> {
    // No shared secrets: a key of that kind has no place in what a provider publishes.
    let settings = reader.token_settings(&PUBLIC_KEY_ALGORITHMS);
    if reader.optional("ISSUER").is_some_and(|issuer| !is_issuer(issuer)) {
        reader.report(SettingKind::Invalid, "ISSUER", "must be an https URL");
        return None;
    }
    let TokenSettings { issuer, audience, kind, algorithms } = settings?;
    let clients = audience.clone();
    let rule = move |token: &SignedToken<'_>| check_kind(token, kind, &clients);
    VerifierSettings::new(vec![issuer], audience, algorithms, rule).ok()
}

fn check_kind(
    token: &SignedToken<'_>,
    kind: TokenKind,
    clients: &[String],
) -> Result<(), TokenError> {
    let is_right = match kind {
        TokenKind::Access => is_access_token(token),
        TokenKind::Id => is_id_token(token, clients),
    };
    if is_right { Ok(()) } else { Err(TokenError::KindMismatch) }
}

/// OpenID Connect Discovery 4.3: an https URL. On this machine alone http will do, for a provider under test.
fn is_issuer(issuer: &str) -> bool {
    const LOCAL: [&str; 3] = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    let is_local = LOCAL.iter().any(|local| {
        let rest = issuer.strip_prefix(local);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    });
    issuer.starts_with("https://") || is_local
}
