//! The pages of training: the list with how one did, one training claim, and the form for a new one.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use sqlx::PgConnection;

use super::TrainingClaim;
use super::form::{AnswerForm, NewTraining};
use super::store::{self, Listed, Score};
use crate::audit;
use crate::auth::permission::{ReadDesk, Train, WriteGuidelines};
use crate::auth::{Authorized, Member};
use crate::claims;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::evidence;
use crate::guidelines;
use crate::id::{ClaimId, TrainingClaimId};
use crate::reviews;
use crate::scales::{self, Scale};
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, page, see_other};

#[derive(Template)]
#[template(path = "training/list.html")]
struct ListPage {
    shell: Shell,
    claims: Vec<Listed>,
    /// The one to answer next.
    next: Option<TrainingClaimId>,
    /// How everybody did, for those who write training claims.
    scores: Vec<Score>,
    may_write: bool,
    may_train: bool,
}

impl ListPage {
    fn answered(&self) -> usize {
        self.claims.iter().filter(|claim| claim.right.is_some()).count()
    }

    fn right(&self) -> usize {
        self.claims.iter().filter(|claim| claim.right == Some(true)).count()
    }

    fn waiting(&self) -> usize {
        self.claims.iter().filter(|claim| claim.right.is_none() && !claim.is_own && !claim.retired).count()
    }
}

/// The desk's training claims.
#[get("/{desk}/training")]
pub async fn list(member: Authorized<ReadDesk>, pool: Pool) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let (desk, me) = (member.desk.id, member.person.account);
    let (may_write, may_train) = (member.may::<WriteGuidelines>(), member.may::<Train>());
    let list = ListPage {
        claims: store::list(conn, desk, me).await?,
        next: if may_train { store::next(conn, desk, me).await? } else { None },
        scores: if may_write { store::scores(conn, desk).await? } else { Vec::new() },
        shell: Shell::new(&member.viewer()),
        may_write,
        may_train,
    };
    page(StatusCode::OK, &list)
}

#[derive(Template)]
#[template(path = "training/form.html")]
struct FormPage {
    shell: Shell,
    form: NewTraining,
    scale: Scale,
    problems: Problems,
}

/// What a new training claim is made of: a public claim of the desk, or nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    claim: Option<ClaimId>,
}

/// The form for a new training claim.
#[get("/{desk}/training/new")]
pub async fn new(by: Authorized<WriteGuidelines>, asked: Query<Asked>, pool: Pool) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let scale = scales::default(conn, by.desk.id).await?;
    let form = match asked.claim {
        Some(claim) => copied(conn, &by, claim, &scale).await?,
        None => NewTraining::default(),
    };
    page(
        StatusCode::OK,
        &FormPage { shell: Shell::new(&by.viewer()), form, scale, problems: Problems::default() },
    )
}

/// The words of a public claim, its evidence and its verdict, to be shortened for training.
async fn copied(conn: &mut PgConnection, by: &Member, id: ClaimId, scale: &Scale) -> Result<NewTraining> {
    let claim = claims::store::get(conn, by.desk.id, id).await?;
    let number = claim.current_verdict.ok_or(Error::NotFound("public claim"))?;
    let verdict = reviews::store::verdict(conn, by.desk.id, id, number).await?;
    let mut known = Vec::new();
    for shown in evidence::store::public(conn, by.desk.id, &[id]).await? {
        let words = shown.exact.unwrap_or(shown.note);
        let source = shown.source.as_ref().map_or("A confidential source", |source| source.name());
        known.push(format!("{source}: {words}").trim_end_matches(": ").to_owned());
    }
    let rating = verdict.rating.map(|rating| rating.code).filter(|code| scale.value(code).is_some());
    Ok(NewTraining {
        claim_reviewed: claim.claim_reviewed,
        context: String::new(),
        evidence: known.join("\n\n"),
        rating: rating.unwrap_or_default(),
        explanation: verdict.rationale,
    })
}

