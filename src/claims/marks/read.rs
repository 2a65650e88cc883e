//! Reading marks: one statement for each question, with the session checked on its way.

use sqlx::PgPool;
use time::{Date, OffsetDateTime};

use super::{Mark, Rating};
use crate::articles::store::{published, url};
use crate::articles::{Article, Known};
use crate::auth::session::SessionToken;
use crate::auth::{Viewer, ViewerRow};
use crate::claims::Stage;
use crate::claims::carry::background;
use crate::error::{Error, Result};
use crate::id::{
    AccountId, AgentId, AppearanceId, ArticleId, ClaimId, DeskId, EventId, ScaleVersionId, VersionId,
};
use crate::scales::{Colour, Shape};

/// More marks than this are not drawn on one page.
const DRAWN_MAX: i64 = 20_000;

/// What an article's page is made of, but for the text and the marks.
#[derive(Clone, Debug)]
pub struct Look {
    pub viewer: Viewer,
    pub article: Article,
    pub version: VersionId,
    pub number: i32,
    /// Since when the version is here.
    pub received_at: OffsetDateTime,
    /// The number of the latest version, when another one was asked for.
    pub latest: i32,
    /// Changes when anything does that is shown of the article itself.
    pub state: (i32, Option<i32>),
    /// How many marks the viewer may see, removed ones included, and how often they were drawn: both only grow.
    pub sums: (i64, i64),
    /// The ratings that new rounds of judging take.
    pub scale: Option<ScaleVersionId>,
    /// What was recorded before this is in it.
    pub as_of: AsOf,
}

/// A place in the record: a transaction, counted in its epoch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct AsOf {
    pub epoch: i32,
    pub xid: i64,
}

struct LookRow {
    desk_id: DeskId,
    desk_name: String,
    desk_language: String,
    account_id: Option<AccountId>,
    handle: Option<String>,
    display_name: Option<String>,
    roles: Vec<String>,
    idle_until: Option<OffsetDateTime>,
    unread: i64,
    drafts: i64,
    url: Option<String>,
    title: Option<String>,
    byline: Option<String>,
    publisher_id: Option<AgentId>,
    publisher_name: Option<String>,
    publisher_version: Option<i32>,
    language: String,
    published_from: Option<Date>,
    published_to: Option<Date>,
    published_precision: String,
    created_at: OffsetDateTime,
    row_version: i32,
    event: EventId,
    version: VersionId,
    number: i32,
    received_at: OffsetDateTime,
    marks: i64,
    drawn: i64,
    scale: Option<ScaleVersionId>,
    epoch: i32,
    horizon: i64,
}

/// Looks at an article: who asks, what is known about it, and whether its marks have changed.
///
/// # Errors
/// [`Error::NotFound`] when there is no such article or version, or the viewer may not see it.
pub async fn look(
    pool: &PgPool,
    slug: &str,
    token: Option<&SessionToken>,
    article: ArticleId,
    number: Option<i32>,
) -> Result<Look> {
    let now = OffsetDateTime::now_utc();
    let row = sqlx::query_as!(
        LookRow,
        r#"
        SELECT v.desk_id AS "desk_id!: DeskId", v.desk_name AS "desk_name!", v.desk_language AS "desk_language!",
               v.account_id AS "account_id: AccountId", v.handle, v.display_name,
               v.roles AS "roles!", v.idle_until, v.unread AS "unread!", v.drafts AS "drafts!",
               a.url, a.title, a.byline, a.publisher_id AS "publisher_id: AgentId", g.name AS "publisher_name?",
               g.row_version AS "publisher_version?", a.language, a.published_from, a.published_to,
               a.published_precision, a.created_at, a.row_version, a.event_id AS "event: EventId",
               w.id AS "version: VersionId", w.number, w.created_at AS received_at,
               n.marks AS "marks!", n.drawn AS "drawn!",
               (SELECT s.id FROM desks k JOIN scale_versions s ON s.desk_id = k.id AND s.scale_id = k.scale_id
                WHERE k.id = v.desk_id ORDER BY s.number DESC LIMIT 1) AS "scale: ScaleVersionId",
               (SELECT e.epoch FROM events e WHERE e.desk_id = v.desk_id
                ORDER BY e.epoch DESC, e.xid DESC, e.id DESC LIMIT 1) AS "epoch!",
               pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS "horizon!"
        FROM viewer($1, $2, $3) v
        JOIN articles a ON a.desk_id = v.desk_id AND a.id = $4
        JOIN LATERAL (
            SELECT x.id, x.number, x.created_at FROM article_versions x
            WHERE x.desk_id = v.desk_id AND x.article_id = a.id AND ($5::integer IS NULL OR x.number = $5)
            ORDER BY x.number DESC LIMIT 1
        ) w ON true
        LEFT JOIN agents g ON g.desk_id = a.desk_id AND g.id = a.publisher_id
        CROSS JOIN LATERAL (
            SELECT count(*) AS marks, coalesce(sum(m.drawn), 0)::bigint AS drawn FROM anchors m
            WHERE m.desk_id = v.desk_id AND m.version_id = w.id
              AND (v.roles <> '{}' OR m.stage IN ('published', 'retracted'))
        ) n
        "#,
        token.map(SessionToken::hash) as _,
        slug,
        now,
        article as _,
        number,
    )
    .fetch_optional(pool)
    .await?
    .ok_or(Error::NotFound("article"))?;
    let hidden = row.marks == 0;
    let mut look = row.look(slug, token, article, now)?;
    // A text in which nothing is published is the desk's own; an older version may have what this one has not.
    if hidden && !look.viewer.is_member() {
        let public = look.number > 1 || number.is_some();
        if !public
            || !background::is_public(&mut *pool.acquire().await?, look.viewer.desk.id, article).await?
        {
            return Err(Error::NotFound("article"));
        }
    }
    if number.is_some() {
        look.latest = latest(pool, look.viewer.desk.id, article).await?;
    }
    look.viewer.keep_alive(pool, token);
    Ok(look)
}

