//! The SQL of places. Who may have one, and how many there are, is the database's rule.

use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{ASSIGNED, Draw, How, KEPT, Place};
use crate::audit::{self, Change, Submission};
use crate::auth::permission::{DraftVerdict, ReviewVerdict};
use crate::auth::{Authorized, Member};
use crate::claims;
use crate::db::IfViolates as _;
use crate::error::{Error, Result};
use crate::id::{AccountId, ClaimId, DeskId, RoundId};

const FULL: &str = "As many people as are needed assess this claim already. What you wrote is still here.";
const NOT_NOW: &str = "This claim is not assessed by this person, or by nobody at the moment.";

/// A round that is open for ratings.
struct Open {
    round: RoundId,
    claim: ClaimId,
}

/// One try to draw: see [`super::draw`].
///
/// # Errors
/// [`Error::Repeated`] when this was sent before.
pub async fn draw_one(
    conn: &mut PgConnection,
    by: &Authorized<ReviewVerdict>,
    submission: Option<&Submission>,
    skip: Option<RoundId>,
) -> Result<Draw> {
    if let Some(round) = skip {
        give_back(conn, by, round, by.person.account).await?;
    } else if let Some(place) = own(conn, by).await? {
        audit::once(conn, by, submission, &super::pages::address(&by.desk.slug, place.claim)).await?;
        return Ok(Draw::Place(place));
    }
    // What others draw from at this moment is left to them, as long as something else waits.
    let mut found = free(conn, by, skip).await?;
    if found.is_none() {
        found = waiting(conn, by, skip).await?;
    }
    let Some(Open { round, claim }) = found else {
        return Ok(Draw::Nothing);
    };
    // Its row is ours now; whether it still has a place is asked anew, because others may have been before us.
    if left(conn, by.desk.id, round, by.person.account, by.now).await? < 1 {
        return Ok(Draw::Again);
    }
    audit::once(conn, by, submission, &super::pages::address(&by.desk.slug, claim)).await?;
    let until = by.now + KEPT;
    let change = told(conn, by, "place.draw", claim, round, by.person.account).await?;
    keep(conn, &change, round, claim, (by.person.account, How::Drawn, None), until).await?;
    Ok(Draw::Place(Place { round, claim, until }))
}

/// The member's own place that is kept and not used yet.
async fn own(conn: &mut PgConnection, by: &Member) -> Result<Option<Place>> {
    Ok(sqlx::query_as!(
        Place,
        r#"
        SELECT h.round_id AS "round: RoundId", h.claim_id AS "claim: ClaimId", h.until
        FROM assessment_places h
        JOIN rounds r ON r.desk_id = h.desk_id AND r.id = h.round_id
        WHERE h.desk_id = $1 AND h.account_id = $2 AND h.until > $3 AND may_rate(r, $2)
          AND NOT EXISTS (SELECT FROM assessments a
                          WHERE a.desk_id = h.desk_id AND a.round_id = h.round_id AND a.reviewer_id = $2 AND a.kind = 'rating')
        ORDER BY h.since, h.round_id
        LIMIT 1
        "#,
        by.desk.id as _,
        by.person.account as _,
        by.now,
    )
    .fetch_optional(conn)
    .await?)
}

/// The most urgent round with a place for the member that nobody else draws from, locked.
async fn free(conn: &mut PgConnection, by: &Member, skip: Option<RoundId>) -> Result<Option<Open>> {
    Ok(sqlx::query_as!(
        Open,
        r#"
        SELECT r.id AS "round: RoundId", r.claim_id AS "claim: ClaimId"
        FROM rounds r JOIN claims c ON c.desk_id = r.desk_id AND c.id = r.claim_id
        WHERE r.desk_id = $1 AND r.state = 'in_review' AND r.id IS DISTINCT FROM $4 AND may_draw(r, $2, $3)
        ORDER BY priority_rank(c.priority), c.due_on, r.id
        LIMIT 1
        FOR NO KEY UPDATE OF r SKIP LOCKED
        "#,
        by.desk.id as _,
        by.person.account as _,
        by.now,
        skip as _,
    )
    .fetch_optional(conn)
    .await?)
}

