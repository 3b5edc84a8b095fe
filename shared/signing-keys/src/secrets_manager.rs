//! AWS Secrets Manager.

use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::environment::{
    EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider,
};
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::SdkError;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;

use crate::{KeyMaterial, ReadError, SecretText, SigningKeys, Versions};

/// One secret of Secrets Manager.
#[derive(Debug)]
pub struct SecretsManagerKeys {
    client: Client,
    secret: String,
    versions: Versions,
}

/// A client for the region and with the credentials that Lambda puts into the environment.
///
/// Nothing else is looked at for credentials: a function has its role and must not find another by accident. An
/// attempt is given up after 800 ms, so that a second one fits into what the cache allows for a first read.
pub async fn secrets_manager_client() -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(500))
        .operation_attempt_timeout(Duration::from_millis(800))
        .build();
    let config = aws_config::defaults(BehaviorVersion::latest())
        .credentials_provider(EnvironmentVariableCredentialsProvider::new())
        .region(EnvironmentVariableRegionProvider::new())
        .retry_config(RetryConfig::standard().with_max_attempts(2))
        .timeout_config(timeouts)
        .load()
        .await;
    Client::new(&config)
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
            Err(ReadError::NotFound) => Ok(None),
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
