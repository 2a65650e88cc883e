use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::text::document::{Cell, Style};

const W: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#;

/// A Word file with these parts.
fn docx(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        file.start_file(*name, SimpleFileOptions::default()).unwrap();
        file.write_all(content.as_bytes()).unwrap();
    }
    file.finish().unwrap().into_inner()
}

fn document(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document {W}><w:body>{body}<w:sectPr/></w:body></w:document>"
    )
}

fn read(body: &str) -> Result<Imported, ImportError> {
    from_docx(&docx(&[("word/document.xml", &document(body))]))
}

#[test]
fn a_document_is_read_as_word_shows_it() {
    let styles = format!(
        r#"<w:styles {W}><w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
        <w:style w:styleId="Mine"><w:name w:val="My heading"/><w:basedOn w:val="berschrift1"/></w:style>
        <w:style w:styleId="T"><w:name w:val="Title"/></w:style><w:style w:styleId="Z"><w:name w:val="Quote"/></w:style></w:styles>"#
    );
    let numbering = format!(
        r#"<w:numbering {W}><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/></w:lvl>
        <w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num></w:numbering>"#
    );
    let rels = r#"<Relationships><Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="https://e.example/?a=1&amp;b=2" TargetMode="External"/></Relationships>"#;
    let core = r#"<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t"><dc:title>In the properties</dc:title><dc:creator>Nora Field</dc:creator><dcterms:created>2024-02-28T10:00:00Z</dcterms:created><dc:language>en-GB</dc:language></cp:coreProperties>"#;
    let notes = format!(
        r#"<w:footnotes {W}><w:footnote w:id="-1"><w:p><w:r><w:t>separator</w:t></w:r></w:p></w:footnote><w:footnote w:id="4"><w:p><w:r><w:t>See the </w:t></w:r><w:r><w:t>annex.</w:t></w:r></w:p></w:footnote></w:footnotes>"#
    );
    let body = r#"<w:p><w:pPr><w:pStyle w:val="T"/></w:pPr><w:r><w:t>The harbour</w:t></w:r></w:p>
        <w:p><w:pPr><w:pStyle w:val="Mine"/></w:pPr><w:r><w:t>Numbers &amp; people</w:t></w:r></w:p>
        <w:p><w:pPr><w:rPr><w:b/></w:rPr></w:pPr><w:r><w:t xml:space="preserve">It is </w:t></w:r><w:r><w:rPr><w:b/><w:i w:val="0"/></w:rPr><w:t>deep</w:t></w:r>
          <w:ins><w:r><w:t xml:space="preserve"> now</w:t></w:r></w:ins><w:del><w:r><w:delText>gone words</w:delText></w:r></w:del>
          <w:moveFrom><w:r><w:t>moved away</w:t></w:r></w:moveFrom><w:r><w:commentReference w:id="1"/></w:r>
          <w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:footnoteReference w:id="4"/></w:r><w:r><w:t>.</w:t><w:br/><w:t>Next&#160;line</w:t></w:r></w:p>
        <w:p><w:hyperlink r:id="rId9"><w:r><w:t>A link</w:t></w:r></w:hyperlink><w:r><w:t xml:space="preserve"> and </w:t></w:r>
          <w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "https://f.example/"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>another</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>
        <w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr></w:pPr><w:r><w:t>one</w:t></w:r></w:p>
        <w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="2"/></w:numPr></w:pPr><w:r><w:t>under</w:t></w:r></w:p>
        <w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr></w:pPr><w:r><w:t>two</w:t></w:r></w:p>
        <w:p><w:pPr><w:pStyle w:val="Z"/></w:pPr><w:r><w:t>Quoted.</w:t></w:r></w:p>
        <w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc><w:p><w:r><w:t>Year</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Tonnes</w:t></w:r></w:p></w:tc></w:tr>
          <w:tr><w:tc><w:p><w:r><w:t>2024</w:t></w:r></w:p></w:tc><w:tc><w:p/><w:p><w:r><w:t>3.1</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"#;
    let file = docx(&[
        ("word/document.xml", &document(body)),
        ("word/styles.xml", &styles),
        ("word/numbering.xml", &numbering),
        ("word/_rels/document.xml.rels", rels),
        ("word/footnotes.xml", &notes),
        (
            "word/comments.xml",
            "<w:comments><w:comment><w:p><w:r><w:t>A comment</w:t></w:r></w:p></w:comment></w:comments>",
        ),
        ("docProps/core.xml", core),
    ]);

    let Imported { document, found, .. } = from_docx(&file).unwrap();

    assert_eq!(
        document.text(),
        "The harbour\n\nNumbers & people\n\nIt is deep now1.\nNext\u{A0}line\n\nA link and another\n\none\n\nunder\n\ntwo\n\nQuoted.\n\nYear\n\nTonnes\n\n2024\n\n3.1\n\nSee the annex."
    );
    let kinds: Vec<&Kind> = document.blocks().iter().map(|block| &block.kind).collect();
    let item = |depth, number| Kind::ListItem(ListItem { depth, number, continues: false });
    let cell = |row, column, header| Kind::Cell(Cell { table: 0, row, column, header });
    assert_eq!(
        kinds,
        [
            &Kind::Heading(1),
            &Kind::Heading(1),
            &Kind::Paragraph,
            &Kind::Paragraph,
            &item(0, Some(3)),
            &item(1, None),
            &item(0, Some(4)),
            &Kind::Paragraph,
            &cell(0, 0, true),
            &cell(0, 1, true),
            &cell(1, 0, false),
            &cell(1, 1, false),
            &item(0, Some(1)),
        ]
    );
    assert_eq!(document.blocks()[7].quote, 1);
    let looks: Vec<(&Style, &str)> = document
        .blocks()
        .iter()
        .flat_map(|block| &block.spans)
        .map(|span| {
            (&span.style, document.slice(crate::text::offsets::Extent::new(span.start, span.end)).unwrap())
        })
        .collect();
    assert_eq!(looks[0], (&Style::Strong, "deep"));
    assert_eq!(looks[1], (&Style::Superscript, "1"));
    assert!(
        matches!(looks[2], (Style::Link(href), "A link") if href.as_str() == "https://e.example/?a=1&b=2"),
        "{looks:?}"
    );
    assert!(matches!(looks[3], (Style::Link(href), "another") if href.as_str() == "https://f.example/"));
    assert_eq!(found.title.as_deref(), Some("The harbour"));
    assert_eq!(found.author.as_deref(), Some("Nora Field"));
    assert_eq!(
        (found.published.to_iso().as_deref(), found.language.as_deref()),
        (Some("2024-02-28"), Some("en-GB"))
    );
}

