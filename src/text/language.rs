//! Language tags (<https://www.rfc-editor.org/info/bcp47>).

/// A language tag in the spelling that RFC 5646 section 2.1.1 recommends: `pt-BR`, `zh-Hant`, `en`; `None` for what is no
/// tag.
#[must_use]
pub fn tag(typed: &str) -> Option<String> {
    let mut tag = String::new();
    for (place, part) in typed.replace('_', "-").split('-').enumerate() {
        let fits = match place {
            0 => (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic()),
            _ => (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        };
        if !fits || tag.len() > 30 {
            return None;
        }
        let part = part.to_ascii_lowercase();
        if place > 0 {
            tag.push('-');
        }
        match part.len() {
            2 if place > 0 => tag.push_str(&part.to_ascii_uppercase()),
            4 if place > 0 && part.as_bytes()[0].is_ascii_alphabetic() => {
                tag.push(part.as_bytes()[0].to_ascii_uppercase().into());
                tag.push_str(&part[1..]);
            }
            _ => tag.push_str(&part),
        }
    }
    Some(tag)
}

#[cfg(test)]
mod tests {
    use super::tag;

    #[test]
    fn language_tags_are_spelled_as_everybody_spells_them() {
        assert_eq!(tag("PT_br").as_deref(), Some("pt-BR"));
        assert_eq!(tag("zh-hant-tw").as_deref(), Some("zh-Hant-TW"));
        assert_eq!(tag("english"), None);
        assert_eq!(tag("e"), None);
    }
}
