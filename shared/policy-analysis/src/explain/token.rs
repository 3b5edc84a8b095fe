//! What a token says of its user, read without a look at whether it is true.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use claim_mapping::Claims;

/// A text whose claims cannot be read. No part of it is shown: it may be somebody's token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableToken {
    /// The token is encrypted.
    #[error("the token is encrypted (it has five parts); give the claims with --claims")]
    Encrypted,
    /// Not three parts with dots between them.
    #[error("this is no JWT: it is not three parts with dots between them")]
    NoJwt,
    /// The second part is no JSON object.
    #[error("this is no JWT: its second part is no JSON object in base64url")]
    NoClaims,
}

/// The claims of a token of which nothing is verified.
///
/// # Errors
/// [`UnreadableToken`], see its variants.
pub fn unverified_claims(token: &str) -> Result<Claims, UnreadableToken> {
    let parts = token.split('.').collect::<Vec<_>>();
    let claims = match parts.as_slice() {
        [_, claims, _] => claims,
        [_, _, _, _, _] => return Err(UnreadableToken::Encrypted),
        _ => return Err(UnreadableToken::NoJwt),
    };
    let claims = URL_SAFE_NO_PAD.decode(claims).map_err(|_| UnreadableToken::NoClaims)?;
    serde_json::from_slice(&claims).map_err(|_| UnreadableToken::NoClaims)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_claims_and_trusts_nothing() {
        let claims = URL_SAFE_NO_PAD.encode(r#"{"sub":"u"}"#);
        let list = URL_SAFE_NO_PAD.encode("[]");
        let sub = |claims: Claims| claims.get("sub").cloned();
        for (token, expected) in [
            (format!("x.{claims}.y"), Ok(Some("u".into()))),
            (format!(" .{claims}.\n"), Ok(Some("u".into()))),
            (format!("x.{claims}"), Err(UnreadableToken::NoJwt)),
            (String::new(), Err(UnreadableToken::NoJwt)),
            ("a.b.c.d.e".to_owned(), Err(UnreadableToken::Encrypted)),
            (format!("x.{list}.y"), Err(UnreadableToken::NoClaims)),
            (format!("x.{claims}=.y"), Err(UnreadableToken::NoClaims)),
            ("x.{}.y".to_owned(), Err(UnreadableToken::NoClaims)),
        ] {
            assert_eq!(unverified_claims(&token).map(sub), expected, "{token}");
        }
    }
}
