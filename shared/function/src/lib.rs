//! What makes a Lambda function of a [`Provider`]: settings from the environment, keys from Secrets Manager, the
//! Lambda runtime around the webhook.

mod event;
mod keys;
mod lambda;

pub use event::request;
pub use keys::{KeyedWebhook, webhook};
pub use lambda::{environment, run};
pub use webhook::Provider;
