//! Passwords: argon2id, at most two at a time.
//!
//! Each check takes 19 MiB and some tens of milliseconds, on purpose. More than two at once would let
//! a flood of logins take the processors and the memory from those who work.

use std::sync::LazyLock;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use lotbook_engine::Error;
use tokio::sync::Semaphore;

use crate::bridge::blocking;

/// So many are computed at once.
static ROOM: Semaphore = Semaphore::const_new(2);
/// So many more may wait; a login after them is told to try again.
static QUEUE: Semaphore = Semaphore::const_new(64);

/// A longer password is refused: hashing it would only cost time.
pub const BYTES_MAX: usize = 1_000;

/// A shorter password is soon guessed.
pub const CHARS_MIN: usize = 8;

/// What a password is compared with when there is no such person: the answer takes as long, so that
/// it does not tell who exists.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash("nobody has this password"));

/// The hash of a password, with a salt of its own. Slow.
pub fn hash(password: &str) -> String {
    let hashed = Argon2::default().hash_password(password.as_bytes());
    hashed.expect("the default parameters are valid and the password is not too long").to_string()
}

/// Whether a password is the one that was hashed. Slow.
fn is_right(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// [`hash`], without holding up whoever answers requests.
pub async fn hash_aside(password: String) -> Result<String, Error> {
    let _turn = turn().await?;
    blocking(move || Ok(hash(&password))).await
}

/// Whether a password is right. Without a hash the answer is no, and takes as long.
pub async fn check_aside(password: String, kept: Option<String>) -> Result<bool, Error> {
    let _turn = turn().await?;
    blocking(move || {
        let is_right = is_right(&password, kept.as_deref().unwrap_or(&NOBODY));
        Ok(is_right && kept.is_some())
    })
    .await
}

async fn turn() -> Result<tokio::sync::SemaphorePermit<'static>, Error> {
    let _waiting = QUEUE.try_acquire().map_err(|_| Error::Busy("too many logins at once".to_owned()))?;
    Ok(ROOM.acquire().await.expect("the semaphore is never closed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let kept = hash_aside("pässword".into()).await.unwrap();
        assert!(kept.starts_with("$argon2id$"));
        assert!(check_aside("pässword".into(), Some(kept.clone())).await.unwrap());
        assert!(!check_aside("password".into(), Some(kept)).await.unwrap());
        assert!(!check_aside("nobody has this password".into(), None).await.unwrap());
        assert!(!check_aside("x".into(), Some("not a hash".into())).await.unwrap());
    }
}
