//! What rounds of several people came to.

use serde_json::json;
use sqlx::PgConnection;

use crate::audit::Change;
use crate::error::{Error, Result};
use crate::id::{DeskId, RoundId};
use crate::reviews::judging::Judging;
use crate::reviews::round::{How, Outcome, Round, Tally};

/// What a round came to.
///
/// # Errors
/// [`Error::NotFound`] when it has not come to anything yet.
pub async fn get(conn: &mut PgConnection, desk: DeskId, round: RoundId) -> Result<Outcome> {
    let row = sqlx::query!(
        r#"
        SELECT rating_code, how AS "how: How", tally::text AS "tally!", reason
        FROM round_outcomes WHERE desk_id = $1 AND round_id = $2
        "#,
        desk as _,
        round as _,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("outcome"))?;
    let tally = serde_json::from_str(&row.tally).map_err(Error::internal)?;
    Ok(Outcome { rating: row.rating_code, how: row.how, tally, reason: row.reason })
}

/// How many gave which rating, of the ratings that count in a round now.
pub(super) async fn tally(conn: &mut PgConnection, desk: DeskId, round: RoundId) -> Result<Tally> {
    let rows = sqlx::query!(
        r#"
        SELECT rating_code AS "rating!", count(*) AS "times!" FROM counted_assessments($1, $2)
        GROUP BY rating_code ORDER BY rating_code
        "#,
        desk as _,
        round as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.rating, row.times)).collect())
}

/// Keeps what the open round came to.
pub(super) async fn keep(
    conn: &mut PgConnection,
    change: &Change,
    judging: &Judging,
    round: &Round,
    outcome: &Outcome,
) -> Result<()> {
    insert(conn, change, judging, round.id, outcome, None).await
}

/// Lets the outcome of an ended round stand for the one that goes on from it.
pub(super) async fn carry(
    conn: &mut PgConnection,
    change: &Change,
    judging: &Judging,
    (from, to): (RoundId, RoundId),
    outcome: &Outcome,
) -> Result<()> {
    insert(conn, change, judging, to, outcome, Some(from)).await?;
    sqlx::query!(
        r#"
        UPDATE rounds
        SET judged = true, rating_code = $3, draft_version = draft_version + 1, row_version = row_version + 1,
            event_id = $4
        WHERE desk_id = $1 AND id = $2
        "#,
        change.desk as _,
        to as _,
        outcome.rating,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn insert(
    conn: &mut PgConnection,
    change: &Change,
    judging: &Judging,
    round: RoundId,
    outcome: &Outcome,
    carried_from: Option<RoundId>,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO round_outcomes (desk_id, round_id, scale_version_id, rating_code, how, tally, reason, carried_from,
                                    created_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6::text::json, $7, $8, $9, $10, $11)
        "#,
        change.desk as _,
        round as _,
        judging.scale.version as _,
        outcome.rating,
        outcome.how as _,
        json!(outcome.tally).to_string(),
        outcome.reason,
        carried_from as _,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}
