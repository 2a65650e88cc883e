//! The styles in which references are written out.

use serde::{Deserialize, Serialize};

use crate::codes::codes;

codes! {
    /// A style by name.
    Style {
        Apa = "apa", "APA";
        Chicago = "chicago", "Chicago";
        Own = "own", "The desk’s own";
    }
}

/// A style that can be used: one of those built in, or a document that a desk gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chosen {
    /// American Psychological Association, 7th edition.
    Apa,
    /// Chicago Manual of Style, 18th edition, notes and bibliography.
    Chicago,
    /// A style in CSL: <https://docs.citationstyles.org/en/stable/specification.html>.
    Own(String),
}
