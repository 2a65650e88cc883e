use std::fmt::Write as _;

use super::*;

/// Lines of a page: how far from the left and from the bottom, how large, and what.
type Placed<'a> = (f64, f64, f64, &'a str);

/// A PDF with these pages, as a simple program writes it: one font, no compression. `more` stands in the file's trailer.
fn pdf(pages: &[&[Placed]], info: &str) -> Vec<u8> {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        String::new(),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
        info.to_owned(),
    ];
    let mut kids = String::new();
    for lines in pages {
        let mut content = String::new();
        for (left, bottom, size, words) in *lines {
            let words = words.replace('(', "\\(").replace(')', "\\)");
            let _ = writeln!(content, "BT /F1 {size} Tf {left} {bottom} Td ({words}) Tj ET");
        }
        objects.push(format!("<</Length {}>>stream\n{content}\nendstream", content.len() + 1));
        let content = objects.len();
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {content} 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
        ));
        let _ = write!(kids, "{} 0 R ", objects.len());
    }
    objects[1] = format!("<</Type/Pages/Count {}/Kids[{kids}]>>", pages.len());
    assemble(&objects, "/Info 4 0 R")
}

fn assemble(objects: &[String], trailer: &str) -> Vec<u8> {
    let mut file = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let start = file.len();
    let _ = write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        let _ = writeln!(file, "{place:010} 00000 n ");
    }
    let _ = write!(
        file,
        "trailer<</Size {}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    );
    file.into_bytes()
}

fn blocks(imported: &Imported) -> Vec<(Option<u32>, String)> {
    let offsets = imported.document.offsets();
    imported
        .document
        .blocks()
        .iter()
        .map(|block| (block.page, offsets.slice(block.extent()).unwrap().to_owned()))
        .collect()
}

const REPORT: [&[Placed]; 3] = [
    &[
        (60.0, 810.0, 8.0, "Harbour report"),
        (60.0, 760.0, 20.0, "The harbour in numbers"),
        (60.0, 720.0, 11.0, "The harbour handled 3.1 million tonnes in the year, the govern-"),
        (60.0, 706.0, 11.0, "ment said on Monday, and nobody asked how that was counted by"),
        (60.0, 692.0, 11.0, "those who did."),
        (60.0, 670.0, 11.0, "A second paragraph begins here and it runs over to the next"),
        (290.0, 30.0, 8.0, "1"),
    ],
    &[
        (60.0, 810.0, 8.0, "Harbour report"),
        (60.0, 760.0, 11.0, "page, where it ends."),
        (60.0, 740.0, 11.0, "\\225 dredging"),
        (60.0, 726.0, 11.0, "\\225 pilots"),
        (290.0, 30.0, 8.0, "2"),
    ],
    &[(60.0, 810.0, 8.0, "Harbour report"), (60.0, 760.0, 11.0, "The end."), (290.0, 30.0, 8.0, "3")],
];

#[test]
fn lines_become_paragraphs_with_their_pages() {
    let info = "<</Title(The harbour in numbers)/Author(Nora Field)/CreationDate(D:20240228153000Z)>>";
    let imported = from_pdf(&pdf(&REPORT, info)).unwrap();
    let article = blocks(&imported);
    let kept: Vec<(Option<u32>, &str)> = article
        .iter()
        .enumerate()
        .filter(|(number, _)| !imported.surroundings.contains(number))
        .map(|(_, (page, words))| (*page, words.as_str()))
        .collect();
    assert_eq!(kept[0], (Some(1), "The harbour in numbers"));
    assert_eq!(
        kept[1],
        (
            Some(1),
            "The harbour handled 3.1 million tonnes in the year, the government said on Monday, and nobody asked how that was counted by those who did."
        )
    );
    assert_eq!(
        kept[2],
        (Some(1), "A second paragraph begins here and it runs over to the next page, where it ends.")
    );
    assert_eq!(kept[3..5], [(Some(2), "dredging"), (Some(2), "pilots")]);
    assert_eq!(kept.last(), Some(&(Some(3), "The end.")));
    // The running title and the page's number, on each of three pages.
    assert_eq!(imported.surroundings.len(), 6, "{article:?}");
    assert_eq!(imported.found.title.as_deref(), Some("The harbour in numbers"));
    assert_eq!(imported.found.author.as_deref(), Some("Nora Field"));
    assert_eq!(imported.found.published.to_iso().as_deref(), Some("2024-02-28"));
    assert!(matches!(imported.document.blocks()[0].kind, BlockKind::Heading(1)), "{article:?}");
}

#[test]
fn a_file_of_pictures_says_so() {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</P 5 0 R>>>>>>".to_owned(),
        "<</Length 28>>stream\nq 595 0 0 842 0 0 cm /P Do Q\nendstream".to_owned(),
        "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\nx\nendstream"
            .to_owned(),
    ];
    assert_eq!(from_pdf(&assemble(&objects, "")), Err(ImportError::PdfPictures));
    let empty: [&[Placed]; 1] = [&[]];
    assert_eq!(from_pdf(&pdf(&empty, "<<>>")), Err(ImportError::Empty));
}

#[test]
fn a_locked_file_says_so() {
    let dictionary =
        format!("<</Filter/Standard/V 1/R 2/P -4/O<{}>/U<{}>>>", "ab".repeat(32), "cd".repeat(32));
    for (at, encrypt) in
        [(&dictionary, "/Encrypt 4 0 R"), (&"<<>>".to_owned(), &format!("/Encrypt{dictionary}"))]
    {
        let locked = String::from_utf8(pdf(&REPORT, at)).unwrap();
        let locked = locked.replace("/Info 4 0 R", &format!("{encrypt}/ID[<00><00>]"));
        assert_eq!(from_pdf(locked.as_bytes()), Err(ImportError::PdfEncrypted));
    }
}

#[test]
fn a_damaged_file_says_so() {
    let whole = pdf(&REPORT, "<<>>");
    for damaged in [b"%PDF-1.7".as_slice(), b"%PDF-1.7 \x00\x01", &whole[..60], &[b'%'; 5000]] {
        assert_eq!(from_pdf(damaged), Err(ImportError::PdfBroken));
    }
    // Whatever byte is wrong, there is an answer.
    for at in (0..whole.len()).step_by(37) {
        let mut damaged = whole.clone();
        damaged[at] = b'\0';
        let _ = from_pdf(&damaged);
    }
}
