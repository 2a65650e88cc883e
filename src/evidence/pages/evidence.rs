//! Evidence on a claim.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use sqlx::PgConnection;

use crate::audit;
use crate::auth::permission::{CiteEvidence, ReadDesk};
use crate::auth::{Authorized, Viewer};
use crate::claims;
use crate::claims::pages::saved;
use crate::db::{Pool, unit_of_work};
use crate::editing::history::{self, History, Line};
use crate::editing::{self, Conflict, Form, Pairs, Sent, is_fragment, is_panel};
use crate::error::{Error, Result};
use crate::evidence::AsOf;
use crate::evidence::cited::{EVIDENCE, Evidence, EvidenceFields};
use crate::evidence::groups;
use crate::evidence::quotes::pages::Mend;
use crate::evidence::section::Section;
use crate::evidence::sources::Access;
use crate::evidence::sources::pages::Undo;
use crate::evidence::store;
use crate::id::{ClaimId, EvidenceId};
use crate::web::{Posted, Shell, page, see_other};

type EvidencePath = Path<(String, ClaimId, EvidenceId)>;

#[derive(Template)]
#[template(path = "evidence/claim.html")]
struct ClaimPage {
    shell: Shell,
    claim: ClaimId,
    claim_reviewed: String,
    failed: bool,
    section: Section,
}

/// Which evidence is wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(default)]
    as_of: AsOf,
}

#[get("/{desk}/claims/{claim}/evidence")]
pub(super) async fn of_claim(
    member: Authorized<ReadDesk>,
    path: Path<(String, ClaimId)>,
    asked: Query<Asked>,
    pool: Pool,
) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let viewer = member.viewer();
    let section = Section::load(conn, &viewer, path.1).await?.as_of(asked.as_of);
    whole(conn, StatusCode::OK, &viewer, path.1, section).await
}

async fn whole(
    conn: &mut PgConnection,
    status: StatusCode,
    viewer: &Viewer,
    claim: ClaimId,
    section: Section,
) -> Result<HttpResponse> {
    let claim_reviewed = claims::store::get(conn, viewer.desk.id, claim).await?.claim_reviewed;
    let failed = section.has_problem();
    page(status, &ClaimPage { shell: Shell::new(viewer), claim, claim_reviewed, failed, section })
}

pub(super) async fn load(pool: &Pool, viewer: &Viewer, claim: ClaimId) -> Result<Section> {
    Section::load(&mut *pool.acquire().await?, viewer, claim).await
}

pub(super) async fn answer(
    request: &HttpRequest,
    pool: &Pool,
    status: StatusCode,
    viewer: &Viewer,
    claim: ClaimId,
    section: Section,
) -> Result<HttpResponse> {
    if is_panel(request) {
        return page(status, &section.compact());
    }
    if is_fragment(request) {
        return page(status, &section);
    }
    whole(&mut *pool.acquire().await?, status, viewer, claim, section).await
}

#[derive(Template)]
#[template(path = "evidence/edit.html")]
struct EditPage {
    shell: Shell,
    back: String,
    item: Evidence,
    /// For those who may edit, when it can be changed now.
    form: Option<Form>,
    /// For those who may edit.
    mend: Option<Mend>,
    history: History,
}

#[get("/{desk}/claims/{claim}/evidence/{evidence}")]
pub(super) async fn show(
    member: Authorized<ReadDesk>,
    path: EvidencePath,
    pool: Pool,
) -> Result<HttpResponse> {
    let (_, claim, id) = path.into_inner();
    shown(&pool, StatusCode::OK, &member.viewer(), (claim, id), |mend| mend).await
}

/// The page of evidence; `told` says what is to be told about its words.
pub(in crate::evidence) async fn shown(
    pool: &Pool,
    status: StatusCode,
    viewer: &Viewer,
    (claim, id): (ClaimId, EvidenceId),
    told: impl FnOnce(Mend) -> Mend,
) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let item = store::get(conn, viewer.desk.id, claim, id).await?;
    let still = store::stands_still(conn, viewer.desk.id, claim).await?;
    let entries = history::of(conn, viewer.desk.id, &[id.uuid()], None, history::PAGE).await?;
    let shell = Shell::new(viewer);
    let may = viewer.may::<CiteEvidence>() && !still && item.removed_at.is_none();
    let line = |entry: &editing::Entry| {
        let did = match &*entry.action {
            "evidence.add" => "added it",
            "evidence.remove" => "removed it",
            "evidence.restore" => "restored it",
            "evidence.acknowledge" => "said why these words are cited all the same",
            "evidence.check" => "had a copy kept in which the words were looked for",
            _ => "changed it",
        };
        let mut line = Line::new(entry, did.to_owned(), &EVIDENCE);
        line.undo = (may && entry.action == "evidence.edit").then_some(entry.id);
        line
    };
    let history = History {
        lines: entries.iter().map(line).collect(),
        csrf: shell.csrf().to_owned(),
        undo: format!("{}/undo", address(viewer, &item)),
        versions: None,
    };
    let form = may.then(|| form(&shell, viewer, &item));
    let may_say = viewer.may::<CiteEvidence>() && item.removed_at.is_none();
    let mend = may_say.then(|| told(Mend::new(viewer, &item, may)));
    let back = claims::address(&viewer.desk.slug, claim);
    page(status, &EditPage { shell, back, item, form, mend, history })
}

