//! What was pasted to cite: addresses, DOIs and ISBNs, each a source.

use super::fields::SourceFields;
use crate::text::address::{SafeUrl, UrlError, url_key};
use crate::text::identifiers::{Doi, Isbn};
use crate::web::problems::Problems;

/// How many sources are taken at once.
pub const LINES_MAX: usize = 20;

/// What was pasted, each source once.
#[derive(Clone, Debug)]
pub struct Pasted {
    sources: Vec<SourceFields>,
    cut: Vec<String>,
}

impl Pasted {
    /// Reads lines of addresses, DOIs and ISBNs; several addresses may share a line. Blank lines are left out.
    ///
    /// # Errors
    /// What is wrong, with the line it is about; at the field `url`.
    pub fn parse(typed: &str) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let (mut sources, mut keys, mut cut) = (Vec::new(), Vec::new(), Vec::new());
        for piece in pieces(typed) {
            match read(piece) {
                Ok((fields, key, tracking)) => {
                    if fields.url.as_ref().is_some_and(|url| url.as_str().chars().count() > 2_000) {
                        problems
                            .add("url", "This address is longer than 2,000 characters. Use its short form.");
                    } else if !keys.contains(&key) {
                        keys.push(key);
                        sources.push(fields);
                        cut.extend(tracking);
                    }
                }
                Err(error) => {
                    let short: String = piece.chars().take(80).collect();
                    problems.add("url", format!("{short}: {error}"));
                }
            }
        }
        if sources.len() > LINES_MAX {
            problems.add("url", format!("At most {LINES_MAX} addresses are taken at once."));
        }
        cut.sort();
        cut.dedup();
        problems.unless(Self { sources, cut })
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// The sources, in the order in which they were pasted.
    pub fn sources(&self) -> impl Iterator<Item = &SourceFields> {
        self.sources.iter()
    }

    /// The names of the tracking parameters that are cut from their addresses.
    #[must_use]
    pub fn cut(&self) -> Vec<String> {
        self.cut.clone()
    }
}

/// The lines; one of several addresses as these.
fn pieces(typed: &str) -> impl Iterator<Item = &str> {
    let several = |line: &str| {
        let is_source =
            |word: &str| word.contains("://") || Doi::parse(word).is_some() || Isbn::parse(word).is_some();
        line.split_whitespace().nth(1).is_some() && line.split_whitespace().all(is_source)
    };
    let lines = typed.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.flat_map(move |line| if several(line) { line.split_whitespace().collect() } else { vec![line] })
}

/// A source, by what it is told from others, and the tracking parameters of its address.
fn read(piece: &str) -> Result<(SourceFields, String, Vec<String>), UrlError> {
    if let Some(doi) = Doi::parse(piece) {
        return Ok((SourceFields::of_doi(doi.clone()), doi.as_str().to_owned(), Vec::new()));
    }
    if let Some(isbn) = Isbn::parse(piece) {
        return Ok((SourceFields::of_isbn(isbn.clone()), isbn.as_str().to_owned(), Vec::new()));
    }
    let key = url_key(&SafeUrl::parse(piece)?);
    Ok((SourceFields::at(SafeUrl::parse(piece)?), key.key, key.stripped))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(pasted: &Pasted) -> Vec<&str> {
        pasted.sources().filter_map(|fields| fields.url.as_ref()).map(SafeUrl::as_str).collect()
    }

    #[test]
    fn each_line_is_a_source_and_the_same_one_counts_once() {
        let pasted =
            Pasted::parse("https://a.example/1?utm_source=x\r\n\nb.example/2\nhttp://a.example/1").unwrap();
        assert_eq!(addresses(&pasted), ["https://a.example/1?utm_source=x", "https://b.example/2"]);
        assert_eq!(pasted.cut(), ["utm_source"]);
    }

    #[test]
    fn several_addresses_may_share_a_line() {
        let pasted = Pasted::parse("https://a.example/1 https://b.example/2\thttps://c.example/3").unwrap();
        assert_eq!(addresses(&pasted).len(), 3);
        assert!(Pasted::parse("see https://a.example/1").is_err());
    }

    #[test]
    fn numbers_of_documents_are_sources() {
        let pasted =
            Pasted::parse("doi:10.1000/ABC\nhttps://dx.doi.org/10.1000/abc\nISBN 978-0-306-40615-7").unwrap();
        let sources: Vec<_> = pasted.sources().collect();
        assert_eq!(sources.len(), 2);
        assert_eq!(sources[0].url.as_ref().map(SafeUrl::as_str), Some("https://doi.org/10.1000/abc"));
        assert_eq!(sources[1].title.as_deref(), Some("ISBN 9780306406157"));
        assert_eq!(sources[1].url, None);
    }

    #[test]
    fn a_line_that_is_no_address_is_named() {
        let problems = Pasted::parse("https://a.example/\njavascript:alert(1)").unwrap_err();
        assert!(problems.of("url").unwrap().starts_with("javascript:alert(1): Only addresses"));
        assert!(
            Pasted::parse(&(0..21).map(|n| format!("a.example/{n}")).collect::<Vec<_>>().join("\n")).is_err()
        );
    }
}
