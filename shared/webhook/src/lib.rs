//! Ditto's authentication webhook: a request in, a verdict out, by one pipeline for every provider.
//!
//! ```text
//! request -> http -> caller -> request -> token -> claim-mapping -> answer
//!            405      401       400        refusal  refusal          200
//!            413 415  503                  503
//! ```
//!
//! | module | owns |
//! |---|---|
//! | [`Webhook`] | the pipeline, the decision's log line, what a panic becomes |
//! | [`Reason`] | the closed list of reasons: code, class, what the device is told, what the operator does |
//! | `status` | the one map from a reason's class to an HTTP status |
//! | `caller` | proof that a request comes from Ditto; without it no body is parsed |
//! | `request`, `answer` | both dialects of the contract |
//! | [`Provider`], [`Deployment`] | what a provider is; a provider with its settings and policy |
//! | [`SettingsReader`] | settings from environment variables, with every problem at once |
//! | [`telemetry`] | the shape of the log |
//!
//! Where keys are stored and how requests arrive is not known here.

mod answer;
mod caller;
mod deployment;
mod pipeline;
mod provider;
mod reason;
mod request;
mod settings;
mod status;
pub mod telemetry;

pub use caller::{SIGNATURE_TOLERANCE, SecretError, SignatureSecrets};
pub use deployment::{Deployment, StartProblem};
pub use pipeline::Webhook;
pub use provider::Provider;
pub use reason::{Class, Reason};
pub use request::MAX_BODY_SIZE;
pub use settings::{
    COMMON_SETTINGS, Setting, SettingKind, SettingProblem, SettingsReader, TokenSettings,
};
pub use status::RETRY_AFTER;
