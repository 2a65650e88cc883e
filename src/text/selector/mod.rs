//! Descriptions of passages, and the passages they lead to.
//!
//! A [`Selector`] says how to find words: W3C's `TextQuoteSelector` and `TextPositionSelector` in one
//! (<https://www.w3.org/TR/annotation-model/#selectors>). A [`Passage`] is words that were found: to hold one is to know that
//! they stand there.

mod context;
pub(in crate::text) mod fold;
mod locate;
mod words;

pub use context::locate_in_context;
pub use locate::{HITS_MAX, Hit, LocateError, locate};
pub use words::snap_to_words;

use serde::{Deserialize, Serialize};

use super::document::normal::is_blank;
use super::offsets::{Cursor, Extent, Offsets, integer, slice};

/// How many code points of context a selector keeps on each side, as Hypothesis does.
pub const CONTEXT: u32 = 32;

/// Words that stand in a text, and where: half-open, in Unicode code points of the stored text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Passage {
    exact: String,
    start: i32,
    end: i32,
}

/// Why a range is no passage; `Display` is for the person who marked it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PassageError {
    #[error("Mark at least one word.")]
    Blank,
    #[error("What was marked lies outside the article's text. Load the page again and mark it there.")]
    Outside,
    #[error(
        "The text changed: other words stand where these were marked. Load the page again and mark them there."
    )]
    Differs,
}

impl Passage {
    /// The words in a range.
    ///
    /// # Errors
    /// [`PassageError`] when the range holds no words or does not lie in the text.
    pub fn at(text: &str, start: i32, end: i32) -> Result<Self, PassageError> {
        let (Ok(from), Ok(to)) = (u32::try_from(start), u32::try_from(end)) else {
            return Err(PassageError::Outside);
        };
        if from == to {
            return Err(PassageError::Blank);
        }
        let exact = slice(text, Extent::new(from, to)).ok_or(PassageError::Outside)?;
        if is_blank(exact) {
            return Err(PassageError::Blank);
        }
        Ok(Self { exact: exact.to_owned(), start, end })
    }

    /// The words in a range, if they are the ones that a reader saw there; line breaks may differ.
    ///
    /// # Errors
    /// [`PassageError`] when they are not, the range holds no words or does not lie in the text.
    pub fn confirmed(text: &str, start: i32, end: i32, exact: &str) -> Result<Self, PassageError> {
        let passage = Self::at(text, start, end)?;
        let alike = passage.exact.split_whitespace().eq(exact.split_whitespace());
        if alike { Ok(passage) } else { Err(PassageError::Differs) }
    }

    /// The words.
    #[must_use]
    pub fn exact(&self) -> &str {
        &self.exact
    }

    /// The first code point.
    #[must_use]
    pub const fn start(&self) -> i32 {
        self.start
    }

    /// One past the last code point.
    #[must_use]
    pub const fn end(&self) -> i32 {
        self.end
    }

    #[must_use]
    pub fn extent(&self) -> Extent {
        extent(self.start, self.end)
    }
}

fn extent(start: i32, end: i32) -> Extent {
    Extent::new(u32::try_from(start).unwrap_or(0), u32::try_from(end).unwrap_or(0))
}

/// How to find a passage again.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Selector {
    pub exact: String,
    /// Up to [`CONTEXT`] code points before it.
    pub prefix: String,
    /// Up to [`CONTEXT`] code points behind it.
    pub suffix: String,
    pub start: i32,
    pub end: i32,
}

impl Selector {
    /// Describes a passage of a text.
    #[must_use]
    pub fn of(text: &str, passage: &Passage) -> Self {
        let Extent { start, end } = passage.extent();
        let mut cursor = Cursor::new(text);
        let [before, from, to, after] =
            [start.saturating_sub(CONTEXT), start, end, end.saturating_add(CONTEXT)]
                .map(|at| cursor.advance_to(at));
        Self {
            exact: passage.exact.clone(),
            prefix: text[before..from].to_owned(),
            suffix: text[to..after].to_owned(),
            start: passage.start,
            end: passage.end,
        }
    }
}

/// Makes a passage of bytes that were found in the text.
fn found(offsets: &Offsets<'_>, bytes: std::ops::Range<usize>) -> Passage {
    Passage {
        exact: offsets.text()[bytes.clone()].to_owned(),
        start: integer(offsets.code_point(bytes.start)),
        end: integer(offsets.code_point(bytes.end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "He said: “🌍 is flat.”\n\nShe said no.";

    #[test]
    fn a_passage_is_the_words_between_its_offsets() {
        let passage = Passage::at(TEXT, 10, 20).unwrap();
        assert_eq!((passage.exact(), passage.start(), passage.end()), ("🌍 is flat.", 10, 20));
        assert_eq!(Passage::at(TEXT, 0, 999), Err(PassageError::Outside));
        assert_eq!(Passage::at(TEXT, -1, 3), Err(PassageError::Outside));
        assert_eq!(Passage::at(TEXT, 5, 3), Err(PassageError::Outside));
        assert_eq!(Passage::at(TEXT, 3, 3), Err(PassageError::Blank));
        assert_eq!(Passage::at(TEXT, 21, 23), Err(PassageError::Blank));
    }

    #[test]
    fn a_changed_text_is_noticed() {
        assert!(Passage::confirmed(TEXT, 10, 26, "🌍 is flat.”\r\nShe").is_ok());
        assert_eq!(Passage::confirmed(TEXT, 10, 20, "🌍 is round"), Err(PassageError::Differs));
    }

    #[test]
    fn a_selector_keeps_the_words_around() {
        let selector = Selector::of(TEXT, &Passage::at(TEXT, 10, 20).unwrap());
        assert_eq!((selector.prefix.as_str(), selector.suffix.as_str()), ("He said: “", "”\n\nShe said no."));
        let json = r#"{"exact":"🌍 is flat.","prefix":"He said: “","suffix":"”\n\nShe said no.","start":10,"end":20}"#;
        assert_eq!(serde_json::to_string(&selector).unwrap(), json);
        let long = "x".repeat(100);
        let selector = Selector::of(&long, &Passage::at(&long, 50, 51).unwrap());
        assert_eq!((selector.prefix.len(), selector.suffix.len()), (32, 32));
    }
}
