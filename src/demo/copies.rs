//! What the addresses of the demo's sources showed when they were cited: the demo has no web. One whose page is not here
//! did not let programs in.

use std::path::Path;

use include_dir::{Dir, include_dir};
use sqlx::PgConnection;

use super::content;
use crate::articles::intake::{How, Received};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::error::{Error, Result};
use crate::evidence::copies::{self, Came, Link, Why, store};
use crate::id::SourceId;
use crate::jobs::{self, Kind};
use crate::text::address::SafeUrl;

static PAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/demo/sources");
/// A source whose page was taken away later.
const GONE: &str = "dividend-news";

fn page(key: &str) -> Option<(&'static [u8], &'static str)> {
    let file = PAGES.files().find(|file| file.path().file_stem() == Path::new(key).file_name())?;
    let is_pdf = file.path().extension().is_some_and(|ending| ending == "pdf");
    Some((file.contents(), if is_pdf { "application/pdf" } else { "text/html" }))
}

/// Archives a source that was just made, and ends the jobs that would look for its address.
pub(super) async fn archive(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    id: SourceId,
    source: &content::Source,
) -> Result<()> {
    let Some(url) = &source.url else { return Ok(()) };
    let address = SafeUrl::parse(url).map_err(Error::internal)?;
    if let Some((bytes, media_type)) = page(&source.key) {
        let mut received = Received::new(How::Url, bytes, by.now);
        received.media_type = Some(media_type.to_owned());
        received.final_address = Some(address.clone());
        received.address = Some(address);
        received.status = Some(200);
        let reading = copies::read(&received.said(), bytes, true);
        let (copy, _) = store::add(conn, by, id, &received, &reading, Some(Link::Alive)).await?;
        let came = Came {
            source: id,
            copy,
            media_type: reading.media_type,
            found: reading.found,
            final_address: received.final_address,
        };
        copies::came(conn, by, &came).await?;
        if source.key == GONE {
            let details = serde_json::json!({ "link": Link::Dead, "reason": Why::Missing });
            let change = audit::record(conn, by, "source.look", "source", id, &details).await?;
            store::looked(conn, change.desk, change.event, change.at, id, (Link::Dead, Some(Why::Missing)))
                .await?;
        }
    } else {
        let details = serde_json::json!({ "reason": Why::SignIn });
        let change = audit::record(conn, by, "source.miss", "source", id, &details).await?;
        store::miss(conn, change.desk, change.event, id, Why::SignIn).await?;
    }
    for kind in [Kind::Archive, Kind::Link] {
        jobs::store::cancel(conn, by.desk.id, kind, id.uuid()).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::articles::intake::Said;
    use crate::demo::content::{CONTENT, DATASET};
    use crate::text::quote::{QuoteCheck, check};

    #[test]
    fn each_page_is_that_of_a_source_and_holds_what_is_cited_from_it() {
        for content in [&*CONTENT, &*DATASET] {
            for claim in &content.claims {
                for evidence in claim.all_evidence() {
                    let Some((bytes, media_type)) = page(&evidence.source) else { continue };
                    let said = Said { media_type: Some(media_type.to_owned()), ..Said::default() };
                    let text = copies::read(&said, bytes, true).text.unwrap();
                    let found = check(text.text(), &evidence.passage, None).check;
                    // One is mistyped, to show what becomes of it.
                    let expected = if evidence.passage.contains("(Hospitals)") {
                        QuoteCheck::Nearly
                    } else {
                        QuoteCheck::Stands
                    };
                    assert_eq!(found, expected, "{}", evidence.passage);
                }
            }
        }
        let keys: Vec<&str> =
            CONTENT.sources.iter().chain(&DATASET.sources).map(|source| source.key.as_str()).collect();
        for file in PAGES.files() {
            let stem = file.path().file_stem().unwrap().to_str().unwrap();
            assert!(keys.contains(&stem), "{stem}");
        }
    }
}
