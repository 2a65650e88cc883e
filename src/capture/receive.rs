//! Taking in a page that a browser sent, and marking the words that were selected on it.

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, ResponseError as _, post};

use super::form;
use super::page;
use super::place::Place;
use super::store;
use crate::articles::intake::{self, How, Received};
use crate::articles::path;
use crate::audit;
use crate::auth::permission::{AddArticle, MarkClaim};
use crate::auth::{Authorized, Visitor};
use crate::claims::marks::write::mark_new;
use crate::claims::marks::{NewMark, QuoteForm, quote_page};
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::isolated::Isolated;
use crate::web::{Shell, see_other};

/// Takes a page in. It becomes an article, the next version of one, or nothing when it is here as it is; then the selected
/// words are marked, unless just these are. All in one transaction.
#[post("/{desk}/capture")]
pub(super) async fn receive(
    request: HttpRequest,
    payload: Payload,
    pool: Pool,
    isolated: Data<Isolated>,
) -> Result<HttpResponse> {
    match take(&request, payload, &pool, &isolated).await {
        // The page is still in the browser, which shows it again: what was wrong is said there.
        Err(
            error @ (Error::Resend(_)
            | Error::TooLarge(_)
            | Error::TooSlow
            | Error::Invalid(_)
            | Error::Conflict(_)
            | Error::Unavailable),
        ) => {
            let visitor = Visitor::of(&request).await?;
            let first = request.match_info().get("desk").unwrap_or_default();
            page::answer(&pool, error.status_code(), visitor.person, first, Some(words(&error))).await
        }
        answer => answer,
    }
}

async fn take(
    request: &HttpRequest,
    payload: Payload,
    pool: &Pool,
    isolated: &Isolated,
) -> Result<HttpResponse> {
    let sent = form::read(request, &mut payload.into_inner()).await?;
    let by: Authorized<AddArticle> = sent.fields.authorize(request).await?;
    let submission = sent.fields.submission.clone();
    let captured = sent.captured()?;
    let mut received = Received::new(How::Browser, captured.page.clone(), by.now);
    received.media_type = Some("text/html".to_owned());
    received.charset = Some("utf-8".to_owned());
    received.address.clone_from(&captured.address);
    let reading = intake::read_apart(isolated, &received).await;
    let reading = reading.map_err(|refused| Error::invalid(refused.to_string()))?;
    let place = Place::find(pool, &by, &captured, &reading, &received).await?;

    let marker: Option<Authorized<MarkClaim>> = by.and().ok();
    let mark = match (&marker, &place.passage) {
        (Some(_), Some(Ok(passage))) => {
            let new = NewMark::new(place.article, place.version, &place.document, passage, None, None);
            Some(new.map_err(Error::invalid)?)
        }
        _ => None,
    };
    let mut location = path(&Shell::new(&by.viewer()), place.article);
    if let Some(Ok(passage)) = &place.passage {
        location = format!("{location}#b{}", place.document.block_at(passage.start().unsigned_abs()));
    }
    if place.is_new() || mark.is_some() {
        let (by, place, to, marker) = (by.clone(), place.clone(), location.clone(), marker.clone());
        unit_of_work(pool, async move |tx| {
            audit::once(tx, &by, submission.as_ref(), &to).await?;
            place.clone().store(tx, &by, &received).await?;
            if let (Some(marker), Some(mark)) = (&marker, &mark)
                && !store::is_marked(tx, by.desk.id, mark).await?
            {
                mark_new(tx, marker, mark, &place.language).await?;
            }
            Ok(())
        })
        .await?;
    }
    match (marker, place.passage, captured.selected) {
        (Some(_), Some(Err(error)), Some(selected)) => {
            let mut form = QuoteForm { quote: selected.exact, ..QuoteForm::default() };
            form.ask(&place.document, error);
            quote_page(pool, &by.viewer(), place.article, place.version, form).await
        }
        _ => Ok(see_other(&location)),
    }
}

/// What went wrong, for the person who sent a page.
fn words(error: &Error) -> String {
    match error {
        Error::Resend(resend) if resend.csrf.is_none() => "You are signed out.".to_owned(),
        Error::Resend(_) => "You signed in anew meanwhile. Look at it once more and add it.".to_owned(),
        error => error.to_string(),
    }
}
