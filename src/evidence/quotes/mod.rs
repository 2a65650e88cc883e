//! Quotations: whether the words of evidence stand in the copy of their source, and where.
//!
//! They are looked for when evidence is added, when its words change, and when a copy comes. What does not stand there word for
//! word keeps the claim from review until somebody says why it is cited all the same.

mod citing;
mod copy;
mod locators;
pub(super) mod pages;
mod reading;
pub(super) mod store;

use actix_web::web::ServiceConfig;

use crate::id::CopyId;
use crate::text::quote::{Checked, Difference, QuoteCheck, difference};
use crate::text::selector::Selector;

pub use locators::{CellPlace, Locators, Time};
pub use store::check_source;

/// The addresses of this part.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(pages::acknowledgement)
        .service(pages::source_words)
        .service(copy::show)
        .service(citing::cite);
}

/// How many characters a reason has at most.
pub const REASON_MAX: usize = 2_000;

/// What looking for the words of evidence came to.
#[derive(Clone, Debug)]
pub struct Quoted {
    /// Where they were looked for.
    pub copy: CopyId,
    pub check: QuoteCheck,
    /// The copy's own words, for what stands there, be it nearly.
    pub place: Option<Selector>,
    /// Why they are cited although they do not stand there so, and who said it.
    pub reason: Option<(String, String)>,
}

impl Quoted {
    /// What looking just came to.
    #[must_use]
    pub fn just(copy: CopyId, checked: Checked) -> Self {
        Self { copy, check: checked.check, place: checked.place, reason: None }
    }

    /// Whether it keeps the claim from review.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !matches!(self.check, QuoteCheck::Stands) && self.reason.is_none()
    }

    /// What differs from the words that are cited, letter by letter: of what stands nearly so.
    #[must_use]
    pub fn differs(&self, exact: &str) -> Vec<Difference> {
        match &self.place {
            Some(place) if self.check == QuoteCheck::Nearly => difference(exact, &place.exact),
            _ => Vec::new(),
        }
    }

    /// The copy's own words, where the quotation leaves some out or puts others in their place.
    #[must_use]
    pub fn in_full(&self, exact: &str) -> Option<&str> {
        let place = self.place.as_ref().filter(|_| self.check == QuoteCheck::Stands)?;
        let has_signs = exact.contains(['…', '[']) || exact.contains("...") || exact.contains(". . .");
        (has_signs && !place.exact.contains(exact)).then_some(&*place.exact)
    }
}
