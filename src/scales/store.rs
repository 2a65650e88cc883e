//! The SQL of scales: reading them.

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::value::{Colour, Kind, Numbers, RatingValue, Shape};
use crate::error::{Error, Result};
use crate::id::{DeskId, ScaleId, ScaleVersionId};

/// How many scales a desk's list shows.
const SCALES_MAX: i64 = 200;

/// A scale in the state of one version.
#[derive(Clone, Debug)]
pub struct Scale {
    pub id: ScaleId,
    pub name: String,
    pub kind: Kind,
    pub version: ScaleVersionId,
    /// 1, 2, 3 …
    pub number: i32,
    pub description: String,
    pub values: Vec<RatingValue>,
}

impl Scale {
    /// The value with that code.
    #[must_use]
    pub fn value(&self, code: &str) -> Option<&RatingValue> {
        self.values.iter().find(|value| value.code == code)
    }
}

/// A scale in the list of the desk's scales.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: ScaleId,
    pub name: String,
    pub kind: Kind,
    pub labels: Vec<String>,
    pub is_default: bool,
}

/// One state that a scale was in.
#[derive(Clone, Debug)]
pub struct Version {
    pub number: i32,
    pub by: String,
    pub at: OffsetDateTime,
    /// In how many rounds of judging it is used.
    pub rounds: i64,
}

/// The scales of a desk, by name.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn list(conn: &mut PgConnection, desk: DeskId) -> Result<Vec<Entry>> {
    Ok(sqlx::query_as!(
        Entry,
        r#"
        SELECT s.id AS "id: ScaleId", s.name, s.kind AS "kind: Kind",
               coalesce(d.scale_id = s.id, false) AS "is_default!",
               ARRAY(SELECT r.label FROM rating_values r
                     WHERE r.desk_id = $1 AND r.scale_version_id = (
                         SELECT v.id FROM scale_versions v
                         WHERE v.desk_id = $1 AND v.scale_id = s.id ORDER BY v.number DESC LIMIT 1)
                     ORDER BY r.position) AS "labels!"
        FROM scales s JOIN desks d ON d.id = s.desk_id
        WHERE s.desk_id = $1
        ORDER BY s.name, s.id
        LIMIT $2
        "#,
        desk as _,
        SCALES_MAX,
    )
    .fetch_all(conn)
    .await?)
}

/// The scale that new rounds take.
///
/// # Errors
/// [`Error::NotFound`] when the desk has none.
pub async fn default(conn: &mut PgConnection, desk: DeskId) -> Result<Scale> {
    let id = sqlx::query_scalar!(r#"SELECT scale_id AS "id: ScaleId" FROM desks WHERE id = $1"#, desk as _)
        .fetch_optional(&mut *conn)
        .await?
        .flatten();
    current(conn, desk, id.ok_or(Error::NotFound("scale"))?).await
}

/// The latest version of a scale.
///
/// # Errors
/// [`Error::NotFound`] when there is no such scale.
pub async fn current(conn: &mut PgConnection, desk: DeskId, scale: ScaleId) -> Result<Scale> {
    let version = sqlx::query_scalar!(
        r#"
        SELECT id AS "id: ScaleVersionId" FROM scale_versions
        WHERE desk_id = $1 AND scale_id = $2 ORDER BY number DESC LIMIT 1
        "#,
        desk as _,
        scale as _,
    )
    .fetch_optional(&mut *conn)
    .await?;
    self::version(conn, desk, version.ok_or(Error::NotFound("scale"))?).await
}

/// The version of a scale with that number.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn numbered(conn: &mut PgConnection, desk: DeskId, scale: ScaleId, number: i32) -> Result<Scale> {
    let version = sqlx::query_scalar!(
        r#"
        SELECT id AS "id: ScaleVersionId" FROM scale_versions
        WHERE desk_id = $1 AND scale_id = $2 AND number = $3
        "#,
        desk as _,
        scale as _,
        number,
    )
    .fetch_optional(&mut *conn)
    .await?;
    self::version(conn, desk, version.ok_or(Error::NotFound("scale"))?).await
}

/// One version of a scale, with its values.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn version(conn: &mut PgConnection, desk: DeskId, version: ScaleVersionId) -> Result<Scale> {
    let head = sqlx::query!(
        r#"
        SELECT s.id AS "id: ScaleId", s.name, s.kind AS "kind: Kind", v.number, v.description
        FROM scale_versions v JOIN scales s ON s.desk_id = v.desk_id AND s.id = v.scale_id
        WHERE v.desk_id = $1 AND v.id = $2
        "#,
        desk as _,
        version as _,
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(Error::NotFound("scale"))?;
    let values = sqlx::query!(
        r#"
        SELECT code, label, definition, shape AS "shape: Shape", colour AS "colour: Colour",
               rating_value, best_rating, worst_rating, averitec
        FROM rating_values WHERE desk_id = $1 AND scale_version_id = $2
        ORDER BY position
        "#,
        desk as _,
        version as _,
    )
    .fetch_all(conn)
    .await?;
    let values = values.into_iter().map(|row| RatingValue {
        code: row.code,
        label: row.label,
        definition: row.definition,
        shape: row.shape,
        colour: row.colour,
        numbers: row
            .rating_value
            .zip(row.best_rating)
            .zip(row.worst_rating)
            .and_then(|((value, best), worst)| Numbers::new(value, best, worst)),
        averitec: row.averitec,
    });
    Ok(Scale {
        id: head.id,
        name: head.name,
        kind: head.kind,
        version,
        number: head.number,
        description: head.description,
        values: values.collect(),
    })
}

/// The states a scale was in, newest first.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn versions(conn: &mut PgConnection, desk: DeskId, scale: ScaleId) -> Result<Vec<Version>> {
    Ok(sqlx::query_as!(
        Version,
        r#"
        SELECT v.number, a.display_name AS "by!", v.created_at AS "at!",
               (SELECT count(*) FROM rounds r WHERE r.desk_id = v.desk_id AND r.scale_version_id = v.id) AS "rounds!"
        FROM scale_versions v JOIN accounts a ON a.id = v.created_by
        WHERE v.desk_id = $1 AND v.scale_id = $2
        ORDER BY v.number DESC
        LIMIT $3
        "#,
        desk as _,
        scale as _,
        SCALES_MAX,
    )
    .fetch_all(conn)
    .await?)
}
