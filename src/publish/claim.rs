//! A claim's public page: the verdict, what was said where, on what it rests, and what was corrected.

use std::collections::{HashMap, HashSet};

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use sqlx::PgPool;

use super::changed::{Changed, changed};
use super::reader;
use super::store::references;
use crate::auth::Viewer;
use crate::base_url::BaseUrl;
use crate::contacts::{self, Contact};
use crate::db::{Pool, snapshot};
use crate::editing::diff::Piece;
use crate::error::{Error, Result};
use crate::evidence::AsOf;
use crate::evidence::copies::{self, Kept, Link};
use crate::evidence::outside::{self, Provider};
use crate::evidence::quotes::{CellPlace, Locators, Time};
use crate::exchange::claimreview::{ClaimReview, Profile};
use crate::exchange::store::{self, Head, Loader};
use crate::exchange::{
    Appearance, ClaimRecord, Correction, Evidence, JsonScript, Rating, Scope, Site, Source, Verdict,
};
use crate::id::{AppearanceId, ClaimId, EvidenceId, SourceId};
use crate::reports;
use crate::reviews;
use crate::reviews::precedents::Departure;
use crate::reviews::{CorrectionKind, Method, iso, long};
use crate::text::dates::PartialDate;
use crate::web::{Shell, clock};

/// The public page of a claim, for whoever may see no more than that.
///
/// # Errors
/// [`Error::NotFound`] when the claim is not public.
pub async fn claim(
    request: &HttpRequest,
    viewer: &Viewer,
    pool: &PgPool,
    claim: ClaimId,
    as_of: AsOf,
) -> Result<HttpResponse> {
    let state = store::state(&mut *pool.acquire().await?, viewer.desk.id).await?;
    if let Some(unchanged) = reader::unchanged(request, viewer, &state) {
        return Ok(unchanged);
    }
    let read = Read::new(request, viewer, pool, claim, as_of).await?;
    let json = ClaimReview::of(&read.site, &read.record, Profile::Strict)
        .map(|review| JsonScript::new(&review))
        .transpose()?;
    let links = links(&read.site, &read.record);
    let Read {
        site,
        record,
        head,
        references,
        contacts,
        answers,
        by_readers,
        departures,
        kept,
        gives_copies,
        outside,
    } = read;
    let shown = ClaimPage {
        shell: Shell::new(viewer),
        site,
        record,
        as_of,
        json,
        head,
        references,
        contacts,
        answers,
        by_readers,
        departures,
        kept,
        gives_copies,
        outside,
    };
    reader::page(request, viewer, &shown.head.state, &links, &shown)
}

/// A verdict as it was published, whether it still counts or not.
#[get("/{desk}/claims/{claim}/verdicts/{number}")]
pub(super) async fn one_verdict(
    request: HttpRequest,
    path: Path<(String, ClaimId, i32)>,
    viewer: Viewer,
    pool: Pool,
) -> Result<HttpResponse> {
    let (_, claim, number) = path.into_inner();
    let state = store::state(&mut *pool.acquire().await?, viewer.desk.id).await?;
    if let Some(unchanged) = reader::unchanged(&request, &viewer, &state) {
        return Ok(unchanged);
    }
    let mut read = Read::new(&request, &viewer, &pool, claim, AsOf::Now).await?;
    let at = read.record.verdicts.iter().position(|verdict| verdict.number == number);
    let at = at.ok_or(Error::NotFound("verdict"))?;
    let is_current = at + 1 == read.record.verdicts.len() && !read.record.is_retracted();
    let at_correction =
        read.record.corrections.iter().position(|correction| correction.from_verdict == number);
    let shown = VerdictPage {
        shell: Shell::new(&viewer),
        verdict: read.record.verdicts.swap_remove(at),
        replaced: at_correction.map(|at| read.record.corrections.swap_remove(at)),
        is_current,
        site: read.site,
        record: read.record,
    };
    reader::page(&request, &viewer, &read.head.state, &[], &shown)
}

