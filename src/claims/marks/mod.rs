//! Marks: the words of an article that make a claim. Marking them, and showing them where they stand.

mod api;
mod blocks;
mod drawing;
mod form;
mod nearest;
mod packing;
mod page;
mod read;
mod sentences;
mod sheet;
mod tag;
mod words;
pub mod write;

use actix_web::web::ServiceConfig;
use serde::Serialize;

use crate::claims::Stage;
use crate::id::{AppearanceId, ArticleId, ClaimId, VersionId};
use crate::scales::{Colour, Shape};
use crate::text::Document;
use crate::text::selector::{Passage, PassageError, Selector};

pub use form::{find, place};
pub use page::{QuoteForm, quote_page};
pub use read::drawn;
pub use words::{WORDS_MAX, in_plain_words};
pub use write::mark;

/// A mark in one version, with all that is drawn of it.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Its number in this version, from 1, in the order in which marks were made: it stays when others come.
    pub number: u32,
    /// Code points of the version's text, half-open.
    pub start: i32,
    pub end: i32,
    pub appearance: AppearanceId,
    pub claim: ClaimId,
    /// The claim in plain words.
    pub claim_reviewed: String,
    pub stage: Stage,
    /// Who said it, as one line.
    pub speakers: Option<String>,
    /// Of the public verdict.
    pub rating: Option<Rating>,
    pub evidence_count: i32,
}

/// The rating of a public verdict, as marks show it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Rating {
    pub label: String,
    pub shape: Shape,
    pub colour: Colour,
}

impl Rating {
    /// The rating in the columns of an anchor; nothing where there is none.
    #[must_use]
    pub fn of(label: Option<String>, shape: Option<Shape>, colour: Option<Colour>) -> Option<Self> {
        Some(Self { label: label?, shape: shape?, colour: colour? })
    }
}

/// Words that are about to be marked.
#[derive(Clone, Debug)]
pub struct NewMark {
    pub article: ArticleId,
    pub version: VersionId,
    pub selector: Selector,
    /// The claim in plain words.
    pub claim_reviewed: String,
    /// The claim that is made here once more; a new one when there is none.
    pub claim: Option<ClaimId>,
}

impl NewMark {
    /// The mark of a passage. Without plain words, the claim is the quote, tidied and cut to what fits.
    ///
    /// # Errors
    /// Words for the person, when the plain words are longer than fits.
    pub fn new(
        article: ArticleId,
        version: VersionId,
        document: &Document,
        passage: &Passage,
        claim_reviewed: Option<&str>,
        claim: Option<ClaimId>,
    ) -> Result<Self, String> {
        let typed = claim_reviewed.map(words::tidy).filter(|typed| !typed.is_empty());
        let claim_reviewed = match typed {
            Some(typed) if typed.chars().count() > WORDS_MAX => {
                let length = typed.chars().count();
                return Err(format!("A claim has at most {WORDS_MAX} characters; this has {length}."));
            }
            Some(typed) => typed,
            None => in_plain_words(passage.exact()),
        };
        let selector = Selector::of(document.text(), passage);
        Ok(Self { article, version, selector, claim_reviewed, claim })
    }
}

/// The words in a range of a version, if they are what the reader saw there.
///
/// # Errors
/// [`PassageError`], in words for the person who marked them.
pub fn passage(
    document: &Document,
    start: i32,
    end: i32,
    exact: Option<&str>,
) -> Result<Passage, PassageError> {
    match exact {
        Some(exact) => Passage::confirmed(document.text(), start, end, exact),
        None => Passage::at(document.text(), start, end),
    }
}

/// The addresses of this part: the article's page first of all.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(api::create)
        .service(api::list)
        .service(api::show)
        .service(api::remove)
        .service(blocks::anew)
        .service(form::create)
        .service(page::show)
        .service(page::show_version);
}
