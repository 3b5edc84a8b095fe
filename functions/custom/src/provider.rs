//! The user's own backend: its settings and its rule for the kind of token.

use token::{
    HMAC_ALGORITHMS, PUBLIC_KEY_ALGORITHMS, SignedToken, TokenError, TokenKind, VerifierSettings,
    is_id_token, may_be_access_token,
};
use webhook::{Provider, Setting, SettingsReader, TokenSettings};

/// The user's own backend.
pub const PROVIDER: Provider = Provider {
    name: "custom",
    policy: include_str!("../policy.toml"),
    settings: SETTINGS,
    verifier,
};

const SETTINGS: &[Setting] = &[
    Setting {
        name: "ISSUER",
        default: "none: must be given",
        meaning: "What your backend writes into `iss`, exactly.",
    },
    Setting {
        name: "AUDIENCE",
        default: "none: must be given",
        meaning: "The audiences accepted, comma-separated: what your backend writes into `aud` of tokens that are for Ditto, and of no others.",
    },
    Setting {
        name: "TOKEN_KIND",
        default: "`access`",
        meaning: "The one kind of token accepted: `access` or `id`.",
    },
    Setting {
        name: "ALGORITHMS",
        default: "all of them",
        meaning: "The signature algorithms accepted, comma-separated: HS256, HS384, HS512 and those of `oidc`. Each key is bound to one: to its `alg`, or else to the first of these that fits it.",
    },
];

fn verifier(reader: &mut SettingsReader<'_>) -> Option<VerifierSettings> {
    let allowed = [HMAC_ALGORITHMS.as_slice(), PUBLIC_KEY_ALGORITHMS.as_slice()].concat();
    let TokenSettings { issuer, audience, kind, algorithms } = reader.token_settings(&allowed)?;
    let clients = audience.clone();
    let rule = move |token: &SignedToken<'_>| check_kind(token, kind, &clients);
    VerifierSettings::new(vec![issuer], audience, algorithms, rule).ok()
}

/// A backend of one's own seldom marks its access tokens, and the audience already says that a token is for Ditto;
/// so it is enough that nothing marks it as another kind.
fn check_kind(
    token: &SignedToken<'_>,
    kind: TokenKind,
    clients: &[String],
) -> Result<(), TokenError> {
    let is_right = match kind {
        TokenKind::Access => may_be_access_token(token),
        TokenKind::Id => is_id_token(token, clients),
    };
    if is_right { Ok(()) } else { Err(TokenError::KindMismatch) }
}