/// What a public page of one claim is made from.
pub(super) struct Read {
    pub(super) site: Site,
    pub(super) record: ClaimRecord,
    pub(super) head: Head,
    /// The numbers of its marks on the pages of their articles.
    references: HashMap<AppearanceId, i64>,
    /// Who was asked for comment.
    contacts: Vec<Contact>,
    /// What readers wrote and the desk answered in public.
    answers: Vec<reports::store::Published>,
    /// The verdicts that were corrected because a reader wrote.
    pub(super) by_readers: HashSet<i32>,
    /// Claims that say nearly the same and were rated otherwise, and why.
    departures: Vec<Departure>,
    /// How far the keeping of what is cited is.
    kept: HashMap<SourceId, Kept>,
    /// Whether readers get the copies.
    gives_copies: bool,
    /// Where its sources can be read in archives outside.
    outside: HashMap<SourceId, Vec<(Provider, String)>>,
}

impl Read {
    pub(super) async fn new(
        request: &HttpRequest,
        viewer: &Viewer,
        pool: &PgPool,
        claim: ClaimId,
        as_of: AsOf,
    ) -> Result<Self> {
        let base = BaseUrl::of(request).clone();
        let (slug, member) = (viewer.desk.slug.clone(), viewer.is_member());
        snapshot(pool, async move |conn| {
            let site = store::site(conn, &base, &slug).await?;
            let mut found = Loader::one(site.desk, Scope::Public, claim).as_of(as_of).batch(conn).await?;
            let record = found.pop().ok_or(Error::NotFound("claim"))?;
            let head = store::head(conn, site.desk).await?;
            let references = references(conn, site.desk, claim, member).await?;
            let mut contacts = contacts::store::of_claim(conn, site.desk, claim).await?;
            contacts.retain(|contact| contact.removed_at.is_none());
            let answers = reports::store::published(conn, site.desk, claim).await?;
            let by_readers = reports::store::by_requests(conn, site.desk, claim).await?;
            let departures = match record.verdict() {
                Some(verdict) => reviews::store::departures(conn, site.desk, claim, verdict.number).await?,
                None => Vec::new(),
            };
            let sources: Vec<SourceId> = record.evidence.iter().map(|evidence| evidence.source.id).collect();
            let kept = copies::store::of_sources(conn, site.desk, &sources).await?;
            let gives_copies = !record.is_retracted() && copies::store::are_public(conn, site.desk).await?;
            let outside = outside::store::of_claim(conn, site.desk, claim).await?;
            Ok(Self {
                site,
                record,
                head,
                references,
                contacts,
                answers,
                by_readers,
                departures,
                kept,
                gives_copies,
                outside,
            })
        })
        .await
    }
}

/// Where machines find what (<https://signposting.org/FAIR/>).
fn links(site: &Site, record: &ClaimRecord) -> Vec<String> {
    let page = site.claim(record.id);
    let mut links = vec![
        format!("<{page}>; rel=\"cite-as\""),
        format!("<{}>; rel=\"author\"", site.home()),
        "<https://schema.org/AboutPage>; rel=\"type\"".to_owned(),
    ];
    if !record.is_retracted() {
        links.push("<https://schema.org/ClaimReview>; rel=\"type\"".to_owned());
        links.push(format!("<{page}.jsonld>; rel=\"describedby\"; type=\"application/ld+json\""));
    }
    links.extend(site.licence.iter().map(|licence| format!("<{licence}>; rel=\"license\"")));
    links
}

#[derive(Template)]
#[template(path = "publish/claim.html")]
struct ClaimPage {
    shell: Shell,
    site: Site,
    record: ClaimRecord,
    /// Which evidence is shown.
    as_of: AsOf,
    json: Option<JsonScript>,
    head: Head,
    references: HashMap<AppearanceId, i64>,
    contacts: Vec<Contact>,
    answers: Vec<reports::store::Published>,
    by_readers: HashSet<i32>,
    departures: Vec<Departure>,
    kept: HashMap<SourceId, Kept>,
    gives_copies: bool,
    outside: HashMap<SourceId, Vec<(Provider, String)>>,
}

impl ClaimPage {
    /// What became of the address of what is cited, and its copy.
    fn kept(&self, source: &SourceId) -> Option<&Kept> {
        self.kept.get(source)
    }

