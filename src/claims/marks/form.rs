//! Marking without a script: a sentence from the list, or words that are typed or pasted.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use time::OffsetDateTime;

use super::page::{QuoteForm, quote_page};
use super::write::{self, Marker};
use super::{NewMark, passage};
use crate::articles::{path, texts};
use crate::auth::Authorized;
use crate::auth::permission::MarkClaim;
use crate::auth::session::SessionToken;
use crate::db::Pool;
use crate::error::{Error, Result};
use crate::id::{ArticleId, ClaimId, VersionId};
use crate::text::Document;
use crate::text::selector::{Hit, Passage, locate};
use crate::web::form::Fields;
use crate::web::{Shell, body, see_other};

/// What marks words: their place, or the words themselves.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    version: VersionId,
    #[serde(default)]
    quote: String,
    /// A place, as in `441-502`.
    at: Option<String>,
    #[serde(default)]
    claim_reviewed: String,
    /// The claim that is made here once more, by its id or its page's address.
    #[serde(default)]
    claim: String,
    /// Whether it was sent from the list of sentences.
    mode: Option<String>,
}

/// Marks words.
#[post("/{desk}/articles/{article}/marks")]
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
    let document = texts::get(&pool, by.desk.id, wanted.version).await?;
    let mut form = QuoteForm {
        quote: wanted.quote.clone(),
        claim_reviewed: wanted.claim_reviewed.clone(),
        ..QuoteForm::default()
    };
    match claim_of(&wanted.claim) {
        Ok(claim) => form.claim = claim,
        Err(words) => form.problems.add("claim", words),
    }
    let place = find(&document, &wanted.quote, wanted.at.as_deref(), &mut form);
    let new = match place {
        Some(place) if form.problems.is_empty() => {
            let words = Some(wanted.claim_reviewed.as_str());
            NewMark::new(article, wanted.version, &document, &place, words, form.claim)
                .map_err(|words| form.problems.add("claim_reviewed", words))
                .ok()
        }
        _ => None,
    };
    let Some(new) = new else {
        return quote_page(&pool, &by.viewer(), article, wanted.version, form).await;
    };
    let back = path(&Shell::new(&by.viewer()), article);
    let start = new.selector.start;
    let block = document.block_at(start.unsigned_abs());
    let location = if wanted.mode.is_some() {
        format!("{back}?mode=sentences#s{start}")
    } else {
        format!("{back}#b{block}")
    };
    let token = SessionToken::of(&request).ok_or(Error::SignIn)?;
    let now = OffsetDateTime::now_utc();
    let marker = Marker { token, desk: slug, submission: fields.submission, now };
    let to = location.clone();
    write::mark(&pool, marker, new, |_| to).await?;
    Ok(see_other(&location))
}

/// The place that is meant; nothing when there is something to decide or to mend, which the form then says.
///
/// A chosen place counts only among those of the words as they are now: somebody may have changed them since.
pub fn find(document: &Document, quote: &str, at: Option<&str>, form: &mut QuoteForm) -> Option<Passage> {
    let chosen = at.and_then(place);
    let among = |hits: &[Hit]| {
        let is_chosen = |hit: &&Hit| Some((hit.passage.start(), hit.passage.end())) == chosen;
        hits.iter().find(is_chosen).map(|hit| hit.passage.clone())
    };
    if let (Some((start, end)), true) = (chosen, quote.trim().is_empty()) {
        return passage(document, start, end, None)
            .map_err(|error| form.problems.add("quote", error.to_string()))
            .ok();
    }
    let error = match locate(document.text(), quote) {
        Ok(passage) => return Some(passage),
        Err(error) => error,
    };
    let before = form.clone();
    form.ask(document, error);
    let meant = among(&form.hits);
    if meant.is_some() {
        *form = before;
    }
    meant
}

/// A place as forms write it: `441-502`.
#[must_use]
pub fn place(text: &str) -> Option<(i32, i32)> {
    let (start, end) = text.split_once('-')?;
    Some((start.parse().ok()?, end.parse().ok()?))
}

/// A claim by its id, or by the address of its page.
fn claim_of(typed: &str) -> Result<Option<ClaimId>, &'static str> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let end = typed.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let id = end.rsplit('/').next().unwrap_or_default();
    id.parse().map(Some).map_err(|_| "Paste the address of a claim’s page, or leave this empty.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_named_by_its_id_or_its_pages_address() {
        let id = "0190a5d0-0000-7000-8000-000000000001";
        for typed in
            [id, &format!(" /demo/claims/{id}?x=1#y "), &format!("https://facts.example/demo/claims/{id}/")]
        {
            assert_eq!(claim_of(typed).unwrap().unwrap().to_string(), id);
        }
        assert_eq!(claim_of("  "), Ok(None));
        assert!(claim_of("the one about tonnes").is_err());
    }

    #[test]
    fn a_place_is_two_numbers() {
        assert_eq!(place("441-502"), Some((441, 502)));
        assert_eq!(place("441"), None);
        assert_eq!(place("-1-5"), None);
    }
}
