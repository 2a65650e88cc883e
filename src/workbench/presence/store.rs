//! The SQL of presence.

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::LEASE;
use crate::error::{Error, Result};
use crate::id::{AccountId, ClaimId, DeskId};

/// Who is on a claim, as somebody who looks at it is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Nobody.
    Free,
    /// Whoever looks.
    Mine,
    /// Somebody else.
    Theirs {
        name: String,
        since: OffsetDateTime,
        /// Whether that person took it over from whoever looks.
        taken: bool,
    },
    /// Nobody is told: several assess it blindly, each for themselves.
    Hidden,
}

/// Who is on a claim now.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such claim.
pub async fn standing(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    me: AccountId,
    now: OffsetDateTime,
) -> Result<Standing> {
    let row = sqlx::query!(
        r#"
        SELECT EXISTS (SELECT FROM rounds r
                       WHERE r.desk_id = c.desk_id AND r.claim_id = c.id
                         AND r.mode = 'blind' AND r.state = 'in_review' AND NOT r.judged) AS "hidden!",
               p.account_id AS "account?: AccountId", a.display_name AS "name?", p.since AS "since?",
               coalesce(p.taken_from = $3, false) AS "taken!"
        FROM claims c
        LEFT JOIN presences p ON p.desk_id = c.desk_id AND p.claim_id = c.id AND p.until > $4
        LEFT JOIN accounts a ON a.id = p.account_id
        WHERE c.desk_id = $1 AND c.id = $2
        "#,
        desk as _,
        claim as _,
        me as _,
        now,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("claim"))?;
    Ok(match (row.hidden, row.account, row.name, row.since) {
        (true, ..) => Standing::Hidden,
        (_, Some(account), ..) if account == me => Standing::Mine,
        (_, Some(_), Some(name), Some(since)) => Standing::Theirs { name, since, taken: row.taken },
        _ => Standing::Free,
    })
}

/// Notes that somebody is on a claim for the next minute, unless somebody else is; with `over`, even then.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such claim.
pub async fn be(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    me: AccountId,
    over: bool,
    now: OffsetDateTime,
) -> Result<Standing> {
    let before = standing(conn, desk, claim, me, now).await?;
    if before == Standing::Hidden {
        return Ok(before);
    }
    sqlx::query!(
        r#"
        INSERT INTO presences AS p (desk_id, claim_id, account_id, since, until) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (desk_id, claim_id) DO UPDATE
        SET since = CASE WHEN p.account_id = $3 AND p.until > $4 THEN p.since ELSE $4 END,
            taken_from = CASE WHEN p.account_id = $3 THEN p.taken_from WHEN p.until > $4 THEN p.account_id END,
            account_id = $3, until = $5
        WHERE p.account_id = $3 OR p.until <= $4 OR $6
        "#,
        desk as _,
        claim as _,
        me as _,
        now,
        now + LEASE,
        over,
    )
    .execute(&mut *conn)
    .await?;
    standing(conn, desk, claim, me, now).await
}

/// Notes that somebody has left a claim.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn leave(conn: &mut PgConnection, desk: DeskId, claim: ClaimId, me: AccountId) -> Result<()> {
    sqlx::query!(
        "DELETE FROM presences WHERE desk_id = $1 AND claim_id = $2 AND account_id = $3",
        desk as _,
        claim as _,
        me as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Who but `me` is on which of these claims now.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn on(
    conn: &mut PgConnection,
    desk: DeskId,
    claims: &[ClaimId],
    me: AccountId,
    now: OffsetDateTime,
) -> Result<Vec<(ClaimId, String)>> {
    let claims: Vec<_> = claims.iter().map(|claim| claim.uuid()).collect();
    let rows = sqlx::query!(
        r#"
        SELECT p.claim_id AS "claim: ClaimId", a.display_name
        FROM presences p JOIN accounts a ON a.id = p.account_id
        WHERE p.desk_id = $1 AND p.claim_id = ANY($2) AND p.account_id <> $3 AND p.until > $4
          AND NOT EXISTS (SELECT FROM rounds r
                          WHERE r.desk_id = p.desk_id AND r.claim_id = p.claim_id
                            AND r.mode = 'blind' AND r.state = 'in_review' AND NOT r.judged)
        ORDER BY p.claim_id
        LIMIT 100
        "#,
        desk as _,
        &claims,
        me as _,
        now,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.claim, row.display_name)).collect())
}
