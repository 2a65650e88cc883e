//! All SQL of references. Confidential sources never leave the database here.

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{Author, Chosen, Reference};
use crate::error::{Error, Result};
use crate::evidence::sources::{SourceClass, SourceMedium};
use crate::id::{ClaimId, DeskId, SourceId};
use crate::text::dates::PartialDate;

/// How many sources of one claim are named at most.
const MOST: i64 = 1_000;

/// The references of a claim, in the order in which its sources were first cited, and the claim's words. Whoever is no
/// member gets those of public claims.
///
/// # Errors
/// [`Error::NotFound`] when there is no such claim for them.
pub async fn of_claim(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    is_member: bool,
) -> Result<(String, Vec<Reference>)> {
    let words = sqlx::query_scalar!(
        r#"
        SELECT claim_reviewed FROM claims
        WHERE desk_id = $1 AND id = $2 AND ($3 OR stage IN ('published', 'retracted'))
        "#,
        desk as _,
        claim as _,
        is_member,
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(Error::NotFound("claim"))?;
    let ids = sqlx::query_scalar!(
        r#"
        SELECT coalesce(c.merged_into, c.id) AS "id!"
        FROM evidence e
        JOIN sources c ON c.desk_id = e.desk_id AND c.id = e.source_id
        WHERE e.desk_id = $1 AND e.claim_id = $2 AND e.removed_at IS NULL AND c.access <> 'confidential'
        GROUP BY coalesce(c.merged_into, c.id)
        ORDER BY min(e.id::text), coalesce(c.merged_into, c.id)
        LIMIT $3
        "#,
        desk as _,
        claim as _,
        MOST,
    )
    .fetch_all(&mut *conn)
    .await?;
    Ok((words, of(conn, desk, &ids).await?))
}

/// The reference of a source. Whoever is no member gets it when a public claim cites it.
///
/// # Errors
/// [`Error::NotFound`] when there is none for them; of a confidential source there is none for anybody.
pub async fn of_source(
    conn: &mut PgConnection,
    desk: DeskId,
    source: SourceId,
    is_member: bool,
) -> Result<Reference> {
    let id = sqlx::query_scalar!(
        r#"
        SELECT coalesce(c.merged_into, c.id) AS "id!"
        FROM sources c
        WHERE c.desk_id = $1 AND c.id = $2 AND c.access <> 'confidential'
          AND ($3 OR EXISTS (
              SELECT FROM sources s
              JOIN evidence e ON e.desk_id = s.desk_id AND e.source_id = s.id AND e.removed_at IS NULL
              JOIN claims k ON k.desk_id = e.desk_id AND k.id = e.claim_id AND k.stage IN ('published', 'retracted')
              WHERE s.desk_id = c.desk_id
                AND coalesce(s.merged_into, s.id) = coalesce(c.merged_into, c.id)
                AND (s.id = coalesce(c.merged_into, c.id) OR s.merged_into = coalesce(c.merged_into, c.id))
                AND s.access <> 'confidential'))
        "#,
        desk as _,
        source as _,
        is_member,
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(Error::NotFound("source"))?;
    of(conn, desk, &[id]).await?.pop().ok_or(Error::NotFound("source"))
}

/// The references of sources that stand for themselves, in that order.
async fn of(conn: &mut PgConnection, desk: DeskId, ids: &[Uuid]) -> Result<Vec<Reference>> {
    let rows = sqlx::query!(
        r#"
        SELECT s.id AS "id: SourceId", s.url, s.title, g.name AS "publisher?", s.authors, s.published_from AS "from: Date",
               s.published_to AS "to: Date", s.published_precision AS precision, s.class AS "class: SourceClass",
               s.medium AS "medium: SourceMedium", s.language, s.doi, s.isbn,
               n.received_at AS "kept?: OffsetDateTime",
               (SELECT o.address FROM outside_copies o
                WHERE o.desk_id = s.desk_id AND o.source_id = s.id AND o.state = 'kept' AND o.removed_at IS NULL
                ORDER BY o.id DESC LIMIT 1) AS archived
        FROM sources s
        LEFT JOIN agents g ON g.desk_id = s.desk_id AND g.id = s.publisher_id
        LEFT JOIN source_archives a ON a.desk_id = s.desk_id AND a.source_id = s.id
        LEFT JOIN source_copies c ON c.desk_id = a.desk_id AND c.id = a.copy_id
        LEFT JOIN snapshots n ON n.desk_id = c.desk_id AND n.id = c.snapshot_id
        WHERE s.desk_id = $1 AND s.id = ANY($2) AND s.access <> 'confidential'
        ORDER BY array_position($2, s.id)
        "#,
        desk as _,
        ids,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let precision = row.precision.parse().map_err(Error::internal)?;
            Ok(Reference {
                id: row.id,
                title: row.title,
                authors: row.authors.iter().map(|name| Author::parse(name)).collect(),
                publisher: row.publisher,
                published: PartialDate::from_columns(row.from, row.to, precision).map_err(Error::internal)?,
                language: row.language,
                url: row.url,
                doi: row.doi,
                isbn: row.isbn,
                class: row.class,
                medium: row.medium,
                kept: row.kept.map(OffsetDateTime::date),
                archived: row.archived,
            })
        })
        .collect()
}

/// The style that a desk has chosen, and its own one if it has one.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn styles(conn: &mut PgConnection, desk: DeskId) -> Result<Styles> {
    let row = sqlx::query!(
        r#"SELECT reference_style AS style, own_style FROM source_settings WHERE desk_id = $1"#,
        desk as _,
    )
    .fetch_optional(conn)
    .await?;
    let (first, own) = row.map_or_else(Default::default, |row| (row.style, row.own_style));
    Ok(Styles { first: super::Style::parse(&first).unwrap_or(super::Style::Apa), own })
}

/// The styles of a desk.
#[derive(Clone, Debug)]
pub struct Styles {
    /// What pages show first.
    pub first: super::Style,
    /// Its own, in CSL.
    pub own: Option<String>,
}

impl Styles {
    /// The style that is asked for, or the desk's first.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the desk has no style of its own.
    pub fn choose(self, asked: Option<super::Style>) -> Result<(super::Style, Chosen)> {
        let style = asked.unwrap_or(self.first);
        let chosen = match style {
            super::Style::Apa => Chosen::Apa,
            super::Style::Chicago => Chosen::Chicago,
            super::Style::Own => Chosen::Own(self.own.ok_or(Error::NotFound("style"))?),
        };
        Ok((style, chosen))
    }
}
