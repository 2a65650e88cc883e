//! The form that adds evidence to a claim.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, post};
use serde::Deserialize;

use super::evidence::{answer, load};
use crate::audit;
use crate::auth::permission::CiteEvidence;
use crate::claims::pages::saved;
use crate::db::{Pool, unit_of_work};
use crate::editing::Values;
use crate::error::Result;
use crate::evidence::cited::EvidenceFields;
use crate::evidence::sources::{Pasted, SourceFields};
use crate::evidence::store::{self, Cite};
use crate::id::{ClaimId, SourceId};
use crate::jobs;
use crate::web::problems::Problems;
use crate::web::{Posted, see_other};

/// What is cited, and how it bears on the claim.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewEvidence {
    /// Addresses, one a line.
    #[serde(default)]
    url: String,
    /// Of a source without address.
    #[serde(default)]
    title: String,
    /// A source that the desk has.
    source: Option<SourceId>,
    #[serde(default)]
    stance: String,
    #[serde(default)]
    exact: String,
    #[serde(default)]
    locator: String,
    #[serde(default)]
    page: String,
    #[serde(default)]
    time: String,
    #[serde(default)]
    cell: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    independence: String,
}

impl NewEvidence {
    fn values(&self) -> Values {
        let typed = [
            ("url", &self.url),
            ("title", &self.title),
            ("stance", &self.stance),
            ("exact", &self.exact),
            ("locator", &self.locator),
            ("page", &self.page),
            ("time", &self.time),
            ("cell", &self.cell),
            ("note", &self.note),
            ("independence", &self.independence),
        ];
        typed.map(|(name, text)| (name, text.replace("\r\n", "\n").trim().to_owned())).into()
    }

    fn parse(&self) -> Result<(Cite, EvidenceFields), Problems> {
        let values = self.values();
        let fields = EvidenceFields::parse(&values);
        // What the form says of the evidence alone.
        let mut of_source = values.clone();
        of_source.remove("independence");
        let cite = match (self.source, values["url"].as_str(), values["title"].as_str()) {
            (Some(source), ..) => Ok(Cite::Known(source)),
            (None, "", "") => {
                let mut problems = Problems::default();
                problems.add(
                    "url",
                    "Paste the address of a source, or give the title of one without an address.",
                );
                Err(problems)
            }
            (None, "", _) => SourceFields::parse(&of_source).map(|fields| Cite::New(Box::new(fields))),
            (None, url, "") => Pasted::parse(url).map(Cite::Pasted),
            (None, url, _) if url.lines().count() > 1 => {
                let mut problems = Problems::default();
                problems.add("title", "A title goes with one address only.");
                Err(problems)
            }
            (None, ..) => SourceFields::parse(&of_source).map(|fields| Cite::New(Box::new(fields))),
        };
        match (cite, fields) {
            (Ok(cite), Ok(fields)) => Ok((cite, fields)),
            (Err(problems), _) | (_, Err(problems)) => Err(problems),
        }
    }
}

#[post("/{desk}/claims/{claim}/evidence")]
pub(super) async fn add(
    request: HttpRequest,
    posted: Posted<CiteEvidence, NewEvidence>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let (viewer, claim) = (by.viewer(), path.1);
    let (cite, fields) = match form.parse() {
        Ok(parsed) => parsed,
        Err(problems) => {
            let section = load(&pool, &viewer, claim).await?.with(form.values(), problems);
            return answer(&request, &pool, StatusCode::UNPROCESSABLE_ENTITY, &viewer, claim, section).await;
        }
    };
    let location = saved(&viewer.desk.slug, claim);
    let to = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::add(tx, &by, claim, &cite, &fields).await
    })
    .await?;
    jobs::wake();
    Ok(see_other(&location))
}
