//! Claims as JSON.

use factdesk::auth::Role;
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{add, change, saved};
use crate::harness::Server;

#[actix_web::test]
async fn a_claim_is_read_and_changed_as_json() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let fields = [
        ("claim_reviewed", "Bills doubled."),
        ("url", "https://a.example/"),
        ("speakers", "Dana Whitcombe; Mayor"),
        ("said", "2026-09"),
    ];
    let claim = add(&annotator, &fields).await;
    let path = format!("/api/v1/desks/demo/claims/{claim}");

    let document = annotator.get(&path).await.json();
    assert_eq!(document["claimReviewed"], "Bills doubled.");
    assert_eq!(document["language"], json!(null));
    assert_eq!(document["stage"], "marked");
    let appearance = &document["appearance"][0];
    assert_eq!((&appearance["said"], &appearance["url"]), (&json!("2026-09"), &json!("https://a.example/")));
    assert_eq!(appearance["speakers"][0]["office"], "Mayor");
    assert_eq!((&appearance["place"], &appearance["target"]), (&json!(null), &json!(null)));

    let wish = json!({"row_version": 1, "topics": ["Water", "prices"], "claim_types": ["numerical"], "language": "en"});
    let changed = annotator.json(Method::PATCH, &path, &wish).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    assert_eq!(changed.json()["topics"], json!(["water", "prices"]));
    assert_eq!(changed.json()["row_version"], 2);
    let unknown = annotator.json(Method::PATCH, &path, &json!({"row_version": 2, "language": null})).await;
    assert_eq!(unknown.json()["language"], json!(null));
}

#[actix_web::test]
async fn a_change_made_on_an_older_version_is_refused_with_both_texts() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let claim = add(&annotator, &[("claim_reviewed", "Bills doubled."), ("url", "https://a.example/")]).await;
    let path = format!("/api/v1/desks/demo/claims/{claim}");
    saved(&change(&annotator, claim, "claim_reviewed", "Bills doubled.", "Water bills doubled.").await);

    let wish = json!({"row_version": 1, "claimReviewed": "Prices doubled."});
    let refused = annotator.json(Method::PATCH, &path, &wish).await;

    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.header("content-type"), "application/problem+json; charset=utf-8");
    let problem = refused.json();
    assert_eq!(problem["row_version"], 2);
    let expected =
        json!([{"field": "claim_reviewed", "theirs": "Water bills doubled.", "yours": "Prices doubled."}]);
    assert_eq!(problem["conflicts"], expected);
}

#[actix_web::test]
async fn what_is_no_change_is_refused_in_words() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let claim = add(&annotator, &[("claim_reviewed", "Bills doubled."), ("url", "https://a.example/")]).await;
    let path = format!("/api/v1/desks/demo/claims/{claim}");
    for (wish, status) in [
        (json!({"row_version": 1, "claimReviewed": ""}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"row_version": 1, "claim_types": ["gossip"]}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"row_version": 1, "stage": "published"}), StatusCode::BAD_REQUEST),
        (json!({"claimReviewed": "x"}), StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(annotator.json(Method::PATCH, &path, &wish).await.status, status, "{wish}");
    }
    let auditor = server.sign_in(Role::Auditor).await;
    let wish = json!({"row_version": 1, "topics": ["x"]});
    assert_eq!(auditor.json(Method::PATCH, &path, &wish).await.status, StatusCode::FORBIDDEN);
    assert_eq!(auditor.get(&path).await.status, StatusCode::OK);
}