    /// The address of a copy, for those who get it.
    fn copy(&self, kept: &Kept) -> Option<String> {
        let copy = kept.copy.as_ref().filter(|_| self.gives_copies || self.shell.member)?;
        Some(self.shell.path(&format!("/sources/{}/copies/{}", kept.source, copy.id)))
    }

    /// Where a source can be read in archives outside.
    fn outside(&self, evidence: &Evidence) -> &[(Provider, String)] {
        self.outside.get(&evidence.source.id).map_or(&[], Vec::as_slice)
    }

    fn url(&self) -> String {
        self.site.claim(self.record.id)
    }

    /// What a list of links shows under the title.
    fn description(&self) -> String {
        match self.record.verdict() {
            Some(_) if self.record.is_retracted() => "This review was retracted.".to_owned(),
            Some(verdict) => match verdict.rating.label() {
                Some(label) => format!("{label}: {}", verdict.one_line),
                None => verdict.one_line.clone(),
            },
            None => String::new(),
        }
    }

    fn published(&self) -> Option<String> {
        self.record.first_published().map(clock::iso)
    }

    fn changed(&self) -> Option<String> {
        self.record.last_changed().map(clock::iso)
    }

    /// What was corrected, newest first. The retraction has a notice of its own.
    fn corrections(&self) -> impl Iterator<Item = &Correction> {
        self.record
            .corrections
            .iter()
            .rev()
            .filter(|correction| correction.kind != CorrectionKind::Retraction)
    }

    /// What a correction changed, word by word.
    fn parts(&self, correction: &Correction) -> Vec<Changed> {
        changed(&self.record.verdicts, correction).unwrap_or_default()
    }

    /// Whether a reader asked for it.
    fn is_by_reader(&self, correction: &Correction) -> bool {
        self.by_readers.contains(&correction.from_verdict)
    }

    fn retraction(&self) -> Option<&Correction> {
        self.record.corrections.iter().find(|correction| correction.kind == CorrectionKind::Retraction)
    }

    /// The verdicts, newest first, each with why it was replaced.
    fn history(&self) -> impl Iterator<Item = (&Verdict, Option<&Correction>)> {
        self.record.verdicts.iter().rev().map(|verdict| {
            let replaced = |correction: &&Correction| correction.from_verdict == verdict.number;
            (verdict, self.record.corrections.iter().find(replaced))
        })
    }

    /// The numbers and names of pieces of evidence on this page.
    fn on_page(&self, ids: &[EvidenceId]) -> Vec<(usize, &Evidence)> {
        let numbered =
            self.record.evidence.iter().enumerate().filter(|(_, evidence)| ids.contains(&evidence.id));
        numbered.map(|(at, evidence)| (at + 1, evidence)).collect()
    }

    /// Where the words stand in the article, if the viewer can read it.
    fn reading(&self, made: &Appearance) -> Option<String> {
        let article = &made.mark.as_ref()?.article;
        let number = self.references.get(&made.id)?;
        let page = format!("/articles/{}/versions/{}#r{number}", article.id, article.version);
        Some(self.shell.path(&page))
    }
}

#[derive(Template)]
#[template(path = "publish/verdict.html")]
struct VerdictPage {
    shell: Shell,
    site: Site,
    record: ClaimRecord,
    verdict: Verdict,
    replaced: Option<Correction>,
    is_current: bool,
}

impl VerdictPage {
    fn page(&self) -> String {
        self.shell.path(&format!("/claims/{}", self.record.id))
    }
}

/// The classes that draw a rating.
fn class(rating: &Rating) -> String {
    rating.value().map(crate::scales::RatingValue::class).unwrap_or_default()
}

/// How a decision came about, in a sentence.
fn decided(method: Method) -> &'static str {
    match method {
        Method::TwoPerson => "Decided by two people: one drafted it, another approved it",
        Method::Single => "Decided by one person alone",
        Method::Blind => "Decided by several people who assessed it without seeing each other’s ratings",
        Method::Panel => "Decided by the vote of a panel",
        Method::Adjudicated => "Decided by an adjudicator, after several people had assessed it and differed",
    }
}

