//! The forms in which members say what they find in a text.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use time::OffsetDateTime;

use super::{NewFinding, What, store};
use crate::articles::{path, texts};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::MarkClaim;
use crate::auth::session::SessionToken;
use crate::claims::marks::{self, NewMark, QuoteForm, find, quote_page};
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::id::{ArticleId, FindingId, VersionId};
use crate::text::Document;
use crate::text::render::sentence_list;
use crate::text::selector::Passage;
use crate::web::form::Fields;
use crate::web::{Posted, Shell, body, see_other};

/// What is found, in one of the first four; and what else the forms carry that they share with marking.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// A place that makes no claim, as in `441-502`; or `quote` for the words in that field.
    no_claim: Option<String>,
    /// A place with a claim that somebody else marked.
    agreed: Option<String>,
    /// A place with a claim, found without seeing whether it is marked.
    seen: Option<String>,
    rest: Option<String>,
    version: VersionId,
    /// The list of sentences that it was sent from: `sentences`, or `alone`.
    mode: Option<String>,
    #[serde(default)]
    quote: String,
    /// Which of several places of the words.
    at: Option<String>,
    #[serde(default)]
    claim_reviewed: String,
    #[serde(default)]
    #[expect(dead_code, reason = "the forms for marking carry it")]
    claim: String,
}

impl Wanted {
    fn is_alone(&self) -> bool {
        self.mode.as_deref() == Some("alone")
    }

    /// Where the person goes on reading: at the sentence after the one that begins there, or at the end.
    fn location(&self, path: &str, document: &Document, from: Option<i32>) -> String {
        let sentences = sentence_list(document);
        let next = from.and_then(|from| sentences.iter().find(|sentence| sentence.start > from));
        location(path, self.mode.as_deref(), next.map(|next| next.start))
    }
}

/// Records what a member finds in a text.
#[post("/{desk}/articles/{article}/findings")]
pub async fn create(
    request: HttpRequest,
    payload: web::Payload,
    at: Path<(String, ArticleId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let (slug, article) = at.into_inner();
    let fields = Fields::read(&request, &mut payload.into_inner(), body::FORM_LIMIT).await?;
    let by: Authorized<MarkClaim> = fields.authorize(&request).await?;
    let wanted: Wanted = fields.parse()?;
    let version = wanted.version;
    let document = texts::get(&pool, by.desk.id, version).await?;
    let path = path(&Shell::new(&by.viewer()), article);
    let what = if let Some(place) = &wanted.seen {
        let passage = passage(&document, place)?;
        let location = wanted.location(&path, &document, Some(passage.start()));
        if !store::is_marked(&pool, by.desk.id, version, &passage).await? {
            let new =
                NewMark::new(article, version, &document, &passage, None, None).map_err(Error::invalid)?;
            let token = SessionToken::of(&request).ok_or(Error::SignIn)?;
            let marker = marks::write::Marker {
                token,
                desk: slug,
                submission: fields.submission,
                now: OffsetDateTime::now_utc(),
            };
            let to = location.clone();
            marks::write::mark(&pool, marker, new, |_| to).await?;
            return Ok(see_other(&location));
        }
        // Somebody marked the same words: there is no need for a second claim.
        What::Claim(passage)
    } else if let Some(place) = &wanted.agreed {
        What::Claim(passage(&document, place)?)
    } else if wanted.rest.is_some() {
        What::Rest
    } else if let Some(place) = wanted.no_claim.as_deref().filter(|place| *place != "quote") {
        What::NoClaim(passage(&document, place)?)
    } else if wanted.no_claim.is_some() {
        let mut form = QuoteForm {
            quote: wanted.quote.clone(),
            claim_reviewed: wanted.claim_reviewed.clone(),
            ..QuoteForm::default()
        };
        match find(&document, &wanted.quote, wanted.at.as_deref(), &mut form) {
            Some(passage) => What::NoClaim(passage),
            None => return quote_page(&pool, &by.viewer(), article, version, form).await,
        }
    } else {
        return Err(Error::invalid("Say what you found."));
    };
    let location = wanted.location(&path, &document, what.passage().map(Passage::start));
    let new = NewFinding { article, version, what, alone: wanted.is_alone() };
    let (submission, to) = (fields.submission, location.clone());
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::record(tx, &by, &new).await
    })
    .await?;
    Ok(see_other(&location))
}

/// A place in the list of sentences. Its number is a link, so that a browser gives it the focus, with a script or without.
fn location(path: &str, mode: Option<&str>, start: Option<i32>) -> String {
    let mode = if mode == Some("alone") { "alone" } else { "sentences" };
    match start {
        Some(start) => format!("{path}?mode={mode}#n{start}"),
        None => format!("{path}?mode={mode}#rest"),
    }
}

/// The passage at a place as in `441-502`.
fn passage(document: &Document, place: &str) -> Result<Passage> {
    let (start, end) =
        marks::place(place).ok_or_else(|| Error::Malformed("This place cannot be read.".into()))?;
    marks::passage(document, start, end, None).map_err(|error| Error::invalid(error.to_string()))
}

/// What comes with taking something back: the list of sentences that the button stands in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Withdrawal {
    mode: Option<String>,
    #[expect(dead_code, reason = "the form for marking, which the button stands in, carries it")]
    version: Option<VersionId>,
    #[serde(default)]
    #[expect(dead_code, reason = "as the version")]
    claim: String,
    /// Where the person goes on reading.
    from: Option<i32>,
}

/// Withdraws what the member found.
#[post("/{desk}/articles/{article}/findings/{finding}/withdrawal")]
pub async fn withdraw(
    posted: Posted<MarkClaim, Withdrawal>,
    at: Path<(String, ArticleId, FindingId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let (_, article, finding) = at.into_inner();
    let path = path(&Shell::new(&by.viewer()), article);
    let location = location(&path, form.mode.as_deref(), form.from);
    let to = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::withdraw(tx, &by, article, finding).await
    })
    .await?;
    Ok(see_other(&location))
}
