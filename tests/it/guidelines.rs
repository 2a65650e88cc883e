//! A desk's guidelines: written, rewritten, compared, and read beside what goes by them.

use factdesk::auth::Role;
use reqwest::StatusCode;
use uuid::Uuid;

use crate::harness::{Browser, Page, Server};

async fn write(browser: &Browser, version: &str, title: &str, text: &str) -> Page {
    let fields = [("version", version), ("title", title), ("text", text)];
    browser.post_form("/demo/guidelines", &fields).await
}

#[actix_web::test]
async fn guidelines_have_versions_and_every_member_reads_them() {
    let server = Server::start().await;
    let (editor, annotator) = (server.sign_in(Role::Editor).await, server.sign_in(Role::Annotator).await);
    assert!(annotator.get("/demo/guidelines").await.has(".empty"));

    let first =
        write(&editor, "0", "How we rate", "# Ratings\r\nRead it.\r\n\r\n- False: the facts say otherwise")
            .await;
    assert_eq!(first.location(), "/demo/guidelines");
    let page = annotator.get("/demo/guidelines").await;
    assert_eq!(page.one(".guidelines h3"), "Ratings");
    assert_eq!(page.one(".guidelines li"), "False: the facts say otherwise");
    assert!(!page.has("a[href$='/guidelines/edit']"));

    write(&editor, "1", "How we rate", "# Ratings\nRead it twice.\n\n- False: the facts say otherwise").await;
    let page = annotator.get("/demo/guidelines").await;
    assert!(page.one(".meta:has(time):has(span + span)").starts_with("version 2"));
    assert_eq!(page.select(".history a[href*=compare]").len(), 1);
    let compared = annotator.get("/demo/guidelines/versions/1/compare/2").await;
    assert_eq!(compared.one("p.diff ins"), "added: twice");
    assert!(!compared.has("del"));
    let old = annotator.get("/demo/guidelines/versions/1").await;
    assert!(old.one(".notice").starts_with("This is an earlier version."));
    assert_eq!(annotator.get("/demo/guidelines/versions/3").await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn an_old_version_comes_back_as_the_next_one() {
    let server = Server::start().await;
    let editor = server.sign_in(Role::Editor).await;
    write(&editor, "0", "Ours", "First.").await;
    write(&editor, "1", "Ours", "Second.").await;
    let old = editor.get("/demo/guidelines/versions/1").await;
    let version = old.attribute(".notice input[name=version]", "value").unwrap();
    let text = old.one(".notice textarea[name=text]");

    write(&editor, &version, "Ours", &text).await;

    let page = editor.get("/demo/guidelines").await;
    assert_eq!(page.one(".guidelines p.text"), "First.");
    assert_eq!(page.select(".history li").len(), 3);
}

#[actix_web::test]
async fn two_who_write_at_once_lose_nothing() {
    let server = Server::start().await;
    let editor = server.sign_in(Role::Editor).await;
    write(&editor, "0", "Ours", "First.").await;
    write(&editor, "1", "Ours", "First. Theirs.").await;

    let late = write(&editor, "1", "Ours", "First. Mine.").await;

    assert_eq!(late.status, StatusCode::CONFLICT);
    assert_eq!(late.one("textarea[name=text]"), "First. Mine.");
    assert!(late.one("[role=alert] ins").contains("Theirs."));
    assert_eq!(late.attribute("input[name=version]", "value").unwrap(), "2");
    let blank = write(&editor, "2", " ", "").await;
    assert_eq!(blank.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(blank.select("[role=alert] li").len(), 2);
}

#[actix_web::test]
async fn the_same_form_sent_twice_makes_one_version() {
    let server = Server::start().await;
    let editor = server.sign_in(Role::Editor).await;
    let (fields, key) = ([("version", "0"), ("title", "Ours"), ("text", "First.")], Uuid::now_v7());
    for _ in 0..2 {
        let sent = editor.post_again("/demo/guidelines", &fields, key).await;
        assert_eq!(sent.location(), "/demo/guidelines");
    }
    assert_eq!(server.count("SELECT count(*) FROM guidelines").await, 1);
}

#[actix_web::test]
async fn only_editors_write_them() {
    let server = Server::start().await;
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Editor) {
        let refused = write(&server.sign_in(role).await, "0", "Ours", "First.").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{role}");
    }
}
