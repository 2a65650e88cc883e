//! What changed between two texts, word by word.

/// A run of words that both texts have, or only one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    Same(String),
    Removed(String),
    Added(String),
}

/// Texts that differ in more than this many pairs of words are told apart as wholes: a table of that size is quick.
const TABLE_MAX: usize = 4_000_000;

/// The way from one text to the other, with as many words kept as can be.
#[must_use]
pub fn words(before: &str, after: &str) -> Vec<Piece> {
    let (old, new) = (tokens(before), tokens(after));
    let prefix = old.iter().zip(&new).take_while(|(one, other)| one == other).count();
    let rest = old.len().min(new.len()) - prefix;
    let suffix =
        old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(one, other)| one == other).count();
    let (old_end, new_end) = (old.len() - suffix, new.len() - suffix);

    let mut pieces = Pieces::default();
    pieces.same(&old[..prefix]);
    middle(&old[prefix..old_end], &new[prefix..new_end], &mut pieces);
    pieces.same(&old[old_end..]);
    join(pieces.list)
}

/// The same pieces, with changes that only white space parts told as one: people read phrases, not words.
fn join(pieces: Vec<Piece>) -> Vec<Piece> {
    let (mut joined, mut removed, mut added) = (Vec::new(), String::new(), String::new());
    let mut rest = pieces.into_iter().peekable();
    while let Some(piece) = rest.next() {
        match piece {
            Piece::Removed(text) => removed.push_str(&text),
            Piece::Added(text) => added.push_str(&text),
            Piece::Same(text) => {
                let between = !(removed.is_empty() && added.is_empty()) && rest.peek().is_some();
                if between && text.chars().all(char::is_whitespace) {
                    removed.push_str(&text);
                    added.push_str(&text);
                } else {
                    tell(&mut joined, &mut removed, &mut added);
                    joined.push(Piece::Same(text));
                }
            }
        }
    }
    tell(&mut joined, &mut removed, &mut added);
    joined
}

fn tell(joined: &mut Vec<Piece>, removed: &mut String, added: &mut String) {
    if !removed.is_empty() {
        joined.push(Piece::Removed(std::mem::take(removed)));
    }
    if !added.is_empty() {
        joined.push(Piece::Added(std::mem::take(added)));
    }
}

/// Longest common subsequence by table, row by row from the end.
fn middle(old: &[&str], new: &[&str], pieces: &mut Pieces) {
    if old.len().saturating_mul(new.len()) > TABLE_MAX {
        pieces.removed(old);
        pieces.added(new);
        return;
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
    let (mut row, mut column) = (0, 0);
    while row < old.len() && column < new.len() {
        if old[row] == new[column] {
            pieces.same(&old[row..=row]);
            (row, column) = (row + 1, column + 1);
        } else if longest[(row + 1) * width + column] >= longest[row * width + column + 1] {
            pieces.removed(&old[row..=row]);
            row += 1;
        } else {
            pieces.added(&new[column..=column]);
            column += 1;
        }
    }
    pieces.removed(&old[row..]);
    pieces.added(&new[column..]);
}

/// Words and what is between them, each for itself; a number with its points and commas is one word.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut last: Option<(char, bool)> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        let in_number = matches!(char, '.' | ',')
            && last.is_some_and(|(last, _)| last.is_numeric())
            && chars.peek().is_some_and(|(_, next)| next.is_numeric());
        let is_word = char.is_alphanumeric() || in_number;
        if let Some((last, was_word)) = last {
            let goes_on =
                if is_word { was_word } else { !was_word && char.is_whitespace() && last.is_whitespace() };
            if !goes_on {
                tokens.push(&text[start..at]);
                start = at;
            }
        }
        last = Some((char, is_word));
    }
    if start < text.len() {
        tokens.push(&text[start..]);
    }
    tokens
}

#[derive(Default)]
struct Pieces {
    list: Vec<Piece>,
}

impl Pieces {
    fn same(&mut self, tokens: &[&str]) {
        match self.list.last_mut() {
            _ if tokens.is_empty() => {}
            Some(Piece::Same(text)) => text.push_str(&tokens.concat()),
            _ => self.list.push(Piece::Same(tokens.concat())),
        }
    }

    fn removed(&mut self, tokens: &[&str]) {
        match self.list.last_mut() {
            _ if tokens.is_empty() => {}
            Some(Piece::Removed(text)) => text.push_str(&tokens.concat()),
            _ => self.list.push(Piece::Removed(tokens.concat())),
        }
    }

    fn added(&mut self, tokens: &[&str]) {
        match self.list.last_mut() {
            _ if tokens.is_empty() => {}
            Some(Piece::Added(text)) => text.push_str(&tokens.concat()),
            _ => self.list.push(Piece::Added(tokens.concat())),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_that_changed_is_told_alone() {
        assert_eq!(
            words("The tables show 3.1 million tonnes.", "The tables show 3.2 million tonnes."),
            [
                Piece::Same("The tables show ".into()),
                Piece::Removed("3.1".into()),
                Piece::Added("3.2".into()),
                Piece::Same(" million tonnes.".into()),
            ]
        );
        assert_eq!(
            words("They did not rise.", "They rose by 31 %."),
            [
                Piece::Same("They ".into()),
                Piece::Removed("did not rise".into()),
                Piece::Added("rose by 31 %".into()),
                Piece::Same(".".into()),
            ]
        );
        assert_eq!(words("", "new"), [Piece::Added("new".into())]);
        assert_eq!(words("same", "same"), [Piece::Same("same".into())]);
        assert_eq!(words("", ""), []);
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_off(before in "[ab é.\n]{0,40}", after in "[ab é.\n]{0,40}") {
            let (mut old, mut new) = (String::new(), String::new());
            for piece in words(&before, &after) {
                match piece {
                    Piece::Same(text) => { old.push_str(&text); new.push_str(&text); }
                    Piece::Removed(text) => old.push_str(&text),
                    Piece::Added(text) => new.push_str(&text),
                }
            }
            prop_assert_eq!(old, before);
            prop_assert_eq!(new, after);
        }
    }
}