/// The same, once those who draw from it are done.
async fn waiting(conn: &mut PgConnection, by: &Member, skip: Option<RoundId>) -> Result<Option<Open>> {
    Ok(sqlx::query_as!(
        Open,
        r#"
        SELECT r.id AS "round: RoundId", r.claim_id AS "claim: ClaimId"
        FROM rounds r JOIN claims c ON c.desk_id = r.desk_id AND c.id = r.claim_id
        WHERE r.desk_id = $1 AND r.state = 'in_review' AND r.id IS DISTINCT FROM $4 AND may_draw(r, $2, $3)
        ORDER BY priority_rank(c.priority), c.due_on, r.id
        LIMIT 1
        FOR NO KEY UPDATE OF r
        "#,
        by.desk.id as _,
        by.person.account as _,
        by.now,
        skip as _,
    )
    .fetch_optional(conn)
    .await?)
}

async fn left(
    conn: &mut PgConnection,
    desk: DeskId,
    round: RoundId,
    account: AccountId,
    now: OffsetDateTime,
) -> Result<i32> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT CASE WHEN may_rate(r, $3) THEN places_left(r, $3, $4) ELSE 0 END AS "left!"
        FROM rounds r WHERE r.desk_id = $1 AND r.id = $2
        "#,
        desk as _,
        round as _,
        account as _,
        now,
    )
    .fetch_one(conn)
    .await?)
}

/// Makes sure that the member has a place in a round, for an hour from now: whoever assesses without having drawn takes one.
///
/// # Errors
/// [`Error::Conflict`] when others have all places, or nobody assesses in it now; [`Error::NotFound`].
pub async fn take(conn: &mut PgConnection, by: &Authorized<ReviewVerdict>, round: RoundId) -> Result<()> {
    let (desk, me) = (by.desk.id, by.person.account);
    let open = sqlx::query_as!(
        Open,
        r#"
        SELECT r.id AS "round: RoundId", r.claim_id AS "claim: ClaimId"
        FROM rounds r WHERE r.desk_id = $1 AND r.id = $2
        FOR NO KEY UPDATE
        "#,
        desk as _,
        round as _,
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(Error::NotFound("round"))?;
    if renew(conn, by, round).await? {
        return Ok(());
    }
    if left(conn, desk, round, me, by.now).await? < 1 {
        return Err(Error::conflict(FULL));
    }
    let change = told(conn, by, "place.take", open.claim, round, me).await?;
    keep(conn, &change, round, open.claim, (me, How::Taken, None), by.now + KEPT).await
}

/// Keeps the member's place for an hour from now, if there is one that is kept. Nothing is recorded of it.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn renew(conn: &mut PgConnection, by: &Member, round: RoundId) -> Result<bool> {
    let renewed = sqlx::query!(
        r#"
        UPDATE assessment_places SET until = greatest(until, $5), at = $4
        WHERE desk_id = $1 AND round_id = $2 AND account_id = $3 AND until > $4
        "#,
        by.desk.id as _,
        round as _,
        by.person.account as _,
        by.now,
        by.now + KEPT,
    )
    .execute(conn)
    .await
    .if_violates("assessment_places_for_those_who_may", Error::conflict(NOT_NOW))?;
    Ok(renewed.rows_affected() == 1)
}

/// Keeps the member's place in the claim's open round, if there is one that is kept.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn renew_in(conn: &mut PgConnection, by: &Member, claim: ClaimId) -> Result<()> {
    let round = sqlx::query_scalar!(
        r#"
        SELECT h.round_id AS "round: RoundId" FROM assessment_places h
        JOIN rounds r ON r.desk_id = h.desk_id AND r.id = h.round_id
        WHERE h.desk_id = $1 AND h.claim_id = $2 AND h.account_id = $3 AND h.until > $4 AND may_rate(r, $3)
        LIMIT 1
        "#,
        by.desk.id as _,
        claim as _,
        by.person.account as _,
        by.now,
    )
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(round) = round {
        renew(conn, by, round).await?;
    }
    Ok(())
}

