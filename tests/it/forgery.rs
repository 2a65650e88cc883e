//! Requests that come from elsewhere, twice, or as something else: nothing of them is stored.

use factdesk::auth::Role;
use reqwest::Method;
use uuid::Uuid;

use crate::harness::{Browser, Page, Server};

const SETTINGS: [(&str, &str); 4] =
    [("row_version", "1"), ("name", "Changed"), ("language", "en"), ("methodology_url", "")];

fn fields(csrf: &str) -> Vec<(&str, &str)> {
    let mut fields = SETTINGS.to_vec();
    fields.push(("csrf", csrf));
    fields
}

async fn changed(server: &Server) -> i64 {
    server
        .count("SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM desks WHERE row_version > 1)")
        .await
}

#[actix_web::test]
async fn a_forged_form_changes_nothing() {
    let server = Server::start().await;
    let admin = server.sign_in(Role::Admin).await;
    let csrf = admin.csrf();
    let of_another = server.sign_in(Role::Editor).await.csrf();
    let form = |csrf: &str| admin.form("/demo/settings", &fields(csrf));
    let forgeries = [
        ("from another site", form(&csrf).header("sec-fetch-site", "cross-site")),
        ("from a neighbouring site", form(&csrf).header("sec-fetch-site", "same-site")),
        ("from another origin", form(&csrf).header("origin", "https://evil.example")),
        ("from a sandbox", form(&csrf).header("origin", "null")),
        ("from another port", form(&csrf).header("origin", "http://127.0.0.1:1")),
        (
            "from another scheme's host",
            form(&csrf).header("origin", server.url("").replace("127.0.0.1", "localhost")),
        ),
        ("with an empty token", form("")),
        ("with a wrong token", form(&"0".repeat(64))),
        ("with another session's token", form(&of_another)),
        ("without a token", admin.form("/demo/settings", &SETTINGS)),
    ];
    for (what, forgery) in forgeries {
        let page = Page::of(forgery).await;
        assert_eq!(page.status, 403, "{what}");
        assert_eq!(changed(&server).await, 0, "{what}");
    }
    let ours = form(&csrf).header("sec-fetch-site", "same-origin").header("origin", server.url(""));
    assert_eq!(Page::of(ours).await.status, 303, "and the same from here is taken");
}

#[actix_web::test]
async fn nothing_changes_by_looking() {
    let server = Server::start().await;
    let admin = server.sign_in(Role::Admin).await;
    for method in [Method::GET, Method::HEAD, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
        let csrf = admin.csrf();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let query = query.extend_pairs(fields(&csrf)).finish();
        Page::of(admin.request(method.clone(), &format!("/demo/settings?{query}"))).await;
        assert_eq!(changed(&server).await, 0, "{method}");
    }
}

#[actix_web::test]
async fn a_form_without_a_session_is_kept_for_after_signing_in() {
    let server = Server::start().await;
    server.desk("demo").await;
    let page = server.visitor().post_bare("/demo/settings", &fields("")).await;
    assert_eq!(page.status, 401);
    assert_eq!(page.attribute("main input[name=name]", "value").unwrap(), "Changed");
    assert_eq!(changed(&server).await, 0);
}

#[actix_web::test]
async fn a_form_that_is_sent_twice_is_stored_once_and_gives_the_first_answer() {
    let server = Server::start().await;
    let admin = server.sign_in(Role::Admin).await;
    let key = Uuid::now_v7();

    let sent: Vec<_> = (0..12).map(|_| admin.post_again("/demo/settings", &SETTINGS, key)).collect();
    let answers = futures_util::future::join_all(sent).await;

    for answer in answers {
        assert_eq!(answer.location(), "/demo/settings");
    }
    assert_eq!(server.count("SELECT count(*) FROM events").await, 1);
    assert_eq!(server.count("SELECT row_version::bigint FROM desks").await, 2);
    // The same key with other words is a mistake.
    let mut other = SETTINGS;
    other[1].1 = "Changed again";
    assert_eq!(admin.post_again("/demo/settings", &other, key).await.status, 422);
    assert_eq!(server.count("SELECT count(*) FROM events").await, 1);
}

async fn post(browser: &Browser, kind: &str, body: String) -> Page {
    Page::of(browser.request(Method::POST, "/demo/settings").header("content-type", kind).body(body)).await
}

#[actix_web::test]
async fn what_is_no_form_is_refused() {
    let server = Server::start().await;
    let admin = server.sign_in(Role::Admin).await;
    for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x", ""] {
        assert_eq!(post(&admin, kind, "{}".into()).await.status, 415, "{kind}");
    }
    let form = "application/x-www-form-urlencoded";
    let csrf = format!("csrf={}", admin.csrf());
    for (what, body) in [
        ("a field is missing", csrf.clone()),
        ("an unknown field", format!("{csrf}&row_version=1&name=a&language=en&admin=1")),
        ("a field twice", format!("{csrf}&row_version=1&name=a&name=b&language=en")),
        ("a number that is none", format!("{csrf}&row_version=x&name=a&language=en")),
        ("a key that is none", format!("{csrf}&submission=1&row_version=1&name=a&language=en")),
    ] {
        assert_eq!(post(&admin, form, body).await.status, 400, "{what}");
    }
    assert_eq!(changed(&server).await, 0);
}

#[actix_web::test]
async fn a_body_has_a_size_limit() {
    let server = Server::start().await;
    let visitor = server.visitor();
    let form = "application/x-www-form-urlencoded";
    let body = format!("handle=a&password={}", "x".repeat(600 * 1024));
    let request = visitor.request(Method::POST, "/sign-in").header("content-type", form).body(body);
    let page = Page::of(request.header("accept", "text/html")).await;
    assert_eq!(page.status, 413);
    assert!(page.one("main [role=alert]").contains("too large"));
}

const CLAIM: &str = "/api/v1/desks/demo/claims/00000000-0000-0000-0000-000000000000";

#[actix_web::test]
async fn a_program_proves_as_much_as_a_form() {
    let server = Server::start().await;
    let editor = server.sign_in(Role::Editor).await;
    let patch = || editor.request(Method::PATCH, CLAIM);
    let token = editor.csrf();
    let proven = || patch().header("x-csrf-token", &token);
    let json = "application/json";
    for (what, request, status) in [
        ("as text", proven().header("content-type", "text/plain").body("{}"), 415),
        ("as a form", proven().header("content-type", "application/x-www-form-urlencoded").body("{}"), 415),
        ("as nothing", proven().body("{}"), 415),
        ("without a token", patch().header("content-type", json).body("{}"), 403),
        (
            "with a wrong token",
            patch().header("x-csrf-token", "0").header("content-type", json).body("{}"),
            403,
        ),
        ("from another site", proven().header("sec-fetch-site", "cross-site").json(&()), 403),
        ("from another origin", proven().header("origin", "https://evil.example").json(&()), 403),
        ("with a key that is none", proven().header("idempotency-key", "1").json(&()), 400),
        ("cut off", proven().header("content-type", json).body("{"), 400),
    ] {
        assert_eq!(Page::of(request).await.status, status, "{what}");
    }
    let nobody = server.visitor().json(Method::PATCH, CLAIM, &serde_json::json!({})).await;
    assert_eq!(nobody.status, 401);
    // What is wrong with a document is not told to those who may not send it.
    let auditor = server.sign_in(Role::Auditor).await;
    assert_eq!(auditor.json(Method::PATCH, CLAIM, &"nonsense").await.status, 403);
}
