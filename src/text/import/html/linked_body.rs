//! Articles whose words a script would show: they stand in JSON-LD only (<https://schema.org/articleBody>).

use super::references::decode_references;
use super::{read, write_fragment};
use crate::text::address::SafeUrl;
use crate::text::import::draft::{Context, Draft};
use crate::text::import::{Found, ImportError, Imported};

/// Shorter bodies are summaries, in code points.
const BODY_MIN: usize = 400;

/// How many times as long as the words that the page shows the body has to be.
const TIMES: usize = 3;

/// Whether JSON-LD has an article of which the page shows little: `kept` is how many code points of it.
pub(super) fn is_missing(body: &str, kept: usize) -> bool {
    body.len() > kept * TIMES && {
        let length = body.chars().count();
        length >= BODY_MIN && length > kept * TIMES
    }
}

/// How many code points an import's article has.
pub(super) fn kept(imported: &Imported) -> usize {
    let blocks = imported.document.blocks().iter().enumerate();
    blocks
        .filter(|(number, _)| !imported.surroundings.contains(number))
        .map(|(_, block)| block.extent().len() as usize)
        .sum()
}

/// The page with the body behind what it shows, which is all surroundings then.
///
/// # Errors
/// [`ImportError`] when one of the limits is passed.
pub(super) fn import(
    html: &str,
    page: Option<&SafeUrl>,
    found: Found,
    body: &str,
) -> Result<Imported, ImportError> {
    let mut draft = Draft::default();
    read(html, page, &mut draft);
    let shown = draft.len();
    if ["</p>", "<br", "</div>"].iter().any(|tag| body.contains(tag)) {
        write_fragment(body, &mut draft);
    } else {
        for paragraph in decode_references(body, false).lines() {
            draft.write(paragraph, || Context::PARAGRAPH);
            draft.end_block();
        }
    }
    let language = found.language.clone().or_else(|| draft.language());
    let document = draft.finish(language.clone())?;
    Ok(Imported { document, found: Found { language, ..found }, surroundings: (0..shown).collect() })
}
