//! What leaves the desk: claims with everything about them, in the formats that search engines, researchers and
//! newsrooms use, read from one snapshot and streamed. `docs/exports.md` describes every field.

pub mod annotations;
mod api;
pub mod claimreview;
pub mod csv;
mod export;
mod grouped;
mod json_script;
mod jsonl;
mod moment;
mod pages;
mod record;
#[cfg(test)]
pub(crate) mod sample;
mod site;
pub mod store;

use actix_web::web::ServiceConfig;
use clap::ValueEnum;
use serde::Deserialize;

pub use self::csv::{Flavour, Table, cell};
pub use self::export::{Export, Running, start};
pub use self::grouped::{Answer, Cell, Copy, EvidenceSet, Place, Question, Quote};
pub use self::json_script::JsonScript;
pub use self::moment::{Day, Instant};
pub use self::record::{
    Agent, Anchor, Appearance, Article, Assessed, ClaimRecord, Correction, DissentNote, Draft, Evidence,
    Mark, Rating, Source, Speaker, Verdict,
};
pub use self::site::Site;

/// Whose claims leave.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// What is published, and what was retracted: for everybody.
    #[default]
    Public,
    /// Every claim, with its draft: for those who may read drafts.
    Desk,
}

impl Scope {
    /// The word for it in addresses and headers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Desk => "desk",
        }
    }
}

/// In which form.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// schema.org `ClaimReview`s in a `DataFeed`.
    #[value(name = "claimreview")]
    ClaimReview,
    /// A W3C annotation for each mark, in one collection.
    Annotations,
    /// A table.
    Csv,
    /// Everything, a claim a line.
    Jsonl,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::ClaimReview, Self::Annotations, Self::Csv, Self::Jsonl];

    /// The word for it in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClaimReview => "claimreview",
            Self::Annotations => "annotations",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }

    /// The media type of its document.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::ClaimReview => "application/json; charset=utf-8",
            Self::Annotations => annotations::MEDIA_TYPE,
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Jsonl => "application/x-ndjson",
        }
    }

    /// How the name of its file ends.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::ClaimReview => "claimreview.jsonld",
            Self::Annotations => "annotations.jsonld",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }
}

/// The addresses of this capability.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(api::whole)
        .service(api::claim_review)
        .service(api::one_annotation)
        .service(pages::overview)
        .service(pages::save_licence);
}
