//! Signing in and out.

use std::time::Instant;

use factdesk::auth::Role;
use sha2::{Digest, Sha256};

use super::PASSWORD;
use crate::harness::{Browser, Page, Server};

async fn server_with_an_editor() -> Server {
    let server = Server::start().await;
    let editor = server.desk("demo").await.member(Role::Editor);
    server.set_password(editor, PASSWORD).await;
    server
}

async fn sign_in(browser: &Browser, handle: &str, password: &str) -> Page {
    browser.post_bare("/sign-in", &[("handle", handle), ("password", password)]).await
}

#[actix_web::test]
async fn signing_in_begins_a_session() {
    let server = server_with_an_editor().await;
    let browser = server.visitor();
    assert_eq!(browser.get("/account").await.status, 401);

    let answer = sign_in(&browser, " Editor.Demo ", PASSWORD).await;

    assert_eq!(answer.location(), "/");
    for cookie in answer.headers.get_all("set-cookie") {
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"));
    }
    assert_eq!(browser.get("/account").await.one("main h1"), "Your account");
    // Who is signed in already is not asked again.
    assert_eq!(browser.get("/sign-in?next=/demo/people").await.location(), "/demo/people");
}

#[actix_web::test]
async fn a_wrong_name_and_a_wrong_password_get_the_same_answer_in_the_same_time() {
    let server = server_with_an_editor().await;
    let browser = server.visitor();
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..5 {
        let mut answers = Vec::new();
        for (handle, times) in ["editor.demo", "nobody.demo"].into_iter().zip(&mut times) {
            let begun = Instant::now();
            let answer = sign_in(&browser, handle, "five wrong umbrellas").await;
            times.push(begun.elapsed());
            assert_eq!(answer.status, 422);
            assert!(answer.one("title").starts_with("Error: "));
            assert!(!answer.text.contains("umbrellas"), "a password is never printed");
            answers.push(answer.text.replace(handle, "NAME"));
        }
        assert_eq!(answers[0], answers[1]);
    }
    let [known, unknown] = times.map(|mut times| {
        times.sort();
        times[2]
    });
    assert!(unknown * 2 > known && known * 2 > unknown, "{known:?} and {unknown:?}");
}

#[actix_web::test]
async fn a_disabled_account_does_not_get_in() {
    let server = server_with_an_editor().await;
    sqlx::query("UPDATE accounts SET disabled_at = now()").execute(server.owner_pool()).await.unwrap();
    assert_eq!(sign_in(&server.visitor(), "editor.demo", PASSWORD).await.status, 422);
}

#[actix_web::test]
async fn a_session_that_was_planted_is_not_taken_over() {
    let server = server_with_an_editor().await;
    let browser = server.visitor();
    let planted = "0".repeat(64);
    browser.set_cookie(&format!("factdesk={planted}; Path=/"));

    sign_in(&browser, "editor.demo", PASSWORD).await;

    let own = browser.cookie("factdesk").unwrap();
    assert_ne!(own, planted);
    // Signing in again begins yet another, and ends the one before.
    sign_in(&browser, "editor.demo", PASSWORD).await;
    assert_ne!(browser.cookie("factdesk").unwrap(), own);
    let kept: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT token_hash FROM sessions").fetch_all(server.owner_pool()).await.unwrap();
    assert_eq!(kept, [Sha256::digest(browser.cookie("factdesk").unwrap()).to_vec()]);
}

#[actix_web::test]
async fn signing_in_leads_to_a_page_of_this_server_only() {
    let server = server_with_an_editor().await;
    for (next, leads_to) in [
        ("/demo/claims?stage=in_review", "/demo/claims?stage=in_review"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("https:evil.example", "/"),
        ("/demo//evil.example", "/"),
        ("/\tevil", "/"),
        ("/\r\nSet-Cookie: a=b", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ] {
        let fields = [("handle", "editor.demo"), ("password", PASSWORD), ("next", next)];
        let answer = server.visitor().post_bare("/sign-in", &fields).await;
        assert_eq!(answer.location(), leads_to, "{next:?}");
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let page = server.visitor().get(&format!("/sign-in?{query}")).await;
        let kept = page.attribute("input[name=next]", "value").unwrap_or_else(|| "/".to_owned());
        assert_eq!(kept, leads_to, "{next:?}");
    }
}

#[actix_web::test]
async fn signing_out_ends_the_session_and_clears_the_browser() {
    let server = server_with_an_editor().await;
    let browser = server.visitor();
    sign_in(&browser, "editor.demo", PASSWORD).await;
    let copied = format!("factdesk={}; Path=/", browser.cookie("factdesk").unwrap());

    let answer = browser.post_form("/sign-out", &[]).await;

    assert_eq!(answer.location(), "/");
    assert_eq!(answer.header("clear-site-data"), "\"cache\", \"storage\"");
    assert_eq!(browser.cookie("factdesk"), None);
    let thief = server.visitor();
    thief.set_cookie(&copied);
    assert_eq!(thief.get("/account").await.status, 401);
}

#[actix_web::test]
async fn another_site_cannot_sign_anybody_in_or_out() {
    let server = server_with_an_editor().await;
    let stranger = server.visitor();
    let fields = [("handle", "editor.demo"), ("password", PASSWORD)];
    let forged = Page::of(stranger.form("/sign-in", &fields).header("sec-fetch-site", "cross-site")).await;
    assert_eq!(forged.status, 403);
    assert_eq!(stranger.cookie("factdesk"), None);

    let browser = server.sign_in(Role::Editor).await;
    let forged = browser.post_bare("/sign-out", &[]).await;
    assert_eq!(forged.status, 403, "without the form's token");
    let csrf = browser.csrf();
    let foreign =
        Page::of(browser.form("/sign-out", &[("csrf", &csrf)]).header("origin", "https://evil.example"))
            .await;
    assert_eq!(foreign.status, 403);
    assert_eq!(browser.get("/account").await.status, 200);
}