/// Adds a training claim.
#[post("/{desk}/training")]
pub async fn create(posted: Posted<WriteGuidelines, NewTraining>, pool: Pool) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let form = form.tidy();
    let scale = scales::default(&mut *pool.acquire().await?, by.desk.id).await?;
    let problems = form.problems(&scale);
    if !problems.is_empty() {
        let refused = FormPage { shell: Shell::new(&by.viewer()), form, scale, problems };
        return page(StatusCode::UNPROCESSABLE_ENTITY, &refused);
    }
    let id = TrainingClaimId::new();
    let location = address(&by.desk.slug, id);
    let target = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &target).await?;
        store::create(tx, &by, id, &scale, &form).await
    })
    .await?;
    Ok(see_other(&location))
}

fn address(desk: &str, id: TrainingClaimId) -> String {
    format!("/{desk}/training/{id}")
}

#[derive(Template)]
#[template(path = "training/claim.html")]
struct ClaimPage {
    shell: Shell,
    claim: TrainingClaim,
    form: AnswerForm,
    problems: Problems,
    /// Why the answer was not taken.
    refused: Option<String>,
    guidelines: Option<guidelines::Beside>,
    next: Option<TrainingClaimId>,
    may_write: bool,
    may_train: bool,
}

impl ClaimPage {
    async fn load(
        conn: &mut PgConnection,
        member: &Member,
        shell: Shell,
        id: TrainingClaimId,
    ) -> Result<Self> {
        let (desk, me) = (member.desk.id, member.person.account);
        let may_train = member.may::<Train>();
        Ok(Self {
            claim: store::get(conn, desk, id, me).await?,
            form: AnswerForm::default(),
            problems: Problems::default(),
            refused: None,
            guidelines: guidelines::Beside::load(conn, &shell).await?,
            next: if may_train {
                store::next(conn, desk, me).await?.filter(|next| *next != id)
            } else {
                None
            },
            may_write: member.may::<WriteGuidelines>(),
            may_train,
            shell,
        })
    }

    fn asks(&self) -> bool {
        self.may_train && self.claim.answer.is_none() && !self.claim.is_own && self.claim.retired_at.is_none()
    }
}

/// A training claim: to be answered, or with how the desk rates it.
#[get("/{desk}/training/{training}")]
pub async fn show(
    member: Authorized<ReadDesk>,
    path: Path<(String, TrainingClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let shell = Shell::new(&member.viewer());
    page(StatusCode::OK, &ClaimPage::load(conn, &member, shell, path.1).await?)
}

/// Keeps the member's answer.
#[post("/{desk}/training/{training}/answer")]
pub async fn answer(
    posted: Posted<Train, AnswerForm>,
    path: Path<(String, TrainingClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let form = form.tidy();
    let mut conn = pool.acquire().await?;
    let mut shown = ClaimPage::load(&mut conn, &by, Shell::new(&by.viewer()), path.1).await?;
    drop(conn);
    let problems = form.problems(&shown.claim.scale);
    if !problems.is_empty() {
        (shown.form, shown.problems) = (form, problems);
        return page(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    let location = address(&by.desk.slug, path.1);
    let (target, claim, sent) = (location.clone(), shown.claim.clone(), form.clone());
    let kept = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &target).await?;
        store::answer(tx, &by, &claim, &sent).await
    })
    .await;
    match kept {
        Ok(()) => Ok(see_other(&location)),
        Err(Error::Conflict(words)) => {
            (shown.form, shown.refused) = (form, Some(words.into_owned()));
            page(StatusCode::CONFLICT, &shown)
        }
        Err(error) => Err(error),
    }
}

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Stops asking a training claim.
#[post("/{desk}/training/{training}/retirement")]
pub async fn retire(
    posted: Posted<WriteGuidelines, Nothing>,
    path: Path<(String, TrainingClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    set_retired(posted, path.1, true, &pool).await
}

/// Asks a training claim again.
#[post("/{desk}/training/{training}/restoration")]
pub async fn bring_back(
    posted: Posted<WriteGuidelines, Nothing>,
    path: Path<(String, TrainingClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    set_retired(posted, path.1, false, &pool).await
}

async fn set_retired(
    posted: Posted<WriteGuidelines, Nothing>,
    id: TrainingClaimId,
    retired: bool,
    pool: &Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let location = address(&by.desk.slug, id);
    let target = location.clone();
    unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &target).await?;
        store::set_retired(tx, &by, id, retired).await
    })
    .await?;
    Ok(see_other(&location))
}
