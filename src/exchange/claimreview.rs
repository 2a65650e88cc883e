//! schema.org `ClaimReview`: the strict profile, which every reader of such data takes, and a rich one that says more.
//!
//! The strict profile is what Google's Fact Check Explorer, Duke's closed schema, the collectors and Bing have in common:
//! eight keys, numbers as strings of integers, no number off the scale
//! (<https://developers.google.com/search/docs/appearance/structured-data/factcheck>).

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::{Agent, Appearance, ClaimRecord, Day, Evidence, Instant, Site, Verdict};
use crate::agents::Kind;
use crate::reviews::{Method, Mode};
use crate::text::dates::PartialDate;

const CONTEXT: &str = "https://schema.org";
/// Added to the explanation of a rating that nobody else looked at.
const ALONE: &str = "Decided by one person alone.";

/// How much is said.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// What every reader takes.
    #[default]
    Strict,
    /// All that schema.org has a word for.
    Rich,
}

/// The review of one claim.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClaimReview<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    url: String,
    date_published: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<Instant>,
    author: Author<'a>,
    claim_reviewed: &'a str,
    review_rating: ReviewRating<'a>,
    item_reviewed: Claim<'a>,
    #[serde(flatten)]
    more: Option<More<'a>>,
}

/// What only the rich profile says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct More<'a> {
    in_language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'a str>,
    review_body: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    citation: Vec<Citation<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    correction: Vec<CorrectionComment<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Author<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    verification_fact_checking_policy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    corrections_policy: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ReviewRating<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating_value: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    best_rating: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    worst_rating: Option<Number>,
    alternate_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating_explanation: Option<Cow<'a, str>>,
}

/// An integer as a string: the only form that all readers take.
#[derive(Clone, Copy, Debug)]
struct Number(i32);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Claim<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    /// Where the claim was made: what Google and Duke read here.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<Claimant<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_appearance: Option<Work>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    appearance: Vec<Work>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Claimant<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_title: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    same_as: &'a [String],
}

#[derive(Clone, PartialEq, Debug, Serialize)]
struct Work {
    #[serde(rename = "@type")]
    kind: &'static str,
    url: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Citation<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    author: Vec<Claimant<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<Claimant<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CorrectionComment<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    text: &'a str,
    date_published: Instant,
}

impl<'a> ClaimReview<'a> {
    /// The review of a claim; none as long as no verdict is public, and none any more once it is retracted.
    #[must_use]
    pub fn of(site: &'a Site, record: &'a ClaimRecord, profile: Profile) -> Option<Self> {
        let verdict = record.verdict()?;
        let first = record.first_published()?;
        if record.is_retracted() {
            return None;
        }
        let rich = profile == Profile::Rich;
        let url = site.claim(record.id);
        Some(Self {
            context: CONTEXT,
            kind: "ClaimReview",
            id: rich.then(|| format!("{url}#review")),
            url,
            date_published: Day(first.to_offset(time::UtcOffset::UTC).date()),
            date_modified: record.last_changed().filter(|_| rich).map(Instant),
            author: Author {
                kind: if rich { "NewsMediaOrganization" } else { "Organization" },
                name: &site.name,
                url: site.home(),
                verification_fact_checking_policy: rich.then(|| site.method()),
                corrections_policy: rich.then(|| site.correction_list()),
            },
            claim_reviewed: &record.claim_reviewed,
            review_rating: rating(verdict),
            item_reviewed: claim(site, record, rich),
            more: rich.then(|| More::of(site, record, verdict)),
        })
    }
}

impl<'a> More<'a> {
    fn of(site: &'a Site, record: &'a ClaimRecord, verdict: &'a Verdict) -> Self {
        let correction = |correction: &'a super::Correction| CorrectionComment {
            kind: "CorrectionComment",
            text: &correction.public_note,
            date_published: Instant(correction.at),
        };
        Self {
            in_language: &site.language,
            license: site.licence.as_deref(),
            review_body: &verdict.rationale,
            citation: record.evidence.iter().map(citation).collect(),
            correction: record.corrections.iter().map(correction).collect(),
        }
    }
}

/// The rating in words, with its numbers where it stands on a scale of numbers.
fn rating(verdict: &Verdict) -> ReviewRating<'_> {
    let numbers = verdict.rating.value().and_then(|value| value.numbers);
    let alone = verdict.method == Method::Single;
    let (name, explanation) = match (verdict.rating.label(), alone) {
        (Some(label), false) => (label, Some(Cow::from(&verdict.one_line))),
        (Some(label), true) => (label, Some(Cow::from(format!("{} {ALONE}", verdict.one_line)))),
        (None, alone) => (verdict.one_line.as_str(), alone.then_some(Cow::from(ALONE))),
    };
    ReviewRating {
        kind: "Rating",
        rating_value: numbers.map(|numbers| Number(numbers.value)),
        best_rating: numbers.map(|numbers| Number(numbers.best)),
        worst_rating: numbers.map(|numbers| Number(numbers.worst)),
        alternate_name: name,
        rating_explanation: explanation,
    }
}

fn claim<'a>(site: &Site, record: &'a ClaimRecord, rich: bool) -> Claim<'a> {
    let origin = record.origin();
    let text = record.appearances.iter().find_map(|appearance| appearance.mark.as_ref());
    let mut appearance: Vec<Work> = Vec::new();
    for work in record.appearances.iter().filter_map(|appearance| work(site, appearance)) {
        if !appearance.contains(&work) {
            appearance.push(work);
        }
    }
    let first_known = record.appearances.first().filter(|appearance| appearance.is_first_known);
    Claim {
        kind: "Claim",
        name: origin.and_then(occasion),
        text: text.filter(|_| rich).map(|mark| mark.exact.as_str()),
        date_published: origin.and_then(|appearance| date(appearance.said, rich)),
        author: origin.and_then(|appearance| appearance.speakers.first()).map(|speaker| {
            let claimant = claimant(&speaker.agent);
            let is_person = claimant.kind == "Person";
            Claimant { job_title: speaker.office.as_deref().filter(|_| is_person), ..claimant }
        }),
        first_appearance: first_known.and_then(|appearance| work(site, appearance)),
        appearance,
    }
}

