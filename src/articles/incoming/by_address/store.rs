//! What is here already, by its address.

use sqlx::PgPool;

use crate::error::Result;
use crate::id::{ArticleId, DeskId, IntakeId};

/// An address that is here already: as an article, or on its way to be one.
#[derive(Clone, Debug)]
pub struct Here {
    pub key: String,
    pub article: Option<ArticleId>,
    pub intake: Option<IntakeId>,
    /// What it is called.
    pub label: Option<String>,
}

/// Those of these addresses that are an article's, or that somebody waits for or has yet to look at.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn here(pool: &PgPool, desk: DeskId, keys: &[String]) -> Result<Vec<Here>> {
    let here = sqlx::query_as!(
        Here,
        r#"
        SELECT k.key AS "key!", a.id AS "article?: ArticleId", i.id AS "intake?: IntakeId", coalesce(a.title, i.label) AS label
        FROM unnest($2::text[]) WITH ORDINALITY k (key, number)
        LEFT JOIN LATERAL (
            SELECT x.id, x.title FROM articles x WHERE x.desk_id = $1 AND x.url_key = k.key ORDER BY x.id LIMIT 1
        ) a ON true
        LEFT JOIN LATERAL (
            SELECT y.id, y.label FROM intakes y
            WHERE y.desk_id = $1 AND y.address_key = k.key AND y.state IN ('waiting', 'fetching', 'ready')
            ORDER BY y.id LIMIT 1
        ) i ON a.id IS NULL
        WHERE a.id IS NOT NULL OR i.id IS NOT NULL
        ORDER BY k.number
        "#,
        desk as _,
        keys,
    )
    .fetch_all(pool)
    .await?;
    Ok(here)
}
