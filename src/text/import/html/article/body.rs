//! Holding the blocks against the article's words in JSON-LD (<https://schema.org/articleBody>).

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::piece::Piece;

/// Shorter bodies are summaries, in groups of four words.
const GROUPS_MIN: usize = 60;

/// Keeps what stands in the body and leaves out what does not, if the body seems to be the whole article.
pub(super) fn hold_against(pieces: &mut [Piece<'_>], body: &str, title: Option<u32>) {
    let body: HashSet<u64> = groups(body).collect();
    if body.len() < GROUPS_MIN {
        return;
    }
    let stands: Vec<bool> = pieces.iter().map(|piece| stands_in(piece, &body)).collect();
    let weigh = |is: &dyn Fn(usize) -> bool| -> u64 {
        pieces
            .iter()
            .enumerate()
            .filter(|(at, piece)| is(*at) && piece.is_prose())
            .map(|(_, piece)| u64::from(piece.weight))
            .sum()
    };
    let found = weigh(&|at| stands[at]);
    let kept = weigh(&|at| !pieces[at].struck);
    let both = weigh(&|at| stands[at] && !pieces[at].struck);
    let total: u64 = pieces
        .iter()
        .zip(&stands)
        .filter(|(_, stands)| **stands)
        .map(|(piece, _)| groups(piece.text).count() as u64)
        .sum();
    let is_here = total * 10 >= body.len() as u64 * 8;
    // A body of the first words only would cut the rest off; one that is not on the page says nothing.
    if !is_here || (both * 10 < kept * 7 && found * 10 < kept * 12) {
        return;
    }
    let Some(last) = stands.iter().rposition(|stands| *stands) else { return };
    let first = stands.iter().position(|stands| *stands).unwrap_or(last);
    let title = title.map_or(0, |title| title as usize);
    for (at, piece) in pieces.iter_mut().enumerate() {
        if stands[at] && at > title.min(first) {
            piece.struck = false;
        } else if at > last {
            piece.struck = true;
        }
    }
}

/// Whether most of a block stands in the body.
fn stands_in(piece: &Piece<'_>, body: &HashSet<u64>) -> bool {
    let (mut all, mut found) = (0, 0);
    for group in groups(piece.text) {
        all += 1;
        found += usize::from(body.contains(&group));
    }
    found * 5 >= all * 3 && all > 0
}

/// The groups of four words that follow each other, by their hashes.
fn groups(text: &str) -> impl Iterator<Item = u64> {
    let mut last = [0_u64; 4];
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.enumerate().filter_map(move |(number, word)| {
        let mut hasher = DefaultHasher::new();
        word.hash(&mut hasher);
        last.rotate_left(1);
        last[3] = hasher.finish();
        let mut group = DefaultHasher::new();
        last.hash(&mut group);
        (number >= 3).then(|| group.finish())
    })
}
