//! All SQL of the agreement on what a claim is.

use std::collections::{BTreeMap, HashMap};

use sqlx::PgPool;
use time::OffsetDateTime;

use super::{Reader, Text};
use crate::agreement::study::Rater;
use crate::articles::texts;
use crate::claims::findings::Finding;
use crate::error::{Error, Result};
use crate::id::{AccountId, ArticleId, DeskId, VersionId};
use crate::text::render::sentence_list;

/// How many texts are looked at, the newest first.
pub const TEXTS_MAX: i64 = 200;
/// How many marks and findings are read of them.
const SAID_MAX: i64 = 200_000;

/// The texts that two people or more have judged, and who they are.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn read(pool: &PgPool, desk: DeskId) -> Result<(Vec<Text>, Vec<Rater>)> {
    let rows = sqlx::query!(
        r#"
        SELECT v.id AS "version: VersionId", v.article_id AS "article: ArticleId", v.number, v.body_length,
               coalesce(a.title, left(v.body, 80)) AS "name!"
        FROM article_versions v
        JOIN articles a ON a.desk_id = v.desk_id AND a.id = v.article_id
        WHERE v.desk_id = $1 AND v.id IN (
            SELECT f.version_id FROM passage_findings f WHERE f.desk_id = $1 AND f.withdrawn_at IS NULL)
        ORDER BY v.created_at DESC, v.id
        LIMIT $2
        "#,
        desk as _,
        TEXTS_MAX,
    )
    .fetch_all(pool)
    .await?;
    let versions: Vec<VersionId> = rows.iter().map(|row| row.version).collect();
    let mut said = said(pool, desk, &versions).await?;
    let mut numbers: HashMap<AccountId, u32> = HashMap::new();
    let mut judged = Vec::new();
    for row in rows {
        let readers = said.remove(&row.version).unwrap_or_default();
        if readers.len() < 2 {
            continue;
        }
        let mut numbered = Vec::with_capacity(readers.len());
        for (account, reader) in readers {
            let next = u32::try_from(numbers.len()).map_err(Error::internal)?;
            let number = *numbers.entry(account).or_insert(next);
            numbered.push(Reader { number, ..reader });
        }
        let document = texts::get(pool, desk, row.version).await?;
        judged.push(Text {
            article: row.article,
            version: row.version,
            number: row.number,
            name: row.name,
            length: row.body_length,
            sentences: sentence_list(&document).iter().map(|item| (item.start, item.end)).collect(),
            readers: numbered,
        });
    }
    Ok((judged, raters(pool, &numbers).await?))
}

type Said = HashMap<VersionId, BTreeMap<AccountId, Reader>>;

/// What each person marked and found in these versions.
async fn said(pool: &PgPool, desk: DeskId, versions: &[VersionId]) -> Result<Said> {
    let rows = sqlx::query!(
        r#"
        SELECT version_id AS "version!: VersionId", created_by AS "by!: AccountId", finding AS "finding!: Finding",
               start_at, end_at, alone AS "alone!", created_at AS "at!"
        FROM (
            SELECT f.version_id, f.created_by, f.finding, f.start_at, f.end_at, f.alone, f.created_at
            FROM passage_findings f
            WHERE f.desk_id = $1 AND f.version_id = ANY ($2::uuid[]) AND f.withdrawn_at IS NULL
            UNION ALL
            SELECT m.version_id, p.created_by, 'claim', m.start_at, m.end_at, false, p.created_at
            FROM anchors m JOIN appearances p ON p.desk_id = m.desk_id AND p.id = m.appearance_id
            WHERE m.desk_id = $1 AND m.version_id = ANY ($2::uuid[]) AND NOT m.removed
        ) said
        ORDER BY version_id, created_by, start_at, end_at
        LIMIT $3
        "#,
        desk as _,
        versions as _,
        SAID_MAX,
    )
    .fetch_all(pool)
    .await?;
    let mut said = Said::new();
    for row in rows {
        let reader = said.entry(row.version).or_default().entry(row.by).or_default();
        add(reader, row.finding, row.start_at.zip(row.end_at), row.alone, row.at);
    }
    Ok(said)
}

fn add(reader: &mut Reader, finding: Finding, range: Option<super::Range>, alone: bool, at: OffsetDateTime) {
    match (finding, range) {
        (Finding::Claim, Some(range)) => reader.claims.push((range, at)),
        (Finding::NoClaim, Some(range)) => reader.no_claims.push(range),
        _ => reader.rest = Some((at, alone)),
    }
}

async fn raters(pool: &PgPool, numbers: &HashMap<AccountId, u32>) -> Result<Vec<Rater>> {
    let accounts: Vec<AccountId> = numbers.keys().copied().collect();
    let mut raters = sqlx::query_as!(
        Rater,
        r#"
        SELECT id AS "account: AccountId", handle, display_name AS name FROM accounts WHERE id = ANY ($1::uuid[])
        "#,
        &accounts as _,
    )
    .fetch_all(pool)
    .await?;
    raters.sort_unstable_by_key(|rater| numbers.get(&rater.account).copied());
    Ok(raters)
}
