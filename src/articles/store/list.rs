//! The list of articles.

use sqlx::PgPool;
use time::OffsetDateTime;
use uuid::Uuid;

use super::published;
use crate::error::Result;
use crate::id::{ArticleId, DeskId};
use crate::text::dates::PartialDate;
use crate::web::paging::{self, Page};

/// A line of the list of articles.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: ArticleId,
    pub title: Option<String>,
    /// How the text begins, for one without a title.
    pub beginning: String,
    pub publisher: Option<String>,
    pub published: PartialDate,
    pub language: String,
    pub created_at: OffsetDateTime,
    /// Who added it.
    pub added_by: String,
    /// How many statements are marked in it, as far as the reader may see them.
    pub marks: i64,
    /// How many of them have a public verdict.
    pub checked: i64,
    /// How many marks need a look since the text changed; for members.
    pub waiting: i64,
}

/// Articles, the newest first, whose title has all the words. Readers see those in which something is published.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn list(
    pool: &PgPool,
    desk: DeskId,
    member: bool,
    words: &str,
    after: Option<Uuid>,
) -> Result<Page<Listed>> {
    let patterns: Vec<String> = words.split_whitespace().take(10).map(pattern).collect();
    let rows = sqlx::query!(
        r#"
        SELECT a.id AS "id: ArticleId", a.title, left(v.body, 140) AS "beginning!", g.name AS "publisher?",
               a.published_from, a.published_to, a.published_precision, a.language, a.created_at,
               c.display_name AS added_by, n.marks AS "marks!", n.checked AS "checked!", o.waiting AS "waiting!"
        FROM articles a
        JOIN accounts c ON c.id = a.created_by
        JOIN LATERAL (
            SELECT w.id, w.body, w.number FROM article_versions w
            WHERE w.desk_id = a.desk_id AND w.article_id = a.id ORDER BY w.number DESC LIMIT 1
        ) v ON true
        LEFT JOIN agents g ON g.desk_id = a.desk_id AND g.id = a.publisher_id
        CROSS JOIN LATERAL (
            SELECT count(*) AS marks, count(*) FILTER (WHERE m.stage IN ('published', 'retracted')) AS checked
            FROM anchors m WHERE m.desk_id = a.desk_id AND m.version_id = v.id AND NOT m.removed
        ) n
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE r.decision = 'pending') AS waiting,
                   count(*) FILTER (WHERE r.exact IS NULL AND c.stage IN ('published', 'retracted')) AS lost
            FROM reanchorings r
            JOIN appearances p ON p.desk_id = r.desk_id AND p.id = r.appearance_id AND p.removed_at IS NULL
            JOIN claims c ON c.desk_id = r.desk_id AND c.id = r.claim_id
            WHERE v.number > 1 AND r.desk_id = a.desk_id AND r.version_id = v.id
        ) o
        WHERE a.desk_id = $1 AND ($2::uuid IS NULL OR a.id < $2) AND ($3 OR n.checked > 0 OR o.lost > 0)
          AND coalesce(a.title, '') ILIKE ALL ($4::text[])
        ORDER BY a.id DESC
        LIMIT $5
        "#,
        desk as _,
        after,
        member,
        &patterns,
        paging::limit(),
    )
    .fetch_all(pool)
    .await?;
    let rows: Result<Vec<Listed>> = rows
        .into_iter()
        .map(|row| {
            Ok(Listed {
                id: row.id,
                title: row.title,
                beginning: row.beginning,
                publisher: row.publisher,
                published: published(row.published_from, row.published_to, &row.published_precision)?,
                language: row.language,
                created_at: row.created_at,
                added_by: row.added_by,
                marks: if member { row.marks } else { row.checked },
                checked: row.checked,
                waiting: if member { row.waiting } else { 0 },
            })
        })
        .collect();
    Ok(Page::of(rows?, |row| row.id.uuid()))
}

/// A word as a pattern of `LIKE` that finds it anywhere.
fn pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for character in word.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stands_for_itself_in_a_pattern() {
        assert_eq!(pattern("100%_\\"), r"%100\%\_\\%");
    }
}
