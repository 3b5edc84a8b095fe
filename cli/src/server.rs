//! The webhook of every provider on localhost, with the routes that API Gateway has in the cloud.

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::any;
use bytes::Bytes;
use function::KeyedWebhook;
use signing_keys::FileKeys;
use tokio::net::TcpListener;
use webhook::{Deployment, MAX_BODY_SIZE, Provider};

use crate::development::{self, PROVIDERS};

/// A bound server that is not serving yet.
#[derive(Debug)]
pub(crate) struct Server {
    listener: TcpListener,
    router: Router,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Binds `port` (0 for any) and loads every provider with the keys of a key store.
    pub(crate) async fn bind(port: u16, key_store: &Path) -> Result<Self, Box<dyn Error>> {
        let mut router = Router::new();
        for (provider, _) in PROVIDERS {
            let webhook = Arc::new(load(provider, key_store)?);
            webhook.warm_up(SystemTime::now()).await;
            let handler = any(move |request: Request| answer(Arc::clone(&webhook), request));
            router = router.route(&format!("/{}", provider.name), handler);
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener = listener.map_err(|error| format!("port {port} of localhost: {error}"))?;
        let address = listener.local_addr()?;
        Ok(Self { listener, router, address })
    }

    /// Serves until the process ends.
    pub(crate) async fn serve(self) -> Result<(), Box<dyn Error>> {
        Ok(axum::serve(self.listener, self.router).await?)
    }
}

fn load(provider: &Provider, key_store: &Path) -> Result<KeyedWebhook<FileKeys>, Box<dyn Error>> {
    let settings = development::settings(provider.name);
    let deployment = Deployment::read(provider, &settings).map_err(|problems| {
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    })?;
    let open =
        |secret: &str, versions| FileKeys::new(key_store.to_owned(), secret.to_owned(), versions);
    Ok(function::webhook(deployment, open))
}

async fn answer(webhook: Arc<KeyedWebhook<FileKeys>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    // One byte more than the webhook takes, so that it is the webhook that refuses what is too large.
    let limit = MAX_BODY_SIZE.saturating_add(1);
    let body = match axum::body::to_bytes(body, limit).await {
        Ok(body) => body,
        Err(_) => Bytes::from(vec![0; limit]),
    };
    let id = uuid::Uuid::new_v4().to_string();
    let request = http::Request::from_parts(head, body);
    let answer = webhook.answer(&request, &id, SystemTime::now()).await;
    answer.map(Body::from)
}
