//! JSON inside of an HTML page.

use std::fmt;

use serde::Serialize;

use crate::error::{Error, Result};

/// A JSON document for a `<script type="application/ld+json">`: a data block, which browsers do not run and the content
/// security policy does not concern. Characters that could end the element, or begin a comment in it, are escaped, so it
/// is printed as it is (<https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements>).
#[derive(Clone, Debug)]
pub struct JsonScript(String);

impl JsonScript {
    /// The document of a value.
    ///
    /// # Errors
    /// [`Error::Internal`] when the value has no JSON.
    pub fn new(value: &impl Serialize) -> Result<Self> {
        serde_json::to_string(value).map(Self).map_err(Error::internal)
    }
}

impl fmt::Display for JsonScript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Such a character stands in strings only, where the escape means the same.
        let mut rest = self.0.as_str();
        while let Some(at) = rest.find(['<', '>', '&', '\u{2028}', '\u{2029}']) {
            let (before, from) = rest.split_at(at);
            let mut characters = from.chars();
            let character = characters.next().unwrap_or_default();
            write!(f, "{before}\\u{:04x}", u32::from(character))?;
            rest = characters.as_str();
        }
        f.write_str(rest)
    }
}

impl askama::filters::HtmlSafe for JsonScript {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_it_ends_the_script_and_it_reads_back_the_same() {
        let words = "</script><script>alert(1)</script> <!-- & \u{2028} \u{2029} ]]> “é”";
        let printed = JsonScript::new(&words).unwrap().to_string();
        assert!(!printed.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{printed}");
        assert_eq!(serde_json::from_str::<String>(&printed).unwrap(), words);
    }
}