#[test]
fn a_file_that_swells_is_not_unpacked() {
    let bomb = document(&format!("<w:p><w:r><w:t>{}</w:t></w:r></w:p>", "a".repeat(30_000_000)));
    let file = docx(&[("word/document.xml", &bomb)]);
    assert!(file.len() < 100_000);
    assert_eq!(from_docx(&file), Err(ImportError::Swells));
    let lol = format!(
        "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>{}",
        document("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>")
    );
    assert_eq!(from_docx(&docx(&[("word/document.xml", &lol)])), Err(ImportError::Swells));
}

#[test]
fn what_is_damaged_or_locked_says_so() {
    assert_eq!(from_docx(b"PK\x03\x04word/document.xml"), Err(ImportError::WordBroken));
    assert_eq!(read("<w:p><w:r><w:t>Words</w:p>"), Err(ImportError::WordBroken));
    assert_eq!(read(""), Err(ImportError::Empty));
    assert_eq!(from_docx(&docx(&[("word/other.xml", "<a/>")])), Err(ImportError::WordBroken));
    let deep = format!("{}{}", "<w:sdt>".repeat(100_000), "</w:sdt>".repeat(100_000));
    assert_eq!(read(&deep), Err(ImportError::TooDeep));
    // Bit 0 of the flags of a member says that it is locked: both in its own head and in the directory.
    let mut locked = docx(&[("word/document.xml", &document("<w:p><w:r><w:t>Words</w:t></w:r></w:p>"))]);
    locked[6] |= 1;
    let directory = locked.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    locked[directory + 8] |= 1;
    assert_eq!(from_docx(&locked), Err(ImportError::WordEncrypted));
    let whole = docx(&[("word/document.xml", &document("<w:p><w:r><w:t>Words</w:t></w:r></w:p>"))]);
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        let _ = from_docx(&damaged);
    }
}
