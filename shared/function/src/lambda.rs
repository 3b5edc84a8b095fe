//! The Lambda runtime around the webhook.

use std::collections::BTreeMap;
use std::env;
use std::process::ExitCode;
use std::time::SystemTime;

use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use lambda_http::{Error, LambdaEvent, service_fn};
use signing_keys::{SecretsManagerKeys, secrets_manager_client};
use tracing::Level;
use webhook::{Deployment, Provider, telemetry};

use crate::event;

/// Runs a provider's function until Lambda ends it. A function that is set up wrongly does not start: it logs every
/// problem and fails.
#[must_use]
pub fn run(provider: &Provider) -> ExitCode {
    let deployment = match Deployment::read(provider, &environment()) {
        Ok(deployment) => deployment,
        Err(problems) => {
            telemetry::start(Level::INFO);
            for problem in problems {
                tracing::error!(code = problem.code(), detail = %problem, "cannot start");
            }
            return ExitCode::FAILURE;
        }
    };
    telemetry::start(deployment.log_level);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let ended =
        runtime.map_err(Error::from).and_then(|runtime| runtime.block_on(serve(deployment)));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(detail = %error, "the Lambda runtime ended");
            ExitCode::FAILURE
        }
    }
}

/// The environment variables that are text.
#[must_use]
pub fn environment() -> BTreeMap<String, String> {
    env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

async fn serve(deployment: Deployment) -> Result<(), Error> {
    let client = secrets_manager_client();
    let open = |secret: &str, versions| {
        SecretsManagerKeys::new(client.clone(), secret.to_owned(), versions)
    };
    let webhook = crate::webhook(deployment, open);
    webhook.warm_up(SystemTime::now()).await;
    let webhook = &webhook;
    lambda_http::lambda_runtime::run(service_fn(
        async move |event: LambdaEvent<ApiGatewayV2httpRequest>| {
            let id = &event.context.request_id;
            let request = event::request(event.payload);
            let answer = webhook.answer(&request, id, SystemTime::now()).await;
            Ok::<_, Error>(event::response(answer))
        },
    ))
    .await
}
