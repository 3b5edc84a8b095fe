//! What a provider is: one value of this type, in the provider's own function.

use token::VerifierSettings;

use crate::{Setting, SettingsReader};

/// An identity provider. Everything that is special about it stands in its function's `provider.rs` and
/// `policy.toml`; nothing about it stands in shared code.
#[derive(Debug)]
pub struct Provider {
    /// Its name: of its function, of its route, and the default of `PROVIDER_NAME`.
    pub name: &'static str,
    /// Its claim mapping, the text of its `policy.toml`.
    pub policy: &'static str,
    /// The settings it has in addition to the common ones.
    pub settings: &'static [Setting],
    /// Reads its settings. It notes every problem with the reader and returns nothing where there is one.
    pub verifier: fn(&mut SettingsReader<'_>) -> Option<VerifierSettings>,
}
