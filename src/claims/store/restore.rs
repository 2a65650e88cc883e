//! Giving a claim and its appearances texts that they had before.

use serde_json::{Value, json};
use sqlx::PgConnection;

use super::appearances::{set_removed, update_appearance};
use super::edit::update;
use super::places::appearance;
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::MarkClaim;
use crate::claims::appearance::{Appearance, Described};
use crate::claims::pages::check_public;
use crate::claims::{Claim, ClaimFields};
use crate::editing::{Merge, Sent};
use crate::error::Result;
use crate::id::{AppearanceId, EventId};

/// Gives a claim the texts that it had at a version.
///
/// # Errors
/// [`crate::error::Error::Conflict`] when its words are being judged, [`crate::error::Error::Invalid`] when they break a rule that came later.
pub async fn restore(
    conn: &mut PgConnection,
    by: &Authorized<MarkClaim>,
    claim: &Claim,
    to: &Sent,
    version: EventId,
) -> Result<()> {
    check_public(by, claim)?;
    let theirs = claim.values();
    let merge = to.merge(&theirs);
    let fields = ClaimFields::parse(&merge.applied(&theirs))?;
    let change = audit::record(conn, by, "claim.edit", "claim", claim.id, &restored(&merge, version)).await?;
    update(conn, by, &change, claim.id, claim.row_version, &fields).await
}

/// Gives an appearance of a claim the texts that it had at a version, or takes it away when it was not there.
///
/// # Errors
/// As [`restore`], and [`crate::error::Error::Invalid`] when it cannot be the first known one any more.
pub async fn restore_appearance(
    conn: &mut PgConnection,
    by: &Authorized<MarkClaim>,
    claim: &Claim,
    id: AppearanceId,
    to: Option<&Sent>,
    version: EventId,
) -> Result<()> {
    check_public(by, claim)?;
    let mut was = appearance(conn, by.desk.id, claim.id, id).await?;
    let Some(to) = to else {
        return remove(conn, by, &was, true).await;
    };
    if was.removed_at.is_some() {
        remove(conn, by, &was, false).await?;
        was = appearance(conn, by.desk.id, claim.id, id).await?;
    }
    let theirs = was.values();
    let merge = to.merge(&theirs);
    if merge.is_unchanged() {
        return Ok(());
    }
    let described = Described::parse(&merge.applied(&theirs), was.mark.is_none())?;
    let change =
        audit::record(conn, by, "appearance.edit", "appearance", id, &restored(&merge, version)).await?;
    update_appearance(conn, by, &change, &was, &described).await
}

/// Takes an appearance away, or brings it back, and says so.
///
/// # Errors
/// As [`set_removed`].
pub async fn remove(
    conn: &mut PgConnection,
    by: &Authorized<MarkClaim>,
    appearance: &Appearance,
    removed: bool,
) -> Result<()> {
    let place = appearance.mark.as_ref().map(|mark| mark.exact.as_str()).or(appearance.url.as_deref());
    let (action, details) = if removed {
        ("appearance.remove", json!({"place": {"before": place, "after": null}}))
    } else {
        ("appearance.restore", json!({"place": {"before": null, "after": place}}))
    };
    let change = audit::record(conn, by, action, "appearance", appearance.id, &details).await?;
    set_removed(conn, by, &change, appearance, removed).await
}

/// The details of an event that brings a version back.
fn restored(merge: &Merge, version: EventId) -> Value {
    let mut details = merge.details();
    details["restored"] = json!(version);
    details
}
