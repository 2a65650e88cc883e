//! What a desk has decided about its sources: who gets the kept copies, which archives outside get what is cited, in which
//! style references are written.

mod pages;
pub mod store;

use actix_web::web::ServiceConfig;

use crate::codes::codes;
use crate::web::problems::Problems;

codes! {
    /// An archive outside that keeps copies.
    Archive {
        Wayback = "wayback", "the Wayback Machine of the Internet Archive";
        Perma = "perma", "perma.cc";
    }

    /// How references are written.
    ReferenceStyle {
        Apa = "apa", "APA, 7th edition";
        Chicago = "chicago", "Chicago, notes and bibliography";
        Own = "own", "the desk’s own";
    }
}

/// How long a style of the desk's own may be, in characters.
pub const STYLE_MAX: usize = 200_000;

/// The decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceSettings {
    /// Whether readers get the kept copies, and not members alone.
    pub copies_public: bool,
    /// The archives outside that get what is cited.
    pub hand_to: Vec<Archive>,
    pub reference_style: ReferenceStyle,
    /// The desk's own style, a CSL document.
    pub own_style: Option<String>,
    /// 0 before anything was decided.
    pub row_version: i32,
}

impl Default for SourceSettings {
    fn default() -> Self {
        Self {
            copies_public: false,
            hand_to: Vec::new(),
            reference_style: ReferenceStyle::Apa,
            own_style: None,
            row_version: 0,
        }
    }
}

impl SourceSettings {
    /// The same, if they can be stored so.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn check(self) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let length = self.own_style.as_ref().map_or(0, |style| style.chars().count());
        if length > STYLE_MAX {
            problems.add("own_style", format!("At most {STYLE_MAX} characters fit here; this has {length}."));
        }
        if self.reference_style == ReferenceStyle::Own && self.own_style.is_none() {
            problems.add("own_style", "Paste the style here, or choose another one.");
        }
        problems.unless(self)
    }
}

/// The addresses of these settings.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(pages::show).service(pages::change);
}
