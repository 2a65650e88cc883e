//! Character references: `&amp;`, `&#8220;`, `&nbsp`.

use std::borrow::Cow;

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// Replaces character references such as `&amp;`, `&#8220;`, `&nbsp` by what they stand for.
pub(super) fn decode_references(text: &str, is_attribute: bool) -> Cow<'_, str> {
    let Some(first) = text.find('&') else {
        return Cow::Borrowed(text);
    };
    let mut decoded = String::with_capacity(text.len());
    decoded.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(after) = rest.strip_prefix('&') {
        let used = if after.starts_with('#') {
            numeric(after, &mut decoded)
        } else {
            named(after, is_attribute, &mut decoded)
        };
        if used == 0 {
            decoded.push('&');
        }
        let after = &after[used..];
        let next = after.find('&').unwrap_or(after.len());
        decoded.push_str(&after[..next]);
        rest = &after[next..];
    }
    Cow::Owned(decoded)
}

/// Decodes `#123;` or `#x7b;` and says how many bytes it took.
fn numeric(after: &str, decoded: &mut String) -> usize {
    let is_hex = matches!(after.as_bytes().get(1), Some(b'x' | b'X'));
    let (radix, digits_at) = if is_hex { (16, 2) } else { (10, 1) };
    let digits = &after[digits_at..];
    let length = digits.find(|character: char| !character.is_digit(radix)).unwrap_or(digits.len());
    if length == 0 {
        return 0;
    }
    let code = u32::from_str_radix(&digits[..length], radix).unwrap_or(u32::MAX);
    decoded.push(match code {
        0 => char::REPLACEMENT_CHARACTER,
        0x80..=0x9F => C1_REPLACEMENTS[(code - 0x80) as usize]
            .or_else(|| char::from_u32(code))
            .unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    });
    digits_at + length + usize::from(digits[length..].starts_with(';'))
}

/// The longest name of a character reference is `CounterClockwiseContourIntegral;`.
const NAME_BYTES_MAX: usize = 32;

/// Decodes the longest name that `after` starts with and says how many bytes it took.
fn named(after: &str, is_attribute: bool, decoded: &mut String) -> usize {
    let bytes = after.as_bytes();
    let letters = bytes.iter().take(NAME_BYTES_MAX).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let whole = letters + usize::from(bytes.get(letters) == Some(&b';'));
    for length in (1..=whole).rev() {
        let name = &after[..length];
        let Some(&(first, second)) = NAMED_ENTITIES.get(name).filter(|(first, _)| *first != 0) else {
            continue;
        };
        let is_unfinished = !name.ends_with(';');
        let goes_on = bytes.get(length).is_some_and(|byte| *byte == b'=' || byte.is_ascii_alphanumeric());
        if is_attribute && is_unfinished && goes_on {
            return 0;
        }
        decoded.extend([first, second].into_iter().filter(|code| *code != 0).filter_map(char::from_u32));
        return length;
    }
    0
}
