//! How far people agree on what a claim is: sentence by sentence, and in the stretches of words that they mark.

pub mod files;
pub mod page;
mod store;

use time::OffsetDateTime;

use crate::id::{ArticleId, VersionId};
use crate::reviews::agreement::unitizing::{Continuum, Lengths, Unit};
use crate::reviews::agreement::{Cell, Level, Ratings};

pub use store::TEXTS_MAX;

/// What can be found of a sentence.
pub const CATEGORIES: [&str; 2] = ["no claim", "claim"];

/// Code points of a version's text, half-open.
pub type Range = (i32, i32);

/// A version that two people or more have judged.
#[derive(Clone, Debug)]
pub struct Text {
    pub article: ArticleId,
    pub version: VersionId,
    pub number: i32,
    /// The article's title, or how it begins.
    pub name: String,
    /// Code points.
    pub length: i32,
    pub sentences: Vec<Range>,
    pub readers: Vec<Reader>,
}

/// What one person said of a text.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    /// Their number among all who read anything.
    pub number: u32,
    /// Words in which they see a claim, and since when.
    pub claims: Vec<(Range, OffsetDateTime)>,
    pub no_claims: Vec<Range>,
    /// That they see none in the rest: since when, and whether without seeing what others marked.
    pub rest: Option<(OffsetDateTime, bool)>,
}

impl Reader {
    /// Whether they went through the whole text without seeing what others marked.
    pub fn is_alone(&self) -> bool {
        self.rest.is_some_and(|(_, alone)| alone)
    }

    /// Whether they see a claim in a sentence; nothing when they have not said.
    ///
    /// Who saw the marks of others when speaking of the rest, did not speak of what was marked.
    fn sees_claim(&self, sentence: Range, others: &[Self]) -> Option<bool> {
        let touches = |(start, end): Range| start < sentence.1 && end > sentence.0;
        let covers = |(start, end): Range| start <= sentence.0 && end >= sentence.1;
        if self.claims.iter().any(|(range, _)| touches(*range)) {
            return Some(true);
        }
        if self.no_claims.iter().any(|range| covers(*range)) {
            return Some(false);
        }
        let (since, alone) = self.rest?;
        let was_marked = || {
            let marks =
                others.iter().filter(|other| other.number != self.number).flat_map(|other| &other.claims);
            marks.into_iter().any(|(range, at)| touches(*range) && *at <= since)
        };
        if !alone && was_marked() { None } else { Some(false) }
    }
}

impl Text {
    /// What each said of each sentence: a row a sentence, 0 for no claim and 1 for a claim.
    pub fn judged(&self) -> impl Iterator<Item = (Range, Vec<Cell>)> {
        self.sentences.iter().map(|sentence| {
            let cells = self.readers.iter().filter_map(|reader| {
                let sees = reader.sees_claim(*sentence, &self.readers)?;
                Some(Cell { rater: reader.number, code: u16::from(sees) })
            });
            (*sentence, cells.collect())
        })
    }

    /// What those who went through it alone have in common in the words that they marked.
    pub fn in_common(&self) -> Lengths {
        let unit = |(start, end): Range| Unit { range: start.unsigned_abs()..end.unsigned_abs(), value: 0 };
        let units = |reader: &Reader| reader.claims.iter().map(|(range, _)| unit(*range)).collect();
        let alone = self.readers.iter().filter(|reader| reader.is_alone());
        let observers = alone.map(units).collect();
        Lengths::of(&Continuum { length: self.length.unsigned_abs(), observers }, 1)
    }

    /// How many went through it alone.
    pub fn alone(&self) -> usize {
        self.readers.iter().filter(|reader| reader.is_alone()).count()
    }
}

/// The table of sentences of all texts.
pub fn sentences(texts: &[Text], readers: usize) -> Ratings {
    let mut ratings = Ratings::empty(Level::Nominal, readers, CATEGORIES.len(), Vec::new());
    for (_, cells) in texts.iter().flat_map(Text::judged) {
        ratings.push(cells);
    }
    ratings
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;
    use time::macros::datetime;

    const NOON: OffsetDateTime = datetime!(2026-03-14 12:00 UTC);

    fn reader(number: u32, claims: &[Range], rest: Option<bool>) -> Reader {
        Reader {
            number,
            claims: claims.iter().map(|range| (*range, NOON)).collect(),
            no_claims: Vec::new(),
            rest: rest.map(|alone| (NOON + Duration::HOUR, alone)),
        }
    }

    fn text(readers: Vec<Reader>) -> Text {
        Text {
            article: ArticleId::new(),
            version: VersionId::new(),
            number: 1,
            name: "The harbour".into(),
            length: 30,
            sentences: vec![(0, 10), (11, 20), (21, 30)],
            readers,
        }
    }

    fn codes(text: &Text) -> Vec<Vec<(u32, u16)>> {
        text.judged().map(|(_, cells)| cells.iter().map(|cell| (cell.rater, cell.code)).collect()).collect()
    }

    #[test]
    fn a_sentence_is_a_claim_where_words_of_it_are_marked() {
        let text = text(vec![reader(0, &[(8, 12)], Some(true)), reader(1, &[(2, 5)], Some(true))]);
        assert_eq!(codes(&text), [vec![(0, 1), (1, 1)], vec![(0, 1), (1, 0)], vec![(0, 0), (1, 0)]]);
        let ratings = sentences(&[text], 2);
        assert_eq!((ratings.compared(), ratings.given()), (3, 6));
    }

    #[test]
    fn who_has_not_said_anything_of_a_sentence_counts_for_nothing() {
        let mut second = reader(1, &[], None);
        second.no_claims = vec![(11, 20), (21, 25)];
        let text = text(vec![reader(0, &[(0, 10)], None), second]);
        assert_eq!(codes(&text), [vec![(0, 1)], vec![(1, 0)], vec![]], "half a sentence is not the sentence");
    }

    #[test]
    fn who_saw_the_marks_of_others_does_not_speak_of_them_with_the_rest() {
        let text = text(vec![reader(0, &[(0, 10)], Some(true)), reader(1, &[(21, 30)], Some(false))]);
        assert_eq!(codes(&text), [vec![(0, 1)], vec![(0, 0), (1, 0)], vec![(0, 0), (1, 1)]]);
        // What was marked only later, they did not see.
        let mut late = reader(2, &[], None);
        late.claims = vec![((11, 20), NOON + Duration::DAY)];
        let text = super::Text { readers: [text.readers.clone(), vec![late]].concat(), ..text };
        assert_eq!(codes(&text)[1], [(0, 0), (1, 0), (2, 1)]);
    }

    #[test]
    fn only_those_who_went_through_alone_are_compared_by_their_words() {
        let same = text(vec![
            reader(0, &[(2, 8)], Some(true)),
            reader(1, &[(2, 8)], Some(true)),
            reader(2, &[(15, 29)], Some(false)),
            reader(3, &[(15, 29)], None),
        ]);
        assert_eq!((same.alone(), same.in_common().binary()), (2, Some(1.0)));
        let one = text(vec![reader(0, &[(2, 8)], Some(true)), reader(1, &[(2, 8)], Some(false))]);
        assert_eq!(one.in_common().binary(), None);
    }
}
