//! One report, for the desk: read, looked at, answered, and the correction that comes of it.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use time::OffsetDateTime;

use crate::audit;
use crate::auth::permission::{LookAtReports, Publish, ReadReports};
use crate::auth::{Authorized, Permission, Viewer};
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::id::ReportId;
use crate::reports::report::{Correction, Finding, Kind, Report, State, WORDS_MAX, tidy};
use crate::reports::store::{self, NewAnswer};
use crate::reviews::stage::{Act, check};
use crate::reviews::store as judging;
use crate::reviews::{CorrectionKind, Judging};
use crate::web::{Posted, Shell, clock, page, see_other};

type ReportPath = Path<(String, ReportId)>;

/// What was typed into a form that was refused.
#[derive(Clone, Debug, Default)]
struct Typed {
    form: &'static str,
    words: String,
    choice: String,
    is_public: bool,
    with_words: bool,
}

#[derive(Template)]
#[template(path = "reports/report.html")]
struct ReportPage {
    shell: Shell,
    report: Report,
    others: Vec<(ReportId, Kind, State, OffsetDateTime)>,
    may_look: bool,
    /// Why this person does not look at it now.
    not_you: Option<&'static str>,
    may_answer: bool,
    may_correct: bool,
    refused: Option<String>,
    typed: Typed,
}

impl ReportPage {
    async fn load(pool: &Pool, viewer: &Viewer, id: ReportId) -> Result<Self> {
        let conn = &mut *pool.acquire().await?;
        let report = store::get(conn, viewer.desk.id, id).await?;
        let others = store::others(conn, viewer.desk.id, &report).await?;
        let account = viewer.person.as_ref().map(|person| person.account);
        let waits = matches!(report.state, State::New | State::FirstLook);
        let mine = report.looks.iter().any(|look| Some(look.account) == account)
            && !store::is_alone(conn, viewer.desk.id, account).await?;
        let judged = judging::judging(conn, viewer.desk.id, report.claim, account).await?;
        let not_you = if !viewer.may::<LookAtReports>() || !waits {
            None
        } else if judged.standing.recused {
            Some("You recused yourself from this claim, so others look at what readers write about it.")
        } else if mine {
            Some("You have looked at it. Somebody else looks a second time.")
        } else {
            None
        };
        Ok(Self {
            shell: Shell::new(viewer),
            others,
            may_look: viewer.may::<LookAtReports>() && waits && !judged.standing.recused,
            not_you,
            may_answer: viewer.may::<Publish>() && report.state == State::SecondLook,
            may_correct: may_correct(viewer, &report, &judged),
            refused: None,
            typed: Typed::default(),
            report,
        })
    }

    fn path(&self, rest: &str) -> String {
        self.shell.path(&format!("/reports/{}{rest}", self.report.id))
    }

    fn claim(&self) -> String {
        self.shell.path(&format!("/claims/{}", self.report.claim))
    }

    /// What is typed into a form, if it is the one that was refused.
    fn words(&self, form: &str) -> &str {
        if self.typed.form == form { &self.typed.words } else { "" }
    }

    /// What was typed into a form that is not on the page any more.
    fn unsent(&self) -> Option<&str> {
        let is_there = match self.typed.form {
            "look" => self.may_look && self.not_you.is_none(),
            "answer" => self.may_answer,
            _ => self.may_correct,
        };
        Some(&*self.typed.words).filter(|words| !is_there && !words.is_empty())
    }

    /// Whether a choice is made; in a form that nobody sent, what the second look found.
    fn is_chosen(&self, form: &str, finding: Finding) -> bool {
        if self.typed.form == form {
            return self.typed.choice == finding.as_str();
        }
        form == "answer" && self.report.looks.last().is_some_and(|look| look.finding == finding)
    }

    fn is_kind(&self, kind: CorrectionKind) -> bool {
        self.typed.form == "correction" && self.typed.choice == kind.as_str()
    }
}

fn may_correct(viewer: &Viewer, report: &Report, judged: &Judging) -> bool {
    viewer.may::<Publish>()
        && matches!(report.state, State::SecondLook | State::Answered)
        && report.correction != Some(Correction::UnderWay)
        && report.correction != Some(Correction::Published)
        && check(&viewer.roles, judged, Act::Correct).is_ok()
}

#[get("/{desk}/reports/{report}")]
pub(super) async fn show(
    member: Authorized<ReadReports>,
    path: ReportPath,
    pool: Pool,
) -> Result<HttpResponse> {
    page(StatusCode::OK, &ReportPage::load(&pool, &member.viewer(), path.1).await?)
}

