//! The limits: written down as they are.

use std::fmt::Write as _;
use std::fs;

use factdesk::import::ARCHIVE_BYTES_MAX;
use factdesk::text::document::{
    BLOCKS_MAX, LINK_BYTES_MAX, NESTING_MAX, SPANS_MAX, TABLE_COLUMNS_MAX, TEXT_BYTES_MAX,
};
use factdesk::text::import::{MARKUP_BYTES_MAX, PDF_PAGES_MAX};
use factdesk::text::selector::HITS_MAX;
use factdesk::web::body::{ARTICLE_LIMIT, FORM_LIMIT};
use factdesk::web::paging::PAGE;
use factdesk::{
    accounts, agreement, articles, auth, capture, claims, discussion, drafts, evidence, feeds, fetch,
    guidelines, isolated, jobs, mail, reports, reviews, scales, workbench,
};

/// What comes in.
fn of_texts() -> [(&'static str, String); 40] {
    [
        ("text of one article, in bytes of UTF-8 without its markup", number(TEXT_BYTES_MAX)),
        ("blocks of one article: paragraphs, headings, list items, table cells", number(BLOCKS_MAX)),
        ("markup that is read for one article, in bytes", number(MARKUP_BYTES_MAX)),
        ("one file, as it comes in, in bytes", number(articles::intake::FILE_BYTES_MAX)),
        ("files that are chosen at once", number(articles::intake::FILES_MAX)),
        ("all files that are chosen at once, in bytes", number(articles::intake::UPLOAD_BYTES_MAX)),
        ("pages of a PDF", number(PDF_PAGES_MAX)),
        ("files of one `factdesk import`", number(factdesk::import::FILES_MAX)),
        (
            "all that one archive holds, unpacked, in bytes",
            number(usize::try_from(ARCHIVE_BYTES_MAX).unwrap()),
        ),
        ("elements, lists or quotations within each other", number(NESTING_MAX)),
        ("emphasised, linked and otherwise different runs of words in one article", number(SPANS_MAX)),
        ("all addresses of one article's links, in bytes", number(LINK_BYTES_MAX)),
        ("columns of a table", number(usize::from(TABLE_COLUMNS_MAX))),
        ("title of an article, in characters", number(articles::details::TITLE_MAX)),
        ("authors of an article, in characters", number(articles::details::BYLINE_MAX)),
        ("an address, in characters", number(articles::details::URL_MAX)),
        ("a claim in plain words, in characters", number(claims::fields::WORDS_MAX)),
        ("places that are offered for a quotation which stands several times", number(HITS_MAX)),
        ("words selected in a browser that are marked at once, in characters", number(capture::SELECTED_MAX)),
        (
            "words around a selection that a browser sends, on either side, in characters",
            number(capture::AROUND_MAX),
        ),
        ("addresses pasted at once as sources", number(evidence::LINES_MAX)),
        ("domains that a desk warns about", number(evidence::sources::warned::WARNED_MAX)),
        ("addresses given at once to be fetched", number(articles::incoming::by_address::ADDRESSES_MAX)),
        ("addresses that one person may have fetched in an hour", fetch::AN_HOUR.to_string()),
        ("what is fetched, in bytes after decompression", number(fetch::BODY_MAX)),
        ("the head of what is fetched, in bytes", number(fetch::HEAD_MAX)),
        ("time for a fetch in all", format!("{} seconds", fetch::IN_ALL.as_secs())),
        ("redirects that are followed", number(fetch::REDIRECTS_MAX)),
        ("fetches at once on one server", number(isolated::FETCHES_AT_ONCE)),
        ("files that are read at once on one server", number(isolated::READINGS_AT_ONCE)),
        (
            "time for reading a file",
            format!("{} seconds", isolated::Limits::of(isolated::Work::Read).wall.as_secs()),
        ),
        (
            "memory for reading a file",
            format!("{} MiB", isolated::Limits::of(isolated::Work::Read).memory / isolated::MIB),
        ),
        ("tries of a fetch that fails for a reason which may pass", jobs::TRIES.to_string()),
        (
            "failures in a row of a feed or a watch, before it is given up",
            jobs::TRIES_OF_SCHEDULED.to_string(),
        ),
        ("a copy of a source, in bytes", number(fetch::SOURCE_MAX)),
        ("time for fetching a source in all", format!("{} seconds", fetch::SOURCE_IN_ALL.as_secs())),
        ("tries to archive a source, within three hours", jobs::TRIES_OF_ARCHIVE.to_string()),
        (
            "time between two looks at a link",
            format!(
                "{} days, growing to {}",
                evidence::copies::LOOK_S.0 / 86_400,
                evidence::copies::LOOK_S.1 / 86_400
            ),
        ),
        (
            "looks in a row that a site does not answer, before its link is dead",
            evidence::copies::SILENCES.to_string(),
        ),
        ("feeds that a desk follows", number(feeds::FEEDS_MAX)),
    ]
}

/// What the desk does with it.
fn of_work() -> [(&'static str, String); 37] {
    [
        ("items of a feed that are read", number(feeds::ITEMS_MAX)),
        ("items of a new feed that queue up, none older than 7 days", number(feeds::FIRST_ITEMS)),
        ("items of a feed that queue up with one look", number(feeds::ITEMS_A_LOOK)),
        ("time between two looks at a feed", span(feeds::LOOK_S)),
        ("articles that a desk watches", articles::watches::WATCHES_MAX.to_string()),
        ("time between two looks at a watched article", span(articles::watches::LOOK_S)),
        ("values of a rating scale", number(scales::form::VALUES_MAX)),
        ("public note of a correction, in characters", number(reviews::NOTE_MAX)),
        ("reasons of an assessment or an adjudicator, in characters", number(reviews::store::RATIONALE_MAX)),
        ("publishers that a policy can ask for", factdesk::policies::SOURCES_MAX.to_string()),
        (
            "rounds that agreement is measured on, the newest",
            number(usize::try_from(agreement::ROUNDS_MAX).unwrap()),
        ),
        (
            "texts that agreement on marking is measured on, the newest",
            number(usize::try_from(agreement::TEXTS_MAX).unwrap()),
        ),
        ("a reader’s report, in characters", number(reports::WORDS_MAX)),
        ("addresses that come with it", number(reports::LINKS_MAX)),
        (
            "reports from one network at once, and then one more in 10 minutes",
            accounts::throttle::REPORTS_AT_ONCE.to_string(),
        ),
        ("time that the form of a report is good", format!("{} hours", reports::ticket::MOST.whole_hours())),
        (
            "time before it is, so that robots are too quick",
            format!("{} seconds", reports::ticket::LEAST.whole_seconds()),
        ),
        ("text of the guidelines, in characters", number(guidelines::TEXT_MAX)),
        (
            "a place to assess a claim that is drawn or taken and not used",
            format!("{} hour", reviews::places::KEPT.whole_hours()),
        ),
        ("a place that was assigned", format!("{} days", reviews::places::ASSIGNED.whole_days())),
        (
            "somebody counts as being on a claim after the last sign of them",
            format!("{} seconds", workbench::PRESENCE.whole_seconds()),
        ),
        ("a comment, in characters", number(discussion::BODY_MAX)),
        ("members that one comment calls", number(discussion::MENTIONS_MAX)),
        ("a desk’s own style of references, in characters", number(evidence::settings::STYLE_MAX)),
        (
            "web archives that leave at once, for members and again for readers",
            number(evidence::web_archive::AT_ONCE),
        ),
        ("what was typed into one form and not sent, in bytes", number(drafts::DRAFT_BYTES_MAX)),
        ("fields of a form that are kept so", number(drafts::FIELDS_MAX)),
        ("forms that one person has typed into and not sent, at one desk", drafts::DRAFTS_MAX.to_string()),
        ("tries to hand a letter over", jobs::TRIES_OF_MAIL.to_string()),
        (
            "time in which a link in a letter confirms an address",
            format!("{} hours", mail::store::CONFIRM_WITHIN.whole_hours()),
        ),
        ("rows on one page of a list", number(PAGE)),
        ("a form or JSON document, in bytes", number(FORM_LIMIT)),
        ("the same with an article's text", number(ARTICLE_LIMIT)),
        ("password, in characters", format!("{} to {}", accounts::password::MIN, accounts::password::MAX)),
        ("a session that nobody uses", format!("{} hours", auth::session::IDLE.whole_hours())),
        ("a session in all", format!("{} days", auth::session::ABSOLUTE.whole_days())),
        ("time for a form to arrive", "10 seconds, and one more for each 100 KB".to_owned()),
    ]
}

fn table() -> String {
    let rows = of_texts().into_iter().chain(of_work());
    let mut table = String::from("| what | at most |\n| --- | --- |\n");
    for (what, limit) in rows {
        let _ = writeln!(table, "| {what} | {limit} |");
    }
    table
}

/// From so many seconds to so many.
fn span((least, most): (i32, i32)) -> String {
    format!("{} minutes, growing to {} hours", least / 60, most / 3_600)
}

/// With commas, as people write it.
fn number(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[test]
fn the_page_of_limits_is_the_programs_own() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/limits.md");
    let text = fs::read_to_string(path).unwrap();
    let (before, rest) = text.split_once("<!-- limits -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- end -->\n").unwrap();
    let current = format!("{before}<!-- limits -->\n{}<!-- end -->\n{after}", table());
    if text != current {
        fs::write(path, current).unwrap();
        panic!("docs/limits.md was out of date; it has been written anew");
    }
}
