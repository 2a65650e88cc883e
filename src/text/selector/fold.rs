//! A text with what people and programs write differently made alike, and the way back.

/// How much is made alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::text) enum Folding {
    /// Quotation marks, dashes, ellipses, ligatures, spaces; invisible characters go.
    Evened,
    /// The same, and what differs when somebody quotes: all quotation marks are alike, because one within another changes
    /// its kind, and no spaces stand beside a dash.
    Quoted,
    /// Small and capital letters, too.
    Caseless,
    /// And no spaces at all: for what was copied across paragraphs or out of columns.
    Spaceless,
}

/// A folded text. Every stretch of it knows where it came from.
#[derive(Debug)]
pub(in crate::text) struct Folded<'a> {
    source: &'a str,
    pub(in crate::text) text: String,
    /// Where the distance between folded and source bytes changes: (folded, source).
    turns: Vec<(usize, usize)>,
}

impl<'a> Folded<'a> {
    pub(in crate::text) fn new(source: &'a str, folding: Folding) -> Self {
        let mut folded = Self { source, text: String::with_capacity(source.len()), turns: vec![(0, 0)] };
        let mut after_space = false;
        let mut after_dash = false;
        let mut before = ' ';
        for (at, character) in source.char_indices() {
            let is_space = character.is_whitespace();
            let previous = std::mem::replace(&mut before, character);
            if folding == Folding::Quoted && folded.is_beside_mark(previous, character) {
                continue;
            }
            let is_dash = is_dash(character);
            if is_space {
                if folding != Folding::Spaceless && !after_space {
                    folded.push(at, " ");
                }
            } else if is_dash {
                if !after_dash {
                    folded.push(at, "-");
                }
            } else if !is_invisible(character) {
                folded.push_character(at, character, folding);
            } else {
                continue;
            }
            after_space = is_space;
            after_dash = is_dash;
        }
        folded
    }

    /// Drops the spaces beside a dash, those that French typography has inside of its quotation marks, and the line break
    /// behind a soft hyphen. Whether this character is one of them.
    fn is_beside_mark(&mut self, previous: char, character: char) -> bool {
        let is_thin = |space| matches!(space, '\u{A0}' | '\u{202F}');
        if character.is_whitespace() {
            let is_inside = is_thin(character) && matches!(previous, '«' | '‹');
            return is_inside || (character == '\n' && previous == '\u{AD}') || self.text.ends_with('-');
        }
        if self.text.ends_with(' ')
            && (is_dash(character) || (is_thin(previous) && matches!(character, '»' | '›')))
        {
            self.text.pop();
        }
        false
    }

    fn push_character(&mut self, at: usize, character: char, folding: Folding) {
        let has_case = matches!(folding, Folding::Evened | Folding::Quoted);
        if folding == Folding::Quoted && (character == '"' || plain(character) == Some("\"")) {
            return self.push_mark(at);
        }
        if character.is_ascii() {
            let character = if has_case { character } else { character.to_ascii_lowercase() };
            let character = if character == '`' { '\'' } else { character };
            if character == '\'' && folding == Folding::Quoted {
                return self.push_mark(at);
            }
            self.push(at, character.encode_utf8(&mut [0; 4]));
        } else if let Some(plain) = plain(character) {
            if plain == "'" && folding == Folding::Quoted {
                return self.push_mark(at);
            }
            self.push(at, plain);
        } else if has_case {
            self.push(at, character.encode_utf8(&mut [0; 4]));
        } else {
            for lower in character.to_lowercase() {
                self.push(at, lower.encode_utf8(&mut [0; 4]));
            }
        }
    }

    /// Several quotation marks in a row are one.
    fn push_mark(&mut self, at: usize) {
        if !self.text.ends_with('\'') {
            self.push(at, "'");
        }
    }

    fn push(&mut self, source: usize, folded: &str) {
        let (last_folded, last_source) = self.turns[self.turns.len() - 1];
        // A stretch in which every byte stands for itself needs no entry.
        if source.checked_sub(last_source) != Some(self.text.len() - last_folded) {
            self.turns.push((self.text.len(), source));
        }
        self.text.push_str(folded);
    }

    pub(in crate::text) const fn source(&self) -> &'a str {
        self.source
    }

    /// The source's bytes that a folded range came from, whole characters.
    pub(in crate::text) fn source_range(&self, start: usize, end: usize) -> std::ops::Range<usize> {
        let last = self.source_byte(end - 1);
        let width = self.source[last..].chars().next().map_or(0, char::len_utf8);
        self.source_byte(start)..last + width
    }

    fn source_byte(&self, folded: usize) -> usize {
        let turn = self.turns.partition_point(|(start, _)| *start <= folded) - 1;
        let (folded_start, source_start) = self.turns[turn];
        let mut byte = (source_start + folded - folded_start).min(self.source.len());
        while !self.source.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    }
}

const fn is_dash(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}')
}

/// Characters that show nothing: soft hyphen, zero-width space, direction marks, byte order mark.
pub(in crate::text) const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}'
            | '\u{FEFF}'
    )
}

/// What stands for a typographic character on a keyboard.
const fn plain(character: char) -> Option<&'static str> {
    Some(match character {
        '‘' | '’' | '‚' | '‛' | '′' | '‵' | '´' | 'ʼ' | 'ʻ' | '‹' | '›' | '＇' => "'",
        '“' | '”' | '„' | '‟' | '″' | '‶' | '«' | '»' | '＂' | '〝' | '〞' | '〟' => "\"",
        '…' => "...",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn typography_folds_to_what_is_on_a_keyboard() {
        let source = "“Don’t —\u{A0}\n stop…”, he wro\u{AD}te. É";
        assert_eq!(Folded::new(source, Folding::Evened).text, "\"Don't - stop...\", he wrote. É");
        assert_eq!(Folded::new(source, Folding::Caseless).text, "\"don't - stop...\", he wrote. é");
        let quoted = Folded::new(source, Folding::Quoted).text;
        assert_eq!(quoted, "'Don't-stop...', he wrote. É");
        assert_eq!(
            Folded::new("«\u{A0}Non\u{202F}», dit ‘“il”’ so\u{AD}\nda", Folding::Quoted).text,
            "'Non', dit 'il' soda"
        );
        assert_eq!(Folded::new(source, Folding::Spaceless).text, "\"don't-stop...\",hewrote.é");
    }

    proptest! {
        #[test]
        fn every_folded_character_knows_where_it_came_from(source in "([a-zÉİﬁß“”’—…\u{AD}\u{A0}\n -]|🌍){0,60}") {
            for folding in [Folding::Evened, Folding::Quoted, Folding::Caseless, Folding::Spaceless] {
                let folded = Folded::new(&source, folding);
                for (at, character) in folded.text.char_indices() {
                    let range = folded.source_range(at, at + character.len_utf8());
                    let again = Folded::new(&source[range.clone()], folding);
                    prop_assert!(again.text.contains(character), "{:?} in {:?}", character, &source[range]);
                }
            }
        }
    }
}
