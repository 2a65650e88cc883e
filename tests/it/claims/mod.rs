//! Claims over HTTP: described, changed, sorted, found.

mod api;
mod appearances;
mod editing;
mod list;
mod sorting;

use factdesk::auth::Role;
use factdesk::claims::stage::Stage;
use factdesk::claims::{Attitude, ClaimType, DeclineReason, Medium};
use factdesk::{agents, id::ClaimId};
use reqwest::StatusCode;

use crate::harness::{Browser, Page, Server};

/// A form was taken.
pub fn saved(page: &Page) {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
}

/// Adds a claim outside of any article.
pub async fn add(browser: &Browser, fields: &[(&str, &str)]) -> ClaimId {
    let page = browser.post_form("/demo/claims", fields).await;
    saved(&page);
    page.location().rsplit('/').next().unwrap().parse().unwrap()
}

/// Adds a claim with these words.
pub async fn add_words(browser: &Browser, words: &str) -> ClaimId {
    add(browser, &[("claim_reviewed", words), ("url", "https://a.example/")]).await
}

pub fn path(claim: ClaimId, rest: &str) -> String {
    format!("/demo/claims/{claim}{rest}")
}

/// Changes one field of a claim.
pub async fn change(browser: &Browser, claim: ClaimId, field: &str, base: &str, now: &str) -> Page {
    let base_name = format!("base_{field}");
    browser.post_form(&path(claim, ""), &[(&base_name, base), (field, now)]).await
}

pub async fn stage(server: &Server, claim: ClaimId) -> String {
    sqlx::query_scalar("SELECT stage FROM claims WHERE id = $1")
        .bind(claim)
        .fetch_one(server.owner_pool())
        .await
        .unwrap()
}

#[actix_web::test]
async fn a_claim_outside_of_articles_is_added_and_what_is_not_known_is_unknown() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    assert_eq!(annotator.get("/demo/claims/new").await.one("h1"), "New claim");

    let claim = add_words(&annotator, "  Water bills\r\n doubled. ").await;

    let known: (String, String, Option<String>, Option<String>, Option<String>, String) = sqlx::query_as(
        "SELECT c.claim_reviewed, c.language, p.place, p.medium, p.event, p.said_precision
         FROM claims c JOIN appearances p ON p.claim_id = c.id",
    )
    .fetch_one(server.owner_pool())
    .await
    .unwrap();
    assert_eq!(known, ("Water bills doubled.".into(), "und".into(), None, None, None, "unknown".into()));
    let page = annotator.get(&path(claim, "")).await;
    assert_eq!(page.one("h1"), "Water bills doubled.");
    assert!(page.select(".appearance .meta")[0].starts_with("Speaker not known date unknown"));
}

#[actix_web::test]
async fn everything_wrong_with_a_new_claim_is_told_at_once() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;

    let fields = [("claim_reviewed", ""), ("url", "ftp://x"), ("said", "2026-02-30"), ("topics", "water")];
    let page = annotator.post_form("/demo/claims", &fields).await;

    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.select("[role=alert] a").len(), 3);
    assert_eq!(page.one("#new-claim-said-error"), "There is no such day in the calendar.");
    assert_eq!(page.attribute("#new-claim-topics", "value").unwrap(), "water");
    assert_eq!(server.count("SELECT count(*) FROM claims").await, 0);
}

#[actix_web::test]
async fn a_form_sent_twice_makes_one_claim() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let fields = [("claim_reviewed", "Bills doubled."), ("url", "https://a.example/")];
    let key = uuid::Uuid::now_v7();

    let first = annotator.post_again("/demo/claims", &fields, key).await;
    let again = annotator.post_again("/demo/claims", &fields, key).await;

    assert_eq!(first.location(), again.location());
    assert_eq!(server.count("SELECT count(*) FROM claims").await, 1);
    assert_eq!(server.count("SELECT count(*) FROM events WHERE entity = 'claim'").await, 1);
}

#[actix_web::test]
async fn nobody_sees_another_desks_claims_nor_readers_what_is_not_public() {
    let server = Server::start().await;
    let claim = add_words(&server.sign_in(Role::Annotator).await, "Bills doubled.").await;
    let other = server.sign_in_at("other", Role::Editor).await;

    for address in
        [path(claim, ""), format!("/other/claims/{claim}"), format!("/api/v1/desks/other/claims/{claim}")]
    {
        assert_eq!(other.get(&address).await.status, StatusCode::NOT_FOUND, "{address}");
        assert_eq!(server.visitor().get(&address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
    let elsewhere = [("base_topics", ""), ("topics", "x")];
    assert_eq!(
        other.post_form(&format!("/other/claims/{claim}"), &elsewhere).await.status,
        StatusCode::NOT_FOUND
    );
}

#[actix_web::test]
async fn admins_and_auditors_read_and_change_nothing() {
    let server = Server::start().await;
    let claim = add_words(&server.sign_in(Role::Annotator).await, "Bills doubled.").await;
    server.desk("demo").await.install_scales(server.owner_pool()).await;
    for role in [Role::Admin, Role::Auditor] {
        let browser = server.sign_in(role).await;
        assert_eq!(browser.get(&path(claim, "")).await.status, StatusCode::OK, "{role}");
        let refused = change(&browser, claim, "topics", "", "water").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{role}");
        let declined = browser.post_form(&path(claim, "/declination"), &[("reason", "opinion")]).await;
        assert_eq!(declined.status, StatusCode::FORBIDDEN, "{role}");
    }
}

/// The codes that a named check of the database lists.
async fn codes(server: &Server, constraint: &str) -> Vec<String> {
    let definition: String =
        sqlx::query_scalar("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = $1")
            .bind(constraint)
            .fetch_one(server.owner_pool())
            .await
            .unwrap();
    let mut codes: Vec<String> = definition.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
    codes.sort();
    codes
}

#[actix_web::test]
async fn the_closed_sets_are_the_same_in_the_database() {
    let server = Server::start().await;
    macro_rules! same {
        ($($set:ty: $constraint:literal;)+) => {$(
            let mut ours: Vec<_> = <$set>::ALL.iter().map(|code| code.as_str()).collect();
            ours.sort_unstable();
            assert_eq!(codes(&server, $constraint).await, ours, $constraint);
        )+};
    }
    same! {
        ClaimType: "claims_types_known";
        Stage: "claims_stage_known";
        Medium: "appearances_medium_known";
        Attitude: "appearances_attitude_known";
        agents::Kind: "agents_kind_known";
    }
    let mut declined = codes(&server, "claims_declined_with_reason").await;
    declined.retain(|code| code != "declined");
    let mut ours: Vec<_> = DeclineReason::ALL.iter().map(|code| code.as_str()).collect();
    ours.sort_unstable();
    assert_eq!(declined, ours);
}
