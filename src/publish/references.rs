//! The sources of a claim, and one source, as references: on a page, and as files for programs that manage them.

use actix_web::http::header;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use super::reader;
use crate::auth::Viewer;
use crate::db::{Pool, snapshot};
use crate::error::{Error, Result};
use crate::evidence::references::{self, Chosen, Form, Formatted, Order, Reference, Style, store};
use crate::exchange::store::{self as exchange, State};
use crate::id::{ClaimId, SourceId};
use crate::isolated::Isolated;
use crate::web::{Shell, cache};

/// What the page is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    style: Option<Style>,
}

/// Of what there are references.
#[derive(Clone, Copy, Debug)]
enum Subject {
    Claim(ClaimId),
    Source(SourceId),
}

/// Everything that the answers are made from.
struct Read {
    state: State,
    /// The words of the claim, when it is one.
    claim: Option<String>,
    references: Vec<Reference>,
    style: Style,
    chosen: Chosen,
    has_own: bool,
}

impl Read {
    async fn new(viewer: &Viewer, pool: &Pool, subject: Subject, asked: Option<Style>) -> Result<Self> {
        let (desk, is_member) = (viewer.desk.id, viewer.is_member());
        snapshot(pool, async move |conn| {
            let state = exchange::state(conn, desk).await?;
            let (claim, references) = match subject {
                Subject::Claim(claim) => {
                    let (words, references) = store::of_claim(conn, desk, claim, is_member).await?;
                    (Some(words), references)
                }
                Subject::Source(source) => {
                    (None, vec![store::of_source(conn, desk, source, is_member).await?])
                }
            };
            let styles = store::styles(conn, desk).await?;
            let has_own = styles.own.is_some();
            let (style, chosen) = styles.choose(asked)?;
            Ok(Self { state, claim, references, style, chosen, has_own })
        })
        .await
    }

    /// The references written out in the style. A style that stops working after it was accepted is no reason to show
    /// nothing.
    async fn formatted(&mut self, viewer: &Viewer, isolated: &Isolated) -> Result<Formatted> {
        let order = |style| Order::new(style, &viewer.desk.language, &self.references);
        match references::apart(isolated, order(self.chosen.clone())).await? {
            Ok(formatted) => Ok(formatted),
            Err(fault) => {
                tracing::warn!(%fault, "a desk's own style cannot be followed; APA is used");
                let formatted = references::apart(isolated, order(Chosen::Apa)).await?;
                self.style = Style::Apa;
                formatted.map_err(Error::internal)
            }
        }
    }
}

#[derive(Template)]
#[template(path = "publish/references.html")]
struct ReferencesPage {
    shell: Shell,
    claim: Option<String>,
    /// Where it is about: the page of the claim or source, and of these references.
    about: String,
    path: String,
    style: Style,
    has_own: bool,
    lines: Vec<Shown>,
}

/// A reference on the page.
struct Shown {
    source: SourceId,
    line: references::Line,
    archived: Option<String>,
}

impl ReferencesPage {
    fn styles(&self) -> impl Iterator<Item = Style> {
        let has_own = self.has_own;
        Style::ALL.iter().copied().filter(move |style| has_own || *style != Style::Own)
    }
}

async fn page(
    request: &HttpRequest,
    viewer: Viewer,
    pool: &Pool,
    isolated: &Isolated,
    subject: Subject,
    asked: &Asked,
) -> Result<HttpResponse> {
    let mut read = Read::new(&viewer, pool, subject, asked.style).await?;
    if let Some(unchanged) = reader::unchanged(request, &viewer, &read.state) {
        return Ok(unchanged);
    }
    let formatted = read.formatted(&viewer, isolated).await?;
    let lines = formatted.lines.into_iter().filter_map(|line| {
        let reference = read.references.iter().find(|reference| reference.key() == line.key)?;
        Some(Shown { source: reference.id, line, archived: reference.archived.clone() })
    });
    let shell = Shell::new(&viewer);
    let (about, path) = match subject {
        Subject::Claim(claim) => {
            let about = shell.path(&format!("/claims/{claim}"));
            (about.clone(), format!("{about}/references"))
        }
        Subject::Source(source) => {
            let about = shell.path(&format!("/sources/{source}"));
            (about.clone(), format!("{about}/reference"))
        }
    };
    let shown = ReferencesPage {
        lines: lines.collect(),
        claim: read.claim,
        about,
        path,
        style: read.style,
        has_own: read.has_own,
        shell,
    };
    reader::page(request, &viewer, &read.state, &[], &shown)
}

async fn file(
    request: &HttpRequest,
    viewer: Viewer,
    pool: &Pool,
    isolated: &Isolated,
    (subject, name, ending): (Subject, String, &str),
    asked: &Asked,
) -> Result<HttpResponse> {
    let form = Form::parse(ending).ok_or(Error::NotFound("file"))?;
    let mut read = Read::new(&viewer, pool, subject, asked.style).await?;
    if let Some(unchanged) = reader::unchanged(request, &viewer, &read.state) {
        return Ok(unchanged);
    }
    let text = match form {
        Form::Text => references::plain(&read.formatted(&viewer, isolated).await?),
        form => references::file(form, &read.references),
    };
    let mut answer = HttpResponse::Ok();
    if viewer.person.is_none() {
        let etag = reader::etag(request, &read.state);
        cache::keep(&mut answer, &etag, read.state.changed);
    }
    answer
        .insert_header((header::VARY, "Cookie"))
        .insert_header((header::CONTENT_TYPE, form.media_type()))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")));
    Ok(answer.body(text))
}

#[get("/{desk}/claims/{claim}/references")]
pub(super) async fn of_claim(
    request: HttpRequest,
    path: Path<(String, ClaimId)>,
    asked: Query<Asked>,
    viewer: Viewer,
    pool: Pool,
    isolated: Data<Isolated>,
) -> Result<HttpResponse> {
    page(&request, viewer, &pool, &isolated, Subject::Claim(path.1), &asked).await
}

#[get("/{desk}/claims/{claim}/references.{ending}")]
pub(super) async fn of_claim_as_file(
    request: HttpRequest,
    path: Path<(String, ClaimId, String)>,
    asked: Query<Asked>,
    viewer: Viewer,
    pool: Pool,
    isolated: Data<Isolated>,
) -> Result<HttpResponse> {
    let (_, claim, ending) = path.into_inner();
    let what = (Subject::Claim(claim), format!("references-{claim}"), &*ending);
    file(&request, viewer, &pool, &isolated, what, &asked).await
}

#[get("/{desk}/sources/{source}/reference")]
pub(super) async fn of_source(
    request: HttpRequest,
    path: Path<(String, SourceId)>,
    asked: Query<Asked>,
    viewer: Viewer,
    pool: Pool,
    isolated: Data<Isolated>,
) -> Result<HttpResponse> {
    page(&request, viewer, &pool, &isolated, Subject::Source(path.1), &asked).await
}

#[get("/{desk}/sources/{source}/reference.{ending}")]
pub(super) async fn of_source_as_file(
    request: HttpRequest,
    path: Path<(String, SourceId, String)>,
    asked: Query<Asked>,
    viewer: Viewer,
    pool: Pool,
    isolated: Data<Isolated>,
) -> Result<HttpResponse> {
    let (_, source, ending) = path.into_inner();
    let what = (Subject::Source(source), format!("reference-{source}"), &*ending);
    file(&request, viewer, &pool, &isolated, what, &asked).await
}
