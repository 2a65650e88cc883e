//! What the demo's people go by, and what they learn on.

use serde::Deserialize;
use time::Date;

use super::iso_date;

/// One version of the desk's guidelines.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guidelines {
    pub title: String,
    /// Line by line.
    pub text: Vec<String>,
    #[serde(with = "iso_date")]
    pub written: Date,
}

/// A training claim.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Training {
    pub claim: String,
    pub context: String,
    pub evidence: String,
    /// How the desk rates it.
    pub rating: String,
    pub explanation: String,
    #[serde(with = "iso_date")]
    pub written: Date,
    /// How the reviewer rated it, and why.
    pub answer: Option<(String, String)>,
}
