//! What a PDF says about itself.

use pdf_extract::{Document, Object, decode_text_string};

use crate::text::dates::PartialDate;
use crate::text::identifiers::Doi;
use crate::text::import::{Found, Origin, language_tag, line, names};

/// Title, authors, date and language, as far as its program wrote them down.
pub(super) fn found(document: &Document) -> Found {
    let info = document.trailer.get(b"Info").ok().and_then(|info| document.dereference(info).ok());
    let info = info.and_then(|(_, info)| info.as_dict().ok());
    let text = |key: &[u8]| {
        let value = document.dereference(info?.get(key).ok()?).ok()?.1;
        line(&decode_text_string(value).ok()?.replace('\0', ""))
    };
    let language = document
        .catalog()
        .ok()
        .and_then(|catalog| document.dereference(catalog.get(b"Lang").ok()?).ok())
        .and_then(|(_, value)| decode_text_string(value).ok())
        .and_then(|tag| language_tag(&tag));
    let is_printed = [b"Creator".as_slice(), b"Producer"]
        .into_iter()
        .filter_map(text)
        .any(|made_by| is_a_browser(&made_by));
    let author = text(b"Author").filter(|author| !author.contains('@') && author.chars().count() <= 150);
    let doi = [b"doi".as_slice(), b"DOI", b"WPS-ARTICLEDOI", b"Subject"]
        .into_iter()
        .find_map(|key| text(key)?.split(|c: char| c.is_whitespace() || c == ',').find_map(Doi::parse));
    let fields = ["title", "author", "published", "modified", "language", "doi"];
    Found {
        title: text(b"Title").filter(|title| is_a_title(title)),
        authors: author.as_deref().map(names::part).unwrap_or_default(),
        author,
        doi,
        origins: fields.map(|field| (field.to_owned(), Origin::Pdf)).into(),
        modified: text(b"ModDate")
            .filter(|_| !is_printed)
            .map_or(PartialDate::Unknown, |date| date_of(&date)),
        published: text(b"CreationDate")
            .filter(|_| !is_printed)
            .map_or(PartialDate::Unknown, |date| date_of(&date)),
        language,
        ..Found::default()
    }
}

/// Whether a browser made it: then its date is the day on which somebody printed a page.
fn is_a_browser(made_by: &str) -> bool {
    ["Mozilla", "Chrom", "Skia/PDF", "Safari", "wkhtmltopdf"].iter().any(|name| made_by.contains(name))
}

/// Whether somebody gave it that title, and not a program.
fn is_a_title(title: &str) -> bool {
    let lower = title.to_lowercase();
    let of_a_file =
        [".doc", ".docx", ".indd", ".qxd", ".tex", ".dvi", ".pdf", ".rtf", ".odt", ".pages", ".xls", ".xlsx"];
    !lower.starts_with("microsoft word")
        && !lower.starts_with("untitled")
        && lower != "about:blank"
        && !lower.starts_with("http")
        && !of_a_file.iter().any(|ending| lower.ends_with(ending))
        && title.chars().any(char::is_alphabetic)
}

/// The day of `D:20240228153000+01'00'` (ISO 32000-1 section 7.9.4).
fn date_of(text: &str) -> PartialDate {
    let digits = text.trim().strip_prefix("D:").unwrap_or(text.trim());
    match digits.get(..8) {
        Some(day) if day.bytes().all(|byte| byte.is_ascii_digit()) => {
            PartialDate::of_timestamp(&format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]))
        }
        _ => PartialDate::Unknown,
    }
}

/// Whether the file draws pictures.
pub(super) fn is_picture(object: &Object) -> bool {
    let Object::Stream(stream) = object else { return false };
    stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Image")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_page_is_older_than_its_file() {
        for browser in [
            "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/156.0.0.0",
            "Skia/PDF m156",
            "Chromium",
            "wkhtmltopdf 0.12.6",
        ] {
            assert!(is_a_browser(browser), "{browser}");
        }
        assert!(!is_a_browser("Microsoft Word 2019") && !is_a_browser("pdfTeX-1.40"));
    }

    #[test]
    fn dates_of_pdfs_are_read() {
        assert_eq!(date_of("D:20240228153000+01'00'").to_iso().as_deref(), Some("2024-02-28"));
        assert_eq!(date_of("20240228").to_iso().as_deref(), Some("2024-02-28"));
        assert_eq!(date_of("D:2024"), PartialDate::Unknown);
        assert_eq!(date_of("D:20249999"), PartialDate::Unknown);
    }

    #[test]
    fn what_programs_write_is_no_title() {
        assert!(is_a_title("The harbour report"));
        for title in ["Microsoft Word - report.doc", "Untitled-1", "final_v2.indd", "12"] {
            assert!(!is_a_title(title), "{title}");
        }
    }
}
