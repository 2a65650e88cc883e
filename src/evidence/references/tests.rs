use proptest::prelude::*;
use time::macros::date;

use super::*;

fn source() -> Reference {
    Reference {
        id: SourceId::new(),
        title: Some("Harbour dues rise in 2026".to_owned()),
        authors: vec![Author::parse("Novak, Ana"), Author::parse("Port Authority")],
        publisher: Some("Harbour Gazette".to_owned()),
        published: PartialDate::Day(date!(2026 - 09 - 28)),
        language: Some("en".to_owned()),
        url: Some("https://example.org/a?b=c_d&x=~y".to_owned()),
        doi: None,
        isbn: None,
        class: Some(SourceClass::NewsReport),
        medium: Some(SourceMedium::WebText),
        kept: Some(date!(2026 - 10 - 01)),
        archived: Some("https://web.archive.org/web/20261001/https://example.org/a".to_owned()),
    }
}

fn bare() -> Reference {
    Reference {
        title: None,
        authors: Vec::new(),
        publisher: None,
        published: PartialDate::Unknown,
        language: None,
        url: Some("https://example.org/b".to_owned()),
        class: None,
        medium: None,
        kept: None,
        archived: None,
        ..source()
    }
}

fn written(style: Chosen, references: &[Reference]) -> Vec<String> {
    let order = Order::new(style, "en", references);
    let formatted = answer(&crate::isolated::Message { head: order, bytes: Vec::new() }).head.unwrap();
    formatted.lines.iter().map(Line::text).collect()
}

#[test]
fn a_name_with_a_comma_says_which_part_is_the_familys() {
    let person = |family: &str, given: &str| Author::Person { family: family.into(), given: given.into() };
    assert_eq!(Author::parse("Novak, Ana"), person("Novak", "Ana"));
    for name in ["Ana Novak", "Port Authority", "B. Two, Jr.", "Acme, Inc.", "One, Two, and Three"] {
        assert_eq!(Author::parse(name), Author::Name(name.to_owned()));
    }
}

#[test]
fn apa_says_what_is_known() {
    insta::assert_snapshot!(written(Chosen::Apa, &[source()])[0], @"Novak, A., & Port Authority. (2026, September 28). Harbour dues rise in 2026. Harbour Gazette. https://example.org/a?b=c_d&x=~y");
    let untimed = Reference { published: PartialDate::Unknown, ..source() };
    assert!(written(Chosen::Apa, &[untimed])[0].contains("(n.d.)"), "that no date is known is said");
}

#[test]
fn chicago_says_what_is_known() {
    insta::assert_snapshot!(written(Chosen::Chicago, &[source()])[0], @"Novak, Ana, and Port Authority. “Harbour Dues Rise in 2026.” Harbour Gazette, September 28, 2026. https://example.org/a?b=c_d&x=~y.");
    assert_eq!(written(Chosen::Chicago, &[bare()]), ["https://example.org/b."]);
}

#[test]
fn every_source_has_a_line_in_every_style() {
    let kinds = SourceClass::ALL.iter().map(|class| Reference { class: Some(*class), ..bare() });
    let media = SourceMedium::ALL.iter().map(|medium| Reference { medium: Some(*medium), ..source() });
    let period = PartialDate::between(date!(2025 - 12 - 30), date!(2026 - 01 - 02)).unwrap();
    let odd = [
        Reference { published: period, ..source() },
        Reference { isbn: Some("9783161484100".to_owned()), ..source() },
        Reference { doi: Some("10.1000/182".to_owned()), url: None, ..source() },
        Reference { title: Some("Talk with the harbour master".to_owned()), url: None, ..bare() },
    ];
    let all: Vec<_> = kinds.chain(media).chain(odd).collect();
    for style in [Chosen::Apa, Chosen::Chicago] {
        let lines = written(style.clone(), &all);
        assert_eq!(lines.len(), all.len(), "{style:?}: {lines:#?}");
    }
}

#[test]
fn a_period_gets_what_its_ends_have_in_common() {
    let within = PartialDate::between(date!(2026 - 09 - 01), date!(2026 - 09 - 05)).unwrap();
    let lines = written(Chosen::Apa, &[Reference { published: within, ..source() }]);
    assert!(lines[0].contains("(2026, September)"), "{lines:?}");
}

