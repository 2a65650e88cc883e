//! All SQL of the agreement of ratings.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::filter::Filter;
use super::study::{Category, Rated, Rater, Study};
use crate::error::{Error, Result};
use crate::id::{AccountId, ClaimId, DeskId, RoundId, ScaleId};
use crate::reviews::agreement::Cell;
use crate::scales::{Colour, Entry, Shape};

/// How many rounds are looked at, the newest first.
pub const ROUNDS_MAX: i64 = 500_000;
/// How many ratings are read of them; more than nine people never rate in one round.
const RATINGS_MAX: i64 = 9 * ROUNDS_MAX;

/// The ratings of closed rounds of a scale.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn study(conn: &mut PgConnection, desk: DeskId, scale: &Entry, filter: &Filter) -> Result<Study> {
    let categories = categories(conn, desk, scale.id).await?;
    let mut rounds = rounds(conn, desk, scale.id, filter).await?;
    let places: HashMap<RoundId, usize> =
        rounds.iter().enumerate().map(|(place, rated)| (rated.0.round, place)).collect();
    let codes: HashMap<&str, u16> =
        (0..).zip(&categories).map(|(number, category)| (category.code.as_str(), number)).collect();
    for (rated, outcome) in &mut rounds {
        rated.outcome = outcome.as_deref().and_then(|code| codes.get(code).copied());
    }
    let mut rounds: Vec<Rated> = rounds.into_iter().map(|(rated, _)| rated).collect();
    let (from, to) = filter.period();
    let rows = sqlx::query!(
        r#"
        SELECT g.round_id AS "round!: RoundId", g.reviewer_id AS "reviewer!: AccountId", g.rating_code AS "rating!"
        FROM compared_ratings($1) g
        WHERE g.scale_id = $2 AND g.mode = $3 AND ($4::text IS NULL OR $4 = ANY (g.topics))
          AND ($5::timestamptz IS NULL OR g.decided_at >= $5) AND ($6::timestamptz IS NULL OR g.decided_at < $6)
        ORDER BY g.decided_at DESC, g.round_id, g.reviewer_id
        LIMIT $7
        "#,
        desk as _,
        scale.id as _,
        filter.rounds.as_str(),
        filter.topic,
        from,
        to,
        RATINGS_MAX,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut numbers: HashMap<AccountId, u32> = HashMap::new();
    for row in rows {
        let (Some(place), Some(code)) = (places.get(&row.round), codes.get(row.rating.as_str())) else {
            continue;
        };
        let next = u32::try_from(numbers.len()).map_err(Error::internal)?;
        let rater = *numbers.entry(row.reviewer).or_insert(next);
        rounds[*place].cells.push(Cell { rater, code: *code });
    }
    let raters = raters(conn, &numbers).await?;
    Ok(Study { kind: scale.kind, categories, raters, rounds })
}

/// The values that any version of a scale has, in the words of the newest that has them; those of older ones last.
async fn categories(conn: &mut PgConnection, desk: DeskId, scale: ScaleId) -> Result<Vec<Category>> {
    let rows = sqlx::query!(
        r#"
        SELECT code, label, shape AS "shape: Shape", colour AS "colour: Colour", rating_value FROM (
            SELECT DISTINCT ON (r.code) r.code, r.label, r.shape, r.colour, r.rating_value, r.position, v.number
            FROM scale_versions v
            JOIN rating_values r ON r.desk_id = v.desk_id AND r.scale_version_id = v.id
            WHERE v.desk_id = $1 AND v.scale_id = $2
            ORDER BY r.code, v.number DESC
        ) newest
        ORDER BY number DESC, position, code
        "#,
        desk as _,
        scale as _,
    )
    .fetch_all(conn)
    .await?;
    let category = rows.into_iter().map(|row| Category {
        class: format!("{} {}", row.shape.class(), row.colour.class()),
        code: row.code,
        label: row.label,
        worth: row.rating_value.map(f64::from),
    });
    Ok(category.collect())
}

/// Closed rounds, the newest first, without what was given in them, and with the code of what was decided.
async fn rounds(
    conn: &mut PgConnection,
    desk: DeskId,
    scale: ScaleId,
    filter: &Filter,
) -> Result<Vec<(Rated, Option<String>)>> {
    let (from, to) = filter.period();
    let rows = sqlx::query!(
        r#"
        SELECT g.round_id AS "round!: RoundId", g.claim_id AS "claim!: ClaimId", g.decided_at AS "at!",
               g.topics AS "topics!", g.outcome
        FROM compared_rounds($1) g
        WHERE g.scale_id = $2 AND g.mode = $3 AND ($4::text IS NULL OR $4 = ANY (g.topics))
          AND ($5::timestamptz IS NULL OR g.decided_at >= $5) AND ($6::timestamptz IS NULL OR g.decided_at < $6)
        ORDER BY g.decided_at DESC, g.round_id
        LIMIT $7
        "#,
        desk as _,
        scale as _,
        filter.rounds.as_str(),
        filter.topic,
        from,
        to,
        ROUNDS_MAX,
    )
    .fetch_all(conn)
    .await?;
    let rated = rows.into_iter().map(|row| {
        let rated = Rated {
            round: row.round,
            claim: row.claim,
            at: row.at,
            topics: row.topics,
            outcome: None,
            cells: Vec::new(),
        };
        (rated, row.outcome)
    });
    Ok(rated.collect())
}

/// Who rated, by the numbers they were given.
async fn raters(conn: &mut PgConnection, numbers: &HashMap<AccountId, u32>) -> Result<Vec<Rater>> {
    let accounts: Vec<AccountId> = numbers.keys().copied().collect();
    let rows = sqlx::query_as!(
        Rater,
        r#"
        SELECT id AS "account: AccountId", handle, display_name AS name FROM accounts WHERE id = ANY ($1::uuid[])
        "#,
        &accounts as _,
    )
    .fetch_all(conn)
    .await?;
    let mut raters = rows;
    raters.sort_unstable_by_key(|rater| numbers.get(&rater.account).copied());
    Ok(raters)
}

/// The words of claims.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn words(
    conn: &mut PgConnection,
    desk: DeskId,
    claims: &[ClaimId],
) -> Result<HashMap<ClaimId, String>> {
    let rows = sqlx::query!(
        r#"
        SELECT id AS "id: ClaimId", claim_reviewed FROM claims WHERE desk_id = $1 AND id = ANY ($2::uuid[])
        "#,
        desk as _,
        claims as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.claim_reviewed)).collect())
}

/// The topics of a desk's claims that were rated by several people, by name.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn topics(conn: &mut PgConnection, desk: DeskId) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT DISTINCT t.topic AS "topic!"
        FROM compared_rounds($1) g CROSS JOIN LATERAL unnest(g.topics) AS t (topic)
        ORDER BY 1
        LIMIT 500
        "#,
        desk as _,
    )
    .fetch_all(conn)
    .await?)
}
