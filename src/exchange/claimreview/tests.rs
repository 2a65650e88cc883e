//! What a review looks like outside, and the rules that its readers have.

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use super::super::sample;
use super::*;
use crate::claims::Stage;

fn strict(record: &ClaimRecord) -> Value {
    let site = sample::site();
    serde_json::to_value(ClaimReview::of(&site, record, Profile::Strict)).unwrap()
}

#[test]
fn the_strict_profile() {
    assert_json_snapshot!(strict(&sample::record()), @r#"
    {
      "@context": "https://schema.org",
      "@type": "ClaimReview",
      "author": {
        "@type": "Organization",
        "name": "Example Checks",
        "url": "https://checks.example.org/demo"
      },
      "claimReviewed": "Riverton water bills have doubled since 2021",
      "datePublished": "2026-10-02",
      "itemReviewed": {
        "@type": "Claim",
        "appearance": [
          {
            "@type": "CreativeWork",
            "url": "https://news.example.net/2026/09/28/riverton%2Cwater"
          },
          {
            "@type": "CreativeWork",
            "url": "https://social.example.com/@dana/1"
          }
        ],
        "author": {
          "@type": "Person",
          "jobTitle": "Riverton councillor",
          "name": "Dana Whitlock",
          "sameAs": [
            "https://www.wikidata.org/wiki/Q999999999"
          ]
        },
        "firstAppearance": {
          "@type": "CreativeWork",
          "url": "https://news.example.net/2026/09/28/riverton%2Cwater"
        },
        "name": "at a council meeting, Riverton"
      },
      "reviewRating": {
        "@type": "Rating",
        "alternateName": "Mostly false",
        "bestRating": "5",
        "ratingExplanation": "The average bill rose 31% between 2021 and 2026, not 100%.",
        "ratingValue": "2",
        "worstRating": "1"
      },
      "url": "https://checks.example.org/demo/claims/01900000-0000-7000-8000-000000000001"
    }
    "#);
}

#[test]
fn the_rich_profile() {
    let (site, record) = (sample::site(), sample::record());
    assert_json_snapshot!(ClaimReview::of(&site, &record, Profile::Rich), @r#"
    {
      "@context": "https://schema.org",
      "@type": "ClaimReview",
      "@id": "https://checks.example.org/demo/claims/01900000-0000-7000-8000-000000000001#review",
      "url": "https://checks.example.org/demo/claims/01900000-0000-7000-8000-000000000001",
      "datePublished": "2026-10-02",
      "dateModified": "2026-10-05T12:00:00Z",
      "author": {
        "@type": "NewsMediaOrganization",
        "name": "Example Checks",
        "url": "https://checks.example.org/demo",
        "verificationFactCheckingPolicy": "https://checks.example.org/demo/method",
        "correctionsPolicy": "https://checks.example.org/demo/corrections"
      },
      "claimReviewed": "Riverton water bills have doubled since 2021",
      "reviewRating": {
        "@type": "Rating",
        "ratingValue": "2",
        "bestRating": "5",
        "worstRating": "1",
        "alternateName": "Mostly false",
        "ratingExplanation": "The average bill rose 31% between 2021 and 2026, not 100%."
      },
      "itemReviewed": {
        "@type": "Claim",
        "name": "at a council meeting, Riverton",
        "text": "Our water bills have doubled since 2021",
        "datePublished": "2026-09",
        "author": {
          "@type": "Person",
          "name": "Dana Whitlock",
          "jobTitle": "Riverton councillor",
          "sameAs": [
            "https://www.wikidata.org/wiki/Q999999999"
          ]
        },
        "firstAppearance": {
          "@type": "CreativeWork",
          "url": "https://news.example.net/2026/09/28/riverton%2Cwater"
        },
        "appearance": [
          {
            "@type": "CreativeWork",
            "url": "https://news.example.net/2026/09/28/riverton%2Cwater"
          },
          {
            "@type": "CreativeWork",
            "url": "https://social.example.com/@dana/1"
          }
        ]
      },
      "inLanguage": "en",
      "license": "https://creativecommons.org/licenses/by/4.0/",
      "reviewBody": "The bill was 412 in 2021.\n\nIt is 540 now.",
      "citation": [
        {
          "@type": "CreativeWork",
          "name": "Water charges 2021 to 2026",
          "url": "https://stats.example.org/water",
          "author": [
            {
              "@type": "Person",
              "name": "Statistics Office"
            }
          ],
          "datePublished": "2026"
        }
      ],
      "correction": [
        {
          "@type": "CorrectionComment",
          "text": "Bills did rise, though by less.",
          "datePublished": "2026-10-05T12:00:00Z"
        }
      ]
    }
    "#);
}

#[test]
fn the_feed() {
    let (site, record) = (sample::site(), sample::record());
    let mut feed = Vec::new();
    let mut first = true;
    begin(&site, &mut feed).unwrap();
    write(&site, &record, &mut first, &mut feed).unwrap();
    write(&site, &record, &mut first, &mut feed).unwrap();
    feed.extend_from_slice(END);
    let mut feed: Value = serde_json::from_slice(&feed).unwrap();
    assert_eq!(feed["dataFeedElement"][0], feed["dataFeedElement"][1]);
    assert_eq!(feed["dataFeedElement"][0]["item"], json!([strict(&record)]));
    feed["dataFeedElement"][0]["item"] = json!("the review");
    feed["dataFeedElement"].as_array_mut().unwrap().pop();
    assert_json_snapshot!(feed, @r#"
    {
      "@context": "https://schema.org",
      "@type": "DataFeed",
      "dataFeedElement": [
        {
          "@type": "DataFeedItem",
          "dateCreated": "2026-10-02T23:30:00Z",
          "dateModified": "2026-10-05T12:00:00Z",
          "item": "the review",
          "url": "https://checks.example.org/demo/claims/01900000-0000-7000-8000-000000000001"
        }
      ],
      "description": "Every verdict is drafted by one person and approved by another.",
      "inLanguage": "en",
      "license": "https://creativecommons.org/licenses/by/4.0/",
      "name": "Fact-checks by Example Checks",
      "url": "https://checks.example.org/demo/export/claimreview"
    }
    "#);
}

#[test]
fn off_the_scale_there_are_no_numbers() {
    let mut record = sample::record();
    record.verdicts[1].rating.code = Some("misleading".to_owned());
    let rating = strict(&record)["reviewRating"].clone();
    assert_eq!(rating["alternateName"], "Misleading");
    for number in ["ratingValue", "bestRating", "worstRating"] {
        assert_eq!(rating.get(number), None);
    }
}

#[test]
fn without_ratings_the_line_stands_for_one() {
    let mut record = sample::record();
    record.verdicts[1].rating.code = None;
    assert_eq!(
        strict(&record)["reviewRating"],
        json!({"@type": "Rating", "alternateName": "The average bill rose 31% between 2021 and 2026, not 100%."})
    );
}

#[test]
fn a_decision_of_one_person_says_so() {
    let mut record = sample::record();
    record.verdicts[1].method = Method::Single;
    let explanation = strict(&record)["reviewRating"]["ratingExplanation"].clone();
    assert!(
        explanation.as_str().unwrap().ends_with("not 100%. Decided by one person alone."),
        "{explanation}"
    );
}

#[test]
fn what_is_not_known_is_left_out() {
    let mut record = sample::record();
    record.appearances.truncate(1);
    let made = &mut record.appearances[0];
    made.speakers.clear();
    made.said = PartialDate::Unknown;
    (made.place, made.event, made.mark, made.is_first_known) = (None, None, None, false);
    assert_eq!(strict(&record)["itemReviewed"], json!({"@type": "Claim"}));
}

#[test]
fn our_own_pages_are_no_appearances() {
    let mut record = sample::record();
    record.appearances[1].url = Some("https://checks.example.org/demo/articles/1".to_owned());
    let appearances = strict(&record)["itemReviewed"]["appearance"].clone();
    assert_eq!(
        appearances,
        json!([{"@type": "CreativeWork", "url": "https://news.example.net/2026/09/28/riverton%2Cwater"}])
    );
}

#[test]
fn a_period_is_cut_to_what_is_certain() {
    for (period, expected) in [
        ("2026-09-01/2026-09-05", Some("2026-09")),
        ("2026-08-30/2026-09-05", Some("2026")),
        ("2025-12-30/2026-01-05", None),
        ("2026", Some("2026")),
        ("2026-09-28", Some("2026-09-28")),
        ("", None),
    ] {
        assert_eq!(cut(period.parse().unwrap()).as_deref(), expected, "{period}");
    }
}

#[test]
fn only_what_is_published_is_reviewed() {
    let mut record = sample::record();
    record.stage = Stage::Retracted;
    assert_eq!(strict(&record), Value::Null);
    record.verdicts.clear();
    record.stage = Stage::InReview;
    assert_eq!(strict(&record), Value::Null);
}
