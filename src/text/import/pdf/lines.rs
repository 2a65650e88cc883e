//! The lines of a page, from where its glyphs stand.

use pdf_extract::{MediaBox, OutputDev, OutputError, Transform};

/// A glyph's characters and where they stand, along and across the direction in which they are written.
#[derive(Debug)]
struct Glyph {
    along: f64,
    end: f64,
    text: String,
}

/// Glyphs on one base line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) text: String,
    /// How far down, in points; only comparable within a page.
    pub(super) down: f64,
    pub(super) left: f64,
    pub(super) right: f64,
    /// The height of most glyphs, in points.
    pub(super) size: f64,
    /// The direction in which it is written, as the page shows it.
    pub(super) direction: (f64, f64),
}

/// A page takes at most so many glyphs; more than any page of text has.
const GLYPHS_MAX: usize = 200_000;

/// Collects lines in the order in which the page draws them.
#[derive(Debug, Default)]
pub(super) struct Collector {
    pub(super) lines: Vec<Line>,
    glyphs: Vec<Glyph>,
    sizes: Vec<f64>,
    down: f64,
    direction: (f64, f64),
    count: usize,
    /// Glyphs for which the file does not say which characters they are.
    pub(super) unmapped: usize,
    pub(super) mapped: usize,
}

impl Collector {
    fn end_line(&mut self) {
        let mut glyphs = std::mem::take(&mut self.glyphs);
        let mut sizes = std::mem::take(&mut self.sizes);
        if glyphs.is_empty() {
            return;
        }
        sizes.sort_by(f64::total_cmp);
        let size = sizes[sizes.len() / 2];
        glyphs.sort_by(|a, b| a.along.total_cmp(&b.along));
        // Bold type is sometimes the same glyph drawn twice.
        glyphs.dedup_by(|b, a| a.text == b.text && (b.along - a.along).abs() < size * 0.05);
        let (left, right) = (glyphs[0].along, glyphs.iter().map(|glyph| glyph.end).fold(f64::MIN, f64::max));
        let text = in_reading_order(&glyphs, size);
        if text.trim().is_empty() {
            return;
        }
        self.lines.push(Line {
            text: text.trim().to_owned(),
            down: self.down,
            left,
            right,
            size,
            direction: self.direction,
        });
    }

    /// Whether a glyph goes on with the line that is open.
    fn continues(&self, direction: (f64, f64), down: f64, along: f64, end: f64, size: f64) -> bool {
        let Some(before) = self.sizes.last() else { return false };
        let reach = size.max(*before);
        let (left, right) =
            self.glyphs.iter().rev().take(40).fold((f64::MAX, f64::MIN), |(left, right), glyph| {
                (left.min(glyph.along), right.max(glyph.end))
            });
        let turned = direction.0 * self.direction.0 + direction.1 * self.direction.1 < 0.99;
        !turned
            && (down - self.down).abs() < reach * 0.5
            && along < right + reach * 6.0
            && end > left - reach * 6.0
    }
}

/// The characters of a line as they are read. Files hold them in any order, mostly as they stand.
fn in_reading_order(glyphs: &[Glyph], size: f64) -> String {
    let mut pieces: Vec<&str> = Vec::with_capacity(glyphs.len());
    let mut end = f64::MAX;
    for glyph in glyphs {
        if glyph.along > end + size * 0.16
            && !pieces.last().is_some_and(|piece| piece.ends_with(' '))
            && !glyph.text.starts_with(' ')
        {
            pieces.push(" ");
        }
        pieces.push(&glyph.text);
        end = glyph.end;
    }
    let is_rtl = |piece: &&str| piece.chars().any(is_written_from_the_right);
    let from_the_right = pieces.iter().filter(|piece| is_rtl(piece)).count();
    if from_the_right * 2 <= pieces.iter().filter(|piece| piece.chars().any(char::is_alphabetic)).count() {
        return pieces.concat();
    }
    pieces.reverse();
    // Numbers and foreign words in it stand from the left.
    let mut ordered = Vec::with_capacity(pieces.len());
    let mut foreign = Vec::new();
    let is_foreign = |piece: &&str| !is_rtl(piece) && piece.chars().any(char::is_alphanumeric);
    let mut rest = pieces.as_slice();
    while let Some(first) = rest.first() {
        if !is_foreign(first) {
            ordered.push(*first);
            rest = &rest[1..];
            continue;
        }
        let run = rest.iter().take_while(|piece| !is_rtl(piece)).count();
        let run = rest[..run].iter().rposition(is_foreign).map_or(1, |last| last + 1);
        foreign.extend(rest[..run].iter().rev());
        ordered.append(&mut foreign);
        rest = &rest[run..];
    }
    ordered.concat()
}

