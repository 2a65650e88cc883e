//! All SQL of what came in.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Arrived, Incoming, NewIntake, State, Step};
use crate::articles::intake::How;
use crate::audit::Change;
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::editing::Values;
use crate::error::{Error, Result};
use crate::id::{ArticleId, DeskId, IntakeId, SnapshotId};
use crate::text::address::{SafeUrl, url_key};
use crate::web::paging::{self, Page};

/// Notes something that comes in.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn insert(
    conn: &mut PgConnection,
    _by: &Authorized<AddArticle>,
    change: &Change,
    new: &NewIntake,
) -> Result<()> {
    let (state, snapshot, reason) = match new.arrived {
        Arrived::OnItsWay => (State::Waiting, None, None),
        Arrived::Ready(snapshot) => (State::Ready, Some(snapshot), None),
        Arrived::Refused(reason) => (State::Refused, None, Some(reason)),
    };
    sqlx::query!(
        r#"
        INSERT INTO intakes (desk_id, id, how, label, address, address_key, details, state, reason, snapshot_id,
                             requested_by, created_at, changed_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13)
        "#,
        change.desk as _,
        new.id as _,
        new.how as _,
        new.label,
        new.address.as_ref().map(SafeUrl::as_str),
        new.address.as_ref().map(|address| url_key(address).key),
        Json(&new.details) as _,
        state as _,
        reason,
        snapshot as _,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the next step; `false` when it stands where this step does not begin, or the desk has nothing of that id.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn advance(
    conn: &mut PgConnection,
    _by: &Authorized<AddArticle>,
    change: &Change,
    id: IntakeId,
    step: &Step,
) -> Result<bool> {
    let (from, to): (&[State], _) = match step {
        Step::Ready { .. } => (&[State::Waiting, State::Fetching], Some(State::Ready)),
        Step::Refused(_) => (&[State::Waiting, State::Fetching], Some(State::Refused)),
        Step::Wait => (&[State::Refused], Some(State::Waiting)),
        Step::Taken(_) => (&[State::Ready], Some(State::Taken)),
        Step::Dismissed => (&[State::Ready, State::Refused, State::Waiting], Some(State::Dismissed)),
        Step::Back => (&[State::Dismissed], None),
    };
    let from: Vec<String> = from.iter().map(|state| state.as_str().to_owned()).collect();
    let (snapshot, label) = match step {
        Step::Ready { snapshot, label } => (Some(*snapshot), label.as_deref()),
        _ => (None, None),
    };
    let article = if let Step::Taken(article) = step { Some(*article) } else { None };
    let reason = if let Step::Refused(reason) = step { Some(*reason) } else { None };
    let keeps_reason = matches!(step, Step::Dismissed | Step::Back);
    let updated = sqlx::query!(
        r#"
        UPDATE intakes
        SET state = coalesce($4, CASE WHEN snapshot_id IS NOT NULL THEN 'ready' WHEN reason IS NULL THEN 'waiting' ELSE 'refused' END),
            reason = CASE WHEN $5 THEN reason ELSE $6 END,
            snapshot_id = coalesce($7, snapshot_id), article_id = $8, label = coalesce($9, label),
            changed_at = $10, event_id = $11
        WHERE desk_id = $1 AND id = $2 AND state = ANY ($3)
        "#,
        change.desk as _,
        id as _,
        &from,
        to.map(State::as_str),
        keeps_reason,
        reason,
        snapshot as _,
        article as _,
        label,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Says that it is being fetched now; `false` when nobody waits for it any more. Jobs do so, and it is no event.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn begin_fetching(
    conn: &mut PgConnection,
    desk: DeskId,
    id: IntakeId,
    at: OffsetDateTime,
) -> Result<bool> {
    let updated = sqlx::query!(
        "UPDATE intakes SET state = 'fetching', changed_at = $3 WHERE desk_id = $1 AND id = $2 AND state = 'waiting'",
        desk as _,
        id as _,
        at,
    )
    .execute(conn)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Says that it waits again to be fetched, after a try that ended without a result.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn stop_fetching(
    conn: &mut PgConnection,
    desk: DeskId,
    id: IntakeId,
    at: OffsetDateTime,
) -> Result<()> {
    sqlx::query!(
        "UPDATE intakes SET state = 'waiting', changed_at = $3 WHERE desk_id = $1 AND id = $2 AND state = 'fetching'",
        desk as _,
        id as _,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those of these address keys that came in before, in whatever state, or are the address of an article.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn seen(conn: &mut PgConnection, desk: DeskId, keys: &[String]) -> Result<BTreeSet<String>> {
    let seen = sqlx::query_scalar!(
        r#"
        SELECT k.key AS "key!" FROM unnest($2::text[]) k (key)
        WHERE EXISTS (SELECT FROM intakes i WHERE i.desk_id = $1 AND i.address_key = k.key)
           OR EXISTS (SELECT FROM articles a WHERE a.desk_id = $1 AND a.url_key = k.key)
        "#,
        desk as _,
        keys,
    )
    .fetch_all(conn)
    .await?;
    Ok(seen.into_iter().collect())
}

/// How many are ready to be looked at.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn count_ready(pool: &PgPool, desk: DeskId) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM intakes WHERE desk_id = $1 AND state = 'ready'"#,
        desk as _,
    )
    .fetch_one(pool)
    .await?)
}

/// Fields as they are kept.
type Typed = Json<BTreeMap<String, String>>;

struct Row {
    id: IntakeId,
    how: How,
    label: String,
    address: Option<String>,
    details: Typed,
    state: State,
    reason: Option<String>,
    snapshot_id: Option<SnapshotId>,
    article_id: Option<ArticleId>,
    requested_by: String,
    created_at: OffsetDateTime,
    changed_at: OffsetDateTime,
}

impl Row {
    fn incoming(self) -> Result<Incoming> {
        Ok(Incoming {
            id: self.id,
            how: self.how,
            label: self.label,
            address: self.address.as_deref().map(SafeUrl::parse).transpose().map_err(Error::internal)?,
            details: known_fields(&self.details.0),
            state: self.state,
            reason: self.reason,
            snapshot: self.snapshot_id,
            article: self.article_id,
            requested_by: self.requested_by,
            created_at: self.created_at,
            changed_at: self.changed_at,
        })
    }
}

/// What was said about it, as far as the form has such fields.
fn known_fields(details: &BTreeMap<String, String>) -> Values {
    crate::articles::details::FIELDS
        .iter()
        .filter_map(|field| Some((field.name, details.get(field.name)?.clone())))
        .collect()
}

/// What came in, the newest first: what is still to be done, or all of it.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn list(pool: &PgPool, desk: DeskId, all: bool, after: Option<Uuid>) -> Result<Page<Incoming>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        SELECT i.id AS "id: IntakeId", i.how AS "how: How", i.label, i.address, i.details AS "details: Typed",
               i.state AS "state: State", i.reason, i.snapshot_id AS "snapshot_id: SnapshotId",
               i.article_id AS "article_id: ArticleId", c.display_name AS requested_by, i.created_at, i.changed_at
        FROM intakes i
        JOIN accounts c ON c.id = i.requested_by
        WHERE i.desk_id = $1 AND ($2::uuid IS NULL OR i.id < $2) AND ($3 OR i.state NOT IN ('taken', 'dismissed'))
        ORDER BY i.id DESC
        LIMIT $4
        "#,
        desk as _,
        after,
        all,
        paging::limit(),
    )
    .fetch_all(pool)
    .await?;
    let rows: Result<Vec<Incoming>> = rows.into_iter().map(Row::incoming).collect();
    Ok(Page::of(rows?, |row| row.id.uuid()))
}

/// Something that came in at a desk.
///
/// # Errors
/// [`Error::NotFound`] when the desk has nothing with that id.
pub async fn get(pool: &PgPool, desk: DeskId, id: IntakeId) -> Result<Incoming> {
    sqlx::query_as!(
        Row,
        r#"
        SELECT i.id AS "id: IntakeId", i.how AS "how: How", i.label, i.address, i.details AS "details: Typed",
               i.state AS "state: State", i.reason, i.snapshot_id AS "snapshot_id: SnapshotId",
               i.article_id AS "article_id: ArticleId", c.display_name AS requested_by, i.created_at, i.changed_at
        FROM intakes i
        JOIN accounts c ON c.id = i.requested_by
        WHERE i.desk_id = $1 AND i.id = $2
        "#,
        desk as _,
        id as _,
    )
    .fetch_optional(pool)
    .await?
    .ok_or(Error::NotFound("article to look at"))?
    .incoming()
}
