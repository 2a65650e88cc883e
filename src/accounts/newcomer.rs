//! The fields that make an account, on the setup page and on an invitation's.

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::names::{Handle, Name};
use super::password::Password;
use super::{hashing, store};
use crate::error::Result;
use crate::id::AccountId;
use crate::web::problems::Problems;

/// An account that is about to be made: only its password is not hashed yet.
pub struct Newcomer {
    pub handle: Handle,
    pub name: Name,
    password: Password,
}

/// An account that can be stored.
#[derive(Clone, Debug)]
pub struct Hashed {
    pub id: AccountId,
    handle: Handle,
    name: Name,
    password_hash: String,
}

impl Newcomer {
    /// The account in these fields; what is wrong goes to the problems. `context` is what is guessed first here, besides
    /// the person's own names.
    #[must_use]
    pub fn parse(
        handle: &str,
        name: &str,
        password: &str,
        context: &str,
        problems: &mut Problems,
    ) -> Option<Self> {
        let words = [handle, name, context];
        let parsed = (Handle::parse(handle), Name::parse(name), Password::new(password, &words));
        if parsed.0.is_none() {
            problems.add("handle", Handle::RULE);
        }
        if parsed.1.is_none() {
            problems.add("display_name", Name::RULE);
        }
        if let Err(weak) = &parsed.2 {
            problems.add("password", weak.to_string());
        }
        match parsed {
            (Some(handle), Some(name), Ok(password)) => Some(Self { handle, name, password }),
            _ => None,
        }
    }

    /// The account, with its password hashed.
    ///
    /// # Errors
    /// [`crate::error::Error::Unavailable`] when too many passwords are being hashed.
    pub async fn hash(self) -> Result<Hashed> {
        let password_hash = hashing::hash(self.password).await?;
        Ok(Hashed { id: AccountId::new(), handle: self.handle, name: self.name, password_hash })
    }
}

impl Hashed {
    /// Stores the account.
    ///
    /// # Errors
    /// [`crate::error::Error::Conflict`] when the handle is another's.
    pub async fn insert(&self, conn: &mut PgConnection, now: OffsetDateTime) -> Result<()> {
        store::accounts::insert(conn, self.id, &self.handle, &self.name, &self.password_hash, now).await
    }
}