fn address(viewer: &Viewer, item: &Evidence) -> String {
    format!("{}/evidence/{}", claims::address(&viewer.desk.slug, item.claim), item.id)
}

fn form(shell: &Shell, viewer: &Viewer, item: &Evidence) -> Form {
    let names = ["stance", "exact", "page", "time", "cell", "locator", "note", "independence"];
    Form::new(shell, "evidence-edit", address(viewer, item), &EVIDENCE, &names, &item.values())
}

#[post("/{desk}/claims/{claim}/evidence/{evidence}")]
pub(super) async fn save(
    request: HttpRequest,
    posted: Posted<CiteEvidence, Pairs>,
    path: EvidencePath,
    pool: Pool,
) -> Result<HttpResponse> {
    let sent = Sent::read(&EVIDENCE, &posted.form)?;
    apply(&request, posted, (path.1, path.2), &sent, &pool).await
}

#[post("/{desk}/claims/{claim}/evidence/{evidence}/undo")]
pub(super) async fn undo(
    request: HttpRequest,
    posted: Posted<CiteEvidence, Undo>,
    path: EvidencePath,
    pool: Pool,
) -> Result<HttpResponse> {
    let entry = history::get(&mut *pool.acquire().await?, posted.by.desk.id, posted.form.event).await?;
    let sent = (entry.action == "evidence.edit" && entry.entity_id == path.2.uuid())
        .then(|| entry.undo(&EVIDENCE))
        .flatten()
        .ok_or(Error::NotFound("change"))?;
    apply(&request, posted, (path.1, path.2), &sent, &pool).await
}

async fn apply<F>(
    request: &HttpRequest,
    posted: Posted<CiteEvidence, F>,
    (claim, id): (ClaimId, EvidenceId),
    sent: &Sent,
    pool: &Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let viewer = by.viewer();
    let title = "Edit evidence";
    for _ in 0..editing::TRIES {
        let mut conn = pool.acquire().await?;
        let item = store::get(&mut conn, by.desk.id, claim, id).await?;
        let shell = Shell::new(&viewer);
        let (action, location) = (address(&viewer, &item), saved(&viewer.desk.slug, claim));
        let theirs = item.values();
        let merge = editing::merge(&mut conn, &by, id.uuid(), sent, &theirs).await?;
        if !merge.conflicts.is_empty() {
            let conflict = Conflict::new(&shell, "evidence-edit", &action, sent, &merge);
            return editing::conflict(request, shell, title, location, conflict);
        }
        if merge.is_unchanged() {
            return Ok(see_other(&location));
        }
        drop(conn);
        let fields = match EvidenceFields::parse(&merge.applied(&theirs)) {
            Ok(fields) => fields,
            Err(problems) => {
                let form = form(&shell, &viewer, &item).refused(sent, &problems);
                return editing::problems(request, shell, title, location, form);
            }
        };
        let (details, to) = (merge.details(), location.clone());
        let (by, submission) = (by.clone(), submission.clone());
        let saved = unit_of_work(pool, async move |tx| {
            audit::once(tx, &by, submission.as_ref(), &to).await?;
            store::update(tx, &by, &item, &fields, &details).await
        })
        .await;
        if !editing::is_stale(&saved) {
            return saved.map(|()| see_other(&location));
        }
    }
    Err(editing::stale())
}

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[post("/{desk}/claims/{claim}/evidence/{evidence}/removal")]
pub(super) async fn removal(
    request: HttpRequest,
    posted: Posted<CiteEvidence, Nothing>,
    path: EvidencePath,
    pool: Pool,
) -> Result<HttpResponse> {
    set_removed(&request, posted, (path.1, path.2), &pool, true).await
}

#[post("/{desk}/claims/{claim}/evidence/{evidence}/restoration")]
pub(super) async fn restoration(
    request: HttpRequest,
    posted: Posted<CiteEvidence, Nothing>,
    path: EvidencePath,
    pool: Pool,
) -> Result<HttpResponse> {
    set_removed(&request, posted, (path.1, path.2), &pool, false).await
}

async fn set_removed(
    request: &HttpRequest,
    posted: Posted<CiteEvidence, Nothing>,
    (claim, id): (ClaimId, EvidenceId),
    pool: &Pool,
    removed: bool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let viewer = by.viewer();
    let location = saved(&viewer.desk.slug, claim);
    let to = location.clone();
    let done = unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        if removed {
            store::remove(tx, &by, claim, id).await
        } else {
            store::restore(tx, &by, claim, id).await
        }
    })
    .await;
    match groups::store::refused(done) {
        Ok(()) => Ok(see_other(&location)),
        Err(Error::Conflict(words)) => {
            let section = load(pool, &viewer, claim).await?.refused(words.into_owned());
            answer(request, pool, StatusCode::CONFLICT, &viewer, claim, section).await
        }
        Err(error) => Err(error),
    }
}
