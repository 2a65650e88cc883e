//! What holds for every answer.

use factdesk::auth::Role;
use reqwest::Method;

use crate::harness::{Page, Server};

/// An address of every kind there is: pages, files, failures.
const ADDRESSES: [&str; 6] = [
    "/live",
    "/ready",
    "/no-such-desk",
    "/no-such-desk/claims",
    "/static/0/no-such-file",
    "/demo/no/such/page",
];

#[actix_web::test]
async fn every_answer_carries_the_security_headers() {
    let server = Server::start().await;
    let browser = server.sign_in(Role::Editor).await;
    for address in ADDRESSES {
        for method in [Method::GET, Method::POST, Method::PUT, Method::TRACE] {
            let page = Page::of(browser.request(method.clone(), address).header("accept", "text/html")).await;
            let what = format!("{method} {address}");
            let policy = page.header("content-security-policy");
            for part in
                ["default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"]
            {
                assert!(policy.contains(part), "{what}: {policy}");
            }
            assert!(!policy.contains("unsafe"), "{what}: {policy}");
            assert_eq!(page.header("x-content-type-options"), "nosniff", "{what}");
            assert_eq!(page.header("x-frame-options"), "DENY", "{what}");
            assert_eq!(page.header("referrer-policy"), "strict-origin-when-cross-origin", "{what}");
            assert_eq!(page.header("cross-origin-opener-policy"), "same-origin", "{what}");
            assert_eq!(page.header("cross-origin-resource-policy"), "same-origin", "{what}");
            assert!(page.header("permissions-policy").contains("camera=()"), "{what}");
            assert!(!page.header("cache-control").is_empty(), "{what}");
            let kind = page.header("content-type");
            assert!(page.text.is_empty() || kind.contains("charset=utf-8"), "{what}: {kind}");
        }
    }
}

#[actix_web::test]
async fn what_does_not_exist_is_a_page_for_people_and_a_problem_document_for_programs() {
    let server = Server::start().await;
    for address in ["/no-such-desk", "/no-such-desk/claims", "/static/0/nothing"] {
        let page = server.visitor().get(address).await;
        assert_eq!(page.status, 404, "{address}");
        assert_eq!(page.one("h1"), "Not found", "{address}");

        let problem = Page::of(server.visitor().request(Method::GET, address)).await;
        assert_eq!(problem.status, 404, "{address}");
        assert_eq!(problem.header("content-type"), "application/problem+json; charset=utf-8");
        assert_eq!(problem.json()["status"], 404);
    }
}

#[actix_web::test]
async fn a_server_with_its_database_is_ready() {
    let server = Server::start().await;
    let answer = server.visitor().get("/ready").await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, "ready\n"));
}

#[actix_web::test]
async fn our_own_files_are_kept_for_ever_under_todays_name_only() {
    let server = Server::start().await;
    let page = server.visitor().get("/no-such-desk").await;
    let stylesheet = page.attribute("link[rel=stylesheet]", "href").unwrap();

    let file = server.visitor().get(&stylesheet).await;
    assert_eq!(file.status, 200);
    assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
    let of_yesterday = server.visitor().get("/static/0123456789abcdef/css/app.css").await;
    assert_eq!(of_yesterday.header("cache-control"), "no-store");
}