/// How many gave which rating, where several people rated, as in `2 × False, 1 × Half true`.
fn tally(verdict: &Verdict) -> Option<String> {
    let tally = verdict.tally.as_ref()?;
    let mut counts: Vec<_> = tally.iter().collect();
    counts.sort_by_key(|(_, times)| std::cmp::Reverse(**times));
    let counts: Vec<_> =
        counts.into_iter().map(|(code, times)| format!("{times} × {}", label_of(verdict, code))).collect();
    Some(counts.join(", "))
}

/// A rating of the verdict's scale, by its code, in words.
fn label_of(verdict: &Verdict, code: &str) -> String {
    verdict.rating.scale.value(code).map_or_else(|| code.to_owned(), |value| value.label.clone())
}

/// The classes that draw a rating of the verdict's scale.
fn class_of(verdict: &Verdict, code: &str) -> String {
    verdict.rating.scale.value(code).map(crate::scales::RatingValue::class).unwrap_or_default()
}

/// The parts of a text that empty lines part.
fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty())
}

/// For the `datetime` attribute, which takes days, months and years; nothing for a period.
fn datetime(date: PartialDate) -> Option<String> {
    if matches!(date, PartialDate::Range(_)) { None } else { date.to_iso() }
}

/// The address of a source at the words that are quoted from it, where a browser can find them
/// (<https://wicg.github.io/scroll-to-text-fragment/>).
fn at_words(source: &Source, exact: Option<&str>) -> Option<String> {
    let url = source.url.as_deref()?;
    let Some(exact) = exact.filter(|_| !url.contains('#')) else { return Some(url.to_owned()) };
    let words: Vec<&str> = exact.split_whitespace().collect();
    let encoded = |words: &[&str]| -> String {
        let text = words.join(" ");
        let bytes = url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        // A blank is not a plus here, and a dash means something.
        bytes.replace('+', "%20").replace('-', "%2D")
    };
    let fragment = if words.len() > 12 {
        format!("{},{}", encoded(&words[..5]), encoded(&words[words.len() - 5..]))
    } else {
        encoded(&words)
    };
    Some(format!("{url}#:~:text={fragment}"))
}

/// Where in the document the words stand.
fn places(evidence: &Evidence) -> Vec<String> {
    let place = evidence.place;
    let cell = place.cell.map(|cell| CellPlace { table: cell.table, row: cell.row, column: cell.column });
    let time = place.time_from_ms.map(|from_ms| Time { from_ms, to_ms: place.time_to_ms });
    Locators { page: place.page, time, cell }.words()
}

/// The address of what is cited.
fn cited(evidence: &Evidence) -> Option<String> {
    at_words(&evidence.source, evidence.exact.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Access;

    fn source(url: &str) -> Source {
        Source {
            id: SourceId::new(),
            url: Some(url.to_owned()),
            title: None,
            publisher: None,
            authors: Vec::new(),
            published: PartialDate::Unknown,
            modified: PartialDate::Unknown,
            language: None,
            doi: None,
            isbn: None,
            canonical_url: None,
            class: None,
            medium: None,
            access: Access::Open,
            independence: String::new(),
            interest: String::new(),
            description: String::new(),
        }
    }

    #[test]
    fn a_link_to_a_source_leads_to_the_quoted_words() {
        let page = source("https://stats.example/2023");
        assert_eq!(
            at_words(&page, Some("2,913,400 t – up 5-fold & more")).unwrap(),
            "https://stats.example/2023#:~:text=2%2C913%2C400%20t%20%E2%80%93%20up%205%2Dfold%20%26%20more"
        );
        let long = "one two three four five six seven eight nine ten eleven twelve thirteen";
        assert_eq!(
            at_words(&page, Some(long)).unwrap(),
            "https://stats.example/2023#:~:text=one%20two%20three%20four%20five,nine%20ten%20eleven%20twelve%20thirteen"
        );
        assert_eq!(at_words(&page, None).unwrap(), "https://stats.example/2023");
        assert_eq!(at_words(&source("https://a.example/#x"), Some("y")).unwrap(), "https://a.example/#x");
    }

    #[test]
    fn empty_lines_part_paragraphs() {
        assert_eq!(paragraphs("One.\nTwo.\n\n\n Three. \n\n").collect::<Vec<_>>(), ["One.\nTwo.", "Three."]);
    }
}
