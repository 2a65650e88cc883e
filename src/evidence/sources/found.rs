//! What a copy says about its source, as the texts of fields.

use super::kinds::{SourceClass, SourceMedium};
use super::source::{Finding, Findings};
use crate::agents::Name;
use crate::text::address::{SafeUrl, url_key};
use crate::text::identifiers::Doi;
use crate::text::import::{Found, Genre, Origin};
use crate::text::language;

/// A copy as it was read.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    pub found: &'a Found,
    /// Where the redirects ended; nothing for a file that somebody brought.
    pub final_address: Option<&'a SafeUrl>,
    /// What the bytes are.
    pub media_type: &'a str,
}

/// What the copy of a source at that address says, each value as it may be stored.
#[must_use]
pub fn findings(page: Page<'_>, address: Option<&SafeUrl>) -> Findings {
    let found = page.found;
    let mut findings = Findings::new();
    let mut say = |field: &str, origin: Origin, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            findings.insert(field.to_owned(), Finding { value, origin });
        }
    };
    say("title", found.origin("title"), found.title.clone());
    let publisher = found.site.as_deref().and_then(|site| Name::parse(site).ok());
    say("publisher", found.origin("site"), publisher.map(|name| name.as_str().to_owned()));
    say("authors", found.origin("author"), authors(&found.authors));
    say("published", found.origin("published"), found.published.to_iso());
    say("modified", found.origin("modified"), found.modified.to_iso());
    say("language", found.origin("language"), found.language.as_deref().and_then(language::tag));
    let addresses = [address, page.final_address];
    let of_address = || addresses.into_iter().flatten().find_map(|address| Doi::parse(address.as_str()));
    match (&found.doi, of_address()) {
        (_, Some(doi)) => say("doi", Origin::Address, Some(doi.into())),
        (Some(doi), None) => say("doi", found.origin("doi"), Some(doi.as_str().to_owned())),
        (None, None) => {}
    }
    say("isbn", found.origin("isbn"), found.isbn.clone().map(Into::into));
    let canonical = found.address.as_ref().filter(|canonical| {
        let is_another = |address: &SafeUrl| url_key(address).key != url_key(canonical).key;
        page.final_address.is_some() && address.is_none_or(is_another) && canonical.as_str().len() <= 2_000
    });
    say("canonical_url", found.origin("address"), canonical.map(|url| url.as_str().to_owned()));
    let class = found.genre.and_then(class).map(|class| class.as_str().to_owned());
    say("class", found.origin("genre"), class);
    let by_genre = match found.genre {
        Some(Genre::Video) => Some(SourceMedium::Video),
        Some(Genre::Audio) => Some(SourceMedium::Audio),
        _ => None,
    };
    match (by_genre, medium(page.media_type)) {
        (Some(medium), _) => say("medium", found.origin("genre"), Some(medium.as_str().to_owned())),
        (None, Some(medium)) => {
            let origin = if page.final_address.is_some() { Origin::Header } else { Origin::File };
            say("medium", origin, Some(medium.as_str().to_owned()));
        }
        (None, None) => {}
    }
    findings
}

fn authors(names: &[String]) -> Option<String> {
    let fitting: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|name| !name.trim().is_empty() && name.chars().count() <= 200)
        .take(50)
        .collect();
    (!fitting.is_empty()).then(|| fitting.join("\n"))
}

const fn class(genre: Genre) -> Option<SourceClass> {
    match genre {
        Genre::News => Some(SourceClass::NewsReport),
        Genre::Scholarly => Some(SourceClass::PeerReviewed),
        Genre::FactCheck => Some(SourceClass::FactCheck),
        Genre::SocialPost => Some(SourceClass::SocialPost),
        Genre::Dataset => Some(SourceClass::PrimaryData),
        Genre::Law => Some(SourceClass::OfficialRecord),
        Genre::Book | Genre::Video | Genre::Audio => None,
    }
}

fn medium(media_type: &str) -> Option<SourceMedium> {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "text/html" | "application/xhtml+xml" | "text/plain" | "text/markdown" => Some(SourceMedium::WebText),
        "text/csv" | "text/tab-separated-values" => Some(SourceMedium::WebTable),
        "application/pdf" => Some(SourceMedium::Pdf),
        _ if essence.starts_with("image/") => Some(SourceMedium::Image),
        _ if essence.starts_with("video/") => Some(SourceMedium::Video),
        _ if essence.starts_with("audio/") => Some(SourceMedium::Audio),
        _ if essence.contains("officedocument.wordprocessing") => Some(SourceMedium::Document),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::import::from_html;

    fn said(html: &str, address: &str) -> Findings {
        let address = SafeUrl::parse(address).unwrap();
        let imported = from_html(html, Some(&address)).unwrap();
        let page = Page { found: &imported.found, final_address: Some(&address), media_type: "text/html" };
        findings(page, Some(&address))
    }

    fn pairs(findings: &Findings) -> Vec<(&str, &str, Origin)> {
        findings.iter().map(|(field, found)| (field.as_str(), found.value.as_str(), found.origin)).collect()
    }

    #[test]
    fn a_news_page_describes_itself() {
        let html = r#"<html lang="en"><title>The harbour in numbers | The Post</title>
            <link rel="canonical" href="https://post.example/harbour">
            <meta property="og:title" content="The harbour in numbers">
            <meta property="article:modified_time" content="2026-02-02T10:00:00Z">
            <script type="application/ld+json">{"@type":"NewsArticle","headline":"The harbour in numbers",
                "author":[{"name":"Nora Field"},{"name":"Ben Low"}],"publisher":{"name":"The Post"},
                "datePublished":"2026-01-31"}</script>
            <p>The harbour handled 3.1 million tonnes.</p>"#;
        assert_eq!(
            pairs(&said(html, "https://post.example/harbour?page=1")),
            [
                ("authors", "Nora Field\nBen Low", Origin::JsonLd),
                ("canonical_url", "https://post.example/harbour", Origin::Html),
                ("class", "news_report", Origin::JsonLd),
                ("language", "en", Origin::Html),
                ("medium", "web_text", Origin::Header),
                ("modified", "2026-02-02", Origin::OpenGraph),
                ("published", "2026-01-31", Origin::JsonLd),
                ("publisher", "The Post", Origin::JsonLd),
                ("title", "The harbour in numbers", Origin::JsonLd),
            ]
        );
    }

    #[test]
    fn a_journals_page_describes_its_article() {
        let html = r#"<meta name="citation_title" content="On tides"><meta name="citation_doi" content="10.1000/XYZ">
            <meta name="citation_author" content="Field, Nora"><meta name="citation_author" content="Low, Ben">
            <meta name="citation_journal_title" content="Tides"><p>Abstract of the article.</p>"#;
        let said = said(html, "https://journal.example/7");
        assert_eq!(said["doi"].value, "10.1000/xyz");
        assert_eq!(said["authors"].value, "Field, Nora\nLow, Ben");
        assert_eq!((said["class"].value.as_str(), said["title"].origin), ("peer_reviewed", Origin::Meta));
    }

    #[test]
    fn what_cannot_be_stored_is_not_found() {
        let html = format!(
            r#"<meta property="og:site_name" content="; ;"><meta name="author" content="{}"><p>Words of it.</p>"#,
            "x".repeat(300)
        );
        let said = said(&html, "https://e.example/");
        assert!(!said.contains_key("authors") && !said.contains_key("canonical_url"));
    }
}
