//! Blocks and spans built from any order of tags, and drawn with any marks.

#![no_main]

use factdesk::text::Document;
use factdesk::text::import::from_html;
use factdesk::text::render::{Article, Mark, Options};
use libfuzzer_sys::fuzz_target;

/// What a byte writes.
#[rustfmt::skip]
const PARTS: [&str; 48] = [
    "<p>",
    "</p>",
    "<h1>",
    "</h1>",
    "<h3>",
    "</h3>",
    "<ul>",
    "</ul>",
    "<ol start=7>",
    "</ol>",
    "<li>",
    "</li>",
    "<table>",
    "</table>",
    "<tr>",
    "</tr>",
    "<td>",
    "<th>",
    "</td>",
    "<blockquote>",
    "</blockquote>",
    "<pre>",
    "</pre>",
    "<br>",
    "<hr>",
    "<figure>",
    "<figcaption>",
    "</figure>",
    "<img alt=a src=/b.png>",
    "<div>",
    "</div>",
    "<article>",
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    "<a href=/x>",
    "</a>",
    "<s>",
    "<sup>",
    "</sup>",
    "<code>",
    "</code>",
    "<nav>",
    "</nav>",
    "e\u{301}",
    " \n",
    "\u{202E}🌍\u{AD}",
];

fuzz_target!(|bytes: &[u8]| {
    let (marked, written) = bytes.split_at(bytes.len().min(8));
    let mut html = String::new();
    for byte in written {
        match PARTS.get(usize::from(*byte)) {
            Some(part) => html.push_str(part),
            None => html.push(char::from(*byte)),
        }
    }
    let Ok(imported) = from_html(&html, None) else { return };
    let (text, shape) = imported.document.into_parts();
    let document = Document::new(text, shape).expect("an import makes documents that hold together");
    let mut marks: Vec<Mark<'_>> = Vec::new();
    for (number, pair) in (1..).zip(marked.chunks_exact(2)) {
        let (start, length) = (i32::from(pair[0]), i32::from(pair[1]));
        marks.push(Mark {
            start,
            end: start + length,
            number,
            href: "/",
            label: "Claim",
            class: "verdict-false",
            appearance: "0190a1b2-c3d4-7000-8000-000000000001",
        });
    }
    marks.sort_by_key(|mark| (mark.start, mark.end));
    for sentences in [false, true] {
        let article = Article { document: &document, marks: &marks, options: Options { sentences } };
        assert!(!article.to_html().is_empty());
    }
});
