//! The page on which somebody rates a claim: blindly, or as one of a panel.

use actix_web::http::StatusCode;
use actix_web::web::Query;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use sqlx::PgConnection;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{ClaimPath, tidy};
use crate::audit;
use crate::auth::permission::{ReadDrafts, ReviewVerdict};
use crate::auth::{Authorized, Viewer};
use crate::db::{Pool, unit_of_work};
use crate::error::Result;
use crate::evidence::{self, Access, Evidence};
use crate::guidelines::Beside;
use crate::id::{ClaimId, EvidenceId};
use crate::reviews::judging::Judging;
use crate::reviews::places::PlacesSection;
use crate::reviews::precedents::Precedent;
use crate::reviews::round::{Assessment, Confidence, State};
use crate::reviews::section::status_of;
use crate::reviews::stage::{Act, Refusal, check};
use crate::reviews::store::{self, NewRating};
use crate::scales::RatingValue;
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, page, see_other};

/// The longest that a form is worked on, in seconds: a day. Whoever leaves a page open for longer measured nothing.
const ACTIVE_MAX: i32 = 86_400;

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RatingForm {
    draft_version: i32,
    #[serde(default)]
    rating: String,
    #[serde(default)]
    rationale: String,
    #[serde(default)]
    confidence: String,
    #[serde(default)]
    considered: Vec<EvidenceId>,
    #[serde(default)]
    guideline: Option<i32>,
    /// When the form was opened, as the server wrote it.
    #[serde(default)]
    opened_at: String,
    /// Counted by a script; empty without one.
    #[serde(default)]
    seconds_active: String,
    /// Why the rating departs from a precedent.
    #[serde(default)]
    departure: String,
}

impl RatingForm {
    fn of(judging: &Judging, own: Option<&Assessment>, guideline: Option<i32>, now: OffsetDateTime) -> Self {
        let opened_at = now.format(&Rfc3339).unwrap_or_default();
        let draft_version = judging.round.as_ref().map_or(0, |round| round.draft_version);
        let blank = Self { draft_version, guideline, opened_at, ..Self::default() };
        match own {
            None => blank,
            Some(own) => Self {
                rating: own.rating.clone(),
                rationale: own.rationale.clone(),
                confidence: own.confidence.as_str().to_owned(),
                considered: own.evidence.clone(),
                ..blank
            },
        }
    }

    /// The rating that the form says.
    fn parse(&self, judging: &Judging) -> Result<NewRating, Problems> {
        let mut problems = Problems::default();
        if judging.scale.value(&self.rating).is_none() {
            problems.add("rating", "Choose a rating.");
        }
        let rationale = tidy(&self.rationale);
        if rationale.is_empty() {
            problems.add("rationale", "Say why.");
        } else if rationale.chars().count() > store::RATIONALE_MAX {
            problems.add("rationale", format!("At most {} characters fit here.", store::RATIONALE_MAX));
        }
        let confidence = Confidence::parse(&self.confidence);
        if confidence.is_none() {
            problems.add("confidence", "Say how sure you are.");
        }
        problems.unless(NewRating {
            draft_version: self.draft_version,
            rating: self.rating.clone(),
            rationale,
            confidence: confidence.unwrap_or(Confidence::Low),
            guideline: self.guideline,
            evidence: self.considered.clone(),
            opened_at: OffsetDateTime::parse(&self.opened_at, &Rfc3339).ok(),
            seconds_active: self
                .seconds_active
                .parse()
                .ok()
                .filter(|seconds| (1..=ACTIVE_MAX).contains(seconds)),
            departure: tidy(&self.departure),
        })
    }
}

#[derive(Template)]
#[template(path = "reviews/assess.html")]
struct RatingPage {
    shell: Shell,
    judging: Judging,
    evidence: Vec<Evidence>,
    /// Published claims on the same scale that say something like it.
    precedents: Vec<Precedent>,
    /// The desk's codebook, as it is now.
    guidelines: Option<Beside>,
    /// How the places of the round stand, while people rate.
    places: Option<PlacesSection>,
    /// The viewer's own assessment, when there is one.
    own: Option<Assessment>,
    /// Whether it was just saved.
    saved: bool,
    /// Whether the viewer may assess now.
    may: bool,
    /// Why not.
    why_not: Option<&'static str>,
    form: RatingForm,
    problems: Problems,
    refused: Option<String>,
}