#[test]
fn a_style_of_ones_own_is_followed_and_a_bad_one_refused_in_words() {
    let own = r#"<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0">
      <info><title>Ours</title><id>ours</id><updated>2026-01-01T00:00:00+00:00</updated></info>
      <citation><layout><text variable="title"/></layout></citation>
      <bibliography><layout><text variable="title" quotes="true"/><text variable="URL" prefix=" at "/></layout></bibliography>
    </style>"#;
    assert_eq!(
        written(Chosen::Own(own.to_owned()), &[source()]),
        ["“Harbour dues rise in 2026” at https://example.org/a?b=c_d&x=~y"]
    );
    let fault = |style: &str| {
        let order = Order::sample(Chosen::Own(style.to_owned()));
        answer(&crate::isolated::Message { head: order, bytes: Vec::new() }).head.unwrap_err()
    };
    for wrong in ["", "<p>no style</p>", "<style", &own[..own.len() / 2]] {
        assert_eq!(fault(wrong), Fault::Unreadable, "{wrong:?}");
    }
    let (start, end) = (own.find("<bibliography>").unwrap(), own.find("</style>").unwrap());
    assert_eq!(fault(&format!("{}{}", &own[..start], &own[end..])), Fault::NoBibliography);
}

#[test]
fn bibtex_keeps_names_capitals_and_signs() {
    let entry = file(Form::BibTex, &[source()]).replace(&source().key()[..9], "novak2026");
    assert!(entry.starts_with("@misc{novak2026-"), "{entry}");
    for line in [
        "  author = {Novak, Ana and {Port Authority}},",
        "  title = {{Harbour dues rise in 2026}},",
        "  howpublished = {Harbour Gazette},",
        "  year = {2026},",
        "  month = {9},",
        "  url = {https://example.org/a?b=c_d&x=~y},",
        "  urldate = {2026-10-01},",
    ] {
        assert!(entry.contains(line), "{line} in {entry}");
    }
    let bare = file(Form::BibTex, &[bare()]);
    assert!(!bare.contains("year") && !bare.contains("author"), "what is not known is left out: {bare}");
}

#[test]
fn ris_has_a_field_a_line_and_an_end() {
    let record = file(Form::Ris, &[source()]);
    assert!(record.starts_with("TY  - NEWS\r\nID  - novak2026-"), "{record}");
    for line in [
        "AU  - Novak, Ana",
        "AU  - Port Authority",
        "T2  - Harbour Gazette",
        "PY  - 2026",
        "DA  - 2026/09/28/",
    ] {
        assert!(record.contains(&format!("\r\n{line}\r\n")), "{line} in {record}");
    }
    assert!(record.ends_with("ER  - \r\n\r\n"));
}

#[test]
fn csl_json_has_what_is_known_and_no_more() {
    let items: serde_json::Value = serde_json::from_str(&file(Form::CslJson, &[source(), bare()])).unwrap();
    assert_eq!(items[0]["issued"]["date-parts"], serde_json::json!([[2026, 9, 28]]));
    assert_eq!(items[0]["author"][1]["literal"], "Port Authority");
    let keys: Vec<_> = items[1].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["URL", "id", "type"]);
}

proptest! {
    #[test]
    fn no_words_break_a_file(title in "\\PC{0,60}", name in "\\PC{1,40}", mean in "[{}\\\\%&\r\n\t,\"]{0,20}") {
        let source = Reference {
            title: Some(format!("{title}{mean}")),
            authors: vec![Author::parse(&format!("{name}{mean}"))],
            publisher: Some(mean.clone()),
            ..source()
        };
        let entry = file(Form::BibTex, std::slice::from_ref(&source));
        let mut depth = 0_i32;
        for character in entry.chars() {
            depth += match character { '{' => 1, '}' => -1, _ => 0 };
            prop_assert!(depth >= 0);
        }
        prop_assert_eq!(depth, 0);
        for line in file(Form::Ris, std::slice::from_ref(&source)).trim_end().split("\r\n") {
            prop_assert!(line.len() >= 5 && &line[2..5] == "  -", "{:?}", line);
        }
        prop_assert!(serde_json::from_str::<serde_json::Value>(&file(Form::CslJson, &[source])).is_ok());
    }
}
