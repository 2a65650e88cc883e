use super::*;
use crate::text::offsets::Extent;

fn outline(markdown: &str) -> Vec<String> {
    let document = from_markdown(markdown).unwrap().document;
    let offsets = document.offsets();
    let kind = |kind: &Kind| match kind {
        Kind::Paragraph => "p".to_owned(),
        Kind::Heading(level) => format!("h{level}"),
        Kind::ListItem(item) => format!(
            "li{}{}{}",
            item.depth,
            item.number.map(|number| format!("#{number}")).unwrap_or_default(),
            if item.continues { "+" } else { "" }
        ),
        Kind::Cell(cell) => {
            format!("{}{},{}", if cell.header { "th" } else { "td" }, cell.row, cell.column)
        }
        Kind::Preformatted => "pre".to_owned(),
        Kind::Caption => "caption".to_owned(),
        Kind::Image(source) => {
            format!("img {}", source.as_ref().map(SafeUrl::as_str).unwrap_or_default())
        }
    };
    document
        .blocks()
        .iter()
        .map(|block| {
            let quote = ">".repeat(usize::from(block.quote));
            format!("{quote}{} {}", kind(&block.kind), offsets.slice(block.extent()).unwrap())
        })
        .collect()
}

#[test]
fn every_block_is_kept() {
    let markdown = "# Title &amp; more\n\nOne\ntwo  \nthree.\n\n> Quote\n> > inner\n\n1. a\n2. b\n   - c\n\n   more b\n\n| x | y |\n|---|---|\n| 1 |   |\n|   | 4 |\n\n```\nlet  x;\n\n  y\n```\n\n![A dog](https://example.org/dog.png)\n\n<div>raw <b>html</b></div>\n";
    assert_eq!(
        outline(markdown),
        [
            "h1 Title & more",
            "p One two\nthree.",
            ">p Quote",
            ">>p inner",
            "li0#1 a",
            "li0#2 b",
            "li1 c",
            "li0#2+ more b",
            "th0,0 x",
            "th0,1 y",
            "td1,0 1",
            "td2,1 4",
            "pre let  x;\n\n  y",
            "img https://example.org/dog.png A dog",
            "p raw html",
        ]
    );
}

#[test]
fn links_and_styles_become_spans() {
    let document =
        from_markdown("A **b *c*** [d](https://e.example/) [f](javascript:x) `g` ~~h~~").unwrap().document;
    let offsets = document.offsets();
    let spans: Vec<_> = document.blocks()[0]
        .spans
        .iter()
        .map(|span| (span.style.order(), offsets.slice(Extent::new(span.start, span.end)).unwrap()))
        .collect();
    let linked = from_markdown("[x](https://e.example/?a=1&amp;b=2)").unwrap().document;
    assert!(serde_json::to_string(&linked).unwrap().contains("https://e.example/?a=1&b=2"));
    assert_eq!(spans, [(1, "b c"), (2, "c"), (0, "d"), (6, "g"), (3, "h")]);
}

#[test]
fn the_head_is_found() {
    let found =
        from_markdown("---\ntitle: \"T: x\"\nauthor: Ana\ndate: 2026-09-28\nlang: de\n---\n\n# H\n\nText")
            .unwrap()
            .found;
    assert_eq!((found.title.as_deref(), found.author.as_deref()), (Some("T: x"), Some("Ana")));
    assert_eq!(
        (found.published.to_string().as_str(), found.language.as_deref()),
        ("28 September 2026", Some("de"))
    );
    assert_eq!(from_markdown("# First\n\n# Second").unwrap().found.title.as_deref(), Some("First"));
}

#[test]
fn line_breaks_of_windows_count_once() {
    assert_eq!(outline("a\r\nb\r\n\r\n```\r\nc\r\nd\r\n```\r\n"), ["p a b", "pre c\nd"]);
}

#[test]
fn deep_and_empty_texts_are_refused() {
    assert_eq!(from_markdown("").map(|_| ()), Err(ImportError::Empty));
    assert_eq!(from_markdown(&format!("{}x", ">".repeat(5_000))).map(|_| ()), Err(ImportError::TooDeep));
    assert_eq!(from_markdown(&format!("{}x", "- ".repeat(5_000))).map(|_| ()), Err(ImportError::TooDeep));
}
