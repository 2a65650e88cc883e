//! The page on which somebody decides between differing ratings: all of them side by side, with their reasons.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use sqlx::PgConnection;

use super::{ClaimPath, tidy};
use crate::audit;
use crate::auth::permission::{ReadDrafts, ReviewVerdict};
use crate::auth::{Authorized, Viewer};
use crate::claims::pages::saved;
use crate::db::{Pool, unit_of_work};
use crate::error::Result;
use crate::evidence::{self, Evidence};
use crate::id::{ClaimId, EvidenceId};
use crate::reviews::judging::Judging;
use crate::reviews::round::{Assessment, State};
use crate::reviews::section::status_of;
use crate::reviews::stage::{Act, Refusal, check};
use crate::reviews::store;
use crate::scales::RatingValue;
use crate::web::{Posted, Shell, page, see_other};

#[derive(Template)]
#[template(path = "reviews/adjudicate.html")]
struct AdjudicationPage {
    shell: Shell,
    judging: Judging,
    evidence: Vec<Evidence>,
    given: Vec<Assessment>,
    may: bool,
    why_not: Option<&'static str>,
    form: AdjudicationForm,
    refused: Option<String>,
}

impl AdjudicationPage {
    async fn load(conn: &mut PgConnection, viewer: &Viewer, claim: ClaimId) -> Result<Self> {
        let account = viewer.person.as_ref().map(|person| person.account);
        let judging = store::judging(conn, viewer.desk.id, claim, account).await?;
        let given = match &judging.round {
            Some(round) if round.state == State::Adjudicating => {
                store::ratings(conn, viewer.desk.id, round.id, account).await?
            }
            _ => Vec::new(),
        };
        let (may, why_not) = match check(&viewer.roles, &judging, Act::Adjudicate) {
            Ok(_) => (true, None),
            Err(Refusal::Person(words) | Refusal::Moment(words)) => (false, Some(words)),
            Err(Refusal::Role(_) | Refusal::Incomplete(_)) => (false, None),
        };
        Ok(Self {
            shell: Shell::new(viewer),
            evidence: evidence::store::of_claim(conn, viewer.desk.id, claim).await?,
            judging,
            given,
            may,
            why_not,
            form: AdjudicationForm::default(),
            refused: None,
        })
    }

    fn path(&self, rest: &str) -> String {
        format!("/{}/claims/{}{rest}", self.shell.slug(), self.judging.claim)
    }

    fn rating(&self, code: &str) -> Option<&RatingValue> {
        self.judging.scale.value(code)
    }

    fn considered(&self, id: &EvidenceId) -> Option<&Evidence> {
        self.evidence.iter().find(|evidence| evidence.id == *id)
    }

    fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
        text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty())
    }
}

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdjudicationForm {
    #[serde(default)]
    rating: String,
    #[serde(default)]
    reason: String,
}

#[get("/{desk}/claims/{claim}/adjudication")]
pub(super) async fn show(
    member: Authorized<ReadDrafts>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let shown = AdjudicationPage::load(&mut *pool.acquire().await?, &member.viewer(), path.1).await?;
    if shown.judging.state() != Some(State::Adjudicating) {
        return Ok(see_other(&shown.path("")));
    }
    page(StatusCode::OK, &shown)
}

#[post("/{desk}/claims/{claim}/adjudication")]
pub(super) async fn decide(
    posted: Posted<ReviewVerdict, AdjudicationForm>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let (viewer, claim) = (by.viewer(), path.1);
    let location = saved(&by.desk.slug, claim);
    let (target, sent) = (location.clone(), form.clone());
    let outcome = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &target).await?;
        store::adjudicate(tx, &by, claim, &sent.rating, &tidy(&sent.reason)).await
    })
    .await;
    let error = match outcome {
        Ok(()) => return Ok(see_other(&location)),
        Err(error) => error,
    };
    let Some(status) = status_of(&error) else { return Err(error) };
    let shown = AdjudicationPage::load(&mut *pool.acquire().await?, &viewer, claim).await?;
    page(status, &AdjudicationPage { form, refused: Some(error.to_string()), ..shown })
}
