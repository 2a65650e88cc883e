//! Every address there is, and who may do what it does: tried as every role at two desks, as a stranger and as nobody.

use std::{collections::BTreeSet, fs, path::Path};

use factdesk::auth::{
    Permission, Role,
    permission::{
        AddArticle, CiteEvidence, Discuss, DraftVerdict, LogContact, LookAtReports, ManageDesk, ManageScales,
        MarkClaim, Publish, ReadDesk, ReadDrafts, ReadRecord, ReadReports, ReviewVerdict, SortClaim, Train,
        WriteGuidelines,
    },
};
use reqwest::Method;
use uuid::Uuid;

use crate::harness::{Browser, Page, Server};

/// Who gets to the point where the thing itself is looked up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Who {
    /// Everybody: what it answers depends on nothing but the address.
    Everybody,
    /// Everybody may ask; what is not public is for members, and for others as if it were not there.
    Shown,
    /// Whoever is signed in.
    Person,
    /// Members of the desk with one of these roles.
    May(&'static [Role]),
}

use Who::{Everybody, May, Person, Shown};

/// Every address. A new one has its line here, or a test fails.
#[rustfmt::skip]
pub const ADDRESSES: &[(&str, &str, Who)] = &[
    ("get", "/", Everybody),
    ("get", "/live", Everybody),
    ("get", "/ready", Everybody),
    ("get", "/static/{digest}/{path:.*}", Everybody),
    ("get", "/capture", Everybody),
    ("get", "/extension.zip", Everybody),
    ("get", "/{desk}/capture", Everybody),
    ("post", "/{desk}/capture", May(AddArticle::ROLES)),
    ("get", "/sign-in", Everybody),
    ("post", "/sign-in", Everybody),
    ("post", "/sign-out", Person),
    ("post", "/demo-sign-in", Everybody),
    ("get", "/setup/{token}", Everybody),
    ("post", "/setup/{token}", Everybody),
    ("get", "/new-password/{token}", Everybody),
    ("post", "/new-password/{token}", Everybody),
    ("get", "/invitations/{token}", Everybody),
    ("post", "/invitations/{token}/account", Everybody),
    ("post", "/invitations/{token}/acceptance", Person),
    ("get", "/account", Person),
    ("post", "/account/name", Person),
    ("post", "/account/password", Person),
    ("post", "/account/other-sessions/end", Person),
    ("post", "/account/erasure", Person),
    ("get", "/desks/new", Person),
    ("post", "/desks", Person),
    ("get", "/api/v1/desks/{desk}/agents", May(ReadDesk::ROLES)),
    ("get", "/api/v1/desks/{desk}/agents/{agent}", Shown),
    ("get", "/api/v1/desks/{desk}/claims", Shown),
    ("get", "/api/v1/desks/{desk}/claims/{claim}", Shown),
    ("patch", "/api/v1/desks/{desk}/claims/{claim}", May(MarkClaim::ROLES)),
    ("get", "/{desk}/agents", May(ReadDesk::ROLES)),
    ("get", "/{desk}/agents/{agent}", Shown),
    ("post", "/{desk}/agents/{agent}", May(MarkClaim::ROLES)),
    ("post", "/{desk}/agents/{agent}/merger", May(SortClaim::ROLES)),
    ("post", "/{desk}/agents/{agent}/separation", May(SortClaim::ROLES)),
    ("post", "/{desk}/agents/{agent}/undo", May(MarkClaim::ROLES)),
    ("get", "/{desk}/articles", Shown),
    ("post", "/{desk}/articles", May(AddArticle::ROLES)),
    ("get", "/{desk}/articles/new", May(AddArticle::ROLES)),
    ("get", "/{desk}/articles/{article}/details", May(AddArticle::ROLES)),
    ("post", "/{desk}/articles/{article}/details", May(AddArticle::ROLES)),
    ("post", "/{desk}/articles/{article}/details/undo", May(AddArticle::ROLES)),
    ("get", "/{desk}/articles/{article}/live", Shown),
    ("get", "/{desk}/articles/{article}/versions", Shown),
    ("get", "/{desk}/articles/{article}/versions/compare", Shown),
    ("get", "/{desk}/articles/{article}/versions/{number}/compare/{with}", Shown),
    ("get", "/{desk}/articles/{article}/versions/new", May(AddArticle::ROLES)),
    ("post", "/{desk}/articles/{article}/versions", May(AddArticle::ROLES)),
    ("get", "/{desk}/articles/{article}/review", May(ReadDesk::ROLES)),
    ("post", "/{desk}/articles/{article}/review/{appearance}", May(MarkClaim::ROLES)),
    ("post", "/{desk}/articles/{article}/review/{appearance}/undo", May(MarkClaim::ROLES)),
    ("get", "/{desk}/snapshots/{snapshot}", May(ReadDesk::ROLES)),
    ("get", "/{desk}/articles/incoming/new", May(AddArticle::ROLES)),
    ("post", "/{desk}/articles/incoming", May(AddArticle::ROLES)),
    ("get", "/{desk}/articles/incoming/{intake}/progress", May(AddArticle::ROLES)),
    ("post", "/{desk}/articles/incoming/{intake}/fetch", May(AddArticle::ROLES)),
    ("get", "/{desk}/articles/{article}/fetches", May(ReadDesk::ROLES)),
    ("post", "/{desk}/articles/{article}/fetches", May(AddArticle::ROLES)),
    ("post", "/{desk}/articles/{article}/watch", May(AddArticle::ROLES)),
    ("post", "/{desk}/articles/{article}/watch/end", May(AddArticle::ROLES)),
    ("get", "/{desk}/feeds", May(ReadDesk::ROLES)),
    ("post", "/{desk}/feeds", May(AddArticle::ROLES)),
    ("post", "/{desk}/feeds/{feed}/look", May(AddArticle::ROLES)),
    ("post", "/{desk}/feeds/{feed}/end", May(AddArticle::ROLES)),
    ("get", "/{desk}/articles/incoming", May(ReadDesk::ROLES)),
    ("get", "/{desk}/articles/incoming/{intake}", May(AddArticle::ROLES)),
    ("post", "/{desk}/articles/incoming/{intake}/article", May(AddArticle::ROLES)),
    ("post", "/{desk}/articles/incoming/{intake}/dismissal", May(AddArticle::ROLES)),
    ("post", "/{desk}/articles/incoming/{intake}/restoration", May(AddArticle::ROLES)),
    ("get", "/{desk}/claims", Shown),
    ("post", "/{desk}/claims", May(MarkClaim::ROLES)),
    ("get", "/{desk}/claims/new", May(MarkClaim::ROLES)),
    ("get", "/{desk}/claims/{claim}", Shown),
    ("get", "/{desk}/claims/{claim}/history", May(ReadDesk::ROLES)),
    ("get", "/{desk}/claims/{claim}/history/compare", May(ReadDesk::ROLES)),
    ("get", "/{desk}/claims/{claim}/history/{event}", May(ReadDesk::ROLES)),
    ("get", "/{desk}/claims/{claim}/history/{event}/compare/{other}", May(ReadDesk::ROLES)),
    ("post", "/{desk}/claims/{claim}/history/{event}/restoration", May(MarkClaim::ROLES)),
    ("post", "/{desk}/claims/{claim}/undo", May(MarkClaim::ROLES)),
    ("post", "/{desk}/claims/{claim}/quotation", May(MarkClaim::ROLES)),
    ("post", "/{desk}/claims/{claim}", May(MarkClaim::ROLES)),
    ("post", "/{desk}/claims/{claim}/appearances", May(MarkClaim::ROLES)),
    ("post", "/{desk}/claims/{claim}/appearances/{appearance}", May(MarkClaim::ROLES)),
    ("post", "/{desk}/claims/{claim}/appearances/{appearance}/removal", May(MarkClaim::ROLES)),
    ("post", "/{desk}/claims/{claim}/appearances/{appearance}/restoration", May(MarkClaim::ROLES)),
    ("post", "/{desk}/claims/{claim}/appearances/{appearance}/speakers", May(MarkClaim::ROLES)),
    ("post", "/{desk}/claims/{claim}/assignee", May(DraftVerdict::ROLES)),
    ("post", "/{desk}/claims/{claim}/plan", May(DraftVerdict::ROLES)),
    ("post", "/{desk}/claims/{claim}/presence", May(MarkClaim::ROLES)),
    ("post", "/{desk}/claims/{claim}/presence/end", May(MarkClaim::ROLES)),
    ("post", "/{desk}/claims/{claim}/places", May(DraftVerdict::ROLES)),
    ("post", "/{desk}/claims/{claim}/places/release", May(ReviewVerdict::ROLES)),
    ("post", "/{desk}/claims/{claim}/declination", May(SortClaim::ROLES)),
    ("post", "/{desk}/claims/{claim}/distinction", May(SortClaim::ROLES)),
    ("post", "/{desk}/claims/{claim}/duplicate", May(SortClaim::ROLES)),
    ("post", "/{desk}/claims/{claim}/reopening", May(SortClaim::ROLES)),
    ("get", "/{desk}/claims/{claim}/judging", May(ReadDrafts::ROLES)),
    ("get", "/{desk}/claims/{claim}/rounds", May(ReadDrafts::ROLES)),
    ("post", "/{desk}/claims/{claim}/draft", May(DraftVerdict::ROLES)),
    ("post", "/{desk}/claims/{claim}/review-request", May(DraftVerdict::ROLES)),
    ("post", "/{desk}/claims/{claim}/review-withdrawal", May(DraftVerdict::ROLES)),
    ("post", "/{desk}/claims/{claim}/assessments", May(ReviewVerdict::ROLES)),
    ("post", "/{desk}/claims/{claim}/recusal", May(ReviewVerdict::ROLES)),
    ("get", "/{desk}/claims/{claim}/assessment", May(ReadDrafts::ROLES)),
    ("post", "/{desk}/claims/{claim}/assessment", May(ReviewVerdict::ROLES)),
    ("get", "/{desk}/claims/{claim}/adjudication", May(ReadDrafts::ROLES)),
    ("post", "/{desk}/claims/{claim}/adjudication", May(ReviewVerdict::ROLES)),
    ("get", "/{desk}/agents/{agent}/recusals", May(ReadDrafts::ROLES)),
    ("post", "/{desk}/agents/{agent}/recusals", May(ReviewVerdict::ROLES)),
    ("post", "/{desk}/agents/{agent}/recusals/end", May(ManageDesk::ROLES)),
    ("get", "/{desk}/settings/policy", May(ManageDesk::ROLES)),
    ("post", "/{desk}/settings/policy", May(ManageDesk::ROLES)),
    ("get", "/{desk}/settings/sources", May(ManageDesk::ROLES)),
    ("post", "/{desk}/settings/sources", May(ManageDesk::ROLES)),
    ("get", "/api/v1/desks/{desk}/policy", May(ReadDesk::ROLES)),
    ("put", "/api/v1/desks/{desk}/policy", May(ManageDesk::ROLES)),
    ("post", "/api/v1/desks/{desk}/claims/{claim}/review-withdrawal", May(DraftVerdict::ROLES)),
    ("get", "/api/v1/desks/{desk}/claims/{claim}/ratings", May(ReadDrafts::ROLES)),
    ("post", "/api/v1/desks/{desk}/claims/{claim}/ratings", May(ReviewVerdict::ROLES)),
    ("post", "/api/v1/desks/{desk}/claims/{claim}/adjudication", May(ReviewVerdict::ROLES)),
    ("post", "/api/v1/desks/{desk}/claims/{claim}/corrections", May(Publish::ROLES)),
    ("post", "/api/v1/desks/{desk}/claims/{claim}/retraction", May(Publish::ROLES)),
    ("post", "/api/v1/desks/{desk}/claims/{claim}/correction-withdrawal", May(Publish::ROLES)),
    ("post", "/api/v1/desks/{desk}/claims/{claim}/recusal", May(ReviewVerdict::ROLES)),
    ("post", "/api/v1/desks/{desk}/agents/{agent}/recusal", May(ReviewVerdict::ROLES)),
    ("delete", "/api/v1/desks/{desk}/agents/{agent}/recusal", May(ManageDesk::ROLES)),
    ("post", "/{desk}/claims/{claim}/publication", May(Publish::ROLES)),
    ("post", "/{desk}/claims/{claim}/corrections", May(Publish::ROLES)),
    ("post", "/{desk}/claims/{claim}/correction-withdrawal", May(Publish::ROLES)),
    ("post", "/{desk}/claims/{claim}/retraction", May(Publish::ROLES)),
    ("post", "/{desk}/articles/{article}/findings", May(MarkClaim::ROLES)),
    ("post", "/{desk}/articles/{article}/findings/{finding}/withdrawal", May(MarkClaim::ROLES)),
    ("get", "/{desk}/agreement", May(ReadDrafts::ROLES)),
    ("get", "/{desk}/agreement/ratings.csv", May(ReadDrafts::ROLES)),
    ("get", "/{desk}/agreement/ratings.jsonl", May(ReadDrafts::ROLES)),
    ("get", "/{desk}/agreement/marking", May(ReadDesk::ROLES)),
    ("get", "/{desk}/agreement/marking.csv", May(ReadDesk::ROLES)),
    ("get", "/{desk}/agreement/marking.jsonl", May(ReadDesk::ROLES)),
    ("get", "/{desk}/agreement/marking-words.jsonl", May(ReadDesk::ROLES)),
    ("get", "/{desk}/people", May(ReadDesk::ROLES)),
    ("get", "/{desk}/people/roles", May(ReadDesk::ROLES)),
    ("post", "/{desk}/people/invitations", May(ManageDesk::ROLES)),
    ("post", "/{desk}/people/invitations/{invitation}/withdrawal", May(ManageDesk::ROLES)),
    ("post", "/{desk}/people/{account}/roles", May(ManageDesk::ROLES)),
    ("post", "/{desk}/people/{account}/removal", May(ManageDesk::ROLES)),
    ("get", "/{desk}/settings", May(ManageDesk::ROLES)),
    ("post", "/{desk}/settings", May(ManageDesk::ROLES)),
    ("get", "/{desk}/queue", May(ReadDesk::ROLES)),
    ("post", "/{desk}/queue/next", May(DraftVerdict::ROLES)),
    ("post", "/{desk}/queue/places", May(ReviewVerdict::ROLES)),
    ("post", "/{desk}/queue/decisions", May(ReviewVerdict::ROLES)),
    ("post", "/api/v1/desks/{desk}/places", May(ReviewVerdict::ROLES)),
    ("post", "/api/v1/desks/{desk}/claims/{claim}/places", May(ReviewVerdict::ROLES)),
    ("delete", "/api/v1/desks/{desk}/claims/{claim}/places", May(ReviewVerdict::ROLES)),
    ("get", "/{desk}/guidelines", May(ReadDesk::ROLES)),
    ("post", "/{desk}/guidelines", May(WriteGuidelines::ROLES)),
    ("get", "/{desk}/guidelines/edit", May(WriteGuidelines::ROLES)),
    ("get", "/{desk}/guidelines/versions/{number}", May(ReadDesk::ROLES)),
    ("get", "/{desk}/guidelines/versions/{number}/compare/{with}", May(ReadDesk::ROLES)),
    ("get", "/{desk}/training", May(ReadDesk::ROLES)),
    ("post", "/{desk}/training", May(WriteGuidelines::ROLES)),
    ("get", "/{desk}/training/new", May(WriteGuidelines::ROLES)),
    ("get", "/{desk}/training/{training}", May(ReadDesk::ROLES)),
    ("post", "/{desk}/training/{training}/answer", May(Train::ROLES)),
    ("post", "/{desk}/training/{training}/retirement", May(WriteGuidelines::ROLES)),
    ("post", "/{desk}/training/{training}/restoration", May(WriteGuidelines::ROLES)),
    ("get", "/{desk}/record", May(ReadRecord::ROLES)),
    ("get", "/{desk}/record/head", Shown),
    ("get", "/record-key.pem", Everybody),
    ("get", "/{desk}/scales", May(ReadDesk::ROLES)),
    ("post", "/{desk}/scales", May(ManageScales::ROLES)),
    ("post", "/{desk}/scales/default", May(ManageScales::ROLES)),
    ("get", "/{desk}/scales/new", May(ManageScales::ROLES)),
    ("get", "/{desk}/scales/{scale}", May(ReadDesk::ROLES)),
    ("post", "/{desk}/scales/{scale}", May(ManageScales::ROLES)),
    ("get", "/{desk}/scales/{scale}/edit", May(ManageScales::ROLES)),
    ("get", "/{desk}/scales/{scale}/versions/{number}", May(ReadDesk::ROLES)),
    ("get", "/api/v1/desks/{desk}/claims/{claim}/draft", May(ReadDrafts::ROLES)),
    ("put", "/api/v1/desks/{desk}/claims/{claim}/draft", May(DraftVerdict::ROLES)),
    ("post", "/api/v1/desks/{desk}/claims/{claim}/review-request", May(DraftVerdict::ROLES)),
    ("post", "/api/v1/desks/{desk}/claims/{claim}/assessments", May(ReviewVerdict::ROLES)),
    ("post", "/api/v1/desks/{desk}/claims/{claim}/publication", May(Publish::ROLES)),
    ("get", "/{desk}/articles/{article}", Shown),
    ("get", "/{desk}/articles/{article}/versions/{number}", Shown),
    ("get", "/{desk}/articles/{article}/blocks", Shown),
    ("post", "/{desk}/articles/{article}/marks", May(MarkClaim::ROLES)),
    ("post", "/api/v1/desks/{desk}/articles/{article}/marks", May(MarkClaim::ROLES)),
    ("get", "/api/v1/desks/{desk}/marks/{appearance}", Shown),
    ("get", "/api/v1/desks/{desk}/articles/{article}/marks", Shown),
    ("delete", "/api/v1/desks/{desk}/marks/{appearance}", May(MarkClaim::ROLES)),
    ("get", "/api/v1/desks/{desk}/sources", May(ReadDesk::ROLES)),
    ("post", "/api/v1/desks/{desk}/sources", May(CiteEvidence::ROLES)),
    ("get", "/api/v1/desks/{desk}/sources/{source}", May(ReadDesk::ROLES)),
    ("patch", "/api/v1/desks/{desk}/sources/{source}", May(CiteEvidence::ROLES)),
    ("get", "/api/v1/desks/{desk}/claims/{claim}/evidence", May(ReadDesk::ROLES)),
    ("post", "/api/v1/desks/{desk}/claims/{claim}/evidence", May(CiteEvidence::ROLES)),
    ("get", "/{desk}/sources", May(ReadDesk::ROLES)),
    ("get", "/{desk}/sources/new", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/sources", May(CiteEvidence::ROLES)),
    ("get", "/{desk}/sources/{source}", May(ReadDesk::ROLES)),
    ("post", "/{desk}/sources/{source}", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/sources/{source}/undo", May(CiteEvidence::ROLES)),
    ("get", "/{desk}/sources/{source}/kept", May(ReadDesk::ROLES)),
    ("post", "/{desk}/sources/{source}/archive", May(CiteEvidence::ROLES)),
    ("get", "/{desk}/sources/{source}/copies/new", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/sources/{source}/copies", May(CiteEvidence::ROLES)),
    ("get", "/{desk}/sources/{source}/copies/{copy}/file", May(ReadDesk::ROLES)),
    ("get", "/{desk}/sources/domains", May(ReadDesk::ROLES)),
    ("post", "/{desk}/sources/domains", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/sources/domains/{domain}/removal", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/sources/{source}/finding", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/sources/{source}/merger", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/sources/{source}/separation", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/sources/{source}/distinction", May(CiteEvidence::ROLES)),
    ("get", "/{desk}/claims/{claim}/evidence", May(ReadDesk::ROLES)),
    ("post", "/{desk}/claims/{claim}/evidence", May(CiteEvidence::ROLES)),
    ("get", "/{desk}/claims/{claim}/evidence/{evidence}", May(ReadDesk::ROLES)),
    ("post", "/{desk}/claims/{claim}/evidence/{evidence}", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/claims/{claim}/evidence/{evidence}/acknowledgement", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/claims/{claim}/evidence/{evidence}/words", May(CiteEvidence::ROLES)),
    ("get", "/{desk}/sources/{source}/copies/{copy}", Shown),
    ("post", "/{desk}/sources/{source}/copies/{copy}/evidence", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/claims/{claim}/evidence/{evidence}/undo", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/claims/{claim}/evidence/{evidence}/removal", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/claims/{claim}/evidence/{evidence}/restoration", May(CiteEvidence::ROLES)),
    ("get", "/api/v1/desks/{desk}/claims/{claim}/questions", May(ReadDesk::ROLES)),
    ("post", "/api/v1/desks/{desk}/claims/{claim}/questions", May(CiteEvidence::ROLES)),
    ("post", "/api/v1/desks/{desk}/claims/{claim}/questions/{question}/answers", May(CiteEvidence::ROLES)),
    ("post", "/api/v1/desks/{desk}/claims/{claim}/sets", May(CiteEvidence::ROLES)),
    ("get", "/{desk}/claims/{claim}/sets/new", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/claims/{claim}/sets", May(CiteEvidence::ROLES)),
    ("get", "/{desk}/claims/{claim}/sets/{set}", May(ReadDesk::ROLES)),
    ("post", "/{desk}/claims/{claim}/sets/{set}", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/claims/{claim}/sets/{set}/removal", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/claims/{claim}/sets/{set}/restoration", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/claims/{claim}/questions", May(CiteEvidence::ROLES)),
    ("get", "/{desk}/claims/{claim}/questions/{question}", May(ReadDesk::ROLES)),
    ("post", "/{desk}/claims/{claim}/questions/{question}", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/claims/{claim}/questions/{question}/answers", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/claims/{claim}/questions/{question}/position", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/claims/{claim}/questions/{question}/removal", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/claims/{claim}/questions/{question}/restoration", May(CiteEvidence::ROLES)),
    ("get", "/{desk}/claims/{claim}/answers/{answer}", May(ReadDesk::ROLES)),
    ("post", "/{desk}/claims/{claim}/answers/{answer}", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/claims/{claim}/answers/{answer}/removal", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/claims/{claim}/answers/{answer}/restoration", May(CiteEvidence::ROLES)),
    ("get", "/api/v1/desks/{desk}/claims/{claim}/contacts", May(ReadDesk::ROLES)),
    ("post", "/api/v1/desks/{desk}/claims/{claim}/contacts", May(LogContact::ROLES)),
    ("post", "/{desk}/claims/{claim}/contacts", May(LogContact::ROLES)),
    ("post", "/{desk}/claims/{claim}/contacts/{contact}", May(LogContact::ROLES)),
    ("post", "/{desk}/claims/{claim}/contacts/{contact}/removal", May(LogContact::ROLES)),
    ("post", "/{desk}/claims/{claim}/contacts/{contact}/restoration", May(LogContact::ROLES)),
    ("get", "/account/mail", Person),
    ("post", "/account/mail/address", Person),
    ("post", "/account/mail/address/removal", Person),
    ("post", "/account/mail/kinds", Person),
    ("get", "/account/mail/confirmations/{token}", Everybody),
    ("post", "/account/mail/confirmations/{token}", Everybody),
    ("get", "/{desk}/claims/{claim}/discussion", May(ReadDesk::ROLES)),
    ("post", "/{desk}/claims/{claim}/comments", May(Discuss::ROLES)),
    ("post", "/{desk}/claims/{claim}/evidence/{evidence}/comments", May(Discuss::ROLES)),
    ("get", "/{desk}/claims/{claim}/comments/{comment}", May(ReadDesk::ROLES)),
    ("post", "/{desk}/claims/{claim}/comments/{comment}", May(Discuss::ROLES)),
    ("post", "/{desk}/claims/{claim}/comments/{comment}/answers", May(Discuss::ROLES)),
    ("post", "/{desk}/claims/{claim}/comments/{comment}/removal", May(Discuss::ROLES)),
    ("post", "/{desk}/claims/{claim}/comments/{comment}/restoration", May(Discuss::ROLES)),
    ("post", "/{desk}/claims/{claim}/comments/{comment}/resolution", May(Discuss::ROLES)),
    ("post", "/{desk}/claims/{claim}/comments/{comment}/reopening", May(Discuss::ROLES)),
    ("get", "/api/v1/desks/{desk}/claims/{claim}/comments", May(ReadDesk::ROLES)),
    ("post", "/api/v1/desks/{desk}/claims/{claim}/comments", May(Discuss::ROLES)),
    ("get", "/{desk}/notifications", May(ReadDesk::ROLES)),
    ("post", "/{desk}/notifications/reading", May(ReadDesk::ROLES)),
    ("post", "/{desk}/notifications/{event}/reading", May(ReadDesk::ROLES)),
    ("get", "/{desk}/watching", May(ReadDesk::ROLES)),
    ("post", "/{desk}/claims/{claim}/watch", May(ReadDesk::ROLES)),
    ("get", "/{desk}/drafts", May(ReadDesk::ROLES)),
    ("post", "/{desk}/drafts/removal", May(ReadDesk::ROLES)),
    ("get", "/api/v1/desks/{desk}/drafts", May(ReadDesk::ROLES)),
    ("put", "/api/v1/desks/{desk}/drafts", May(ReadDesk::ROLES)),
    ("get", "/{desk}/claims/{claim}/report", Shown),
    ("post", "/{desk}/claims/{claim}/report", Shown),
    ("get", "/{desk}/reports/track/{token}", Shown),
    ("post", "/{desk}/reports/track/{token}/withdrawal", Shown),
    ("get", "/{desk}/reports", May(ReadReports::ROLES)),
    ("get", "/{desk}/reports/{report}", May(ReadReports::ROLES)),
    ("post", "/{desk}/reports/{report}/looks", May(LookAtReports::ROLES)),
    ("post", "/{desk}/reports/{report}/answer", May(Publish::ROLES)),
    ("post", "/{desk}/reports/{report}/correction", May(Publish::ROLES)),
    ("get", "/api/v1/desks/{desk}/reports", May(ReadReports::ROLES)),
    ("get", "/api/v1/desks/{desk}/reports/{report}", May(ReadReports::ROLES)),
    ("post", "/api/v1/desks/{desk}/reports/{report}/looks", May(LookAtReports::ROLES)),
    ("post", "/api/v1/desks/{desk}/reports/{report}/answer", May(Publish::ROLES)),
    ("get", "/{desk}/corrections/{correction}", Shown),
    ("get", "/{desk}/feed.atom", Shown),
    ("get", "/{desk}/corrections.atom", Shown),
    ("get", "/{desk}/method", Shown),
    ("get", "/{desk}/claims/{claim}/verdicts/{number}", Shown),
    ("get", "/{desk}", Shown),
    ("get", "/{desk}/corrections", Shown),
    ("get", "/{desk}/export/{format}", Shown),
    ("get", "/{desk}/claims/{claim}.jsonld", Shown),
    ("get", "/{desk}/annotations/{appearance}", Shown),
    ("get", "/{desk}/exports", Shown),
    ("get", "/{desk}/claims/{claim}/references", Shown),
    ("get", "/{desk}/claims/{claim}/references.{ending}", Shown),
    ("get", "/{desk}/sources/{source}/reference", Shown),
    ("get", "/{desk}/sources/{source}/reference.{ending}", Shown),
    ("get", "/{desk}/claims/{claim}/copies.{ending}", Shown),
    ("get", "/{desk}/sources/{source}/copies.{ending}", Shown),
    ("get", "/{desk}/copies.{ending}", May(ReadDesk::ROLES)),
    ("post", "/{desk}/sources/{source}/outside-copies", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/sources/{source}/outside-copies/{copy}/removal", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/sources/{source}/outside-copies/{copy}/restoration", May(CiteEvidence::ROLES)),
    ("post", "/{desk}/exports/licence", May(ManageDesk::ROLES)),
];

/// The addresses that the source declares.
fn declared() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            for line in text.lines() {
                for method in ["get", "post", "put", "patch", "delete"] {
                    let begin = format!("#[{method}(\"");
                    if let Some(address) =
                        line.trim().strip_prefix(&begin).and_then(|rest| rest.strip_suffix("\")]"))
                    {
                        found.insert((method.to_owned(), address.to_owned()));
                    }
                }
            }
            for other in ["web::resource(", "#[route(", ".route(", "web::scope("] {
                assert!(
                    !text.contains(other),
                    "{}: declare addresses with #[get(…)] and the like",
                    path.display()
                );
            }
        }
    }
    found
}

#[test]
fn every_address_has_its_line_in_the_table() {
    let table: BTreeSet<_> =
        ADDRESSES.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
    let missing: Vec<_> = declared().difference(&table).cloned().collect();
    let gone: Vec<_> = table.difference(&declared()).cloned().collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "missing in ADDRESSES: {missing:?}; not there any more: {gone:?}"
    );
    assert_eq!(table.len(), ADDRESSES.len(), "a line stands there twice");
}

/// An address of a desk, with things in it that are nowhere.
fn fill(path: &str, desk: &str) -> String {
    // The same in each call, so that answers can be compared.
    fill_with(path, desk, |_| Uuid::nil().to_string())
}

/// An address of a desk, with `things` in it, by the names that they have in it.
pub fn fill_with(path: &str, desk: &str, things: impl Fn(&str) -> String) -> String {
    let mut filled = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap();
        filled.push_str(before);
        match name {
            "desk" => filled.push_str(desk),
            "number" | "with" => filled.push('1'),
            "format" => filled.push_str("csv"),
            "ending" if path.contains("/copies.") => filled.push_str("wacz"),
            "ending" => filled.push_str("bib"),
            "token" => filled.push_str(&"0".repeat(64)),
            name => filled.push_str(&things(name)),
        }
        rest = after;
    }
    filled + rest
}

fn mark() -> serde_json::Value {
    serde_json::json!({"version": Uuid::nil(), "start": 0, "end": 4, "exact": "Four"})
}

/// Asks as a program does, with what proves that the request is from this session.
pub async fn ask(browser: &Browser, method: &str, path: &str) -> Page {
    let request = match method {
        "get" => browser.request(Method::GET, path).header("accept", "text/html"),
        _ if path.starts_with("/api/") => {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let request = browser.request(method, path).header("x-csrf-token", browser.csrf());
            // One statement stores a mark and checks who stores it, so the mark has to be one.
            if path.ends_with("/marks") { request.json(&mark()) } else { request.json(&()) }
        }
        "post" => {
            let csrf = browser.csrf();
            browser.form(path, &[("csrf", csrf.as_str())])
        }
        method => panic!("{method} is new here"),
    };
    // A stream of events has no end: its head is enough.
    Page::head_of(request).await
}

#[actix_web::test]
async fn every_address_is_open_to_those_who_may_and_to_nobody_else() {
    let server = Server::start().await;
    let members = {
        let mut members = Vec::new();
        for role in Role::ALL {
            members.push((role, server.sign_in(role).await));
        }
        members
    };
    let nobody = server.visitor();
    let mut faults = Vec::new();
    for (method, path, who) in ADDRESSES.iter().filter(|(_, path, _)| !matches!(*path, "/sign-out")) {
        let here = fill(path, "demo");
        for (role, browser) in &members {
            let status = ask(browser, method, &here).await.status.as_u16();
            let open = !matches!(status, 401 | 403);
            let should = match who {
                Everybody | Shown => true,
                // Admins make desks, others do not: that is tested where desks are.
                Person => open || path.starts_with("/desks"),
                May(roles) => roles.contains(role),
            };
            if open != should && !(*who == Person) || status >= 500 {
                faults.push(format!("{method} {path} as {role}: {status}"));
            }
        }
        let status = ask(&nobody, method, &here).await.status.as_u16();
        let should_be_refused = matches!(who, Person | May(_));
        if (status == 401) != should_be_refused || status >= 500 {
            faults.push(format!("{method} {path} as nobody: {status}"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[actix_web::test]
async fn a_desk_that_one_does_not_belong_to_looks_as_if_it_were_not_there() {
    let server = Server::start().await;
    server.desk("demo").await;
    let mut faults = Vec::new();
    for role in [Role::Admin, Role::Editor] {
        let stranger = server.sign_in_at("other", role).await;
        for (method, path, who) in ADDRESSES {
            if !matches!(who, May(_)) {
                continue;
            }
            let there = ask(&stranger, method, &fill(path, "demo")).await;
            let nowhere = ask(&stranger, method, &fill(path, "no-such-desk")).await;
            if there.status != 404 || nowhere.status != 404 {
                faults.push(format!("{method} {path} as {role}: {} and {}", there.status, nowhere.status));
            }
            if there.text != nowhere.text {
                faults.push(format!("{method} {path} as {role}: the answers differ"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
