//! Whatever bytes come as HTML, Markdown or plain text: a document that holds together, or a refusal.

#![no_main]

use factdesk::text::Document;
use factdesk::text::import::{Imported, from_html, from_markdown, from_plain};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let imports = [from_html(&text, None), from_markdown(&text), from_plain(&text)];
    for Imported { document, surroundings, .. } in imports.into_iter().flatten() {
        let blocks = document.blocks().len();
        assert!(surroundings.len() < blocks && surroundings.iter().all(|block| *block < blocks));
        let (text, shape) = document.into_parts();
        Document::new(text, shape).expect("an import makes documents that hold together");
    }
});
