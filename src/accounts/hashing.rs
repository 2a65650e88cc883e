//! Hashing passwords: slow on purpose, off the threads that serve pages, and never more at once than the machine bears.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;

use super::password::Password;
use crate::error::{Error, Result};

/// Each takes 19 MiB and one core for some 30 ms.
const AT_ONCE: usize = 2;
/// More than these would wait for seconds: they are asked to come back.
const QUEUE: usize = 50;

static PERMITS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(AT_ONCE)));
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// What a password is compared with when there is no such account, so that the answer takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now(b"nobody has this password").unwrap_or_default());

/// The hash to store: argon2id, 19 MiB, 2 passes, 1 lane, in the PHC format, which names them.
/// <https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id>
///
/// # Errors
/// [`Error::Unavailable`] when too many wait.
pub async fn hash(password: Password) -> Result<String> {
    off_thread(move || hash_now(password.bytes())).await?
}

/// Whether it is the password of that hash; never, and as slowly, when there is none.
///
/// # Errors
/// [`Error::Unavailable`] when too many wait.
pub async fn verify(hash: Option<String>, password: Password) -> Result<bool> {
    off_thread(move || {
        let stored = hash.as_deref().unwrap_or(&NOBODY);
        let stored = PasswordHash::new(stored).map_err(|error| Error::internal(error.to_string()))?;
        let same = Argon2::default().verify_password(password.bytes(), &stored).is_ok();
        Ok(same && hash.is_some())
    })
    .await?
}

fn hash_now(password: &[u8]) -> Result<String> {
    let hash =
        Argon2::default().hash_password(password).map_err(|error| Error::internal(error.to_string()))?;
    Ok(hash.to_string())
}

/// Counts one who waits, also if they go away meanwhile.
struct Waiting;

impl Waiting {
    fn begin() -> Result<Self> {
        if WAITING.fetch_add(1, Ordering::Relaxed) >= QUEUE {
            WAITING.fetch_sub(1, Ordering::Relaxed);
            return Err(Error::Unavailable);
        }
        Ok(Self)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        WAITING.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let waiting = Waiting::begin()?;
    let permit = PERMITS.clone().acquire_owned().await.map_err(Error::internal)?;
    drop(waiting);
    // The permit goes with the work: it is in the way until it has ended, also when nobody waits for it any more.
    let work = move || {
        let outcome = work();
        drop(permit);
        outcome
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_hash_is_of_one_password_and_names_its_cost() {
        let hash = hash(Password::typed("demo-demo-demo-1")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify(Some(hash.clone()), Password::typed("demo-demo-demo-1")).await.unwrap());
        assert!(!verify(Some(hash), Password::typed("demo-demo-demo-2")).await.unwrap());
    }

    #[actix_web::test]
    async fn nobody_has_no_password() {
        assert!(!verify(None, Password::typed("nobody has this password")).await.unwrap());
    }
}
