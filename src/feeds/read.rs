//! From bytes to what stands in a feed, whatever kind of feed it is. Pure.

use std::io::Read as _;

use flate2::read::GzDecoder;

use super::{Contents, json, named, xml};
use crate::fetch::BODY_MAX;
use crate::text::address::SafeUrl;
use crate::text::import::decode;

/// What stands at an address where a feed should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// A feed or sitemap: RSS, Atom, JSON Feed.
    Contents(Contents),
    /// A sitemap of sitemaps, the newest first.
    Parts(Vec<SafeUrl>),
    /// A page that names its feed.
    Named(SafeUrl),
}

/// Reads a feed, a sitemap, or a page that names its feed; `None` when it is none of these.
#[must_use]
pub fn read(bytes: &[u8], charset: Option<&str>, address: &SafeUrl) -> Option<Read> {
    let unpacked;
    let bytes = if bytes.starts_with(b"\x1f\x8b") {
        unpacked = unpack(bytes)?;
        &unpacked
    } else {
        bytes
    };
    let (text, _) = decode(bytes, charset);
    let text = text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    if text.starts_with('{') {
        return json::read(text, address).map(Read::Contents);
    }
    xml::read(text, address).or_else(|| named::find(text, address).map(Read::Named))
}

/// A packed sitemap; never more than a fetch may bring.
fn unpack(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut unpacked = Vec::new();
    let most = u64::try_from(BODY_MAX).ok()?;
    GzDecoder::new(bytes).take(most + 1).read_to_end(&mut unpacked).ok()?;
    (unpacked.len() <= BODY_MAX).then_some(unpacked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feeds::Item;

    fn at(address: &str) -> SafeUrl {
        SafeUrl::parse(address).unwrap()
    }

    fn read_text(text: &str) -> Option<Read> {
        read(text.as_bytes(), None, &at("https://example.org/feeds/all"))
    }

    fn contents(text: &str) -> Contents {
        match read_text(text) {
            Some(Read::Contents(contents)) => contents,
            other => panic!("{other:?}"),
        }
    }

    fn item(address: &str, title: Option<&str>, moment: Option<&str>) -> Item {
        let at = moment.map(|moment| {
            time::OffsetDateTime::parse(moment, &time::format_description::well_known::Rfc3339).unwrap()
        });
        Item { address: SafeUrl::parse(address).unwrap(), title: title.map(str::to_owned), at }
    }

    #[test]
    fn rss_2() {
        let found = contents(
            r#"<?xml version="1.0"?><!DOCTYPE rss><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>
            <title>The Courier &amp; Post</title><link>https://example.org/</link><image><title>Logo</title></image>
            <item><title><![CDATA[Harbour <b>opens</b>]]></title><link> https://example.org/a?x=1&amp;y=2 </link>
              <pubDate>Wed, 25 Nov 2026 10:00:00 +0100</pubDate><media:title>Not this</media:title></item>
            <item><title>No link</title><guid>https://example.org/b</guid></item>
            <item><title>Nowhere</title><guid isPermaLink="false">tag:1</guid></item>
            <item><link>/c</link><pubDate>yesterday</pubDate></item>
            </channel></rss>"#,
        );
        assert_eq!(found.title.as_deref(), Some("The Courier & Post"));
        assert_eq!(
            found.items,
            [
                item("https://example.org/a?x=1&y=2", Some("Harbour opens"), Some("2026-11-25T09:00:00Z")),
                item("https://example.org/b", Some("No link"), None),
                item("https://example.org/c", None, None),
            ]
        );
    }

    #[test]
    fn rss_1() {
        let found = contents(
            r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
            <channel rdf:about="x"><title>Old</title></channel>
            <item rdf:about="y"><title>One</title><link>https://example.org/1</link><dc:date>2026-11-25</dc:date></item></rdf:RDF>"#,
        );
        assert_eq!(found.title.as_deref(), Some("Old"));
        assert_eq!(found.items, [item("https://example.org/1", Some("One"), Some("2026-11-25T00:00:00Z"))]);
    }

    #[test]
    fn atom() {
        let found = contents(
            r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/"><title type="html">Caf&#233; &lt;i&gt;news&lt;/i&gt;</title>
            <link rel="self" href="/feed"/><entry><title>One</title><link rel="replies" href="/1/replies"/><link href="/1"/>
            <published>2026-11-25T10:00:00+01:00</published><updated>2026-11-26T10:00:00Z</updated>
            <source><title>Elsewhere</title></source></entry>
            <entry><title type="xhtml"><div>Two <em>words</em></div></title><link rel="alternate" href="https://example.org/2"/><updated>2026-11-24T00:00:00Z</updated></entry></feed>"#,
        );
        assert_eq!(found.title.as_deref(), Some("Café news"));
        assert_eq!(
            found.items,
            [
                item("https://example.org/1", Some("One"), Some("2026-11-25T09:00:00Z")),
                item("https://example.org/2", Some("Two words"), Some("2026-11-24T00:00:00Z")),
            ]
        );
    }

    #[test]
    fn a_json_feed() {
        let found = contents(
            r#"{"version":"https://jsonfeed.org/version/1.1","title":"Desk","items":[
            {"id":"1","url":"https://example.org/1","title":"One","date_published":"2026-11-25T10:00:00Z"},
            {"id":"2","external_url":"/2"},{"id":"3"},{"id":4,"url":7}]}"#,
        );
        assert_eq!(found.title.as_deref(), Some("Desk"));
        assert_eq!(
            found.items,
            [
                item("https://example.org/1", Some("One"), Some("2026-11-25T10:00:00Z")),
                item("https://example.org/2", None, None)
            ]
        );
        assert_eq!(read_text(r#"{"items":[]}"#), None);
    }

    #[test]
    fn sitemaps_packed_ones_too() {
        let sitemap = r#"<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
            <url><loc>https://example.org/1</loc><lastmod>2026-11-25</lastmod>
              <news:news><news:publication><news:name>Courier</news:name></news:publication>
              <news:publication_date>2026-11-24T08:00Z</news:publication_date><news:title>One</news:title></news:news></url>
            <url><loc>ftp://example.org/2</loc></url><url><loc>https://example.org/3</loc></url></urlset>"#;
        let expected = [
            item("https://example.org/1", Some("One"), Some("2026-11-24T08:00:00Z")),
            item("https://example.org/3", None, None),
        ];
        assert_eq!(contents(sitemap).items, expected);
        let packed = crate::blobs::pack(sitemap.as_bytes()).unwrap();
        let Some(Read::Contents(unpacked)) = read(&packed, None, &at("https://example.org/sitemap.xml.gz"))
        else {
            panic!("it is a sitemap")
        };
        assert_eq!(unpacked.items, expected);
    }

    #[test]
    fn a_sitemap_of_sitemaps_names_the_newest_first() {
        let index = "<sitemapindex><sitemap><loc>https://example.org/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap>
            <sitemap><loc>/new.xml</loc><lastmod>2026-11-25T00:00:00Z</lastmod></sitemap></sitemapindex>";
        let expected =
            Read::Parts(vec![at("https://example.org/new.xml"), at("https://example.org/old.xml")]);
        assert_eq!(read_text(index), Some(expected));
    }

    #[test]
    fn a_page_names_its_feed() {
        let page = "<!doctype html><html><head><link rel=stylesheet href=x.css>
            <LINK REL='alternate' Type=\"application/rss+xml\" title='All' HREF='/rss?a=1&amp;b=2'></head><body>";
        assert_eq!(read_text(page), Some(Read::Named(at("https://example.org/rss?a=1&b=2"))));
        assert_eq!(read_text("<!doctype html><link rel=alternate hreflang=de href=/de>"), None);
        assert_eq!(read_text("words"), None);
        assert_eq!(read_text(""), None);
    }

    #[test]
    fn entities_do_not_expand_and_nothing_goes_deep_or_on_for_ever() {
        let laughs = r#"<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel><title>&b;x</title>
            <item><title>&b;&xxe;</title><link>https://example.org/1</link></item></channel></rss>"#;
        let found = contents(laughs);
        assert_eq!((found.title.as_deref(), found.items.len()), (Some("x"), 1));
        assert_eq!(found.items[0].title, None);
        let deep = format!("<rss><channel>{}", "<a>".repeat(200_000));
        assert_eq!(read_text(&deep), None);
        let many =
            format!("<urlset>{}</urlset>", "<url><loc>https://example.org/</loc></url>".repeat(60_000));
        assert_eq!(contents(&many).items.len(), crate::feeds::ITEMS_MAX);
        let bomb = crate::blobs::pack(&vec![b' '; BODY_MAX + 1]).unwrap();
        assert_eq!(read(&bomb, None, &at("https://example.org/")), None);
    }

    #[test]
    fn what_is_cut_or_broken_gives_what_stood_before() {
        let cut = "<rss><channel><item><link>https://example.org/1</link></item><item><link>https://exam";
        assert_eq!(contents(cut).items, [item("https://example.org/1", None, None)]);
        let broken = "<rss><channel><item><link>https://example.org/1</link></item></oops></rss>";
        assert_eq!(contents(broken).items, [item("https://example.org/1", None, None)]);
    }
}
