//! The Lambda runtime around the webhook.

use std::collections::BTreeMap;
use std::env;
use std::process::ExitCode;
use std::time::SystemTime;

use bytes::Bytes;
use http::Response;
use lambda_http::{Body, Error, RequestExt as _, service_fn};
use signing_keys::{SecretsManagerKeys, secrets_manager_client};
use tracing::Level;
use webhook::{Deployment, Provider, telemetry};

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
    lambda_http::run(service_fn(async move |event: lambda_http::Request| {
        let id = event.lambda_context_ref().map(|context| context.request_id.clone());
        // The bytes as they were sent: where API Gateway delivered them in base64, `lambda_http` has undone that.
        let request = event.map(|body| Bytes::copy_from_slice(body.as_ref()));
        let answer = webhook.answer(&request, &id.unwrap_or_default(), SystemTime::now()).await;
        Ok::<_, Error>(text_response(answer))
    }))
    .await
}

fn text_response(answer: Response<Bytes>) -> Response<Body> {
    answer.map(|body| Body::Text(String::from_utf8_lossy(&body).into_owned()))
}
