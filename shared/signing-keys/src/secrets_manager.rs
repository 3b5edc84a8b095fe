//! AWS Secrets Manager.

use std::env;
use std::time::Duration;

use aws_sdk_secretsmanager::config::retry::RetryConfig;
use aws_sdk_secretsmanager::config::timeout::TimeoutConfig;
use aws_sdk_secretsmanager::config::{BehaviorVersion, Credentials, Region, SharedHttpClient};
use aws_sdk_secretsmanager::error::SdkError;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use aws_sdk_secretsmanager::{Client, Config};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;

use crate::{KeyMaterial, ReadError, SecretText, SigningKeys, Versions};

/// One secret of Secrets Manager.
#[derive(Debug)]
pub struct SecretsManagerKeys {
    client: Client,
    secret: String,
    versions: Versions,
}

/// A client for the region, the credentials and the endpoint that Lambda puts into the environment.
///
/// Nothing else is looked at: a function has its role, and must not find another by accident. An attempt is given up
/// after 800 ms, so that a second one fits into what the cache allows for a first read.
#[must_use]
pub fn secrets_manager_client() -> Client {
    let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let credentials = Credentials::new(
        variable("AWS_ACCESS_KEY_ID").unwrap_or_default(),
        variable("AWS_SECRET_ACCESS_KEY").unwrap_or_default(),
        variable("AWS_SESSION_TOKEN"),
        None,
        "environment",
    );
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(500))
        .operation_attempt_timeout(Duration::from_millis(800))
        .build();
    let endpoint =
        variable("AWS_ENDPOINT_URL_SECRETS_MANAGER").or_else(|| variable("AWS_ENDPOINT_URL"));
    let mut config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(variable("AWS_REGION").map(Region::new))
        .credentials_provider(credentials)
        .http_client(http_client())
        .retry_config(RetryConfig::standard().with_max_attempts(2))
        .timeout_config(timeouts);
    config.set_endpoint_url(endpoint);
    Client::from_conf(config.build())
}

/// The SDK's HTTP client with TLS by AWS-LC, trusting the system's root certificates.
fn http_client() -> SharedHttpClient {
    Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build_https()
}

impl SecretsManagerKeys {
    /// The secret of that name or ARN.
    #[must_use]
    pub fn new(client: Client, secret: String, versions: Versions) -> Self {
        Self { client, secret, versions }
    }

    async fn version(&self, stage: &str) -> Result<SecretText, ReadError> {
        let request = self.client.get_secret_value().secret_id(&self.secret).version_stage(stage);
        // Boxed, for the SDK's future is larger than all of ours together.
        let secret = Box::pin(request.send()).await.map_err(read_error)?;
        secret.secret_string.map(SecretText::new).ok_or(ReadError::NoText)
    }

    /// There is no previous version until the secret was changed for the first time.
    async fn previous(&self) -> Result<Option<SecretText>, ReadError> {
        if self.versions == Versions::Current {
            return Ok(None);
        }
        match self.version("AWSPREVIOUS").await {
            Ok(text) => Ok(Some(text)),
            // None yet, or one that is no text and so no secret that anybody signs with.
            Err(ReadError::NotFound | ReadError::NoText) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl SigningKeys for SecretsManagerKeys {
    async fn read(&self) -> Result<KeyMaterial, ReadError> {
        let (current, previous) = tokio::join!(self.version("AWSCURRENT"), self.previous());
        Ok(KeyMaterial { current: current?, previous: previous? })
    }

    fn name(&self) -> &str {
        &self.secret
    }
}

fn read_error(error: SdkError<GetSecretValueError>) -> ReadError {
    let is_missing =
        error.as_service_error().is_some_and(GetSecretValueError::is_resource_not_found_exception);
    if is_missing { ReadError::NotFound } else { ReadError::SecretsManager(error.into()) }
}
