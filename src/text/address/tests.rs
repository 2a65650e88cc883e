use super::*;

fn key(input: &str) -> UrlKey {
    url_key(&SafeUrl::parse(input).unwrap())
}

#[test]
fn only_web_addresses_are_safe() {
    for (input, expected) in [
        ("https://example.org/a b", Ok("https://example.org/a%20b")),
        ("  HTTP://EXAMPLE.org ", Ok("http://example.org/")),
        ("example.org/page?x=1", Ok("https://example.org/page?x=1")),
        ("example.org:8080/page", Ok("https://example.org:8080/page")),
        ("https://user:secret@example.org/", Ok("https://example.org/")),
        ("https://müller.example/ü", Ok("https://xn--mller-kva.example/%C3%BC")),
        ("javascript:alert(1)", Err(UrlError::Scheme)),
        ("java\nscript:alert(1)", Err(UrlError::Scheme)),
        ("data:text/html,x", Err(UrlError::Scheme)),
        ("file:///etc/passwd", Err(UrlError::Scheme)),
        ("mailto:a@example.org", Err(UrlError::Scheme)),
        ("//example.org/", Err(UrlError::Malformed)),
        ("a sentence. With words", Err(UrlError::Malformed)),
        ("", Err(UrlError::Malformed)),
    ] {
        assert_eq!(SafeUrl::parse(input).as_ref().map(SafeUrl::as_str).map_err(|e| *e), expected, "{input}");
    }
    assert_eq!(SafeUrl::parse(&"a".repeat(9_000)), Err(UrlError::TooLong));
}

#[test]
fn a_link_may_also_be_mail_or_relative_to_its_page() {
    let page = SafeUrl::parse("https://example.org/news/1").unwrap();
    let link = |input| Href::parse(input, Some(&page)).map(String::from);
    assert_eq!(link("../about").as_deref(), Some("https://example.org/about"));
    assert_eq!(link("//cdn.example/x").as_deref(), Some("https://cdn.example/x"));
    assert_eq!(link("mailto:a@example.org").as_deref(), Some("mailto:a@example.org"));
    assert_eq!(link("#top"), None);
    assert_eq!(link("jAvAsCrIpT:alert(1)"), None);
    assert_eq!(link(" \u{1}javascript:alert(1)"), None);
    assert_eq!(Href::parse("about", None), None);
    assert!(serde_json::from_str::<Href>("\"javascript:alert(1)\"").is_err());
    assert!(serde_json::from_str::<Href>("\"https://a.example/\\\"onclick\"").is_ok());
    assert!(serde_json::from_str::<Href>("\"https://a.example/ x\"").is_err());
}

#[test]
fn tracking_does_not_make_another_source() {
    let found = key("http://Example.ORG:80/a?id=7&utm_source=x&FBCLID=y&b=c%26d#part");
    assert_eq!(found.key, "https://example.org/a?id=7&b=c%26d");
    assert_eq!(found.address.as_str(), "http://example.org/a?id=7&b=c%26d#part");
    assert_eq!(found.stripped, ["utm_source", "fbclid"]);
    assert_eq!(key("https://example.org/a?gclid=1").key, key("https://example.org/a").key);
    assert_ne!(key("https://example.org/a?id=1").key, key("https://example.org/a?id=2").key);
}

#[test]
fn a_stored_address_reads_back_the_same() {
    let url = SafeUrl::parse("https://example.org/ä?q=1").unwrap();
    let json = serde_json::to_string(&url).unwrap();
    assert_eq!(serde_json::from_str::<SafeUrl>(&json).unwrap(), url);
    assert!(serde_json::from_str::<SafeUrl>("\"javascript:alert(1)\"").is_err());
}