/// Who asks, and the last event of the desk: all that it takes to know that nothing has changed.
///
/// # Errors
/// [`Error::NotFound`] when there is no such desk.
pub async fn standing(
    pool: &PgPool,
    slug: &str,
    token: Option<&SessionToken>,
) -> Result<(Viewer, Option<AsOf>)> {
    let now = OffsetDateTime::now_utc();
    let row = sqlx::query!(
        r#"
        SELECT v.desk_id AS "desk_id!: DeskId", v.desk_name AS "desk_name!", v.desk_language AS "desk_language!",
               v.account_id AS "account_id: AccountId", v.handle, v.display_name,
               v.roles AS "roles!", v.idle_until, v.unread AS "unread!", v.drafts AS "drafts!",
               l.epoch AS "epoch?", l.xid AS "xid?"
        FROM viewer($1, $2, $3) v
        LEFT JOIN LATERAL (
            SELECT e.epoch, e.xid FROM events e WHERE e.desk_id = v.desk_id
            ORDER BY e.epoch DESC, e.xid DESC, e.id DESC LIMIT 1
        ) l ON true
        "#,
        token.map(SessionToken::hash) as _,
        slug,
        now,
    )
    .fetch_optional(pool)
    .await?
    .ok_or(Error::NotFound("desk"))?;
    let viewer = ViewerRow {
        desk_id: row.desk_id,
        desk_name: row.desk_name,
        desk_language: row.desk_language,
        account_id: row.account_id,
        handle: row.handle,
        display_name: row.display_name,
        roles: row.roles,
        idle_until: row.idle_until,
        unread: row.unread,
        drafts: row.drafts,
    };
    let viewer = Viewer::from_row(viewer, slug.to_owned(), token, now);
    viewer.keep_alive(pool, token);
    Ok((viewer, row.epoch.zip(row.xid).map(|(epoch, xid)| AsOf { epoch, xid })))
}

async fn latest(pool: &PgPool, desk: DeskId, article: ArticleId) -> Result<i32> {
    let number = sqlx::query_scalar!(
        r#"SELECT max(number) AS "number!" FROM article_versions WHERE desk_id = $1 AND article_id = $2"#,
        desk as _,
        article as _,
    )
    .fetch_one(pool)
    .await?;
    Ok(number)
}

impl LookRow {
    fn look(
        self,
        slug: &str,
        token: Option<&SessionToken>,
        id: ArticleId,
        now: OffsetDateTime,
    ) -> Result<Look> {
        let viewer = ViewerRow {
            desk_id: self.desk_id,
            desk_name: self.desk_name,
            desk_language: self.desk_language,
            account_id: self.account_id,
            handle: self.handle,
            display_name: self.display_name,
            roles: self.roles,
            idle_until: self.idle_until,
            unread: self.unread,
            drafts: self.drafts,
        };
        let viewer = Viewer::from_row(viewer, slug.to_owned(), token, now);
        let known = Known {
            url: url(self.url.as_deref())?,
            title: self.title,
            byline: self.byline,
            publisher: self.publisher_id,
            language: self.language,
            published: published(self.published_from, self.published_to, &self.published_precision)?,
        };
        Ok(Look {
            viewer,
            article: Article {
                id,
                known,
                publisher_name: self.publisher_name,
                created_at: self.created_at,
                row_version: self.row_version,
                event: self.event,
            },
            version: self.version,
            number: self.number,
            received_at: self.received_at,
            latest: self.number,
            state: (self.row_version, self.publisher_version),
            sums: (self.marks, self.drawn),
            scale: self.scale,
            as_of: AsOf { epoch: self.epoch, xid: self.horizon },
        })
    }
}

/// The marks of a version that the viewer may see, by their start. Reads what the page draws from one index.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn drawn(pool: &PgPool, desk: DeskId, version: VersionId, member: bool) -> Result<Vec<Mark>> {
    let rows = sqlx::query!(
        r#"
        SELECT start_at, end_at, appearance_id AS "appearance: AppearanceId", claim_id AS "claim: ClaimId",
               claim_reviewed, speakers, stage AS "stage: Stage", rating_label,
               rating_shape AS "rating_shape: Shape", rating_colour AS "rating_colour: Colour", evidence_count, removed
        FROM anchors WHERE desk_id = $1 AND version_id = $2
        ORDER BY start_at, end_at, appearance_id
        LIMIT $3
        "#,
        desk as _,
        version as _,
        DRAWN_MAX,
    )
    .fetch_all(pool)
    .await?;
    // Members' numbers count every mark there ever was, so that they stay; readers' count what is public.
    let is_counted = |stage: Stage| member || stage.is_public();
    let mut order: Vec<AppearanceId> =
        rows.iter().filter(|row| is_counted(row.stage)).map(|row| row.appearance).collect();
    order.sort_unstable();
    let marks = rows.into_iter().filter(|row| is_counted(row.stage) && !row.removed).map(|row| Mark {
        number: order.binary_search(&row.appearance).map_or(0, |place| u32::try_from(place + 1).unwrap_or(0)),
        start: row.start_at,
        end: row.end_at,
        appearance: row.appearance,
        claim: row.claim,
        claim_reviewed: row.claim_reviewed,
        stage: row.stage,
        speakers: row.speakers,
        rating: Rating::of(row.rating_label, row.rating_shape, row.rating_colour),
        evidence_count: row.evidence_count,
    });
    Ok(marks.collect())
}
