//! Adding sets, questions and answers.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use uuid::Uuid;

use super::{new_form, offers};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::claims::{self, pages::saved};
use crate::db::{Pool, unit_of_work};
use crate::editing::{self, Form, Pairs, Sent, Values};
use crate::error::Result;
use crate::evidence::groups::piece::Kind;
use crate::evidence::groups::store;
use crate::id::{ClaimId, QuestionId};
use crate::web::{Posted, Shell, page, see_other};

#[derive(Template)]
#[template(path = "evidence/groups/new.html")]
struct NewPage {
    shell: Shell,
    back: String,
    form: Form,
}

#[get("/{desk}/claims/{claim}/sets/new")]
pub(super) async fn new_set(
    member: Authorized<CiteEvidence>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let claim = claims::store::get(conn, member.desk.id, path.1).await?.id;
    let shell = Shell::new(&member.viewer());
    let offers = offers(conn, member.desk.id, claim).await?;
    let form = new_form(&shell, claim, Kind::Set, None, &offers);
    let back = claims::address(&member.desk.slug, claim);
    page(StatusCode::OK, &NewPage { shell, back, form })
}

#[post("/{desk}/claims/{claim}/sets")]
pub(super) async fn add_set(
    request: HttpRequest,
    posted: Posted<CiteEvidence, Pairs>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    add(&request, posted, path.1, Kind::Set, None, &pool).await
}

#[post("/{desk}/claims/{claim}/questions")]
pub(super) async fn add_question(
    request: HttpRequest,
    posted: Posted<CiteEvidence, Pairs>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    add(&request, posted, path.1, Kind::Question, None, &pool).await
}

#[post("/{desk}/claims/{claim}/questions/{question}/answers")]
pub(super) async fn add_answer(
    request: HttpRequest,
    posted: Posted<CiteEvidence, Pairs>,
    path: Path<(String, ClaimId, QuestionId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    add(&request, posted, path.1, Kind::Answer, Some(path.2), &pool).await
}

async fn add(
    request: &HttpRequest,
    posted: Posted<CiteEvidence, Pairs>,
    claim: ClaimId,
    kind: Kind,
    question: Option<QuestionId>,
    pool: &Pool,
) -> Result<HttpResponse> {
    let Posted { by, form: pairs, submission } = posted;
    let mut conn = pool.acquire().await?;
    let claim = claims::store::get(&mut conn, by.desk.id, claim).await?.id;
    let sent = Sent::first(kind.fields(), &pairs)?;
    let fields = match kind.parse(&sent.mine()) {
        Ok(fields) => fields,
        Err(problems) => {
            let shell = Shell::new(&by.viewer());
            let offers = offers(&mut conn, by.desk.id, claim).await?;
            let form = new_form(&shell, claim, kind, question, &offers).refused(&sent, &problems);
            let back = claims::address(&by.desk.slug, claim);
            return editing::problems(request, shell, kind.title(), back, form);
        }
    };
    drop(conn);
    let details = sent.merge(&Values::new()).details();
    let location = saved(&by.desk.slug, claim);
    let to = location.clone();
    let added = unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::add(tx, &by, claim, question, Uuid::now_v7(), &fields, details.clone()).await
    })
    .await;
    store::refused(added).map(|()| see_other(&location))
}
