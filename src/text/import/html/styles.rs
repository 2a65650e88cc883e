//! What an element's attributes say about how its words look.

use super::token::Tag;
use crate::text::document::Style;

/// Whether an element says of itself that a reader does not see it.
pub(super) fn is_hidden(tag: &Tag<'_>) -> bool {
    if !tag.has_attributes() {
        return false;
    }
    let style_hides = || {
        tag.attribute("style").is_some_and(|style| {
            let style: String =
                style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
            style.contains("display:none") || style.contains("visibility:hidden")
        })
    };
    let class_hides = || {
        tag.attribute("class").is_some_and(|classes| {
            classes
                .split_ascii_whitespace()
                .any(|class| matches!(class, "sr-only" | "visually-hidden" | "screen-reader-text"))
        })
    };
    // React sends late parts of a page in hidden elements of this name, for a script to put in their place.
    let streamed = || tag.attribute("id").is_some_and(|id| id.starts_with("S:"));
    tag.attribute("hidden").is_some() && !streamed() || style_hides() || class_hides()
}

/// Reads bold, italics, strike-through, raised and lowered from a `style` attribute in lower case.
pub(super) fn styled(mut asked: u8, style: &str) -> u8 {
    let mut set = |style: &Style, on: bool| {
        let bit = 1 << style.order();
        asked = if on { asked | bit } else { asked & !bit };
    };
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else {
            continue;
        };
        match (property.trim(), value.trim()) {
            ("font-weight", "bold" | "bolder" | "600" | "700" | "800" | "900") => set(&Style::Strong, true),
            ("font-weight", _) => set(&Style::Strong, false),
            ("font-style", "italic" | "oblique") => set(&Style::Emphasis, true),
            ("font-style", _) => set(&Style::Emphasis, false),
            ("text-decoration" | "text-decoration-line", value) if value.contains("line-through") => {
                set(&Style::Struck, true);
            }
            ("vertical-align", "super") => set(&Style::Superscript, true),
            ("vertical-align", "sub") => set(&Style::Subscript, true),
            _ => {}
        }
    }
    asked
}
