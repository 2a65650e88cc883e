//! W3C Web Annotation: each mark in an article, with what was decided about it.
//!
//! The model is <https://www.w3.org/TR/annotation-model/>. A statement that was judged is `assessing`; one that waits is
//! `highlighting`. Everything is in bodies: keys of our own would be lost when somebody expands the document.

use serde::{Serialize, Serializer};

use super::{Appearance, ClaimRecord, Evidence, Instant, Mark, Site, Verdict};
use crate::id::{AppearanceId, ClaimId};
use crate::reviews::Method;

const CONTEXT: &str = "http://www.w3.org/ns/anno.jsonld";
/// What an annotation and a collection are served as: section 4.1 of <https://www.w3.org/TR/annotation-protocol/>.
pub const MEDIA_TYPE: &str = "application/ld+json; profile=\"http://www.w3.org/ns/anno.jsonld\"";
/// What is said of a verdict that nobody else looked at.
const ALONE: &str = "Decided by one person alone.";

/// A mark and what is known about it.
#[derive(Debug, Serialize)]
pub struct Annotation<'a> {
    #[serde(rename = "@context", skip_serializing_if = "Option::is_none")]
    context: Option<&'static str>,
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    motivation: &'static str,
    created: Instant,
    modified: Instant,
    creator: Agent<'a>,
    generator: Agent<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rights: Option<&'a str>,
    canonical: Canonical,
    body: Vec<Body<'a>>,
    target: Target<'a>,
}

#[derive(Debug, Serialize)]
struct Agent<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'a str,
}

/// By this name our own annotation is found again, wherever it comes back from.
#[derive(Debug)]
struct Canonical(AppearanceId);

impl Serialize for Canonical {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("urn:uuid:{}", self.0))
    }
}

#[derive(Debug, Serialize)]
#[serde(tag = "type")]
enum Body<'a> {
    TextualBody {
        purpose: &'static str,
        value: std::borrow::Cow<'a, str>,
        format: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        language: Option<&'a str>,
    },
    SpecificResource {
        purpose: &'static str,
        source: std::borrow::Cow<'a, str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        selector: Option<Selector<'a>>,
    },
}

#[derive(Debug, Serialize)]
struct Target<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    source: String,
    selector: [Selector<'a>; 2],
    /// The page that the text is from.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type")]
enum Selector<'a> {
    TextQuoteSelector {
        exact: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        prefix: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        suffix: Option<&'a str>,
    },
    TextPositionSelector {
        start: i32,
        end: i32,
    },
}

impl<'a> Annotation<'a> {
    /// The annotation of one appearance; none for a bare address, which has no words.
    #[must_use]
    pub fn of(site: &'a Site, record: &'a ClaimRecord, appearance: &'a Appearance) -> Option<Self> {
        let mark = appearance.mark.as_ref()?;
        let judged = record.verdict().is_some();
        let modified = record.last_changed().unwrap_or(appearance.created_at).max(appearance.created_at);
        Some(Self {
            context: None,
            id: site.annotation(appearance.id),
            kind: "Annotation",
            motivation: if judged { "assessing" } else { "highlighting" },
            created: Instant(appearance.created_at),
            modified: Instant(modified),
            creator: Agent { id: site.home(), kind: "Organization", name: &site.name },
            generator: Agent { id: format!("{}/", site.base.as_str()), kind: "Software", name: "Factdesk" },
            rights: site.licence.as_deref(),
            canonical: Canonical(appearance.id),
            body: bodies(site, record),
            target: target(site, mark),
        })
    }

    /// The same as a document of its own.
    #[must_use]
    pub fn document(self) -> Self {
        Self { context: Some(CONTEXT), ..self }
    }
}

fn target<'a>(site: &Site, mark: &'a Mark) -> Target<'a> {
    let context = |words: &'a str| (!words.is_empty()).then_some(words);
    let quote = Selector::TextQuoteSelector {
        exact: &mark.exact,
        prefix: context(&mark.prefix),
        suffix: context(&mark.suffix),
    };
    Target {
        kind: "SpecificResource",
        source: site.version(mark.article.id, mark.article.version),
        selector: [quote, Selector::TextPositionSelector { start: mark.start, end: mark.end }],
        scope: mark.article.url.as_deref(),
    }
}

