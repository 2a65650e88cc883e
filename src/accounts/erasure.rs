//! Erasing an account: what says who the person was goes, what they did stays under a pseudonym.

use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::names::{Handle, Name};
use super::store;
use super::store::erasure::Membership;
use crate::audit::{self, Actor};
use crate::auth::session;
use crate::error::{Error, Result};
use crate::id::AccountId;

/// What is said to who would leave others at a desk without anybody to manage it.
pub const LAST_ADMIN: &str = "You are the only admin of a desk that others work at. Make somebody else an admin first, then try again.";

/// The names that an erased account has: of the account's id, so that two are told apart, and nothing else.
fn pseudonym(account: AccountId) -> Option<(Handle, Name)> {
    let id = account.uuid().simple().to_string();
    let (_, last) = id.split_at(20);
    Some((Handle::parse(&format!("erased-{last}"))?, Name::parse(&format!("Former member {last}"))?))
}

/// Takes from an account its names, its password, its sessions and its roles. Each of its desks' records says so, without
/// a name; `by_itself` whether the person asked for it, or whoever runs the server.
///
/// # Errors
/// [`Error::Conflict`] when a desk would be left without an admin, and when it was erased before.
pub async fn erase(
    conn: &mut PgConnection,
    account: AccountId,
    handle: &Handle,
    by_itself: bool,
    now: OffsetDateTime,
) -> Result<()> {
    let (new_handle, new_name) =
        pseudonym(account).ok_or_else(|| Error::internal("a pseudonym that is no name"))?;
    let memberships = store::erasure::lock_memberships(conn, account).await?;
    if memberships.iter().any(|membership| membership.is_last_admin) {
        return Err(Error::conflict(LAST_ADMIN));
    }
    for Membership { desk, roles, .. } in memberships {
        let details = json!({"roles": {"before": roles, "after": []}});
        if by_itself {
            let actor = Actor { desk, account, at: now };
            audit::record(conn, actor, "account.erase", "account", account, &details).await?;
        } else {
            audit::record_by_server(conn, desk, now, "account.erase", "account", account, &details).await?;
        }
        store::erasure::leave(conn, desk, account, now).await?;
    }
    session::end_all(conn, account, None).await?;
    store::devices::forget(conn, account, None).await?;
    store::passwords::end_all(conn, account).await?;
    store::erasure::forget(conn, account, handle, (&new_handle, &new_name), now).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_is_made_of_the_id_alone() {
        let account = AccountId::from(uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_1234_5678_9abc));
        let (handle, name) = pseudonym(account).unwrap();
        assert_eq!((handle.as_str(), name.as_str()), ("erased-123456789abc", "Former member 123456789abc"));
    }
}
