//! The widths of glyphs, written so that the library reads them.
//!
//! A font gives widths as `first [width …]` or as `first last width`, for all glyphs from the first to the last
//! (ISO 32000-2, 9.7.4.3). Of the second form pdf-extract 0.12 reads the numbers of the glyphs as widths, so that letters
//! of one width, in files of Chromium for instance, stand on top of each other. Here it becomes the first form.

use pdf_extract::{Document, Object};

/// The highest number that a glyph has.
const GLYPH_MAX: i64 = 65_535;

/// Writes the widths of all fonts one by one.
pub(super) fn write_one_by_one(document: &mut Document) {
    let mut elsewhere = Vec::new();
    for object in document.objects.values_mut() {
        let Ok(font) = object.as_dict_mut() else { continue };
        let is_font =
            font.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name.starts_with(b"CIDFont"));
        match font.get_mut(b"W") {
            Ok(Object::Array(widths)) if is_font => *widths = one_by_one(widths),
            Ok(Object::Reference(at)) if is_font => elsewhere.push(*at),
            _ => {}
        }
    }
    for at in elsewhere {
        if let Ok(Object::Array(widths)) = document.get_object_mut(at) {
            *widths = one_by_one(widths);
        }
    }
}

/// What does not read as widths ends them.
fn one_by_one(widths: &[Object]) -> Vec<Object> {
    let mut written = Vec::with_capacity(widths.len());
    let mut rest = widths;
    // Ranges of a sound file do not overlap.
    let mut room = GLYPH_MAX + 1;
    loop {
        rest = match rest {
            [first @ Object::Integer(_), some @ (Object::Array(_) | Object::Reference(_)), rest @ ..] => {
                written.extend([first.clone(), some.clone()]);
                rest
            }
            [Object::Integer(first), Object::Integer(last), width, rest @ ..] if *first >= 0 => {
                let count = (last.min(&GLYPH_MAX) - first + 1).max(0);
                room -= count;
                if room < 0 {
                    return written;
                }
                let same = (0..count).map(|_| width.clone()).collect();
                written.extend([Object::Integer(*first), Object::Array(same)]);
                rest
            }
            _ => return written,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(widths: &[i64]) -> Vec<Object> {
        widths.iter().copied().map(Object::Integer).collect()
    }

    #[test]
    fn ranges_become_lists() {
        let some = Object::Array(numbers(&[500, 600]));
        let mixed = [numbers(&[3]), vec![some.clone()], numbers(&[7, 9, 250, 20, 20, 1])].concat();
        let written = [
            Object::Integer(3),
            some,
            Object::Integer(7),
            Object::Array(numbers(&[250, 250, 250])),
            Object::Integer(20),
            Object::Array(numbers(&[1])),
        ];
        assert_eq!(one_by_one(&mixed), written);
    }

    #[test]
    fn what_makes_no_sense_takes_no_room() {
        assert_eq!(one_by_one(&numbers(&[0, i64::MAX, 5])).len(), 2);
        assert_eq!(one_by_one(&numbers(&[0, 65_535, 5, 0, 65_535, 5])).len(), 2);
        assert_eq!(one_by_one(&numbers(&[-5, 65_535, 5])), []);
        assert_eq!(one_by_one(&numbers(&[i64::MIN, i64::MAX, 5])), []);
        assert_eq!(one_by_one(&numbers(&[9, 3, 5, 7])).len(), 2);
    }
}
