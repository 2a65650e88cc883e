//! Characters that change the order in which a text is shown, so that a reader sees other words than are stored
//! (<https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters>). They are kept and made visible.

/// A control for the direction of text and where it stands, in code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Control {
    pub at: u32,
    pub character: char,
}

impl Control {
    /// Its name in Unicode, short.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self.character {
            '\u{202A}' => "LRE",
            '\u{202B}' => "RLE",
            '\u{202C}' => "PDF",
            '\u{202D}' => "LRO",
            '\u{202E}' => "RLO",
            '\u{2066}' => "LRI",
            '\u{2067}' => "RLI",
            '\u{2068}' => "FSI",
            '\u{2069}' => "PDI",
            '\u{200E}' => "LRM",
            '\u{200F}' => "RLM",
            _ => "ALM",
        }
    }
}

/// Whether a character only says which way text runs.
#[must_use]
pub const fn is_control(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{61C}')
}

/// The controls in a text, in order.
pub fn controls(text: &str) -> impl Iterator<Item = Control> {
    (0..)
        .zip(text.chars())
        .filter(|(_, character)| is_control(*character))
        .map(|(at, character)| Control { at, character })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_found_where_they_stand() {
        let found: Vec<_> = controls("🌍 \u{202E}evil\u{202C} שלום\u{200F}")
            .map(|control| (control.at, control.name()))
            .collect();
        assert_eq!(found, [(2, "RLO"), (7, "PDF"), (13, "RLM")]);
        assert_eq!(controls("שלום\u{200D}").count(), 0);
    }

    #[test]
    fn an_import_keeps_them() {
        let text = "He said \u{202E}dlrow\u{202C} twice.";
        let imported = crate::text::import::from_html(&format!("<p>{text}</p>"), None).unwrap();
        assert_eq!(imported.document.text(), text);
    }
}