/// What the claim is, what was decided, and on what it rests.
fn bodies<'a>(site: &'a Site, record: &'a ClaimRecord) -> Vec<Body<'a>> {
    let language = Some(record.language.as_str()).filter(|language| *language != "und");
    let ours = Some(site.language.as_str());
    let mut bodies = vec![
        text("identifying", &record.claim_reviewed, language),
        resource("identifying", site.claim(record.id)),
    ];
    bodies.extend(record.topics.iter().map(|topic| text("tagging", topic, ours)));
    match record.verdict() {
        Some(_) if record.is_retracted() => {
            let why = record.corrections.last().map_or("", |correction| correction.public_note.as_str());
            bodies.push(text("describing", format!("This review was retracted. {why}"), ours));
        }
        Some(verdict) => {
            bodies.extend(decision(site, record.id, verdict, ours));
            bodies.extend(record.evidence.iter().map(|evidence| cited(evidence, ours)));
        }
        None => {}
    }
    bodies
}

fn decision<'a>(
    site: &Site,
    claim: ClaimId,
    verdict: &'a Verdict,
    language: Option<&'a str>,
) -> impl Iterator<Item = Body<'a>> {
    let alone = verdict.method == Method::Single;
    [
        verdict.rating.label().map(|label| text("classifying", label, language)),
        Some(resource("classifying", site.verdict(claim, verdict.number))),
        Some(text("describing", &verdict.one_line, language)),
        Some(text("describing", &verdict.rationale, language)),
        alone.then(|| text("describing", ALONE, language)),
    ]
    .into_iter()
    .flatten()
}

fn cited<'a>(evidence: &'a Evidence, language: Option<&'a str>) -> Body<'a> {
    let Some(url) = &evidence.source.url else { return text("linking", evidence.source.name(), language) };
    let quote = |exact: &'a String| Selector::TextQuoteSelector { exact, prefix: None, suffix: None };
    Body::SpecificResource {
        purpose: "linking",
        source: url.as_str().into(),
        selector: evidence.exact.as_ref().map(quote),
    }
}

fn text<'a>(
    purpose: &'static str,
    value: impl Into<std::borrow::Cow<'a, str>>,
    language: Option<&'a str>,
) -> Body<'a> {
    Body::TextualBody { purpose, value: value.into(), format: "text/plain", language }
}

fn resource<'a>(purpose: &'static str, source: String) -> Body<'a> {
    Body::SpecificResource { purpose, source: source.into(), selector: None }
}

/// All annotations in one document: a collection with its only page in it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Collection<'a> {
    #[serde(rename = "@context", skip_serializing_if = "Option::is_none")]
    context: Option<&'static str>,
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    label: &'a str,
    total: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rights: Option<&'a str>,
    last: &'a str,
    first: First<'a>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum First<'a> {
    Named(&'a str),
    Whole(Box<Page<'a>>),
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    part_of: Collection<'a>,
    start_index: i64,
    items: [(); 0],
}

/// Begins the collection: everything up to its first annotation.
///
/// # Errors
/// None: memory takes everything.
pub(super) fn begin(site: &Site, total: i64, to: &mut Vec<u8>) -> serde_json::Result<()> {
    let id = &site.url("/export/annotations");
    let page = &format!("{id}#page");
    let label = &format!("Statements that {} marked in articles", site.name);
    let collection = |context, summary, rights, first| Collection {
        context,
        id,
        kind: "AnnotationCollection",
        label,
        total,
        summary,
        rights,
        last: page,
        first,
    };
    let whole = Page {
        id: page,
        kind: "AnnotationPage",
        part_of: collection(None, None, None, First::Named(page)),
        start_index: 0,
        items: [],
    };
    let method = super::claimreview::described(site);
    let method = Some(method.as_str());
    let all = collection(Some(CONTEXT), method, site.licence.as_deref(), First::Whole(Box::new(whole)));
    serde_json::to_writer(&mut *to, &all)?;
    to.truncate(to.len() - END.len());
    Ok(())
}

/// Adds the annotations of a claim.
pub(super) fn write(
    site: &Site,
    record: &ClaimRecord,
    first: &mut bool,
    to: &mut Vec<u8>,
) -> serde_json::Result<()> {
    let annotations = record.appearances.iter().filter_map(|made| Annotation::of(site, record, made));
    for annotation in annotations {
        if !std::mem::take(first) {
            to.extend_from_slice(b",\n");
        }
        serde_json::to_writer(&mut *to, &annotation)?;
    }
    Ok(())
}

/// What the collection ends with.
pub(super) const END: &[u8] = b"]}}";

#[cfg(test)]
mod tests;