/// Gives somebody a place in the open round of a claim.
///
/// # Errors
/// [`Error::Conflict`] when all places are taken, or the person does not assess this claim.
pub async fn assign(
    conn: &mut PgConnection,
    by: &Authorized<DraftVerdict>,
    claim: ClaimId,
    to: AccountId,
) -> Result<()> {
    let round = open_round(conn, by.desk.id, claim).await?;
    let is_member = sqlx::query_scalar!(
        r#"
        SELECT EXISTS (SELECT FROM memberships
                       WHERE desk_id = $1 AND account_id = $2 AND roles && $3) AS "is!"
        "#,
        by.desk.id as _,
        to as _,
        &reviewers(),
    )
    .fetch_one(&mut *conn)
    .await?;
    if !is_member {
        return Err(Error::invalid("Choose somebody of the desk who reviews verdicts."));
    }
    let change = told(conn, by, "place.assign", claim, round, to).await?;
    keep(conn, &change, round, claim, (to, How::Assigned, Some(change.by)), by.now + ASSIGNED).await
}

/// The roles of those who assess.
pub(super) fn reviewers() -> Vec<String> {
    use crate::auth::Permission as _;
    ReviewVerdict::ROLES.iter().map(|role| role.as_str().to_owned()).collect()
}

/// The round of a claim in which people rate now.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such claim, [`Error::Conflict`] when nobody rates it now.
pub(super) async fn open_round(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<RoundId> {
    claims::store::get(conn, desk, claim).await?;
    sqlx::query_scalar!(
        r#"
        SELECT id AS "id: RoundId" FROM rounds
        WHERE desk_id = $1 AND claim_id = $2 AND state = 'in_review' AND mode IN ('blind', 'panel') AND NOT judged
        "#,
        desk as _,
        claim as _,
    )
    .fetch_optional(conn)
    .await?
    .ok_or_else(|| Error::conflict("Nobody assesses this claim at the moment."))
}

/// Leaves one's place in the open round of a claim to others; an editor also somebody else's.
///
/// # Errors
/// [`Error::Conflict`] when the person has none that is kept.
pub async fn release(
    conn: &mut PgConnection,
    by: &Authorized<ReviewVerdict>,
    claim: ClaimId,
    account: AccountId,
) -> Result<()> {
    let round = open_round(conn, by.desk.id, claim).await?;
    if give_back(conn, by, round, account).await? {
        Ok(())
    } else {
        Err(Error::conflict("There is no such place any more."))
    }
}

async fn give_back(
    conn: &mut PgConnection,
    by: &Authorized<ReviewVerdict>,
    round: RoundId,
    account: AccountId,
) -> Result<bool> {
    let claim = sqlx::query_scalar!(
        r#"
        SELECT claim_id AS "claim: ClaimId" FROM assessment_places
        WHERE desk_id = $1 AND round_id = $2 AND account_id = $3 AND NOT released
        FOR UPDATE
        "#,
        by.desk.id as _,
        round as _,
        account as _,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(claim) = claim else { return Ok(false) };
    let change = told(conn, by, "place.release", claim, round, account).await?;
    sqlx::query!(
        r#"
        UPDATE assessment_places SET until = least(until, $4), at = $4, released = true, event_id = $5
        WHERE desk_id = $1 AND round_id = $2 AND account_id = $3
        "#,
        change.desk as _,
        round as _,
        account as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(true)
}

/// Records what is done with somebody's place. Names are not written down, only whose account it is.
async fn told(
    conn: &mut PgConnection,
    by: &Member,
    action: &str,
    claim: ClaimId,
    round: RoundId,
    account: AccountId,
) -> Result<Change> {
    let known = sqlx::query_scalar!(
        "SELECT id FROM assessment_places WHERE desk_id = $1 AND round_id = $2 AND account_id = $3",
        by.desk.id as _,
        round as _,
        account as _,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let details = json!({"claim": claim, "round": round, "account": account});
    audit::record(conn, by, action, "place", known.unwrap_or_else(Uuid::now_v7), &details).await
}

async fn keep(
    conn: &mut PgConnection,
    change: &Change,
    round: RoundId,
    claim: ClaimId,
    (account, how, assigned_by): (AccountId, How, Option<AccountId>),
    until: OffsetDateTime,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO assessment_places AS h (desk_id, round_id, account_id, id, claim_id, how, assigned_by, since, at, until,
                                            event_id)
        SELECT $1, $2, $3, e.entity_id, $4, $5, $6, $7, $7, $8, $9 FROM events e WHERE e.desk_id = $1 AND e.id = $9
        ON CONFLICT (desk_id, round_id, account_id) DO UPDATE
        SET how = $5, assigned_by = $6, since = $7, at = $7, until = greatest(h.until, $8), released = false, event_id = $9
        "#,
        change.desk as _,
        round as _,
        account as _,
        claim as _,
        how as _,
        assigned_by as _,
        change.at,
        until,
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates("assessment_places_not_too_many", Error::conflict(FULL))
    .if_violates("assessment_places_for_those_who_may", Error::conflict(NOT_NOW))?;
    Ok(())
}

/// Who has a place in a round, and how many have rated.
#[derive(Clone, Debug)]
pub struct Standing {
    pub round: RoundId,
    /// How many rate in all.
    pub people: i16,
    /// How many have.
    pub given: i64,
    /// How many places nobody has.
    pub left: i32,
    /// Until when the reader's own place is kept.
    pub own: Option<OffsetDateTime>,
    /// Whether the reader has rated.
    pub rated: bool,
    /// Whether the reader may.
    pub may: bool,
}

/// How the places of a claim's open round stand, for somebody who looks; nothing when nobody rates it now.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn standing(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    reader: AccountId,
    now: OffsetDateTime,
) -> Result<Option<Standing>> {
    Ok(sqlx::query_as!(
        Standing,
        r#"
        SELECT r.id AS "round: RoundId", p.people,
               (SELECT count(*) FROM counted_assessments(r.desk_id, r.id)) AS "given!",
               greatest(0, places_left(r, '00000000-0000-0000-0000-000000000000', $4)) AS "left!",
               h.until AS "own?", may_rate(r, $3) AS "may!",
               EXISTS (SELECT FROM assessments a
                       WHERE a.desk_id = r.desk_id AND a.round_id = r.id AND a.reviewer_id = $3
                         AND a.kind = 'rating') AS "rated!"
        FROM rounds r
        JOIN review_policies p ON p.desk_id = r.desk_id AND p.id = r.policy_id
        LEFT JOIN assessment_places h
            ON h.desk_id = r.desk_id AND h.round_id = r.id AND h.account_id = $3 AND h.until > $4
        WHERE r.desk_id = $1 AND r.claim_id = $2 AND r.state = 'in_review' AND r.mode IN ('blind', 'panel')
          AND NOT r.judged
        "#,
        desk as _,
        claim as _,
        reader as _,
        now,
    )
    .fetch_optional(conn)
    .await?)
}

/// Those whom a place in a round can be given: who reviews, may rate in it, and has neither a place nor rated. Who has rated
/// already cannot be told from who has a place.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn assignable(
    conn: &mut PgConnection,
    desk: DeskId,
    round: RoundId,
) -> Result<Vec<(AccountId, String)>> {
    let rows = sqlx::query!(
        r#"
        SELECT a.id AS "id: AccountId", a.display_name
        FROM rounds r
        JOIN memberships m ON m.desk_id = r.desk_id AND m.roles && $3
        JOIN accounts a ON a.id = m.account_id
        WHERE r.desk_id = $1 AND r.id = $2 AND may_rate(r, a.id)
        ORDER BY a.display_name, a.id
        LIMIT 200
        "#,
        desk as _,
        round as _,
        &reviewers(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.display_name)).collect())
}
