//! The SQL of scales: making them, and their next versions.

use serde_json::json;
use sqlx::PgConnection;

use super::form::Values;
use super::store::current;
use super::value::{Kind, RatingValue};
use crate::audit::{self, Change};
use crate::auth::Authorized;
use crate::auth::permission::ManageScales;
use crate::db::IfViolates as _;
use crate::error::{Error, Result};
use crate::id::{ScaleId, ScaleVersionId};

/// Makes a scale with its first version.
///
/// # Errors
/// [`Error::Conflict`] when the desk has one of that name.
pub async fn create(
    conn: &mut PgConnection,
    by: &Authorized<ManageScales>,
    id: ScaleId,
    values: &Values,
) -> Result<()> {
    let details = json!({"name": values.name, "kind": values.kind, "values": values.values});
    let change = audit::record(conn, by, "scale.create", "scale", id, &details).await?;
    add(conn, &change, id, &values.name, values.kind).await?;
    add_version(conn, &change, id, 1, &values.description, &values.values).await
}

/// Makes the next version of a scale from its version `from`. What was judged with older ones keeps them.
///
/// # Errors
/// [`Error::Conflict`] when `from` is not the latest.
pub async fn revise(
    conn: &mut PgConnection,
    by: &Authorized<ManageScales>,
    id: ScaleId,
    from: i32,
    values: &Values,
) -> Result<()> {
    let now = current(conn, by.desk.id, id).await?;
    if now.number != from {
        return Err(Error::conflict("Somebody else changed this scale."));
    }
    let details = json!({
        "description": {"before": now.description, "after": values.description},
        "values": {"before": now.values, "after": values.values},
    });
    let change = audit::record(conn, by, "scale.revise", "scale", id, &details).await?;
    add_version(conn, &change, id, from + 1, &values.description, &values.values).await
}

/// Makes new rounds of judging take this scale.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such scale.
pub async fn choose(conn: &mut PgConnection, by: &Authorized<ManageScales>, scale: ScaleId) -> Result<()> {
    let before =
        sqlx::query_scalar!(r#"SELECT scale_id AS "id: ScaleId" FROM desks WHERE id = $1"#, by.desk.id as _)
            .fetch_one(&mut *conn)
            .await?;
    let details = json!({"scale_id": {"before": before, "after": scale}});
    let change = audit::record(conn, by, "scale.choose", "desk", by.desk.id, &details).await?;
    set_default(conn, &change, scale).await
}

/// Adds a scale, still without a version.
///
/// # Errors
/// [`Error::Conflict`] when the desk has one of that name.
pub(super) async fn add(
    conn: &mut PgConnection,
    change: &Change,
    id: ScaleId,
    name: &str,
    kind: Kind,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO scales (desk_id, id, name, kind, created_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        "#,
        change.desk as _,
        id as _,
        name,
        kind as _,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates("scales_name_unique", Error::conflict("The desk has a scale of this name already."))?;
    Ok(())
}

/// Adds the next state of a scale.
///
/// # Errors
/// [`Error::Conflict`] when somebody else added the same number.
pub(super) async fn add_version(
    conn: &mut PgConnection,
    change: &Change,
    scale: ScaleId,
    number: i32,
    description: &str,
    values: &[RatingValue],
) -> Result<()> {
    let id = ScaleVersionId::new();
    sqlx::query!(
        r#"
        INSERT INTO scale_versions (desk_id, id, scale_id, number, description, created_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        "#,
        change.desk as _,
        id as _,
        scale as _,
        number,
        description,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(&mut *conn)
    .await
    .if_violates("scale_versions_number_unique", Error::conflict("Somebody else changed this scale."))?;
    for (position, value) in (0..).zip(values) {
        sqlx::query!(
            r#"
            INSERT INTO rating_values (desk_id, scale_version_id, code, position, label, definition, shape, colour,
                                       rating_value, best_rating, worst_rating, averitec)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            "#,
            change.desk as _,
            id as _,
            value.code,
            position,
            value.label,
            value.definition,
            value.shape as _,
            value.colour as _,
            value.numbers.map(|numbers| numbers.value),
            value.numbers.map(|numbers| numbers.best),
            value.numbers.map(|numbers| numbers.worst),
            value.averitec.as_deref(),
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Makes new rounds take this scale.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such scale.
pub(super) async fn set_default(conn: &mut PgConnection, change: &Change, scale: ScaleId) -> Result<()> {
    let set = sqlx::query!(
        "UPDATE desks SET scale_id = $2, row_version = row_version + 1 WHERE id = $1",
        change.desk as _,
        scale as _,
    )
    .execute(conn)
    .await
    .if_violates("desks_scale", Error::NotFound("scale"))?;
    if set.rows_affected() == 1 { Ok(()) } else { Err(Error::NotFound("desk")) }
}
