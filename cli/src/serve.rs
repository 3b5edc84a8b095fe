//! `ditto-auth serve`: the webhook, kept running.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use testkit::{Dialect, request_body};
use webhook::telemetry;

use crate::development::{DATABASE_ID, PROVIDERS, Parties, issuer_and_audience, seconds_now};
use crate::output;
use crate::server::Server;

/// Options of `ditto-auth serve`.
#[derive(Args)]
pub(crate) struct Serve {
    /// The port on localhost.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// A key store file, as `ditto-auth event keystore` writes it. Without it, fresh keys are made.
    #[arg(long, value_name = "FILE")]
    keystore: Option<PathBuf>,
}

impl Serve {
    /// Runs until it is stopped.
    pub(crate) fn run(&self) -> Result<ExitCode, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let fresh = folder.path().join("keystore.json");
        if self.keystore.is_none() {
            Parties::new()?.write_key_store(&fresh)?;
        }
        let key_store = self.keystore.clone().unwrap_or(fresh);
        let parties = Parties::read_key_store(&key_store)?;
        telemetry::start(telemetry::Level::INFO);
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(async {
            let server = Server::bind(self.port, &key_store).await?;
            greet(&parties, server.address.port())?;
            server.serve().await
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Says where the webhook is, and how to try it.
fn greet(parties: &Parties, port: u16) -> Result<(), Box<dyn Error>> {
    let now = seconds_now();
    for (provider, _) in PROVIDERS {
        let name = provider.name;
        let (issuer, audience) = issuer_and_audience(name);
        let claims = json!({
            "iss": issuer, "aud": audience, "sub": "ada", "scope": "sync",
            "iat": now, "exp": now.saturating_add(3600),
        });
        let token = parties.key(name)?.token(&claims);
        let body = request_body(Dialect::V1, DATABASE_ID, name, &token);
        let signature = parties.ditto.header(now, body.as_bytes());
        output::line(&format!(
            "\nhttp://127.0.0.1:{port}/{name}\n\ncurl -s http://127.0.0.1:{port}/{name} \\\n  -H 'content-type: application/json' -H 'ditto-signature: {signature}' \\\n  -d '{body}'"
        ));
    }
    output::line(
        "\nThe signatures are good for 5 minutes: that is what keeps anybody but Ditto out. Stop with Ctrl-C.\n",
    );
    Ok(())
}
