//! What members type and have not sent.

use factdesk::auth::Role;
use factdesk::drafts::{DRAFT_BYTES_MAX, DRAFTS_MAX};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Browser, Page, Server};
use crate::reviews::World;

const SERVICE: &str = "/api/v1/desks/demo/drafts";

fn draft(form: &str, value: &str, submission: Option<Uuid>) -> Value {
    let fields = json!([{"name": "body", "label": "Comment", "base": "", "value": value}]);
    json!({"form": form, "page": "/demo/claims", "title": "A claim – Demo – Factdesk", "fields": fields, "submission": submission})
}

async fn keep(browser: &Browser, form: &str, value: &str) -> Page {
    browser.json(Method::PUT, SERVICE, &draft(form, value, None)).await
}

async fn kept(browser: &Browser, form: &str) -> Vec<String> {
    let told = browser.get(&format!("{SERVICE}?form={form}")).await.json();
    let values = |draft: &Value| draft["fields"][0]["value"].as_str().unwrap().to_owned();
    told.as_array().unwrap().iter().map(values).collect()
}

#[actix_web::test]
async fn what_is_typed_comes_back_anywhere_until_it_is_thrown_away() {
    let server = Server::start().await;
    let nora = server.sign_in(Role::Annotator).await;
    assert_eq!(keep(&nora, "/demo/claims", "One").await.status, StatusCode::OK);
    keep(&nora, "/demo/claims", "One <b>two</b>\n & three").await;
    // Another browser of the same person.
    let elsewhere = server.sign_in(Role::Annotator).await;
    assert_eq!(kept(&elsewhere, "/demo/claims").await, ["One <b>two</b>\n & three"]);
    let page = elsewhere.get("/demo/drafts").await;
    assert_eq!(page.one(".rows .title a"), "A claim");
    assert_eq!(page.one(".rows textarea"), "One <b>two</b> & three");
    assert_eq!(page.attribute("[data-drafts]", "data-drafts").unwrap(), "1");

    let gone = elsewhere.post_form("/demo/drafts/removal", &[("form", "/demo/claims")]).await;
    assert!(gone.status.is_redirection());
    assert_eq!(kept(&nora, "/demo/claims").await, [""; 0]);
    assert!(nora.get("/demo/drafts").await.has(".empty"));
}

#[actix_web::test]
async fn nobody_else_reads_a_draft() {
    let server = Server::start().await;
    let nora = server.sign_in(Role::Annotator).await;
    keep(&nora, "/demo/claims", "Mine alone").await;
    for role in [Role::Admin, Role::Editor, Role::Auditor] {
        let other = server.sign_in(role).await;
        assert_eq!(kept(&other, "/demo/claims").await, [""; 0]);
        assert!(!other.get("/demo/drafts").await.text.contains("Mine alone"));
        other.post_form("/demo/drafts/removal", &[("form", "/demo/claims")]).await;
    }
    assert_eq!(kept(&nora, "/demo/claims").await, ["Mine alone"]);
    assert_eq!(server.count("SELECT count(*) FROM events").await, 0);
}

#[actix_web::test]
async fn a_form_that_is_taken_ends_its_draft_and_one_that_is_refused_does_not() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let form = world.path("comments");
    keep(&nora, &form, "Nearly").await;
    let refused = nora.post_form(&form, &[("body", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(kept(&nora, &form).await, ["Nearly"]);
    let rita = world.server.sign_in(Role::Reviewer).await;
    rita.post_form(&form, &[("body", "Hers")]).await;
    assert_eq!(kept(&nora, &form).await, ["Nearly"], "what others send ends no draft of mine");
    assert!(nora.post_form(&form, &[("body", "Nearly there")]).await.status.is_redirection());
    assert_eq!(kept(&nora, &form).await, [""; 0]);
}

#[actix_web::test]
async fn what_arrives_after_its_form_was_sent_is_not_kept() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let (form, key) = (world.path("comments"), Uuid::now_v7());
    nora.post_again(&form, &[("body", "Sent")], key).await;
    let late = nora.json(Method::PUT, SERVICE, &draft(&form, "Sent", Some(key))).await;
    assert_eq!(late.status, StatusCode::OK);
    assert_eq!(kept(&nora, &form).await, [""; 0]);
    nora.json(Method::PUT, SERVICE, &draft(&form, "Next", Some(Uuid::now_v7()))).await;
    assert_eq!(kept(&nora, &form).await, ["Next"]);
}

#[actix_web::test]
async fn of_several_forms_at_one_address_only_the_one_that_was_sent_loses_its_draft() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let (form, one, other) = (world.path("comments"), Uuid::now_v7(), Uuid::now_v7());
    let encoded = |name: &str| format!("{form}%23{name}");
    nora.json(Method::PUT, SERVICE, &draft(&format!("{form}#one"), "One", Some(one))).await;
    nora.json(Method::PUT, SERVICE, &draft(&format!("{form}#other"), "Other", Some(other))).await;
    nora.post_again(&form, &[("body", "One")], one).await;
    assert_eq!(kept(&nora, &encoded("one")).await, [""; 0]);
    assert_eq!(kept(&nora, &encoded("other")).await, ["Other"]);
}

#[actix_web::test]
async fn drafts_have_limits() {
    let server = Server::start().await;
    let nora = server.sign_in(Role::Annotator).await;
    let large = "é".repeat(DRAFT_BYTES_MAX / 2);
    assert_eq!(keep(&nora, "/demo/claims", &large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(keep(&nora, "/other/claims", "x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    sqlx::query(
        "INSERT INTO drafts (desk_id, account_id, form, page, title, fields, saved_at)
         SELECT $1, $2, '/demo/x/' || n, '/demo', 'x', '[]', now() FROM generate_series(1, $3) n",
    )
    .bind(server.desk("demo").await.id)
    .bind(server.desk("demo").await.member(Role::Annotator))
    .bind(DRAFTS_MAX)
    .execute(server.owner_pool())
    .await
    .unwrap();
    assert_eq!(keep(&nora, "/demo/claims", "x").await.status, StatusCode::CONFLICT);
    assert_eq!(keep(&nora, "/demo/x/1", "x").await.status, StatusCode::OK);
}

#[actix_web::test]
async fn without_a_session_nothing_is_kept_and_the_answer_says_so() {
    let server = Server::start().await;
    server.desk("demo").await;
    let nobody = server.visitor();
    assert_eq!(keep(&nobody, "/demo/claims", "x").await.status, StatusCode::UNAUTHORIZED);
    let nora = server.sign_in(Role::Annotator).await;
    let forged = nora.request(Method::PUT, SERVICE).header("x-csrf-token", "0".repeat(64)).json(&draft(
        "/demo/claims",
        "x",
        None,
    ));
    assert_eq!(Page::of(forged).await.status, StatusCode::FORBIDDEN);
}
