//! The sample content is whole, and shows what the issue asks a demo to show.

mod judging;
mod places;
mod quotes;

use std::collections::BTreeSet;

use time::Date;
use url::Url;

use super::{
    At, CONTENT, Claim, Content, DATASET, Dated, Draft, Evidence, Publication, Quote, Stage, Verdict,
};

impl Claim {
    fn drafts(&self) -> Vec<&Draft> {
        match &self.stage {
            Stage::Marked | Stage::Declined { .. } | Stage::Duplicate { .. } => Vec::new(),
            Stage::Researching { returned, .. } => returned.iter().map(|returned| &returned.draft).collect(),
            Stage::InReview { draft } | Stage::Decided { draft, .. } => vec![draft],
            Stage::Assessed(assessed) => assessed.verdict.iter().map(|verdict| &verdict.draft).collect(),
            Stage::Published(publication) => publication.verdicts().map(|verdict| &verdict.draft).collect(),
        }
    }

    pub(in crate::demo) fn all_evidence(&self) -> impl Iterator<Item = &Evidence> {
        let added = match &self.stage {
            Stage::Published(publication) => {
                publication.correction.as_ref().map(|correction| &correction.evidence)
            }
            _ => None,
        };
        self.evidence.iter().chain(added.into_iter().flatten())
    }

    fn publication(&self) -> Option<&Publication> {
        match &self.stage {
            Stage::Published(publication) => Some(publication),
            _ => None,
        }
    }

    fn quotes(&self) -> impl Iterator<Item = &Quote> {
        self.appearances.iter().filter_map(|appearance| match &appearance.at {
            At::Passage(quote) => Some(quote),
            At::Url(_) => None,
        })
    }
}

impl Publication {
    fn verdicts(&self) -> impl Iterator<Item = &Verdict> {
        [&self.verdict].into_iter().chain(self.correction.as_ref().map(|correction| &correction.verdict))
    }
}

/// A set of keys, each of which may be there once.
fn keys<'a>(all: impl Iterator<Item = &'a String>) -> BTreeSet<&'a str> {
    let mut keys = BTreeSet::new();
    for key in all {
        assert!(keys.insert(key.as_str()), "{key} is there twice");
    }
    keys
}

/// The codes of the values of the desk's scale.
fn ratings(content: &Content) -> BTreeSet<String> {
    let presets: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../../../presets/scales.json")).unwrap();
    let scale = presets.iter().find(|preset| preset["code"] == *content.desk.scale).unwrap();
    scale["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value["code"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn every_key_leads_somewhere() {
    for content in [&*CONTENT, &*DATASET] {
        follow_keys(content);
    }
}

fn follow_keys(content: &Content) {
    let articles = keys(content.articles.iter().map(|article| &article.key));
    let agents = keys(content.agents.iter().map(|agent| &agent.key));
    let sources = keys(content.sources.iter().map(|source| &source.key));
    let claims = keys(content.claims.iter().map(|claim| &claim.key));
    assert!(content.revisions.iter().all(|revision| articles.contains(revision.article.as_str())));
    let mut used = BTreeSet::new();

    used.extend(content.articles.iter().map(|article| article.publisher.as_str()));
    used.extend(content.sources.iter().filter_map(|source| source.publisher.as_deref()));
    for claim in &content.claims {
        for speaker in claim.appearances.iter().flat_map(|appearance| &appearance.speakers) {
            used.insert(speaker.agent.as_str());
        }
        assert!(claim.quotes().all(|quote| articles.contains(quote.article.as_str())), "{}", claim.key);
        assert!(
            claim.all_evidence().all(|evidence| sources.contains(evidence.source.as_str())),
            "{}",
            claim.key
        );
        if let Stage::Duplicate { of, .. } = &claim.stage {
            assert!(claims.contains(of.as_str()), "{of}");
        }
    }

    assert_eq!(used, agents);
}

#[test]
fn every_rating_is_of_the_desks_scale_and_each_of_them_is_published() {
    let content = &*CONTENT;
    let ratings = ratings(content);

    for draft in content.claims.iter().flat_map(Claim::drafts) {
        assert!(ratings.contains(&draft.rating), "{}", draft.rating);
    }
    let published = content.claims.iter().filter_map(Claim::publication).flat_map(Publication::verdicts);
    assert_eq!(published.map(|verdict| verdict.draft.rating.clone()).collect::<BTreeSet<_>>(), ratings);
}

#[test]
fn a_source_need_not_be_on_the_web() {
    let content = &*CONTENT;
    let offline: BTreeSet<&str> = content
        .sources
        .iter()
        .filter(|source| source.url.is_none())
        .map(|source| source.medium.as_str())
        .collect();

    assert_eq!(offline, BTreeSet::from(["document", "interview"]));
}

#[test]
fn every_precision_of_a_date_is_there() {
    let content = &*CONTENT;
    let said = content.claims.iter().flat_map(|claim| &claim.appearances).map(|appearance| appearance.said);
    let published = content.sources.iter().map(|source| source.published);
    let mut precisions = BTreeSet::new();
    for dated in said.chain(published) {
        precisions.insert(match dated {
            Dated::Day(_) => "day",
            Dated::Month { year, month } => {
                let month = time::Month::try_from(month).unwrap();
                assert!(Date::from_calendar_date(year, month, 1).is_ok());
                "month"
            }
            Dated::Year(_) => "year",
            Dated::Range { from, to } => {
                assert!(from < to);
                "range"
            }
            Dated::Unknown => "unknown",
        });
    }

    assert_eq!(precisions, BTreeSet::from(["day", "month", "range", "unknown", "year"]));
}

/// Search engines advise fewer than 75 characters: <https://developers.google.com/search/docs/appearance/structured-data/factcheck>.
#[test]
fn a_claim_in_words_is_short() {
    for claim in CONTENT.claims.iter().chain(&DATASET.claims) {
        assert!(claim.claim_reviewed.chars().count() < 75, "{}", claim.claim_reviewed);
    }
}

#[test]
fn every_address_is_one_that_nobody_can_have() {
    let content = &*CONTENT;
    let files = content.articles.iter().map(|article| article.file.read());
    let files = files.chain(content.revisions.iter().map(|revision| revision.file.read()));
    let mut addresses = 0;
    let desks = [include_str!("../../../demo/desk.json"), include_str!("../../../demo/dataset.json")];
    for text in files.chain(desks) {
        for (start, _) in text.match_indices("http") {
            let rest = &text[start..];
            let end = rest.find(|c: char| c.is_whitespace() || "\"<>)".contains(c)).unwrap_or(rest.len());
            let url = Url::parse(&rest[..end]).unwrap();
            let host = url.host_str().unwrap();
            assert!(
                ["example.com", "example.net", "example.org"]
                    .iter()
                    .any(|domain| host.ends_with(&format!(".{domain}"))),
                "{url}"
            );
            assert_eq!(url.scheme(), "https");
            addresses += 1;
        }
    }
    assert!(addresses > 20);
}
