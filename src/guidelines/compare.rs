//! What changed between two versions of guidelines: line by line, and word by word in the lines that changed.

use crate::editing::diff::{Piece, words};

/// Texts with more pairs of lines than this are compared word by word as wholes.
const TABLE_MAX: usize = 4_000_000;

/// The way from one text to the other, each with a line break at its end.
#[must_use]
pub fn texts(before: &str, after: &str) -> Vec<Piece> {
    let ended = |text: &str| {
        if text.is_empty() { String::new() } else { format!("{}\n", text.trim_end_matches('\n')) }
    };
    let (before, after) = (ended(before), ended(after));
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    if old.len().saturating_mul(new.len()) > TABLE_MAX {
        return words(&before, &after);
    }
    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for row in (0..old.len()).rev() {
        for column in (0..new.len()).rev() {
            longest[row * width + column] = if old[row] == new[column] {
                longest[(row + 1) * width + column + 1] + 1
            } else {
                longest[(row + 1) * width + column].max(longest[row * width + column + 1])
            };
        }
    }
    let mut pieces = Vec::new();
    let (mut row, mut column) = (0, 0);
    // Where the lines begin that differ.
    let (mut old_begin, mut new_begin) = (0, 0);
    while row < old.len() && column < new.len() {
        if old[row] == new[column] {
            differing(&old[old_begin..row], &new[new_begin..column], &mut pieces);
            same(old[row], &mut pieces);
            (row, column) = (row + 1, column + 1);
            (old_begin, new_begin) = (row, column);
        } else if longest[(row + 1) * width + column] >= longest[row * width + column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
    differing(&old[old_begin..], &new[new_begin..], &mut pieces);
    pieces
}

fn same(line: &str, pieces: &mut Vec<Piece>) {
    match pieces.last_mut() {
        Some(Piece::Same(text)) => text.push_str(line),
        _ => pieces.push(Piece::Same(line.to_owned())),
    }
}

fn differing(old: &[&str], new: &[&str], pieces: &mut Vec<Piece>) {
    for piece in words(&old.concat(), &new.concat()) {
        match piece {
            Piece::Same(text) => same(&text, pieces),
            other => pieces.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_the_words_of_changed_lines_differ() {
        let pieces = texts("One.\nTwo is here.\nThree.\n", "One.\nTwo was here.\nThree.\nFour.\n");
        assert_eq!(
            pieces,
            [
                Piece::Same("One.\nTwo ".into()),
                Piece::Removed("is".into()),
                Piece::Added("was".into()),
                Piece::Same(" here.\nThree.\n".into()),
                Piece::Added("Four.\n".into()),
            ]
        );
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_it(before in "[ab \n]{0,30}", after in "[ab \n]{0,30}") {
            let (mut old, mut new) = (String::new(), String::new());
            for piece in texts(&before, &after) {
                match piece {
                    Piece::Same(text) => {
                        old.push_str(&text);
                        new.push_str(&text);
                    }
                    Piece::Removed(text) => old.push_str(&text),
                    Piece::Added(text) => new.push_str(&text),
                }
            }
            let trimmed = |text: &str| text.trim_end_matches('\n').to_owned();
            prop_assert_eq!((trimmed(&old), trimmed(&new)), (trimmed(&before), trimmed(&after)));
        }
    }
}