/// Where a claim was made: at what occasion, in what place.
fn occasion(appearance: &Appearance) -> Option<Cow<'_, str>> {
    match (&appearance.event, &appearance.place) {
        (Some(event), Some(place)) => Some(Cow::from(format!("{event}, {place}"))),
        (Some(one), None) | (None, Some(one)) => Some(Cow::from(one)),
        (None, None) => None,
    }
}

/// When the claim was made. Some readers take whole days only, so the strict profile gives nothing else.
fn date(said: PartialDate, rich: bool) -> Option<String> {
    if rich || matches!(said, PartialDate::Day(_)) { cut(said) } else { None }
}

/// The date cut to what is certain of it: `2026-09` for a period within September 2026; none for a longer one.
fn cut(date: PartialDate) -> Option<String> {
    let PartialDate::Range(_) = date else { return date.to_iso() };
    let (Some(from), Some(to), _) = date.columns() else { return None };
    match (from.year() == to.year(), from.month() == to.month()) {
        (true, true) => Some(format!("{:04}-{:02}", from.year(), u8::from(from.month()))),
        (true, false) => Some(format!("{:04}", from.year())),
        (false, _) => None,
    }
}

/// schema.org knows persons and organisations only.
fn claimant(agent: &Agent) -> Claimant<'_> {
    let kind = match agent.kind {
        Kind::Person | Kind::Anonymous => "Person",
        Kind::Organisation | Kind::Outlet | Kind::Collective | Kind::AiSystem => "Organization",
    };
    Claimant { kind, name: &agent.name, job_title: None, same_as: &agent.same_as }
}

/// Where a claim appeared outside of this server. Collectors split lists of addresses at commas and blanks.
fn work(site: &Site, appearance: &Appearance) -> Option<Work> {
    let url = appearance.address()?;
    let url = url.replace(',', "%2C").replace(' ', "%20");
    (!site.is_own(&url)).then_some(Work { kind: "CreativeWork", url })
}

fn citation(evidence: &Evidence) -> Citation<'_> {
    let source = &*evidence.source;
    let author = |name| Claimant { kind: "Person", name, job_title: None, same_as: &[] };
    Citation {
        kind: "CreativeWork",
        name: source.name(),
        url: source.url.as_deref(),
        author: source.authors.iter().map(|name| author(name)).collect(),
        publisher: source.publisher.as_deref().map(claimant),
        date_published: cut(source.published),
    }
}

/// One review in the feed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    date_created: Instant,
    date_modified: Instant,
    url: &'a str,
    /// Readers index it, so it is a list of one.
    #[serde(rename = "item")]
    reviews: [&'a ClaimReview<'a>; 1],
}

/// The beginning of the feed, up to its first element.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Feed<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    name: String,
    description: String,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'a str>,
    in_language: &'a str,
    data_feed_element: [(); 0],
}

/// Begins the feed: everything up to its first element.
///
/// # Errors
/// None: memory takes everything.
pub(super) fn begin(site: &Site, to: &mut Vec<u8>) -> serde_json::Result<()> {
    let feed = Feed {
        context: CONTEXT,
        kind: "DataFeed",
        name: format!("Fact-checks by {}", site.name),
        description: described(site),
        url: site.url("/export/claimreview"),
        license: site.licence.as_deref(),
        in_language: &site.language,
        data_feed_element: [],
    };
    serde_json::to_writer(&mut *to, &feed)?;
    to.truncate(to.len() - END.len());
    Ok(())
}

/// How a desk decides, and of which state of its record of changes an export is.
#[must_use]
pub fn described(site: &Site) -> String {
    match site.head.as_str() {
        "" => method(site).to_owned(),
        head => format!("{} Head of its record of changes: {head}", method(site)),
    }
}

/// How a desk decides, in a sentence that every export carries.
#[must_use]
pub fn method(site: &Site) -> &'static str {
    match site.rules.mode {
        Mode::Single => {
            "One person at this desk may decide and publish alone; each review says whether one did."
        }
        Mode::SecondPerson => "Every verdict is drafted by one person and approved by another.",
        Mode::Blind => {
            "Several people assess every claim without seeing each other's ratings; where they differ, an adjudicator \
             decides. Another person approves the words."
        }
        Mode::Panel => {
            "Every verdict is voted on by a panel; where no majority is found, an adjudicator decides."
        }
    }
}

/// Adds a claim to the feed, if there is a review of it.
pub(super) fn write(
    site: &Site,
    record: &ClaimRecord,
    first: &mut bool,
    to: &mut Vec<u8>,
) -> serde_json::Result<()> {
    let Some(review) = ClaimReview::of(site, record, Profile::Strict) else { return Ok(()) };
    let (Some(created), Some(modified)) = (record.first_published(), record.last_changed()) else {
        return Ok(());
    };
    if !std::mem::take(first) {
        to.extend_from_slice(b",\n");
    }
    let item = Item {
        kind: "DataFeedItem",
        date_created: Instant(created),
        date_modified: Instant(modified),
        url: &review.url,
        reviews: [&review],
    };
    serde_json::to_writer(to, &item)
}

/// What the feed ends with.
pub(super) const END: &[u8] = b"]}";

#[cfg(test)]
mod tests;
