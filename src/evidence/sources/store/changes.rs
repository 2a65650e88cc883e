//! Sources made and edited.

use serde_json::json;
use sqlx::PgConnection;

use super::doubles;
use super::source::{find_again, source};
use crate::agents::{self, Kind};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::db::IfViolates as _;
use crate::editing::{self, Values};
use crate::error::{Error, Result};
use crate::evidence::copies;
use crate::evidence::sources::{Findings, Origins, Source, SourceFields};
use crate::id::{AgentId, SourceId};
use crate::text::address::{SafeUrl, url_key};
use crate::text::identifiers::{Doi, Isbn};

/// The source with these fields: the one that the desk has at this address or with this number, or a new one. Tracking
/// parameters are cut from the address, and the record says so.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn create(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    id: SourceId,
    fields: &SourceFields,
) -> Result<SourceId> {
    let key = fields.url.as_ref().map(url_key);
    let names = [
        key.as_ref().map(|key| key.key.clone()),
        fields.doi.as_ref().map(|doi| doi.as_str().to_owned()),
        fields.isbn.as_ref().map(|isbn| isbn.as_str().to_owned()),
    ];
    let mut names: Vec<String> = names.into_iter().flatten().collect();
    names.sort();
    if !names.is_empty() {
        if let Some(known) = find_again(conn, by.desk.id, fields).await? {
            return Ok(known);
        }
        // Two people who cite the same new address or number at once wait for each other here, and nobody else does.
        for name in &names {
            sqlx::query!(
                r#"SELECT pg_advisory_xact_lock(hashtextextended($1, 1))::text AS "locked""#,
                format!("{} {name}", by.desk.id),
            )
            .fetch_one(&mut *conn)
            .await?;
        }
        if let Some(known) = find_again(conn, by.desk.id, fields).await? {
            return Ok(known);
        }
    }
    let publisher = publisher(conn, by, fields).await?;
    let address = key.as_ref().map(|key| key.address.as_str());
    let mut details = json!({
        "url": {"before": null, "after": address},
        "title": {"before": null, "after": fields.title},
        "cut": key.as_ref().map(|key| &key.stripped),
    });
    if let Some(doi) = &fields.doi {
        details["doi"] = json!({"before": null, "after": doi});
    }
    if let Some(isbn) = &fields.isbn {
        details["isbn"] = json!({"before": null, "after": isbn});
    }
    let change = audit::record(conn, by, "source.create", "source", id, &details).await?;
    let (from, to, precision) = fields.published.columns();
    let (modified_from, modified_to, modified_precision) = fields.modified.columns();
    sqlx::query!(
        r#"
        INSERT INTO sources (desk_id, id, url, url_key, title, publisher_id, authors, published_from, published_to,
                             published_precision, modified_from, modified_to, modified_precision, language, doi, isbn,
                             canonical_url, class, medium, access, independence, interest, description, origins, created_by,
                             created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
                $24::text::jsonb, $25, $26, $27)
        "#,
        change.desk as _,
        id as _,
        address,
        key.as_ref().map(|key| key.key.as_str()),
        fields.title.as_deref(),
        publisher as _,
        &fields.authors,
        from,
        to,
        precision.as_str(),
        modified_from,
        modified_to,
        modified_precision.as_str(),
        fields.language.as_deref(),
        fields.doi.as_ref().map(Doi::as_str),
        fields.isbn.as_ref().map(Isbn::as_str),
        fields.canonical_url.as_ref().map(SafeUrl::as_str),
        fields.class as _,
        fields.medium as _,
        fields.access as _,
        fields.independence,
        fields.interest,
        fields.description,
        serde_json::to_string(&fields.origins).map_err(Error::internal)?,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(&mut *conn)
    .await?;
    copies::store::begin(conn, by, &change, id).await?;
    Ok(id)
}

/// Stores a source's fields as a person gave them, if nobody changed it since `was` was read. `details` are those of the
/// event. What the person changed was found nowhere from now on.
///
/// # Errors
/// [`Error::Conflict`] when somebody did; [`Error::Invalid`] when another source has the address.
pub async fn edit(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    was: &Source,
    to: &SourceFields,
    details: &serde_json::Value,
) -> Result<()> {
    let (before, after) = (was.values(), to.values());
    let mut origins = kept(&was.origins, &before, &after);
    origins.extend(to.origins.clone());
    update(conn, by, "source.edit", was, to, &origins, &was.found, details).await?;
    if ["doi", "isbn"].iter().any(|field| before.get(field) != after.get(field)) {
        let is = source(conn, by.desk.id, was.id).await?;
        doubles::suspect(conn, by, &is).await?;
    }
    Ok(())
}

/// The origins of what is as it was.
fn kept(origins: &Origins, before: &Values, after: &Values) -> Origins {
    let is_same = |field: &&String| before.get(field.as_str()) == after.get(field.as_str());
    origins
        .iter()
        .filter(|(field, _)| is_same(field))
        .map(|(field, origin)| (field.clone(), *origin))
        .collect()
}

/// Stores a source's fields, where they were found, and what its newest copy says.
#[expect(clippy::too_many_arguments, reason = "each is another part of one row")]
pub(super) async fn update(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    action: &str,
    was: &Source,
    to: &SourceFields,
    origins: &Origins,
    found: &Findings,
    details: &serde_json::Value,
) -> Result<()> {
    let publisher = publisher(conn, by, to).await?;
    let change = audit::record(conn, by, action, "source", was.id, details).await?;
    let key = to.url.as_ref().map(url_key);
    let (from, until, precision) = to.published.columns();
    let (modified_from, modified_to, modified_precision) = to.modified.columns();
    let updated = sqlx::query!(
        r#"
        UPDATE sources
        SET url = $4, url_key = $5, title = $6, publisher_id = $7, authors = $8, published_from = $9, published_to = $10,
            published_precision = $11, modified_from = $12, modified_to = $13, modified_precision = $14, language = $15,
            doi = $16, isbn = $17, canonical_url = $18, class = $19, medium = $20, access = $21, independence = $22,
            interest = $23, description = $24, origins = $25::text::jsonb, found = $26::text::jsonb,
            row_version = row_version + 1, event_id = $27
        WHERE desk_id = $1 AND id = $2 AND row_version = $3
        "#,
        change.desk as _,
        was.id as _,
        was.row_version,
        key.as_ref().map(|key| key.address.as_str()),
        key.as_ref().map(|key| key.key.as_str()),
        to.title.as_deref(),
        publisher as _,
        &to.authors,
        from,
        until,
        precision.as_str(),
        modified_from,
        modified_to,
        modified_precision.as_str(),
        to.language.as_deref(),
        to.doi.as_ref().map(Doi::as_str),
        to.isbn.as_ref().map(Isbn::as_str),
        to.canonical_url.as_ref().map(SafeUrl::as_str),
        to.class as _,
        to.medium as _,
        to.access as _,
        to.independence,
        to.interest,
        to.description,
        serde_json::to_string(origins).map_err(Error::internal)?,
        serde_json::to_string(found).map_err(Error::internal)?,
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates(
        "sources_url_unique",
        Error::invalid("The desk has another source with this address. Cite that one instead."),
    )?;
    if updated.rows_affected() == 1 {
        return Ok(());
    }
    Err(editing::stale())
}

async fn publisher(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    fields: &SourceFields,
) -> Result<Option<AgentId>> {
    match &fields.publisher {
        None => Ok(None),
        Some(name) => Ok(Some(agents::store::find_or_create(conn, by, name, Kind::Outlet).await?)),
    }
}
