//! Mending a quotation that does not stand in its copy: by the copy's own words, or by a reason.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpResponse, post};
use askama::Template;
use askama::filters::HtmlSafe;
use serde::Deserialize;
use serde_json::json;

use super::REASON_MAX;
use super::store::acknowledge;
use crate::audit;
use crate::auth::Viewer;
use crate::auth::permission::CiteEvidence;
use crate::claims::pages::saved;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::evidence::cited::{EVIDENCE, Evidence, EvidenceFields};
use crate::evidence::pages::evidence::shown;
use crate::evidence::store;
use crate::id::{ClaimId, EvidenceId};
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, see_other};

/// What can be done about words that do not stand in the copy, on the page of the evidence.
#[derive(Clone, Debug, Template)]
#[template(path = "evidence/quotes/_mend.html")]
pub struct Mend {
    shell: Shell,
    item: Evidence,
    action: String,
    /// Whether the words can be changed now.
    can_change: bool,
    reason: String,
    problems: Problems,
}

impl HtmlSafe for Mend {}

impl Mend {
    /// The part for these words. `can_change`: whether they can be changed now.
    #[must_use]
    pub fn new(viewer: &Viewer, item: &Evidence, can_change: bool) -> Self {
        let reason = item.quoted.as_ref().and_then(|quoted| quoted.reason.clone());
        Self {
            shell: Shell::new(viewer),
            action: format!("/{}/claims/{}/evidence/{}", viewer.desk.slug, item.claim, item.id),
            item: item.clone(),
            can_change,
            reason: reason.map_or_else(String::new, |(reason, _)| reason),
            problems: Problems::default(),
        }
    }

    /// The same with what was typed, and what is wrong with it.
    #[must_use]
    pub fn refused(mut self, reason: String, problems: Problems) -> Self {
        self.reason = reason;
        self.problems = problems;
        self
    }
}

/// Why words are cited all the same.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    #[serde(default)]
    reason: String,
}

#[post("/{desk}/claims/{claim}/evidence/{evidence}/acknowledgement")]
pub async fn acknowledgement(
    posted: Posted<CiteEvidence, Reason>,
    path: Path<(String, ClaimId, EvidenceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let (_, claim, id) = path.into_inner();
    let reason = form.reason.replace("\r\n", "\n").trim().to_owned();
    let mut problems = Problems::default();
    if reason.is_empty() {
        problems.add("reason", "Say why these words are cited although they do not stand in the copy so.");
    }
    if reason.chars().count() > REASON_MAX {
        problems.add("reason", format!("At most {REASON_MAX} characters fit here."));
    }
    if !problems.is_empty() {
        let viewer = by.viewer();
        return shown(&pool, StatusCode::UNPROCESSABLE_ENTITY, &viewer, (claim, id), |mend| {
            mend.refused(form.reason, problems)
        })
        .await;
    }
    let location = saved(&by.desk.slug, claim);
    let to = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let was = store::get(tx, by.desk.id, claim, id).await?;
        acknowledge(tx, &by, &was, Some(&reason)).await
    })
    .await?;
    Ok(see_other(&location))
}

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[post("/{desk}/claims/{claim}/evidence/{evidence}/words")]
pub async fn source_words(
    posted: Posted<CiteEvidence, Nothing>,
    path: Path<(String, ClaimId, EvidenceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let (_, claim, id) = path.into_inner();
    let location = saved(&by.desk.slug, claim);
    let to = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let was = store::get(tx, by.desk.id, claim, id).await?;
        let gone = || Error::conflict("These words were changed or found meanwhile. Look at them again.");
        let quoted = was.quoted.as_ref().ok_or_else(gone)?;
        let place = quoted.place.as_ref().ok_or_else(gone)?;
        let exact = tidy(&place.exact);
        if was.exact.as_ref() == Some(&exact) {
            return Ok(());
        }
        let mut values = was.values();
        values.insert("exact", exact.clone());
        let mut fields = EvidenceFields::parse(&values)?;
        fields.place = Some((quoted.copy, place.start.unsigned_abs()));
        let details = json!({"claim": claim, "exact": {"before": was.exact, "after": exact}});
        store::update(tx, &by, &was, &fields, &details).await
    })
    .await?;
    Ok(see_other(&location))
}

/// The copy's words as they are cited: without soft hyphens, in the one spelling that the field has.
pub fn tidy(words: &str) -> String {
    let field = EVIDENCE.iter().find(|field| field.name == "exact").expect("evidence has words");
    field.tidy(&words.replace('\u{AD}', ""))
}
