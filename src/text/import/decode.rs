//! Bytes to text.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

/// How far a page may name its own encoding, in bytes
/// (<https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding>).
const PRESCAN_BYTES: usize = 1_024;

/// Reads text in whatever encoding it has, and says which: a byte order mark decides, then what the sender declared
/// (`charset` of HTTP or a form), then what the page says in its head, then what the bytes look like. Whoever says UTF-8
/// of bytes that are mostly wrong in it is not believed. Bytes that are wrong in the encoding become U+FFFD.
#[must_use]
pub fn decode(bytes: &[u8], declared_charset: Option<&str>) -> (String, &'static str) {
    let encoding = Encoding::for_bom(bytes)
        .map(|(encoding, _)| encoding)
        .or_else(|| Encoding::for_label(declared_charset?.trim_matches(['"', '\'', ' ']).as_bytes()))
        .or_else(|| {
            declared_inside(bytes).map(|declared| if is_surely_utf_8(bytes) { UTF_8 } else { declared })
        })
        .filter(|encoding| *encoding != UTF_8 || !is_surely_not_utf_8(bytes))
        .unwrap_or_else(|| guess(bytes));
    let (text, actual, _) = encoding.decode(bytes);
    (text.into_owned(), actual.name())
}

/// How many characters beyond ASCII must be right in UTF-8 for nothing else to be likely.
const UTF_8_CHARACTERS_MIN: usize = 4;

/// Whether the bytes can hardly be anything but UTF-8, whatever a page says of itself: pages are saved and passed on in
/// another encoding than they were written in.
fn is_surely_utf_8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| {
        text.chars().filter(|character| !character.is_ascii()).nth(UTF_8_CHARACTERS_MIN - 1).is_some()
    })
}

/// Whether more of the bytes beyond ASCII are wrong in UTF-8 than right: a text in UTF-8 that was cut somewhere has a
/// few such bytes, one in another encoding hardly anything else.
fn is_surely_not_utf_8(bytes: &[u8]) -> bool {
    let (wrong, right) = bytes.utf8_chunks().fold((0, 0), |(wrong, right), chunk| {
        let beyond_ascii = chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        (wrong + usize::from(!chunk.invalid().is_empty()), right + beyond_ascii)
    });
    wrong > right + 2
}

/// The encoding that a `meta` element or an XML declaration names.
fn declared_inside(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(PRESCAN_BYTES)];
    let head = head.to_ascii_lowercase();
    let named =
        label_after(&head, b"<?xml", b"encoding").or_else(|| label_after(&head, b"<meta", b"charset"))?;
    Some(match Encoding::for_label(named)? {
        // These bytes were read as ASCII, so they are no UTF-16 whatever they say.
        encoding if encoding == UTF_16LE || encoding == UTF_16BE => UTF_8,
        encoding if encoding == X_USER_DEFINED => WINDOWS_1252,
        encoding => encoding,
    })
}

/// The value of `name=` inside the first tag that has one.
fn label_after<'a>(head: &'a [u8], tag: &[u8], name: &[u8]) -> Option<&'a [u8]> {
    let mut rest = head;
    while let Some(at) = find(rest, tag) {
        rest = &rest[at + tag.len()..];
        let inside = &rest[..rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len())];
        let Some(at) = find(inside, name) else {
            continue;
        };
        let value = inside[at + name.len()..].trim_ascii_start();
        let Some(value) = value.strip_prefix(b"=") else {
            continue;
        };
        let value = value.trim_ascii_start();
        let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
        let end = value
            .iter()
            .position(|byte| matches!(byte, b'"' | b'\'' | b';' | b' ' | b'/' | b'?'))
            .unwrap_or(value.len());
        return Some(&value[..end]);
    }
    None
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    if let Some(encoding) = guess_utf_16(bytes) {
        return encoding;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Allow)
}

/// Text in UTF-16 without a mark has a zero in every second byte wherever it is Latin, digits or spaces.
fn guess_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4_096)];
    let zeros = |parity| sample.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = sample.len() / 16 + 1;
    match (even >= many, odd >= many) {
        (false, true) if even * 8 < odd => Some(UTF_16LE),
        (true, false) if odd * 8 < even => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_mark_sender_page_guess() {
        let page = b"<html><head><meta http-equiv=Content-Type content='text/html; charset=windows-1251'></head>\xcf\xf0";
        assert_eq!(decode(page, None), (decode(page, Some("cp1251")).0, "windows-1251"));
        assert!(decode(page, None).0.ends_with("Пр"));
        assert_eq!(decode(page, Some("\"ISO-8859-1\"")).1, "windows-1252");
        assert_eq!(decode(b"\xEF\xBB\xBFn\xC3\xA9", Some("iso-8859-1")), ("né".to_owned(), "UTF-8"));
        assert_eq!(decode(b"\xFF\xFEn\0\xE9\0", None), ("né".to_owned(), "UTF-16LE"));
        assert_eq!(decode(b"<META charset=utf-16 ><p>n\xC3\xA9", None).1, "UTF-8");
        assert_eq!(
            decode(b"<?xml version='1.0' encoding='koi8-r'?>\xF0\xD2", None).0.chars().last(),
            Some('р')
        );
        assert_eq!(decode(b"<meta name=x><meta charset=\"nonsense\"><meta charset=euc-jp>", None).1, "UTF-8");
    }

    #[test]
    fn who_says_utf_8_of_something_else_is_not_believed() {
        let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode("Премьер-министр заявил, что закон принят.");
        assert_eq!(decode(&cyrillic, Some("utf-8")).1, "windows-1251");
        let page = [b"<meta charset=utf-8><p>".as_slice(), &cyrillic].concat();
        assert!(decode(&page, None).0.ends_with("закон принят."));
        let cut = &"Größe für Anfänger".as_bytes()[..13];
        assert_eq!(decode(cut, Some("utf-8")), (String::from_utf8_lossy(cut).into_owned(), "UTF-8"));
        assert_eq!(decode(b"\xEF\xBB\xBF\xFF", None), ("\u{FFFD}".to_owned(), "UTF-8"));
    }

    #[test]
    fn bytes_without_a_word_are_guessed() {
        for (text, encoding) in [
            ("Премʼєр-міністр заявив, що закон прийнято", encoding_rs::WINDOWS_1251),
            ("Größenwahn für Anfänger, sagte der Minister", WINDOWS_1252),
            ("首相は記者会見でそう述べた。", encoding_rs::SHIFT_JIS),
            ("總理在記者會上這樣說", encoding_rs::BIG5),
        ] {
            let text = text.replace('ʼ', "");
            let (bytes, _, unmappable) = encoding.encode(&text);
            assert!(!unmappable);
            assert_eq!(decode(&bytes, None), (text, encoding.name()));
        }
        let utf_16: Vec<u8> = "The minister said".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(&utf_16, None), ("The minister said".to_owned(), "UTF-16BE"));
        assert_eq!(decode("naïve – “quote”".as_bytes(), None).1, "UTF-8");
        assert_eq!(decode(b"", None).0, "");
        assert_eq!(decode(b"a\xFFb", Some("utf-8")).0, "a\u{FFFD}b");
    }
}
