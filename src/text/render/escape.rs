//! The only place where text becomes HTML.

use std::fmt::{self, Write};

/// Writes text between tags: `&`, `<` and `>` become references.
///
/// # Errors
/// Only what `out` fails with.
pub fn escape_text<W: Write + ?Sized>(text: &str, out: &mut W) -> fmt::Result {
    replace(text, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        _ => None,
    })
}

/// As [`escape_text`], with `<br>` before every line break. The line break itself stays, so that the text content of the
/// page is the text.
pub(super) fn escape_lines<W: Write + ?Sized>(text: &str, out: &mut W) -> fmt::Result {
    replace(text, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\n' => Some("<br>\n"),
        _ => None,
    })
}

/// Writes the value of an attribute in double quotes.
///
/// # Errors
/// Only what `out` fails with.
pub fn escape_attribute<W: Write + ?Sized>(text: &str, out: &mut W) -> fmt::Result {
    replace(text, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\'' => Some("&#39;"),
        _ => None,
    })
}

#[inline]
fn replace<W: Write + ?Sized>(
    text: &str,
    out: &mut W,
    replacement: impl Fn(u8) -> Option<&'static str>,
) -> fmt::Result {
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate() {
        // All replaced bytes are ASCII, so every cut is between characters.
        if byte <= b'>'
            && let Some(replaced) = replacement(byte)
        {
            out.write_str(&text[written..at])?;
            out.write_str(replaced)?;
            written = at + 1;
        }
    }
    out.write_str(&text[written..])
}

/// Writes a number without the formatting machinery, which costs more than all else on a page of many marks.
pub(super) fn number<W: Write + ?Sized>(mut number: u32, out: &mut W) -> fmt::Result {
    let mut digits = [b'0'; 10];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + u8::try_from(number % 10).expect("one digit");
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.write_str(str::from_utf8(&digits[start..]).expect("digits are ASCII"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_text_or_attribute() {
        let (mut text, mut attribute, mut lines) = (String::new(), String::new(), String::new());
        escape_text("a<b> & “é” \"'", &mut text).unwrap();
        escape_attribute("a<b> & “é” \"'", &mut attribute).unwrap();
        escape_lines("a\n<", &mut lines).unwrap();
        assert_eq!(text, "a&lt;b&gt; &amp; “é” \"'");
        assert_eq!(attribute, "a&lt;b&gt; &amp; “é” &quot;&#39;");
        assert_eq!(lines, "a<br>\n&lt;");
    }

    #[test]
    fn numbers_are_written_whole() {
        for value in [0, 7, 10, 1_234, u32::MAX] {
            let mut out = String::new();
            number(value, &mut out).unwrap();
            assert_eq!(out, value.to_string());
        }
    }
}
