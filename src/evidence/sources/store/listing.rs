//! The list of sources, and where each is used.

use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

use super::source::published;
use crate::claims::Stage;
use crate::codes::codes;
use crate::error::Result;
use crate::evidence::copies::{Link, State};
use crate::evidence::kinds::Stance;
use crate::evidence::sources::{Access, SourceClass};
use crate::id::{ClaimId, DeskId, SourceId};
use crate::text::dates::PartialDate;
use crate::web::paging::{self, Page};

codes! {
    /// What is to be seen of all sources.
    Only {
        Dead = "dead", "link is dead";
        Changed = "changed", "page has changed";
        Failed = "failed", "not archived";
        Refused = "refused", "refused by the site";
        Gone = "gone", "gone before it was archived";
        Pending = "pending", "being archived";
        Kept = "kept", "archived";
        Bare = "bare", "without a copy";
        Doubles = "doubles", "perhaps double";
        Warned = "warned", "from a site to be careful with";
        Confidential = "confidential", "confidential";
    }
}

/// Which sources are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// What stands in title, address or publisher.
    pub part: String,
    pub only: Option<Only>,
    pub class: Option<SourceClass>,
}

/// A source in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: SourceId,
    pub url: Option<String>,
    pub title: Option<String>,
    pub publisher: Option<String>,
    pub class: Option<SourceClass>,
    pub access: Access,
    pub published: PartialDate,
    /// How far its keeping is; nothing when it was never begun.
    pub state: Option<State>,
    pub link: Option<Link>,
    /// How many claims cite it.
    pub claims: i64,
}

impl Listed {
    /// What to call it: its title, or else its address.
    #[must_use]
    pub fn name(&self) -> &str {
        self.title.as_deref().or(self.url.as_deref()).unwrap_or("Source without a title")
    }

    /// What its address shows now, where that is not what was archived.
    #[must_use]
    pub fn warns_of_link(&self) -> Option<Link> {
        self.link.filter(|link| matches!(link, Link::Dead | Link::Changed))
    }
}

/// The desk's sources, newest first, from the one after `after` on. One that was merged is listed as the one that stands
/// for it.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn list(
    conn: &mut PgConnection,
    desk: DeskId,
    filter: &Filter,
    after: Option<Uuid>,
) -> Result<Page<Listed>> {
    let rows = sqlx::query!(
        r#"
        SELECT s.id AS "id: SourceId", s.url, s.title, g.name AS "publisher?", s.class AS "class: SourceClass",
               s.access AS "access: Access", s.published_from AS "from: Date", s.published_to AS "to: Date",
               s.published_precision, k.state AS "state?: State", k.link AS "link?: Link",
               (SELECT count(DISTINCT e.claim_id) FROM evidence e
                WHERE e.desk_id = s.desk_id AND e.removed_at IS NULL
                  AND (e.source_id = s.id OR e.source_id IN (SELECT d.id FROM sources d
                       WHERE d.desk_id = s.desk_id AND d.merged_into = s.id))) AS "claims!"
        FROM sources s
        LEFT JOIN agents g ON g.desk_id = s.desk_id AND g.id = s.publisher_id
        LEFT JOIN source_archives k ON k.desk_id = s.desk_id AND k.source_id = s.id
        WHERE s.desk_id = $1 AND s.merged_into IS NULL AND ($3::uuid IS NULL OR s.id < $3)
          AND strpos(lower(concat_ws(' ', s.title, s.url, g.name, s.doi, s.isbn)), lower($2)) > 0
          AND ($6::text IS NULL OR s.class = $6)
          AND ($5::text IS NULL OR CASE $5
                   WHEN 'dead' THEN k.link = 'dead'
                   WHEN 'changed' THEN k.link = 'changed'
                   WHEN 'bare' THEN k.copy_id IS NULL
                   WHEN 'confidential' THEN s.access = 'confidential'
                   WHEN 'warned' THEN EXISTS (
                       SELECT FROM warned_domains w
                       WHERE w.desk_id = s.desk_id AND w.removed_at IS NULL AND w.domain = ANY(url_domains(s.url_key)))
                   WHEN 'doubles' THEN EXISTS (
                       SELECT FROM source_doubles d
                       JOIN sources o ON o.desk_id = d.desk_id AND o.merged_into IS NULL
                           AND o.id = CASE WHEN d.one_id = s.id THEN d.other_id ELSE d.one_id END
                       WHERE d.desk_id = s.desk_id AND d.decision = 'suggested' AND (d.one_id = s.id OR d.other_id = s.id))
                   ELSE k.state = $5 END)
        ORDER BY s.id DESC
        LIMIT $4
        "#,
        desk as _,
        filter.part.trim(),
        after,
        paging::limit(),
        filter.only.map(Only::as_str),
        filter.class.map(SourceClass::as_str),
    )
    .fetch_all(conn)
    .await?;
    let rows: Result<Vec<Listed>> = rows
        .into_iter()
        .map(|row| {
            Ok(Listed {
                id: row.id,
                url: row.url,
                title: row.title,
                publisher: row.publisher,
                class: row.class,
                access: row.access,
                published: published(row.from, row.to, &row.published_precision)?,
                state: row.state,
                link: row.link,
                claims: row.claims,
            })
        })
        .collect();
    Ok(Page::of(rows?, |source| source.id.uuid()))
}

