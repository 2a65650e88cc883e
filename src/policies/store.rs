//! The SQL of policies.

use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{ContactRule, Mode, Policy, RequiredField, Rules};
use crate::audit::{self, Change};
use crate::auth::Authorized;
use crate::auth::permission::ManageDesk;
use crate::error::{Error, Result};
use crate::id::{DeskId, PolicyId};

/// How many policies a desk's list shows.
const POLICIES_MAX: i64 = 100;

struct Row {
    id: PolicyId,
    number: i32,
    mode: Mode,
    people: i16,
    majority: Option<i16>,
    min_sources: i16,
    need_archived: bool,
    contact_rule: ContactRule,
    required_fields: Vec<String>,
    authors_apart: bool,
    dissent_notes: bool,
}

impl From<Row> for Policy {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            number: row.number,
            rules: Rules {
                mode: row.mode,
                people: row.people,
                majority: row.majority,
                min_sources: row.min_sources,
                need_archived: row.need_archived,
                contact_rule: row.contact_rule,
                required_fields: row
                    .required_fields
                    .iter()
                    .filter_map(|code| RequiredField::parse(code))
                    .collect(),
                authors_apart: row.authors_apart,
                dissent_notes: row.dissent_notes,
            },
        }
    }
}

/// The policy that rounds of a desk begin under now, when it has one.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn find(conn: &mut PgConnection, desk: DeskId) -> Result<Option<Policy>> {
    let id = sqlx::query_scalar!(r#"SELECT policy_id AS "id: PolicyId" FROM desks WHERE id = $1"#, desk as _)
        .fetch_optional(&mut *conn)
        .await?
        .flatten();
    match id {
        Some(id) => Ok(Some(get(conn, desk, id).await?)),
        None => Ok(None),
    }
}

/// One policy of a desk.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such policy.
pub async fn get(conn: &mut PgConnection, desk: DeskId, id: PolicyId) -> Result<Policy> {
    let row = sqlx::query_as!(
        Row,
        r#"
        SELECT id AS "id: PolicyId", number, mode AS "mode: Mode", people, majority, min_sources, need_archived,
               contact_rule AS "contact_rule: ContactRule", required_fields, authors_apart, dissent_notes
        FROM review_policies WHERE desk_id = $1 AND id = $2
        "#,
        desk as _,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Policy::from).ok_or(Error::NotFound("policy"))
}

/// A policy in the list of those that a desk had.
#[derive(Clone, Debug)]
pub struct Entry {
    pub policy: Policy,
    pub by: String,
    pub at: OffsetDateTime,
}

/// The policies of a desk, newest first.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn list(conn: &mut PgConnection, desk: DeskId) -> Result<Vec<Entry>> {
    let rows = sqlx::query!(
        r#"
        SELECT p.id AS "id: PolicyId", p.number, p.mode AS "mode: Mode", p.people, p.majority, p.min_sources,
               p.need_archived, p.contact_rule AS "contact_rule: ContactRule", p.required_fields, p.authors_apart,
               p.dissent_notes, a.display_name AS by, p.created_at AS "at: OffsetDateTime"
        FROM review_policies p JOIN accounts a ON a.id = p.created_by
        WHERE p.desk_id = $1
        ORDER BY p.number DESC
        LIMIT $2
        "#,
        desk as _,
        POLICIES_MAX,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let policy = Row {
                id: row.id,
                number: row.number,
                mode: row.mode,
                people: row.people,
                majority: row.majority,
                min_sources: row.min_sources,
                need_archived: row.need_archived,
                contact_rule: row.contact_rule,
                required_fields: row.required_fields,
                authors_apart: row.authors_apart,
                dissent_notes: row.dissent_notes,
            };
            Entry { policy: policy.into(), by: row.by, at: row.at }
        })
        .collect())
}

/// Gives a new desk its first policy.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn install(conn: &mut PgConnection, change: &Change, rules: &Rules) -> Result<()> {
    insert(conn, change, PolicyId::new(), rules).await
}

/// Makes the rounds that begin from now on follow these rules.
///
/// # Errors
/// [`Error::Conflict`] when the policy is not number `from` any more.
pub async fn adopt(
    conn: &mut PgConnection,
    by: &Authorized<ManageDesk>,
    from: i32,
    rules: &Rules,
) -> Result<()> {
    // Two who change it at the same time wait for each other here.
    sqlx::query_scalar!(r#"SELECT 1 AS "one!" FROM desks WHERE id = $1 FOR NO KEY UPDATE"#, by.desk.id as _)
        .fetch_one(&mut *conn)
        .await?;
    let now = find(conn, by.desk.id).await?;
    if now.as_ref().map_or(0, |policy| policy.number) != from {
        return Err(Error::conflict("Somebody else changed the policy while you were writing."));
    }
    if now.as_ref().is_some_and(|policy| policy.rules == *rules) {
        return Ok(());
    }
    let id = PolicyId::new();
    let details = json!({"before": now.map(|policy| policy.rules), "after": rules});
    let change = audit::record(conn, by, "policy.adopt", "policy", id, &details).await?;
    insert(conn, &change, id, rules).await
}

async fn insert(conn: &mut PgConnection, change: &Change, id: PolicyId, rules: &Rules) -> Result<()> {
    let fields: Vec<String> = rules.required_fields.iter().map(|field| field.as_str().to_owned()).collect();
    sqlx::query!(
        r#"
        INSERT INTO review_policies (desk_id, id, number, mode, people, majority, min_sources, need_archived,
                                     contact_rule, required_fields, authors_apart, dissent_notes, created_by,
                                     created_at, event_id)
        SELECT $1, $2, 1 + coalesce(max(p.number), 0), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
        FROM review_policies p WHERE p.desk_id = $1
        "#,
        change.desk as _,
        id as _,
        rules.mode as _,
        rules.people,
        rules.majority,
        rules.min_sources,
        rules.need_archived,
        rules.contact_rule as _,
        &fields,
        rules.authors_apart,
        rules.dissent_notes,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("UPDATE desks SET policy_id = $2 WHERE id = $1", change.desk as _, id as _,)
        .execute(conn)
        .await?;
    Ok(())
}