/// Does what a form asks for in one unit of work, and comes back to the report; refused, with what was typed.
async fn take<P, F, W>(
    pool: &Pool,
    posted: Posted<P, F>,
    id: ReportId,
    typed: impl Fn(&F) -> Typed,
    work: W,
) -> Result<HttpResponse>
where
    P: Permission,
    F: 'static,
    W: AsyncFn(&mut sqlx::PgConnection, &Authorized<P>, &F) -> Result<String> + 'static,
{
    let Posted { by, form, submission } = posted;
    let (viewer, typed) = (by.viewer(), typed(&form));
    let location = format!("/{}/reports/{id}", viewer.desk.slug);
    let outcome = unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location).await?;
        work(tx, &by, &form).await
    })
    .await;
    let error = match outcome {
        Ok(location) => return Ok(see_other(&location)),
        Err(error) => error,
    };
    let status = match &error {
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::Barred(_) => StatusCode::FORBIDDEN,
        _ => return Err(error),
    };
    let mut shown = ReportPage::load(pool, &viewer, id).await?;
    shown.refused = Some(error.to_string());
    shown.typed = typed;
    page(status, &shown)
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewLook {
    /// How many had looked when the form was drawn.
    seen: i16,
    finding: Option<Finding>,
    #[serde(default)]
    note: String,
}

#[post("/{desk}/reports/{report}/looks")]
pub(super) async fn look_at(
    posted: Posted<LookAtReports, NewLook>,
    path: ReportPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let id = path.1;
    let typed = |form: &NewLook| Typed {
        form: "look",
        words: form.note.clone(),
        choice: form.finding.map_or("", Finding::as_str).to_owned(),
        ..Typed::default()
    };
    take(&pool, posted, id, typed, async move |tx, by, form| {
        let finding = form.finding.ok_or_else(|| Error::invalid("Choose what you found."))?;
        store::look(tx, by, id, (form.seen, finding), &tidy(&form.note)).await?;
        Ok(format!("/{}/reports/{id}", by.desk.slug))
    })
    .await
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerForm {
    outcome: Option<Finding>,
    #[serde(default)]
    words: String,
    /// `public` or `private`.
    #[serde(default)]
    to: String,
    #[serde(default)]
    with_words: String,
}

#[post("/{desk}/reports/{report}/answer")]
pub(super) async fn reply(
    posted: Posted<Publish, AnswerForm>,
    path: ReportPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let id = path.1;
    let typed = |form: &AnswerForm| Typed {
        form: "answer",
        words: form.words.clone(),
        choice: form.outcome.map_or("", Finding::as_str).to_owned(),
        is_public: form.to == "public",
        with_words: !form.with_words.is_empty(),
    };
    take(&pool, posted, id, typed, async move |tx, by, form| {
        let outcome = form.outcome.ok_or_else(|| Error::invalid("Choose what becomes of it."))?;
        if !matches!(form.to.as_str(), "public" | "private") {
            return Err(Error::invalid("Choose whether everybody reads the answer, or only who wrote."));
        }
        let answer = NewAnswer {
            outcome,
            words: tidy(&form.words),
            is_public: form.to == "public",
            with_words: !form.with_words.is_empty(),
        };
        store::answer(tx, by, id, &answer).await?;
        Ok(format!("/{}/reports/{id}", by.desk.slug))
    })
    .await
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct CorrectionForm {
    kind: Option<CorrectionKind>,
    #[serde(default)]
    public_note: String,
}

#[post("/{desk}/reports/{report}/correction")]
pub(super) async fn correct(
    posted: Posted<Publish, CorrectionForm>,
    path: ReportPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let id = path.1;
    let typed = |form: &CorrectionForm| Typed {
        form: "correction",
        words: form.public_note.clone(),
        choice: form.kind.map_or("", CorrectionKind::as_str).to_owned(),
        ..Typed::default()
    };
    take(&pool, posted, id, typed, async move |tx, by, form| {
        let report = store::get(tx, by.desk.id, id).await?;
        let kind = form.kind.ok_or_else(|| Error::invalid("Choose what kind of correction it is."))?;
        let note = tidy(&form.public_note);
        let round = if kind == CorrectionKind::Retraction {
            judging::retract(tx, by, report.claim, &note).await?
        } else {
            judging::correct(tx, by, report.claim, kind, &note).await?
        };
        store::correct(tx, by, &report, round).await?;
        Ok(format!("/{}/claims/{}?saved=1", by.desk.slug, report.claim))
    })
    .await
}
