//! What readers of a text find in it besides what they mark: that words make no claim, that they make the one which somebody
//! else marked, or that there is none in all the rest. So it is known that somebody has looked, and how far people agree
//! on what a claim is.

mod pages;
mod store;

use actix_web::web::ServiceConfig;

use crate::codes::codes;
use crate::id::{ArticleId, FindingId, VersionId};
use crate::text::selector::Passage;

pub use store::{own, own_marks};

codes! {
    /// What somebody found.
    Finding {
        Claim = "claim", "a claim";
        NoClaim = "no_claim", "no claim";
        Rest = "rest", "no claim in the rest";
    }
}

/// What somebody is about to find in a version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewFinding {
    pub article: ArticleId,
    pub version: VersionId,
    pub what: What,
    /// Whether it was found without seeing what others marked.
    pub alone: bool,
}

/// What was found, and in which words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// The claim that somebody else marked.
    Claim(Passage),
    NoClaim(Passage),
    /// No claim in all that the person has not marked or judged.
    Rest,
}

impl What {
    const fn finding(&self) -> Finding {
        match self {
            Self::Claim(_) => Finding::Claim,
            Self::NoClaim(_) => Finding::NoClaim,
            Self::Rest => Finding::Rest,
        }
    }

    const fn passage(&self) -> Option<&Passage> {
        match self {
            Self::Claim(passage) | Self::NoClaim(passage) => Some(passage),
            Self::Rest => None,
        }
    }
}

/// What a person found and has not withdrawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    pub id: FindingId,
    pub finding: Finding,
    /// Code points of the version's text, half-open; none of the rest.
    pub range: Option<(i32, i32)>,
}

/// The addresses of findings.
pub fn routes(config: &mut ServiceConfig) {
    config.service(pages::create).service(pages::withdraw);
}
