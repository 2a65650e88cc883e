//! The form in which readers write. It keeps robots out without puzzles: a field that people do not see, a signed ticket
//! that is good after some seconds, for a day, and once, and a bucket for each network.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use crate::accounts::throttle::{Bucket, network};
use crate::auth::Viewer;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::id::ClaimId;
use crate::reports::report::{Kind, NewReport, Typed, WORDS_MAX};
use crate::reports::store::{self, Subject};
use crate::reports::ticket::{Key, Ticket, TicketError};
use crate::web::page::html;
use crate::web::problems::Problems;
use crate::web::{Shell, SignedIn, page, see_other};

type ClaimPath = Path<(String, ClaimId)>;

/// How the form is opened.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    kind: Option<Kind>,
}

/// The form as it is sent.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sent {
    ticket: String,
    /// People leave it empty.
    #[serde(default)]
    leave_empty: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    links: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    reach: String,
    #[serde(default)]
    may_publish: String,
}

impl Sent {
    fn typed(&self) -> Typed {
        Typed {
            kind: self.kind.clone(),
            words: self.words.clone(),
            links: self.links.clone(),
            name: self.name.clone(),
            reach: self.reach.clone(),
            may_publish: !self.may_publish.is_empty(),
        }
    }
}

#[derive(Template)]
#[template(path = "reports/form.html")]
struct FormPage {
    shell: Shell,
    about: Subject,
    ticket: String,
    typed: Typed,
    problems: Problems,
    /// Why it was not taken, when no field is to blame.
    refused: Option<String>,
}

impl FormPage {
    fn failed(&self) -> bool {
        !self.problems.is_empty() || self.refused.is_some()
    }

    fn claim(&self) -> String {
        self.shell.path(&format!("/claims/{}", self.about.claim))
    }
}

/// The form, for whoever reads a published claim.
#[get("/{desk}/claims/{claim}/report")]
pub(super) async fn show(
    viewer: Viewer,
    path: ClaimPath,
    asked: Query<Asked>,
    pool: Pool,
) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let about = store::subject(conn, viewer.desk.id, path.1).await?;
    let key = store::key(conn).await?;
    let typed = Typed { kind: asked.kind.map_or("", Kind::as_str).to_owned(), ..Typed::default() };
    let ticket = Ticket::issue(about.claim, viewer.now).signed(&key);
    let shown = FormPage {
        shell: Shell::new(&viewer),
        about,
        ticket,
        typed,
        problems: Problems::default(),
        refused: None,
    };
    page(StatusCode::OK, &shown)
}

/// Takes a report, and leads to the reader's own page of it.
#[post("/{desk}/claims/{claim}/report")]
pub(super) async fn send(
    request: HttpRequest,
    viewer: Viewer,
    path: ClaimPath,
    form: SignedIn<Sent>,
    pool: Pool,
) -> Result<HttpResponse> {
    let sent = form.0;
    let (about, key) = {
        let conn = &mut *pool.acquire().await?;
        (store::subject(conn, viewer.desk.id, path.1).await?, store::key(conn).await?)
    };
    let refusing = Refusing { viewer: &viewer, about: &about, key: &key, sent: &sent };
    if !sent.leave_empty.is_empty() {
        let words =
            "A field that people do not see was filled in. It is empty again: please send it once more.";
        return refusing.answer(StatusCode::UNPROCESSABLE_ENTITY, words, Some(&sent.ticket));
    }
    let ticket = match Ticket::read(&sent.ticket, about.claim, &key, viewer.now) {
        Ok(ticket) => ticket,
        Err(error) => {
            let same = (error == TicketError::TooFast).then_some(sent.ticket.as_str());
            return refusing.answer(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string(), same);
        }
    };
    let report = match NewReport::parse(&sent.typed()) {
        Ok(report) => report,
        Err(problems) => return refusing.problems(problems),
    };
    let secret = ticket.tracking(&key)?;
    let own = format!("/{}/reports/track/{}", viewer.desk.slug, secret.expose());
    let bucket = Bucket::reports(viewer.desk.id, &network(&request));
    let (desk, now) = (viewer.desk.id, viewer.now);
    let (subject, kept) = (about.clone(), report.clone());
    let outcome = unit_of_work(&pool, async move |tx| {
        store::receive(tx, desk, &subject, (&ticket, &secret), &kept, (&bucket, now)).await
    })
    .await;
    if store::is_repeat(&outcome) {
        let before = store::sent_before(&mut *pool.acquire().await?, desk, &ticket).await?;
        if before.as_ref() == Some(&report) {
            return Ok(see_other(&own));
        }
        let words =
            "This form was sent before, with other words. If this is to be sent as well, send it from here.";
        return refusing.answer(StatusCode::CONFLICT, words, None);
    }
    match outcome {
        Ok(_) => Ok(see_other(&own)),
        Err(Error::Conflict(words)) => refusing.answer(StatusCode::CONFLICT, &words, Some(&sent.ticket)),
        Err(Error::TooMany { retry_after_s }) => refusing.too_many(retry_after_s),
        Err(error) => Err(error),
    }
}

/// What a refusal is drawn with: nothing that was typed gets lost.
struct Refusing<'a> {
    viewer: &'a Viewer,
    about: &'a Subject,
    key: &'a Key,
    sent: &'a Sent,
}

impl Refusing<'_> {
    /// The form again; with a new ticket, when the old one is of no use.
    fn form(&self, ticket: Option<&str>, refused: Option<&str>, problems: Problems) -> FormPage {
        let new = || Ticket::issue(self.about.claim, self.viewer.now).signed(self.key);
        FormPage {
            shell: Shell::new(self.viewer),
            about: self.about.clone(),
            ticket: ticket.map_or_else(new, str::to_owned),
            typed: self.sent.typed(),
            problems,
            refused: refused.map(str::to_owned),
        }
    }

    fn answer(&self, status: StatusCode, words: &str, ticket: Option<&str>) -> Result<HttpResponse> {
        page(status, &self.form(ticket, Some(words), Problems::default()))
    }

    fn problems(&self, problems: Problems) -> Result<HttpResponse> {
        page(StatusCode::UNPROCESSABLE_ENTITY, &self.form(Some(&self.sent.ticket), None, problems))
    }

    fn too_many(&self, retry_after_s: u64) -> Result<HttpResponse> {
        let words = format!(
            "Many reports came from your network. Wait {} minutes, then send this one.",
            retry_after_s.div_ceil(60)
        );
        let form = self.form(Some(&self.sent.ticket), Some(&words), Problems::default());
        let mut answer = html(StatusCode::TOO_MANY_REQUESTS);
        answer.insert_header((header::RETRY_AFTER, retry_after_s.to_string()));
        Ok(answer.body(form.render().map_err(Error::internal)?))
    }
}
