//! "Has this been checked?": claims of the desk whose words are much like another's.

use std::collections::HashSet;
use std::hash::BuildHasher;

use sqlx::PgConnection;
use uuid::Uuid;

use crate::agents::key;
use crate::audit::Change;
use crate::auth::Authorized;
use crate::auth::permission::SortClaim;
use crate::claims::Stage;
use crate::error::Result;
use crate::id::{ClaimId, DeskId};
use crate::scales::Badge;

/// A claim that may say the same.
#[derive(Clone, Debug)]
pub struct Similar {
    pub id: ClaimId,
    pub claim_reviewed: String,
    pub stage: Stage,
    /// The public verdict's.
    pub rating: Option<Badge>,
}

/// How many words of a claim are looked for: the longest, which are the rarest.
const WORDS: usize = 12;
/// How many claims are compared, and how many shown.
const COMPARED: i64 = 60;
const SHOWN: usize = 5;
/// How much of the shorter claim's words the other has to share, in hundredths.
pub const LIKENESS: usize = 45;

/// The claims that are most like this one, public ones first. Those that somebody found to be others are left out.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn similar(
    conn: &mut PgConnection,
    desk: DeskId,
    to: ClaimId,
    claim_reviewed: &str,
) -> Result<Vec<Similar>> {
    let mine = words(claim_reviewed);
    let Some(query) = any_of(&mine) else { return Ok(Vec::new()) };
    let rows = sqlx::query!(
        r#"
        SELECT c.id AS "id: ClaimId", c.claim_reviewed, c.stage AS "stage: Stage", v.label AS "label?", v.shape AS "shape?",
               v.colour AS "colour?"
        FROM claims c
        LEFT JOIN verdicts d ON c.stage = 'published' AND d.desk_id = c.desk_id AND d.claim_id = c.id AND d.number = c.current_verdict
        LEFT JOIN rating_values v ON v.desk_id = d.desk_id AND v.scale_version_id = d.scale_version_id AND v.code = d.rating_code
        WHERE c.desk_id = $1 AND c.id <> $2 AND c.stage <> 'duplicate' AND c.search @@ to_tsquery('simple', $3)
          AND NOT EXISTS (
                SELECT FROM claim_distinctions x
                WHERE x.desk_id = c.desk_id AND x.claim_id = least(c.id, $2) AND x.other_id = greatest(c.id, $2))
        ORDER BY ts_rank(c.search, to_tsquery('simple', $3)) DESC, c.id
        LIMIT $4
        "#,
        desk as _,
        to as _,
        query,
        COMPARED,
    )
    .fetch_all(conn)
    .await?;
    let mut found: Vec<(usize, Similar)> = rows
        .into_iter()
        .filter_map(|row| {
            let score = likeness(&mine, &words(&row.claim_reviewed));
            let rating = Badge::of(row.label, row.shape.as_deref(), row.colour.as_deref());
            let similar =
                Similar { id: row.id, claim_reviewed: row.claim_reviewed, stage: row.stage, rating };
            (score >= LIKENESS).then_some((score, similar))
        })
        .collect();
    found.sort_by_key(|(score, similar)| (!similar.stage.is_public(), std::cmp::Reverse(*score), similar.id));
    found.truncate(SHOWN);
    Ok(found.into_iter().map(|(_, similar)| similar).collect())
}

/// A query for claims with any of these words, of which the longest are the rarest.
#[must_use]
pub fn any_of(words: &HashSet<String, impl BuildHasher>) -> Option<String> {
    let mut longest: Vec<&String> = words.iter().collect();
    longest.sort_by_key(|word| (std::cmp::Reverse(word.chars().count()), word.as_str()));
    longest.truncate(WORDS);
    // Words hold letters, digits and marks only: nothing that a query would take for an operator.
    let query: Vec<String> = longest.iter().map(|word| format!("'{word}'")).collect();
    (!query.is_empty()).then(|| query.join(" | "))
}

/// The words of a claim that say something: folded, and with more than two letters or a digit.
#[must_use]
pub fn words(text: &str) -> HashSet<String> {
    key(text)
        .split(' ')
        .filter(|word| word.chars().count() > 2 || word.chars().any(char::is_numeric))
        .map(str::to_owned)
        .collect()
}

/// How many of the words of the one with fewer words the other has, too, in hundredths.
#[must_use]
pub fn likeness<H: BuildHasher>(one: &HashSet<String, H>, other: &HashSet<String, H>) -> usize {
    let fewer = one.len().min(other.len()).max(2);
    one.intersection(other).count() * 100 / fewer
}

/// Remembers that two claims do not say the same, so that neither is suggested for the other again.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn distinguish(
    conn: &mut PgConnection,
    by: &Authorized<SortClaim>,
    change: &Change,
    one: ClaimId,
    other: ClaimId,
) -> Result<()> {
    let (claim, other): (Uuid, Uuid) = (one.min(other).uuid(), one.max(other).uuid());
    sqlx::query!(
        r#"
        INSERT INTO claim_distinctions (desk_id, claim_id, other_id, created_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING
        "#,
        by.desk.id as _,
        claim,
        other,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(one: &str, other: &str) -> bool {
        likeness(&words(one), &words(other)) >= LIKENESS
    }

    #[test]
    fn the_same_in_other_words_is_alike() {
        let bills = "Household water bills in Pellcombe have doubled since 2021";
        assert!(alike(bills, "Water bills in Pellcombe doubled since 2021"));
        assert!(alike(bills, "Since 2021 the water bills of Pellcombe households have doubled"));
        assert!(!alike(bills, "The bus to the hospital costs twice as much as in 2021"));
        assert!(!alike("", ""));
    }
}
