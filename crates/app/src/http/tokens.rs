//! Tokens that were verified a moment ago, so that a busy program does not cost a look into the
//! database with each request.
//!
//! What this process revokes is forgotten at once; what another process revokes holds two more seconds
//! at most. After the first of them one request looks again while the others go on.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use lotbook_engine::security::{self, Access};
use lotbook_engine::table::token::Token;
use lotbook_engine::{Engine, Error};

use super::limit::Bucket;
use crate::bridge;
use crate::secret::Secret;

/// After so long somebody looks again.
const FRESH: Duration = Duration::from_secs(1);
/// After so long nobody goes on without having looked.
const KNOWN: Duration = Duration::from_secs(2);
/// When so many are known, those that have not been used lately are forgotten.
const KNOWN_MAX: usize = 10_000;

/// A token that was verified.
#[derive(Debug)]
pub struct Known {
    /// What it allows.
    pub access: Arc<Access>,
    /// The token.
    pub token: Token,
    /// What its holder may still ask at the moment.
    pub bucket: Arc<Bucket>,
    verified: Instant,
    is_renewing: AtomicBool,
}

/// Tokens that were verified a moment ago, by the hash of their secret.
#[derive(Debug, Default)]
pub struct Tokens {
    known: RwLock<HashMap<[u8; 32], Arc<Known>>>,
    /// Counts how often everything was forgotten, so that what was read before is not kept after.
    forgotten: AtomicU64,
}

impl Tokens {
    /// The token, if it holds.
    pub async fn verify(self: &Arc<Self>, engine: &Arc<Engine>, secret: &Secret) -> Result<Option<Arc<Known>>, Error> {
        let hash = secret.hash();
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&hash).cloned();
        let Some(known) = known.filter(|known| known.verified.elapsed() < KNOWN) else {
            return self.look(engine, secret.clone(), hash).await;
        };
        if known.verified.elapsed() >= FRESH && !known.is_renewing.swap(true, Ordering::Relaxed) {
            let (tokens, engine, secret) = (Arc::clone(self), Arc::clone(engine), secret.clone());
            tokio::spawn(async move {
                // An error shows when somebody has to wait for the answer.
                let _ = tokens.look(&engine, secret, hash).await;
            });
        }
        Ok(Some(known).filter(|known| known.token.is_valid(engine.now())))
    }

    /// Forgets everything: what changed may concern any of them.
    pub fn forget(&self) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.known.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    async fn look(&self, engine: &Arc<Engine>, secret: Secret, hash: [u8; 32]) -> Result<Option<Arc<Known>>, Error> {
        let generation = self.forgotten.load(Ordering::SeqCst);
        let asked = Instant::now();
        let now = engine.now();
        let tenant = secret.tenant();
        let verified = bridge::read(engine, move |conn| security::verify(conn, tenant, &hash, now)).await?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let Some(verified) = verified else {
            known.remove(&hash);
            return Ok(None);
        };
        if known.len() >= KNOWN_MAX {
            known.retain(|_, known| known.verified.elapsed() < KNOWN);
        }
        let bucket = known.get(&hash).map(|known| Arc::clone(&known.bucket)).unwrap_or_default();
        let found = Arc::new(Known {
            access: Arc::new(verified.access),
            token: verified.token,
            bucket,
            verified: asked,
            is_renewing: AtomicBool::new(false),
        });
        if self.forgotten.load(Ordering::SeqCst) == generation && known.len() < KNOWN_MAX {
            known.insert(hash, Arc::clone(&found));
        }
        Ok(Some(found))
    }
}
