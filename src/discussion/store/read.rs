//! Discussions as members read them.

use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::discussion::thread::{Comment, Removed, Thread};
use crate::error::{Error, Result};
use crate::id::{AccountId, ClaimId, CommentId, DeskId, EvidenceId};
use crate::web::paging::{Page, limit};

/// How many answers the threads of one page have in all.
const ANSWERS_MAX: i64 = 2000;

/// Why nothing is said while a claim is assessed blind.
pub const PAUSED: &str = "The discussion pauses while several people assess this claim without knowing of each other. It goes on when they are done.";

/// Whether the claim's discussion pauses.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn is_paused(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<bool> {
    Ok(sqlx::query_scalar!(r#"SELECT is_assessed_blind($1, $2) AS "is!""#, desk as _, claim as _)
        .fetch_one(conn)
        .await?)
}

struct Found {
    id: CommentId,
    claim: ClaimId,
    thread: Option<CommentId>,
    body: String,
    author: AccountId,
    author_name: String,
    created_at: OffsetDateTime,
    edited_at: Option<OffsetDateTime>,
    removed_by: Option<AccountId>,
    removed_name: Option<String>,
    removed_at: Option<OffsetDateTime>,
    row_version: i32,
    evidence: Option<EvidenceId>,
    source: Option<String>,
    resolved_name: Option<String>,
    resolved_at: Option<OffsetDateTime>,
}

impl Found {
    fn comment(self) -> Comment {
        let removed = match (self.removed_by, self.removed_name, self.removed_at) {
            (Some(by), Some(name), Some(at)) => Some(Removed { by, name, at }),
            _ => None,
        };
        Comment {
            id: self.id,
            claim: self.claim,
            thread: self.thread,
            body: self.body,
            author: self.author,
            author_name: self.author_name,
            created_at: self.created_at,
            edited_at: self.edited_at,
            removed,
            row_version: self.row_version,
        }
    }

    fn begin(self) -> Thread {
        Thread {
            about: self.evidence.map(|id| (id, self.source.clone().unwrap_or_default())),
            resolved: self.resolved_name.clone().zip(self.resolved_at),
            first: self.comment(),
            answers: Vec::new(),
        }
    }
}

/// The threads about a claim, or about one piece of its evidence: a page of those that began last before `before`, in the
/// order in which they began, with their answers.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn threads(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    about: Option<EvidenceId>,
    before: Option<CommentId>,
) -> Result<Page<Thread>> {
    let begun = sqlx::query_scalar!(
        r#"
        SELECT id AS "id: CommentId" FROM comments
        WHERE desk_id = $1 AND claim_id = $2 AND thread_id IS NULL AND ($3::uuid IS NULL OR evidence_id = $3)
          AND ($4::uuid IS NULL OR id < $4)
        ORDER BY id DESC
        LIMIT $5
        "#,
        desk as _,
        claim as _,
        about as _,
        before as _,
        limit(),
    )
    .fetch_all(&mut *conn)
    .await?;
    let begun = Page::of(begun, |id| id.uuid());
    let mut threads = Page { rows: Vec::<Thread>::new(), next: begun.next };
    for row in read(conn, desk, &begun.rows).await? {
        match row.thread {
            None => threads.rows.push(row.begin()),
            Some(thread) => {
                if let Some(thread) = threads.rows.iter_mut().find(|begun| begun.first.id == thread) {
                    thread.answers.push(row.comment());
                }
            }
        }
    }
    Ok(threads)
}

/// One comment of a claim.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(conn: &mut PgConnection, desk: DeskId, claim: ClaimId, id: CommentId) -> Result<Comment> {
    let row = read_one(conn, desk, id).await?.filter(|row| row.claim == claim);
    Ok(row.ok_or(Error::NotFound("comment"))?.comment())
}

async fn read(conn: &mut PgConnection, desk: DeskId, threads: &[CommentId]) -> Result<Vec<Found>> {
    // Whoever began a thread comes before who answered: ids sort by time.
    Ok(sqlx::query_as!(
        Found,
        r#"
        SELECT c.id AS "id: CommentId", c.claim_id AS "claim: ClaimId", c.thread_id AS "thread: CommentId", c.body,
               c.author_id AS "author: AccountId", a.display_name AS author_name, c.created_at, c.edited_at,
               c.removed_by AS "removed_by: AccountId", r.display_name AS "removed_name?", c.removed_at, c.row_version,
               c.evidence_id AS "evidence: EvidenceId", coalesce(s.title, s.url) AS source,
               o.display_name AS "resolved_name?", c.resolved_at
        FROM comments c
        JOIN accounts a ON a.id = c.author_id
        LEFT JOIN accounts r ON r.id = c.removed_by
        LEFT JOIN accounts o ON o.id = c.resolved_by
        LEFT JOIN evidence e ON e.desk_id = c.desk_id AND e.id = c.evidence_id
        LEFT JOIN sources s ON s.desk_id = e.desk_id AND s.id = e.source_id
        WHERE c.desk_id = $1 AND (c.id = ANY($2) OR c.thread_id = ANY($2))
        ORDER BY c.id
        LIMIT $3
        "#,
        desk as _,
        threads as _,
        ANSWERS_MAX,
    )
    .fetch_all(conn)
    .await?)
}

async fn read_one(conn: &mut PgConnection, desk: DeskId, id: CommentId) -> Result<Option<Found>> {
    Ok(sqlx::query_as!(
        Found,
        r#"
        SELECT c.id AS "id: CommentId", c.claim_id AS "claim: ClaimId", c.thread_id AS "thread: CommentId", c.body,
               c.author_id AS "author: AccountId", a.display_name AS author_name, c.created_at, c.edited_at,
               c.removed_by AS "removed_by: AccountId", r.display_name AS "removed_name?", c.removed_at, c.row_version,
               c.evidence_id AS "evidence: EvidenceId", NULL::text AS source,
               NULL::text AS resolved_name, c.resolved_at
        FROM comments c
        JOIN accounts a ON a.id = c.author_id
        LEFT JOIN accounts r ON r.id = c.removed_by
        WHERE c.desk_id = $1 AND c.id = $2
        "#,
        desk as _,
        id as _,
    )
    .fetch_optional(conn)
    .await?)
}
