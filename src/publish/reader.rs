//! How public pages are answered: readers' caches keep them; whoever is signed in gets a page of their own.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::auth::Viewer;
use crate::error::{Error, Result};
use crate::exchange::store::State;
use crate::web::page::html;
use crate::web::{assets, cache};

/// That a reader has this page already, as the desk is in the state it was.
pub(super) fn unchanged(request: &HttpRequest, viewer: &Viewer, state: &State) -> Option<HttpResponse> {
    let etag = etag(request, state);
    let known = viewer.person.is_none() && cache::is_known(request, &etag);
    known.then(|| {
        let mut answer = HttpResponse::NotModified();
        cache::keep(&mut answer, &etag, None);
        answer.insert_header((header::VARY, "Cookie")).finish()
    })
}

/// Answers with a public page. `links` are for machines, as `Link` headers have them.
pub(super) fn page(
    request: &HttpRequest,
    viewer: &Viewer,
    state: &State,
    links: &[String],
    template: &impl Template,
) -> Result<HttpResponse> {
    let mut answer = html(StatusCode::OK);
    if viewer.person.is_none() {
        cache::keep(&mut answer, &etag(request, state), state.changed);
    }
    answer.insert_header((header::VARY, "Cookie"));
    for link in links {
        answer.append_header((header::LINK, link.as_str()));
    }
    Ok(answer.body(template.render().map_err(Error::internal)?))
}

/// A page is made from its address, the state of the desk, and our own files.
pub(super) fn etag(request: &HttpRequest, state: &State) -> String {
    let demo = if crate::web::demo_mode::is_on() { "demo" } else { "" };
    let version = env!("CARGO_PKG_VERSION");
    cache::etag([request.path(), request.query_string(), assets::digest(), version, demo, &state.name])
}