/// Letters of the scripts that are written from right to left.
fn is_written_from_the_right(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}')
}

/// The characters of a glyph, with joined letters apart, as people type them.
fn characters(text: &str) -> String {
    let mut characters = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{FB00}' => characters.push_str("ff"),
            '\u{FB01}' => characters.push_str("fi"),
            '\u{FB02}' => characters.push_str("fl"),
            '\u{FB03}' => characters.push_str("ffi"),
            '\u{FB04}' => characters.push_str("ffl"),
            '\u{FB05}' | '\u{FB06}' => characters.push_str("st"),
            // Arabic letters in the shape that they have in a word.
            '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' => {
                characters
                    .extend(unicode_normalization::UnicodeNormalization::nfkc(std::iter::once(character)));
            }
            '\u{A0}' | '\t' => characters.push(' '),
            // Some files hold UTF-16 where one byte a character is meant.
            _ if character.is_control() => {}
            _ => characters.push(character),
        }
    }
    characters
}

impl OutputDev for Collector {
    fn begin_page(
        &mut self,
        _: u32,
        _: &MediaBox,
        _: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Self::end_line(self);
        Ok(())
    }

    fn output_character(
        &mut self,
        at: &Transform,
        width: f64,
        _spacing: f64,
        font_size: f64,
        char: &str,
    ) -> Result<(), OutputError> {
        let text = characters(char);
        if text.is_empty() || self.count == GLYPHS_MAX {
            return Ok(());
        }
        self.count += 1;
        if text.chars().all(|c| matches!(c, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}')) {
            self.unmapped += 1;
        } else {
            self.mapped += 1;
        }
        let scale = at.m11.hypot(at.m12);
        let size = (font_size * (at.m11 * at.m22 - at.m12 * at.m21).abs().sqrt()).abs();
        if !(scale.is_finite()
            && size.is_finite()
            && scale > 0.0
            && size > 0.01
            && at.m31.is_finite()
            && at.m32.is_finite())
        {
            return Ok(());
        }
        let direction = (at.m11 / scale, at.m12 / scale);
        let along = at.m31 * direction.0 + at.m32 * direction.1;
        let down = at.m31 * direction.1 - at.m32 * direction.0;
        let end = along + (width * font_size * scale).abs();
        if !self.continues(direction, down, along, end, size) {
            Self::end_line(self);
            (self.down, self.direction) = (down, direction);
        }
        self.sizes.push(size);
        self.glyphs.push(Glyph { along, end, text });
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(glyphs: &[(f64, &str)]) -> String {
        let glyphs: Vec<Glyph> = glyphs
            .iter()
            .map(|(along, text)| Glyph { along: *along, end: along + 5.0, text: characters(text) })
            .collect();
        in_reading_order(&glyphs, 10.0)
    }

    #[test]
    fn a_gap_is_a_space_and_joined_letters_come_apart() {
        assert_eq!(line(&[(0.0, "o"), (5.2, "\u{FB03}"), (10.4, "ce"), (18.0, "2")]), "office 2");
        assert_eq!(line(&[(0.0, "a\0"), (5.0, " "), (12.0, "b")]), "a b");
    }

    #[test]
    fn hebrew_is_read_from_the_right_and_its_numbers_from_the_left() {
        let glyphs = [
            (0.0, "ם"),
            (5.0, "ו"),
            (10.0, "ל"),
            (15.0, "ש"),
            (20.0, " "),
            (25.0, "4"),
            (30.0, "2"),
            (35.0, " "),
            (40.0, "א"),
        ];
        assert_eq!(line(&glyphs), "א 42 שלום");
    }
}
