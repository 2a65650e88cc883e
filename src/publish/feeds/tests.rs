//! The feeds as feed readers get them.

use insta::assert_snapshot;

use super::super::store::{Badge, Note};
use super::*;
use crate::exchange::sample::{id, site};
use crate::reviews::CorrectionKind;

fn badge(code: &str, label: &str) -> Badge {
    Badge { code: code.to_owned(), label: label.to_owned(), class: String::new() }
}

fn published(number: u128) -> Published {
    Published {
        id: id(number),
        claim_reviewed: "Bills <doubled> & more".to_owned(),
        stage: Stage::Published,
        topics: vec!["water".to_owned()],
        speakers: Some("Dana Whitlock".to_owned()),
        badge: Some(badge("mostly_false", "Mostly false")),
        one_line: "They rose by 31 %.".to_owned(),
        rationale: "First.\n\nSecond\u{b}.".to_owned(),
        method: Method::TwoPerson,
        first_at: datetime!(2026-10-02 23:30 UTC),
        at: datetime!(2026-10-05 12:00 UTC),
        corrected: None,
    }
}

#[test]
fn the_feed_of_published_claims() {
    let mut alone = published(1);
    alone.method = Method::Single;
    let mut retracted = published(2);
    retracted.stage = Stage::Retracted;
    retracted.corrected = Some(Note {
        kind: CorrectionKind::Retraction,
        words: "We mixed up two towns.".to_owned(),
        at: datetime!(2026-10-07 08:00 UTC),
    });
    let claims = [alone, retracted];
    let updated = claims.iter().map(Published::updated).max().unwrap();
    let feed = PublishedFeed { site: &site(), updated, claims: &claims };
    assert_snapshot!(allowed(feed.render().unwrap()), @r#"
    <?xml version="1.0" encoding="utf-8"?>
    <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
    <id>https://checks.example.org/demo/feed.atom</id>
    <title>Example Checks: fact-checks</title>
    <subtitle>Every verdict is drafted by one person and approved by another.</subtitle>
    <updated>2026-10-07T08:00:00Z</updated>
    <link rel="self" type="application/atom+xml" href="https://checks.example.org/demo/feed.atom"/>
    <link rel="alternate" type="text/html" href="https://checks.example.org/demo"/>
    <link rel="license" href="https://creativecommons.org/licenses/by/4.0/"/>
    <author><name>Example Checks</name><uri>https://checks.example.org/demo</uri></author>
    <generator uri="https://checks.example.org/">Factdesk</generator>
    <entry>
    <id>urn:uuid:01900000-0000-7000-8000-000000000001</id>
    <title>Mostly false: Bills &#60;doubled&#62; &#38; more</title>
    <link rel="alternate" type="text/html" href="https://checks.example.org/demo/claims/01900000-0000-7000-8000-000000000001"/>
    <published>2026-10-02T23:30:00Z</published>
    <updated>2026-10-05T12:00:00Z</updated>
    <category term="mostly_false" scheme="https://checks.example.org/demo/method" label="Mostly false"/>
    <category term="water"/>
    <summary>They rose by 31 %.</summary>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
    <p><strong>Mostly false.</strong> They rose by 31 %.</p>
    <p>Said by Dana Whitlock.</p>
    <p>First.</p>
    <p>Second�.</p>
    <p>Decided by one person alone.</p>
    </div></content>
    </entry>
    <entry>
    <id>urn:uuid:01900000-0000-7000-8000-000000000002</id>
    <title>Retracted: Bills &#60;doubled&#62; &#38; more</title>
    <link rel="alternate" type="text/html" href="https://checks.example.org/demo/claims/01900000-0000-7000-8000-000000000002"/>
    <published>2026-10-02T23:30:00Z</published>
    <updated>2026-10-07T08:00:00Z</updated>
    <category term="water"/>
    <summary>This review was retracted.</summary>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
    <p><strong>Retraction, 7 October 2026.</strong> We mixed up two towns.</p>
    </div></content>
    </entry>
    </feed>
    "#);
}

#[test]
fn the_feed_of_corrections() {
    let correction = Corrected {
        id: id(50),
        claim: id(1),
        claim_reviewed: "Bills doubled".to_owned(),
        kind: CorrectionKind::Major,
        public_note: "They rose, by less.".to_owned(),
        at: datetime!(2026-10-05 12:00 UTC),
        from_verdict: 1,
        to_verdict: Some(2),
        before: Some(badge("false", "False")),
        after: Some(badge("mostly_false", "Mostly false")),
        line_before: "They did not rise.".to_owned(),
        line_after: Some("They rose by 31 %.".to_owned()),
        by_reader: true,
    };
    let feed = CorrectionsFeed { site: &site(), updated: correction.at, corrections: &[correction] };
    assert_snapshot!(feed.render().unwrap(), @r#"
    <?xml version="1.0" encoding="utf-8"?>
    <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
    <id>https://checks.example.org/demo/corrections.atom</id>
    <title>Example Checks: corrections</title>
    <subtitle>Every verdict is drafted by one person and approved by another.</subtitle>
    <updated>2026-10-05T12:00:00Z</updated>
    <link rel="self" type="application/atom+xml" href="https://checks.example.org/demo/corrections.atom"/>
    <link rel="alternate" type="text/html" href="https://checks.example.org/demo/corrections"/>
    <link rel="license" href="https://creativecommons.org/licenses/by/4.0/"/>
    <author><name>Example Checks</name><uri>https://checks.example.org/demo</uri></author>
    <generator uri="https://checks.example.org/">Factdesk</generator>
    <entry>
    <id>urn:uuid:01900000-0000-7000-8000-000000000032</id>
    <title>Correction: Bills doubled</title>
    <link rel="alternate" type="text/html" href="https://checks.example.org/demo/corrections/01900000-0000-7000-8000-000000000032"/>
    <link rel="related" type="text/html" href="https://checks.example.org/demo/claims/01900000-0000-7000-8000-000000000001"/>
    <link rel="related" type="text/html" href="https://checks.example.org/demo/claims/01900000-0000-7000-8000-000000000001/verdicts/1"/>
    <published>2026-10-05T12:00:00Z</published>
    <updated>2026-10-05T12:00:00Z</updated>
    <category term="major" scheme="https://checks.example.org/demo/corrections" label="Correction"/>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
    <p>They rose, by less.</p>
    <p>False became Mostly false.</p>
    <p>They <del>did not rise</del><ins>rose by 31 %</ins>.</p>
    <p>A reader wrote to us.</p>
    </div></content>
    </entry>
    </feed>
    "#);
}
