//! All SQL of drafts. No change here is an event: nothing was said yet.

use sqlx::PgConnection;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{DRAFTS_MAX, Draft, Field};
use crate::auth::session::SessionToken;
use crate::error::{Error, Result};
use crate::id::{AccountId, DeskId};

/// Keeps what somebody typed in place of what was kept of that form. What belongs to a form that was sent meanwhile, by its
/// submission, is not kept any more.
///
/// # Errors
/// [`Error::Conflict`] when there are too many drafts.
pub async fn save(
    conn: &mut PgConnection,
    desk: DeskId,
    account: AccountId,
    draft: &Draft,
    submission: Option<Uuid>,
) -> Result<()> {
    let was_sent = sqlx::query_scalar!(
        r#"
        SELECT EXISTS (SELECT FROM submissions WHERE desk_id = $1 AND account_id = $2 AND key = $3) AS "was!"
        "#,
        desk as _,
        account as _,
        submission,
    )
    .fetch_one(&mut *conn)
    .await?;
    if was_sent {
        return Ok(());
    }
    let saved = sqlx::query!(
        r#"
        INSERT INTO drafts (desk_id, account_id, form, page, title, fields, saved_at, submission)
        SELECT $1, $2, $3, $4, $5, $6, $7, $9
        WHERE (SELECT count(*) FROM drafts d WHERE d.desk_id = $1 AND d.account_id = $2 AND d.form <> $3) < $8
        ON CONFLICT (desk_id, account_id, form) DO UPDATE
        SET page = excluded.page, title = excluded.title, fields = excluded.fields, saved_at = excluded.saved_at,
            submission = excluded.submission
        "#,
        desk as _,
        account as _,
        draft.form,
        draft.page,
        draft.title,
        Json(&draft.fields) as _,
        draft.saved_at,
        DRAFTS_MAX,
        submission,
    )
    .execute(conn)
    .await?;
    if saved.rows_affected() == 1 {
        Ok(())
    } else {
        Err(Error::conflict("You have as many drafts as are kept. Send some, or throw them away."))
    }
}

/// Throws a draft away.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn remove(conn: &mut PgConnection, desk: DeskId, account: AccountId, form: &str) -> Result<()> {
    sqlx::query!(
        "DELETE FROM drafts WHERE desk_id = $1 AND account_id = $2 AND form = $3",
        desk as _,
        account as _,
        form,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Throws the draft of a form away that was just taken from a session: the one of its address, and of several that are
/// sent there the one whose submission is stored.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn sent(conn: &mut PgConnection, token: &SessionToken, slug: &str, form: &str) -> Result<()> {
    sqlx::query!(
        r#"
        DELETE FROM drafts f USING sessions s, desks d
        WHERE s.token_hash = $1 AND d.slug = $2 AND f.desk_id = d.id AND f.account_id = s.account_id
          AND (f.form = $3 OR (
              starts_with(f.form, $3 || '#')
              AND EXISTS (SELECT FROM submissions u
                          WHERE u.desk_id = f.desk_id AND u.account_id = f.account_id AND u.key = f.submission)))
        "#,
        token.hash(),
        slug,
        form,
    )
    .execute(conn)
    .await?;
    Ok(())
}

struct Row {
    form: String,
    page: String,
    title: String,
    fields: Json<Vec<Field>>,
    saved_at: OffsetDateTime,
}

impl From<Row> for Draft {
    fn from(row: Row) -> Self {
        Self {
            form: row.form,
            page: row.page,
            title: row.title,
            fields: row.fields.0,
            saved_at: row.saved_at,
        }
    }
}

/// All drafts of a person at a desk, the latest first, or only those of these forms.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn list(
    conn: &mut PgConnection,
    desk: DeskId,
    account: AccountId,
    forms: Option<&[String]>,
) -> Result<Vec<Draft>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        SELECT form, page, title, fields AS "fields: Json<Vec<Field>>", saved_at
        FROM drafts
        WHERE desk_id = $1 AND account_id = $2 AND ($3::text[] IS NULL OR form = ANY($3))
        ORDER BY saved_at DESC, form
        LIMIT $4
        "#,
        desk as _,
        account as _,
        forms,
        DRAFTS_MAX,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Draft::from).collect())
}
