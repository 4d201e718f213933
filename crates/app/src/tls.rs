//! Secure connections to others: webhooks and brokers.

use std::sync::Arc;

use lotbook_engine::store;
use tokio_rustls::rustls::ClientConfig;

/// Whom we trust to say who somebody is, as the engine does.
pub async fn config() -> Result<Arc<ClientConfig>, String> {
    let made = tokio::task::spawn_blocking(store::tls).await;
    made.map_err(|_| "the trusted certificates cannot be read".to_owned())?
}
