//! What a copy says fills what nobody gave, and shows which sources are one document.

use serde_json::json;
use sqlx::PgConnection;

use super::changes::update;
use super::doubles::{self, Why};
use super::source::{find, source};
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::error::{Error, Result};
use crate::evidence::sources::found::{Page, findings};
use crate::evidence::sources::{Access, Source, SourceFields};
use crate::id::SourceId;
use crate::text::address::{SafeUrl, url_key};

/// Takes in what a new copy says about its source: fields that nobody gave are filled, what a person gave stays and is
/// offered the other value. Where the copy shows that another source is the same document, they are merged or the merger
/// is suggested.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such source.
pub async fn describe(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    id: SourceId,
    page: Page<'_>,
) -> Result<()> {
    let desk = by.desk.id;
    doubles::lock(conn, by, &[id]).await?;
    let was = source(conn, desk, id).await?;
    if was.access == Access::Confidential {
        return Ok(());
    }
    fill(conn, by, &was, page).await?;
    let is = source(conn, desk, id).await?;
    if is.merged_into.is_none() {
        compare(conn, by, &is, page.final_address).await?;
    }
    Ok(())
}

async fn fill(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    was: &Source,
    page: Page<'_>,
) -> Result<()> {
    let address = was.url.as_deref().and_then(|url| SafeUrl::parse(url).ok());
    let found = findings(page, address.as_ref());
    let before = was.values();
    let (mut after, mut origins) = (before.clone(), was.origins.clone());
    for (field, text) in &mut after {
        let is_free = text.is_empty() || was.origins.contains_key(*field);
        if let Some(finding) = found.get(*field).filter(|_| is_free) {
            text.clone_from(&finding.value);
            origins.insert((*field).to_owned(), finding.origin);
        }
    }
    // Each value was found fit already; should a rule say otherwise all the same, that field stays as it was.
    let to = match SourceFields::parse(&after) {
        Ok(to) => to,
        Err(problems) => {
            for problem in &problems {
                if let Some((field, text)) = before.get_key_value(&*problem.field) {
                    after.insert(field, text.clone());
                }
            }
            SourceFields::parse(&after)?
        }
    };
    let after = to.values();
    origins.retain(|field, origin| {
        after.get(field.as_str()) == found.get(field).map(|finding| &finding.value)
            || was.origins.get(field) == Some(origin)
                && after.get(field.as_str()) == before.get(field.as_str())
    });
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let changed: serde_json::Map<_, _> = after
        .iter()
        .filter(|(field, text)| before.get(*field) != Some(text))
        .map(|(field, text)| {
            let was = before.get(field).and_then(|text| known(text));
            ((*field).to_owned(), json!({"before": was, "after": known(text)}))
        })
        .collect();
    if changed.is_empty() && found == was.found && origins == was.origins {
        return Ok(());
    }
    update(conn, by, "source.describe", was, &to, &origins, &found, &changed.into()).await
}

/// Looks for other sources that are the same document.
async fn compare(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    is: &Source,
    final_address: Option<&SafeUrl>,
) -> Result<()> {
    let desk = by.desk.id;
    let canonical = is.canonical_url.as_deref().and_then(|url| SafeUrl::parse(url).ok());
    if let Some(ended) = final_address.filter(|address| !is_front(address)) {
        let key = url_key(ended);
        match find(conn, desk, &key.key).await? {
            Some(other) if other != is.id => {
                let other = source(conn, desk, other).await?;
                let is_key = |url: &str| SafeUrl::parse(url).is_ok_and(|url| url_key(&url).key == key.key);
                // Pages that are gone lead to one and the same page: only one that says it is that page is.
                let is_certain = other.url.as_deref().is_some_and(is_key)
                    || canonical.as_ref().is_some_and(|own| is_key(own.as_str()));
                if doubles::found(conn, by, is.id, other.id, Why::Address, is_certain).await? {
                    return Ok(());
                }
            }
            Some(_) => {}
            None => doubles::note_address(conn, by, is.id, &key).await?,
        }
    }
    if let Some(doi) = &is.doi {
        for other in doubles::with_doi(conn, desk, is.id, doi).await? {
            if doubles::found(conn, by, is.id, other, Why::Doi, true).await? {
                return Ok(());
            }
        }
    }
    if let Some(own) = &canonical {
        let known = find(conn, desk, &url_key(own).key).await?;
        let mut others = doubles::with_canonical(conn, desk, is.id, own.as_str()).await?;
        others.extend(known.filter(|other| *other != is.id && !others.contains(other)));
        for other in others {
            doubles::found(conn, by, is.id, other, Why::Canonical, false).await?;
        }
    }
    for other in doubles::with_bytes(conn, desk, is.id).await? {
        doubles::found(conn, by, is.id, other, Why::Bytes, false).await?;
    }
    Ok(())
}

/// Whether it is the front page of a site: where many an address leads whose page is gone.
fn is_front(address: &SafeUrl) -> bool {
    let rest = address.as_str().split_once("://").map_or("", |(_, rest)| rest);
    rest.split_once('/').is_none_or(|(_, path)| path.is_empty() || path.starts_with('#'))
}

/// Takes what the newest copy says for a field: the person's value goes, and the field says where this one stands.
///
/// # Errors
/// [`Error::NotFound`] when the copy says nothing of it.
pub async fn believe(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    id: SourceId,
    field: &str,
) -> Result<()> {
    doubles::lock(conn, by, &[id]).await?;
    let was = source(conn, by.desk.id, id).await?;
    let (before, finding) = (was.values(), was.found.get(field).ok_or(Error::NotFound("finding"))?);
    let (name, text) = before.get_key_value(field).ok_or(Error::NotFound("finding"))?;
    if *text == finding.value {
        return Ok(());
    }
    let mut after = before.clone();
    after.insert(name, finding.value.clone());
    let to = SourceFields::parse(&after)?;
    let mut origins = was.origins.clone();
    origins.insert(field.to_owned(), finding.origin);
    let known = Some(text).filter(|text| !text.is_empty());
    let details = json!({field: {"before": known, "after": finding.value}});
    update(conn, by, "source.edit", &was, &to, &origins, &was.found, &details).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_pages_are_known() {
        let is_front = |url| is_front(&SafeUrl::parse(url).unwrap());
        assert!(is_front("https://e.example") && is_front("https://e.example/#top"));
        assert!(!is_front("https://e.example/?id=7") && !is_front("https://e.example/a"));
    }
}