/// How many sources there are of each kind that can be asked for; the kinds without any are left out.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn counts(conn: &mut PgConnection, desk: DeskId) -> Result<Vec<(Only, i64)>> {
    let row = sqlx::query!(
        r#"
        SELECT count(*) FILTER (WHERE k.link = 'dead') AS "dead!", count(*) FILTER (WHERE k.link = 'changed') AS "changed!",
               count(*) FILTER (WHERE k.state = 'failed') AS "failed!",
               count(*) FILTER (WHERE k.state = 'refused') AS "refused!",
               count(*) FILTER (WHERE k.state = 'gone') AS "gone!",
               count(*) FILTER (WHERE k.state = 'pending') AS "pending!",
               count(*) FILTER (WHERE k.state = 'kept') AS "kept!", count(*) FILTER (WHERE k.copy_id IS NULL) AS "bare!",
               count(*) FILTER (WHERE s.access = 'confidential') AS "confidential!",
               count(*) FILTER (WHERE url_domains(s.url_key) && w.domains) AS "warned!",
               (SELECT count(DISTINCT v.id)
                FROM source_doubles d
                JOIN sources a ON a.desk_id = d.desk_id AND a.id = d.one_id AND a.merged_into IS NULL
                JOIN sources b ON b.desk_id = d.desk_id AND b.id = d.other_id AND b.merged_into IS NULL
                CROSS JOIN LATERAL (VALUES (a.id), (b.id)) AS v (id)
                WHERE d.desk_id = $1 AND d.decision = 'suggested') AS "doubles!"
        FROM sources s
        LEFT JOIN source_archives k ON k.desk_id = s.desk_id AND k.source_id = s.id
        LEFT JOIN (SELECT array_agg(o.domain) AS domains FROM warned_domains o
                   WHERE o.desk_id = $1 AND o.removed_at IS NULL) w ON w.domains IS NOT NULL
        WHERE s.desk_id = $1 AND s.merged_into IS NULL
        "#,
        desk as _,
    )
    .fetch_one(conn)
    .await?;
    let count = |only: Only| match only {
        Only::Dead => row.dead,
        Only::Changed => row.changed,
        Only::Failed => row.failed,
        Only::Refused => row.refused,
        Only::Gone => row.gone,
        Only::Pending => row.pending,
        Only::Kept => row.kept,
        Only::Bare => row.bare,
        Only::Doubles => row.doubles,
        Only::Warned => row.warned,
        Only::Confidential => row.confidential,
    };
    Ok(Only::ALL.iter().map(|only| (*only, count(*only))).filter(|(_, count)| *count > 0).collect())
}

/// A claim that cites a source.
#[derive(Clone, Debug)]
pub struct Use {
    pub claim: ClaimId,
    pub claim_reviewed: String,
    pub stage: Stage,
    pub stance: Stance,
    pub exact: Option<String>,
    pub locator: Option<String>,
}

/// Where a source is used, or one that was merged into it, newest first.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn uses(conn: &mut PgConnection, desk: DeskId, id: SourceId) -> Result<Vec<Use>> {
    Ok(sqlx::query_as!(
        Use,
        r#"
        SELECT c.id AS "claim: ClaimId", c.claim_reviewed, c.stage AS "stage: Stage", e.stance AS "stance: Stance",
               e.exact, e.locator
        FROM evidence e JOIN claims c ON c.desk_id = e.desk_id AND c.id = e.claim_id
        WHERE e.desk_id = $1 AND e.removed_at IS NULL
          AND e.source_id IN (SELECT s.id FROM sources s WHERE s.desk_id = $1 AND (s.id = $2 OR s.merged_into = $2))
        ORDER BY e.id DESC
        LIMIT 500
        "#,
        desk as _,
        id as _,
    )
    .fetch_all(conn)
    .await?)
}
