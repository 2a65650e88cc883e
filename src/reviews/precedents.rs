//! Precedents: published claims that say nearly the same, and how they were rated. Whoever rates a claim sees them, and
//! says in a sentence why, when the rating is another one.

use crate::id::ClaimId;
use crate::scales::Badge;

/// From how many shared words on, in hundredths of those of the shorter claim, a claim says nearly the same.
pub const CLOSE: usize = 80;
/// How long the sentence may be, in characters.
pub const NOTE_MAX: usize = 1_000;

/// What is missing when a rating departs from a precedent without a word.
pub(super) const UNSAID: &str =
    "Say in a sentence why this rating is another one than that of a claim which says nearly the same.";

/// A published claim on the same scale that says something like it.
#[derive(Clone, Debug)]
pub struct Precedent {
    pub claim: ClaimId,
    pub claim_reviewed: String,
    /// The number of its public verdict.
    pub verdict: i32,
    pub rating: String,
    pub badge: Badge,
    pub one_line: String,
    /// Whether it says nearly the same.
    pub is_close: bool,
}

/// Why a rating departs from a precedent.
#[derive(Clone, Debug)]
pub struct Departure {
    pub claim: ClaimId,
    pub claim_reviewed: String,
    pub badge: Option<Badge>,
    pub note: String,
}

/// Those that a rating departs from: they say nearly the same, and were rated otherwise.
pub fn departed<'a>(precedents: &'a [Precedent], rating: &'a str) -> impl Iterator<Item = &'a Precedent> {
    precedents.iter().filter(move |precedent| precedent.is_close && precedent.rating != rating)
}
