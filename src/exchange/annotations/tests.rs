//! What an annotation looks like, and that its words stand where it says.

use insta::assert_json_snapshot;
use proptest::prelude::*;
use serde_json::Value;

use super::super::sample;
use super::*;
use crate::claims::Stage;

#[test]
fn an_annotation_of_its_own() {
    let (site, record) = (sample::site(), sample::record());
    let annotation = Annotation::of(&site, &record, &record.appearances[0]).unwrap().document();
    assert_json_snapshot!(annotation, @r#"
    {
      "@context": "http://www.w3.org/ns/anno.jsonld",
      "id": "https://checks.example.org/demo/annotations/01900000-0000-7000-8000-00000000001e",
      "type": "Annotation",
      "motivation": "assessing",
      "created": "2026-09-29T08:00:00Z",
      "modified": "2026-10-05T12:00:00Z",
      "creator": {
        "id": "https://checks.example.org/demo",
        "type": "Organization",
        "name": "Example Checks"
      },
      "generator": {
        "id": "https://checks.example.org/",
        "type": "Software",
        "name": "Factdesk"
      },
      "rights": "https://creativecommons.org/licenses/by/4.0/",
      "canonical": "urn:uuid:01900000-0000-7000-8000-00000000001e",
      "body": [
        {
          "type": "TextualBody",
          "purpose": "identifying",
          "value": "Riverton water bills have doubled since 2021",
          "format": "text/plain",
          "language": "en"
        },
        {
          "type": "SpecificResource",
          "purpose": "identifying",
          "source": "https://checks.example.org/demo/claims/01900000-0000-7000-8000-000000000001"
        },
        {
          "type": "TextualBody",
          "purpose": "tagging",
          "value": "water",
          "format": "text/plain",
          "language": "en"
        },
        {
          "type": "TextualBody",
          "purpose": "classifying",
          "value": "Mostly false",
          "format": "text/plain",
          "language": "en"
        },
        {
          "type": "SpecificResource",
          "purpose": "classifying",
          "source": "https://checks.example.org/demo/claims/01900000-0000-7000-8000-000000000001/verdicts/2"
        },
        {
          "type": "TextualBody",
          "purpose": "describing",
          "value": "The average bill rose 31% between 2021 and 2026, not 100%.",
          "format": "text/plain",
          "language": "en"
        },
        {
          "type": "TextualBody",
          "purpose": "describing",
          "value": "The bill was 412 in 2021.\n\nIt is 540 now.",
          "format": "text/plain",
          "language": "en"
        },
        {
          "type": "SpecificResource",
          "purpose": "linking",
          "source": "https://stats.example.org/water",
          "selector": {
            "type": "TextQuoteSelector",
            "exact": "412 in 2021, 540 in 2026"
          }
        }
      ],
      "target": {
        "type": "SpecificResource",
        "source": "https://checks.example.org/demo/articles/01900000-0000-7000-8000-000000000014/versions/1",
        "selector": [
          {
            "type": "TextQuoteSelector",
            "exact": "Our water bills have doubled since 2021",
            "prefix": "🌍 Riverton: “",
            "suffix": ",” she said."
          },
          {
            "type": "TextPositionSelector",
            "start": 13,
            "end": 52
          }
        ],
        "scope": "https://news.example.net/2026/09/28/riverton,water"
      }
    }
    "#);
}

#[test]
fn a_collection_has_its_page_in_it() {
    let (site, record) = (sample::site(), sample::record());
    let mut collection = Vec::new();
    begin(&site, 1, &mut collection).unwrap();
    write(&site, &record, &mut true, &mut collection).unwrap();
    collection.extend_from_slice(END);
    let mut collection: Value = serde_json::from_slice(&collection).unwrap();
    let items = collection["first"]["items"].take();
    assert_eq!(items.as_array().unwrap().len(), 1, "a bare address has no annotation");
    assert_eq!(items[0].get("@context"), None);
    assert_json_snapshot!(collection, @r#"
    {
      "@context": "http://www.w3.org/ns/anno.jsonld",
      "first": {
        "id": "https://checks.example.org/demo/export/annotations#page",
        "items": null,
        "partOf": {
          "first": "https://checks.example.org/demo/export/annotations#page",
          "id": "https://checks.example.org/demo/export/annotations",
          "label": "Statements that Example Checks marked in articles",
          "last": "https://checks.example.org/demo/export/annotations#page",
          "total": 1,
          "type": "AnnotationCollection"
        },
        "startIndex": 0,
        "type": "AnnotationPage"
      },
      "id": "https://checks.example.org/demo/export/annotations",
      "label": "Statements that Example Checks marked in articles",
      "last": "https://checks.example.org/demo/export/annotations#page",
      "rights": "https://creativecommons.org/licenses/by/4.0/",
      "summary": "Every verdict is drafted by one person and approved by another.",
      "total": 1,
      "type": "AnnotationCollection"
    }
    "#);
}

#[test]
fn what_waits_for_a_verdict_is_highlighted_and_no_more() {
    let (site, mut record) = (sample::site(), sample::record());
    record.stage = Stage::Marked;
    record.verdicts.clear();
    record.corrections.clear();
    let annotation = serde_json::to_value(Annotation::of(&site, &record, &record.appearances[0])).unwrap();
    assert_eq!(annotation["motivation"], "highlighting");
    let purposes: Vec<_> =
        annotation["body"].as_array().unwrap().iter().map(|body| body["purpose"].as_str().unwrap()).collect();
    assert_eq!(purposes, ["identifying", "identifying", "tagging"]);
}

#[test]
fn a_retracted_verdict_is_not_repeated() {
    let (site, mut record) = (sample::site(), sample::record());
    record.stage = Stage::Retracted;
    let annotation = serde_json::to_string(&Annotation::of(&site, &record, &record.appearances[0])).unwrap();
    assert!(annotation.contains("This review was retracted. Bills did rise"), "{annotation}");
    assert!(!annotation.contains("Mostly false") && !annotation.contains("classifying"), "{annotation}");
}

proptest! {
    /// What an importer does: count code points, compare the words, and those around them.
    #[test]
    fn offsets_are_those_of_the_words_in_the_text(
        text in "[a-z🌍é\u{301}אب “”]{1,60}",
        from in 0_usize..60,
        length in 1_usize..20,
    ) {
        let characters: Vec<char> = text.chars().collect();
        let start = from.min(characters.len() - 1);
        let end = (start + length).min(characters.len());
        let words = |range: std::ops::Range<usize>| characters[range].iter().collect::<String>();
        let (site, mut record) = (sample::site(), sample::record());
        let mark = record.appearances[0].mark.as_mut().unwrap();
        mark.exact = words(start..end);
        mark.prefix = words(start.saturating_sub(5)..start);
        mark.suffix = words(end..(end + 5).min(characters.len()));
        (mark.start, mark.end) = (i32::try_from(start).unwrap(), i32::try_from(end).unwrap());

        let json = serde_json::to_string(&Annotation::of(&site, &record, &record.appearances[0])).unwrap();
        let annotation: Value = serde_json::from_str(&json).unwrap();
        let selectors = &annotation["target"]["selector"];
        let offset = |key: &str| usize::try_from(selectors[1][key].as_u64().unwrap()).unwrap();
        let part = |key: &str| selectors[0][key].as_str().unwrap_or_default().to_owned();
        prop_assert_eq!(words(offset("start")..offset("end")), part("exact"));
        prop_assert!(words(0..offset("start")).ends_with(&part("prefix")));
        prop_assert!(words(offset("end")..characters.len()).starts_with(&part("suffix")));
    }
}

#[test]
fn the_sample_stands_where_it_says() {
    let record = sample::record();
    let mark = record.appearances[0].mark.as_ref().unwrap();
    let (start, end) = (usize::try_from(mark.start).unwrap(), usize::try_from(mark.end).unwrap());
    let found: String = sample::TEXT.chars().skip(start).take(end - start).collect();
    assert_eq!(found, mark.exact);
}