impl RatingPage {
    async fn load(conn: &mut PgConnection, viewer: &Viewer, claim: ClaimId) -> Result<Self> {
        let account = viewer.person.as_ref().map(|person| person.account);
        let judging = store::judging(conn, viewer.desk.id, claim, account).await?;
        let mut own = None;
        if let Some(round) = &judging.round {
            let given = store::ratings(conn, viewer.desk.id, round.id, account).await?;
            own = given.into_iter().find(|given| Some(given.reviewer) == account);
        }
        let (may, why_not) = match check(&viewer.roles, &judging, Act::Assess) {
            Ok(_) => (true, None),
            Err(Refusal::Person(words) | Refusal::Moment(words)) => (false, Some(words)),
            Err(Refusal::Role(_) | Refusal::Incomplete(_)) => (false, None),
        };
        let evidence = evidence::store::of_claim(conn, viewer.desk.id, claim).await?;
        let to = (claim, judging.claim_reviewed.as_str());
        let precedents = store::precedents(conn, viewer.desk.id, to, judging.scale.id).await?;
        let shell = Shell::new(viewer);
        let guidelines = Beside::load(conn, &shell).await?;
        let version = guidelines.as_ref().map(Beside::number);
        Ok(Self {
            places: PlacesSection::load(conn, viewer, &shell, claim)
                .await?
                .map(PlacesSection::while_assessing),
            shell,
            guidelines,
            form: RatingForm::of(&judging, own.as_ref(), version, viewer.now),
            evidence: evidence.into_iter().filter(|evidence| evidence.removed_at.is_none()).collect(),
            precedents,
            judging,
            own,
            saved: false,
            may,
            why_not,
            problems: Problems::default(),
            refused: None,
        })
    }

    fn path(&self, rest: &str) -> String {
        format!("/{}/claims/{}{rest}", self.shell.slug(), self.judging.claim)
    }

    fn problem(&self, name: &str) -> Option<&str> {
        self.problems.of(name)
    }

    /// Whether one of the precedents says nearly the same, so that a rating could depart from it.
    fn asks_why(&self) -> bool {
        self.precedents.iter().any(|precedent| precedent.is_close)
    }

    fn people(&self) -> i16 {
        self.judging.policy.rules.people
    }

    fn is_blind(&self) -> bool {
        self.judging.is_wordless()
    }

    fn is_open(&self) -> bool {
        self.judging.is_rated() && self.judging.state() == Some(State::InReview)
    }

    fn rating(&self, code: &str) -> Option<&RatingValue> {
        self.judging.scale.value(code)
    }

    fn is_considered(&self, id: &EvidenceId) -> bool {
        self.form.considered.contains(id)
    }

    fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
        text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty())
    }
}

/// How the page is looked at.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Anything: it was just saved.
    saved: Option<String>,
}

#[get("/{desk}/claims/{claim}/assessment")]
pub(super) async fn show(
    member: Authorized<ReadDrafts>,
    path: ClaimPath,
    asked: Query<Asked>,
    pool: Pool,
) -> Result<HttpResponse> {
    let mut shown = RatingPage::load(&mut *pool.acquire().await?, &member.viewer(), path.1).await?;
    shown.saved = asked.saved.is_some() && shown.own.is_some();
    page(StatusCode::OK, &shown)
}

#[post("/{desk}/claims/{claim}/assessment")]
pub(super) async fn give(
    posted: Posted<ReviewVerdict, RatingForm>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let (viewer, claim) = (by.viewer(), path.1);
    let judging = store::judging(&mut *pool.acquire().await?, by.desk.id, claim, None).await?;
    let new = match form.parse(&judging) {
        Ok(new) => new,
        Err(problems) => {
            let shown = RatingPage::load(&mut *pool.acquire().await?, &viewer, claim).await?;
            return page(StatusCode::UNPROCESSABLE_ENTITY, &RatingPage { form, problems, ..shown });
        }
    };
    let location = format!("/{}/claims/{claim}/assessment?saved=1", by.desk.slug);
    let target = location.clone();
    let outcome = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &target).await?;
        store::assess(tx, &by, claim, &new).await
    })
    .await;
    let Err(error) = outcome else { return Ok(see_other(&location)) };
    let Some(status) = status_of(&error) else { return Err(error) };
    let shown = RatingPage::load(&mut *pool.acquire().await?, &viewer, claim).await?;
    // What was read is another draft now: it is sent again from the one that is shown.
    let form = RatingForm { draft_version: shown.form.draft_version, ..form };
    page(status, &RatingPage { form, refused: Some(error.to_string()), ..shown })
}
