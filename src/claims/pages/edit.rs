//! A new claim, and changing the fields of one.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::{check_public, saved};
use crate::audit::{self, Submission};
use crate::auth::Authorized;
use crate::auth::permission::MarkClaim;
use crate::claims::appearance::{self, Described};
use crate::claims::{CLAIM, Claim, ClaimFields, address, store};
use crate::db::{Pool, unit_of_work};
use crate::editing::{self, Conflict, Field, Form, Pairs, Sent, Values};
use crate::error::Result;
use crate::id::{AppearanceId, ClaimId};
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, page, see_other};

/// The form over a claim's words.
#[must_use]
pub fn words_form(shell: &Shell, claim: &Claim) -> Form {
    let action = address(shell.slug(), claim.id);
    Form::new(shell, "part-words", action, &CLAIM, &["claim_reviewed"], &claim.values()).autosaved()
}

/// The form over what else describes a claim.
#[must_use]
pub fn details_form(shell: &Shell, claim: &Claim) -> Form {
    let action = address(shell.slug(), claim.id);
    Form::new(shell, "details", action, &CLAIM, &["claim_types", "topics", "language"], &claim.values())
        .suggest("topics", "topics")
}

/// Saves what was changed of a claim.
#[post("/{desk}/claims/{claim}")]
pub async fn save(
    request: HttpRequest,
    posted: Posted<MarkClaim, Pairs>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let sent = Sent::read(&CLAIM, &form)?;
    apply(&request, &by, submission.as_ref(), path.1, &sent, &pool).await
}

/// Makes a change of a claim, or answers why not.
///
/// # Errors
/// When the person may not, or PostgreSQL fails.
pub async fn apply(
    request: &HttpRequest,
    by: &Authorized<MarkClaim>,
    submission: Option<&Submission>,
    id: ClaimId,
    sent: &Sent,
    pool: &Pool,
) -> Result<HttpResponse> {
    for _ in 0..editing::TRIES {
        let mut conn = pool.acquire().await?;
        let claim = store::get(&mut conn, by.desk.id, id).await?;
        check_public(by, &claim)?;
        let shell = Shell::new(&by.viewer());
        let back = address(&by.desk.slug, id);
        let theirs = claim.values();
        let merge = editing::merge(&mut conn, by, id.uuid(), sent, &theirs).await?;
        let is_words = sent.mine().contains_key("claim_reviewed");
        let form = || if is_words { words_form(&shell, &claim) } else { details_form(&shell, &claim) };
        if !merge.conflicts.is_empty() {
            let conflict = Conflict::new(&shell, &form().id, &back, sent, &merge);
            return editing::conflict(request, shell, claim.claim_reviewed, back, conflict);
        }
        if merge.is_unchanged() {
            return Ok(see_other(&back));
        }
        let fields = match ClaimFields::parse(&merge.applied(&theirs)) {
            Ok(fields) => fields,
            Err(problems) => {
                let form = form().refused(sent, &problems);
                return editing::problems(request, shell, claim.claim_reviewed, back, form);
            }
        };
        drop(conn);
        let (details, to) = (merge.details(), saved(&by.desk.slug, id));
        let (by, submission, version) = (by.clone(), submission.cloned(), claim.row_version);
        let location = to.clone();
        let done = unit_of_work(pool, async move |tx| {
            audit::once(tx, &by, submission.as_ref(), &to).await?;
            let change = audit::record(tx, &by, "claim.edit", "claim", id, &details).await?;
            store::update(tx, &by, &change, id, version, &fields).await
        })
        .await;
        if !editing::is_stale(&done) {
            return done.map(|()| see_other(&location));
        }
    }
    Err(editing::stale())
}

/// What can be said of a new claim at once.
static NEW: [Field; 6] =
    [CLAIM_REVIEWED, appearance::URL, appearance::SPEAKERS, appearance::SAID, appearance::MEDIUM, TOPICS];
use crate::claims::fields::{CLAIM_REVIEWED, TOPICS};

const NAMES: [&str; 6] = ["claim_reviewed", "url", "speakers", "said", "medium", "topics"];

#[derive(Template)]
#[template(path = "claims/new.html")]
struct NewPage {
    shell: Shell,
    form: Form,
}

fn new_form(shell: &Shell) -> Form {
    Form::new(shell, "new-claim", shell.path("/claims"), &NEW, &NAMES, &Values::new()).button("Add the claim")
}

/// The form for a claim that stands in no article of the desk.
#[get("/{desk}/claims/new")]
pub async fn new(member: Authorized<MarkClaim>) -> Result<HttpResponse> {
    let shell = Shell::new(&member.viewer());
    let form = new_form(&shell);
    page(StatusCode::OK, &NewPage { shell, form })
}

/// Adds a claim that stands in no article of the desk.
#[post("/{desk}/claims")]
pub async fn create(
    request: HttpRequest,
    posted: Posted<MarkClaim, Pairs>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let sent = Sent::first(&NEW, &form)?;
    let values = sent.mine();
    let parsed = match (ClaimFields::parse(&values), Described::parse(&values, true)) {
        (Ok(fields), Ok(described)) => Ok((fields, described)),
        (fields, described) => {
            let mut problems = Problems::default();
            for wrong in [fields.err(), described.err()].into_iter().flatten() {
                for problem in &wrong {
                    problems.add(problem.field.clone(), problem.words.clone());
                }
            }
            Err(problems)
        }
    };
    let (fields, described) = match parsed {
        Ok(parsed) => parsed,
        Err(problems) => {
            let shell = Shell::new(&by.viewer());
            let form = new_form(&shell).refused(&sent, &problems);
            let back = shell.path("/claims");
            return editing::problems(&request, shell, "New claim", back, form);
        }
    };
    let (id, appearance) = (ClaimId::new(), AppearanceId::new());
    let to = address(&by.desk.slug, id);
    let location = to.clone();
    let details = sent.merge(&Values::new()).details();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let change = audit::record(tx, &by, "claim.create", "claim", id, &details).await?;
        store::create(tx, &by, &change, id, &fields).await?;
        store::insert_address(tx, &by, &change, id, appearance, &described).await
    })
    .await?;
    Ok(see_other(&location))
}
