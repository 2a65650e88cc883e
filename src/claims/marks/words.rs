//! From a quote to a claim in plain words, for those who do not put it in their own.

/// How long a claim may be, in code points.
pub const WORDS_MAX: usize = 400;

/// Words on one line, without blanks at the edges.
#[must_use]
pub fn tidy(typed: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;

    let typed: String = typed.nfc().filter(|c| !c.is_control() || c.is_whitespace()).collect();
    typed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The quote on one line, without a pair of quotation marks around it, at most [`WORDS_MAX`] code points: cut behind a
/// word, with an ellipsis.
#[must_use]
pub fn in_plain_words(quote: &str) -> String {
    let words = tidy(quote);
    let words = unquote(&words);
    if words.chars().count() <= WORDS_MAX {
        return words.to_owned();
    }
    let end = words.char_indices().nth(WORDS_MAX - 1).map_or(words.len(), |(at, _)| at);
    let cut = &words[..end];
    let cut = match cut.rfind(' ') {
        // Not at the first blank of a text that hardly has any.
        Some(blank) if blank > end / 2 => &cut[..blank],
        _ => cut,
    };
    format!("{}…", cut.trim_end_matches([' ', ',', ';', ':', '–', '—', '-']))
}

/// The words within quotation marks that stand around all of them, and nowhere between.
fn unquote(words: &str) -> &str {
    const PAIRS: [(char, char); 7] =
        [('“', '”'), ('„', '“'), ('„', '”'), ('«', '»'), ('»', '«'), ('"', '"'), ('‘', '’')];
    for (open, close) in PAIRS {
        if let Some(inner) = words.strip_prefix(open).and_then(|rest| rest.strip_suffix(close))
            && !inner.contains([open, close])
            && !inner.trim().is_empty()
        {
            return inner.trim();
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_quote_is_the_claim() {
        assert_eq!(
            in_plain_words("“We handled\n\n3.1 million\u{a0}tonnes.”"),
            "We handled 3.1 million tonnes."
        );
        assert_eq!(in_plain_words("“No,” he said. “Never.”"), "“No,” he said. “Never.”");
        assert_eq!(in_plain_words("“”"), "“”");
        assert_eq!(in_plain_words("«لا»"), "لا");
    }

    #[test]
    fn a_long_quote_is_cut_behind_a_word() {
        let claim = in_plain_words(&"number ".repeat(100));
        assert!(claim.chars().count() <= WORDS_MAX);
        assert!(claim.ends_with("number…"));
        let claim = in_plain_words(&"字".repeat(500));
        assert_eq!(claim.chars().count(), WORDS_MAX);
    }
}
