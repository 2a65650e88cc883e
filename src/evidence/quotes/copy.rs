//! A copy of a source as our own text, with the quotations in it; selecting words there makes evidence.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use sqlx::PgConnection;

use super::reading::{self, Quotation, Read};
use crate::auth::Viewer;
use crate::auth::permission::CiteEvidence;
use crate::claims;
use crate::db::Pool;
use crate::error::Result;
use crate::evidence::kinds::Stance;
use crate::id::{ClaimId, CopyId, SourceId};
use crate::text::quote::{Difference, QuoteCheck};
use crate::text::render::{Article, Mark, Options, SentenceItem, sentence_list};
use crate::web::problems::Problems;
use crate::web::{Shell, page};

/// How the copy is shown.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The claim that words are cited for.
    pub(super) claim: Option<ClaimId>,
    /// `sentences` for the list that is cited from without a script.
    #[serde(default)]
    pub(super) mode: String,
}

/// What was typed to be cited, and what came of it.
#[derive(Debug, Default)]
pub struct Typed {
    pub quote: String,
    pub stance: String,
    pub note: String,
    /// What stands in the copy instead: its place as forms write it, and the difference.
    pub nearly: Option<(String, Vec<Difference>)>,
    pub problems: Problems,
}

impl Typed {
    fn is_stance(&self, stance: Stance) -> bool {
        self.stance == stance.as_str() || (self.stance.is_empty() && stance == Stance::Context)
    }
}

/// A quotation as it is listed.
struct Listed<'a> {
    number: u32,
    quotation: &'a Quotation,
    /// Whether it is of the claim that words are cited for.
    is_own: bool,
}

#[derive(Template)]
#[template(path = "evidence/quotes/copy.html")]
struct CopyPage<'a> {
    shell: Shell,
    copy: &'a Read,
    /// The text with its quotations.
    text: Option<Article<'a>>,
    direction: &'static str,
    language: &'a str,
    quotations: Vec<Listed<'a>>,
    /// The claim that words are cited for, and its words.
    claim: Option<(ClaimId, String)>,
    /// Claims to choose from.
    claims: Vec<(ClaimId, String)>,
    can_cite: bool,
    typed: Typed,
}

#[derive(Template)]
#[template(path = "evidence/quotes/sentences.html")]
struct SentencesPage<'a> {
    shell: Shell,
    copy: &'a Read,
    direction: &'static str,
    language: &'a str,
    claim: ClaimId,
    claim_reviewed: String,
    sentences: Vec<SentenceItem<'a>>,
}

impl CopyPage<'_> {
    fn path(&self) -> String {
        path(&self.shell, self.copy)
    }
}

impl SentencesPage<'_> {
    fn path(&self) -> String {
        path(&self.shell, self.copy)
    }
}

fn path(shell: &Shell, copy: &Read) -> String {
    format!("/{}/sources/{}/copies/{}", shell.slug(), copy.source, copy.id)
}

#[get("/{desk}/sources/{source}/copies/{copy}")]
pub async fn show(
    viewer: Viewer,
    at: Path<(String, SourceId, CopyId)>,
    asked: Query<Asked>,
    pool: Pool,
) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    shown(conn, StatusCode::OK, &viewer, (at.1, at.2), &asked, Typed::default()).await
}

/// The page of a copy.
///
/// # Errors
/// [`crate::error::Error::NotFound`] when the viewer may not read it, or the claim is none that the viewer may see.
pub(super) async fn shown(
    conn: &mut PgConnection,
    status: StatusCode,
    viewer: &Viewer,
    (source, id): (SourceId, CopyId),
    asked: &Asked,
    typed: Typed,
) -> Result<HttpResponse> {
    let copy = reading::copy(conn, viewer, source, id).await?;
    let can_cite = viewer.may::<CiteEvidence>();
    let claim = match asked.claim.filter(|_| viewer.is_member()) {
        Some(claim) => Some((claim, claims::store::get(conn, viewer.desk.id, claim).await?.claim_reviewed)),
        None => None,
    };
    let shell = Shell::new(viewer);
    let document = copy.document.as_ref();
    let direction = document.map_or("auto", |document| document.direction().as_str());
    let language = document.and_then(|document| document.language()).unwrap_or("");
    if let (Some((claim, claim_reviewed)), Some(document), true, "sentences") =
        (&claim, document, can_cite, asked.mode.as_str())
    {
        let sentences = sentence_list(document);
        let (claim, claim_reviewed) = (*claim, claim_reviewed.clone());
        let listed =
            SentencesPage { shell, copy: &copy, direction, language, claim, claim_reviewed, sentences };
        return page(status, &listed);
    }
    let claims = match &claim {
        None if can_cite => reading::claims(conn, viewer.desk.id, copy.source).await?,
        _ => Vec::new(),
    };
    let quotations = reading::quotations(conn, viewer, id).await?;
    let told: Vec<(String, String, String)> = (1..)
        .zip(&quotations)
        .map(|(number, one)| {
            let label = format!("Quotation {number}: {}, {}", one.stance, one.check);
            (format!("#q-{}", one.id), label, one.id.to_string())
        })
        .collect();
    let marks: Vec<Mark<'_>> = (1..)
        .zip(quotations.iter().zip(&told))
        .map(|(number, (one, (href, label, id)))| Mark {
            start: one.start,
            end: one.end,
            number,
            href,
            label,
            class: if one.check == QuoteCheck::Nearly { "nearly" } else { "" },
            appearance: id,
        })
        .collect();
    let options = Options { sentences: can_cite && claim.is_some() };
    let text = document.map(|document| Article { document, marks: &marks, options });
    let is_own = |one: &Quotation| claim.as_ref().is_some_and(|(claim, _)| *claim == one.claim);
    let mut listed: Vec<Listed<'_>> = (1..)
        .zip(&quotations)
        .map(|(number, quotation)| Listed { number, quotation, is_own: is_own(quotation) })
        .collect();
    listed.sort_by_key(|one| !one.is_own);
    page(
        status,
        &CopyPage {
            shell,
            copy: &copy,
            text,
            direction,
            language,
            quotations: listed,
            claim,
            claims,
            can_cite,
            typed,
        },
    )
}
