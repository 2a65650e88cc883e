//! What whoever runs the server does to accounts.

use factdesk::{accounts::admin, auth::Role, base_url::BaseUrl};

use super::PASSWORD;
use crate::harness::Server;

#[actix_web::test]
async fn somebody_disabled_is_out_until_enabled_again() {
    let server = Server::start().await;
    let editor = server.desk("demo").await.member(Role::Editor);
    server.set_password(editor, PASSWORD).await;
    let (one, two) = (server.sign_in(Role::Editor).await, server.sign_in(Role::Editor).await);

    assert_eq!(admin::disable(server.app_pool(), "editor.demo").await.unwrap(), 2);

    assert_eq!(one.get("/account").await.status, 401);
    assert_eq!(two.get("/demo/people").await.status, 401);
    let fields = [("handle", "editor.demo"), ("password", PASSWORD)];
    assert_eq!(server.visitor().post_bare("/sign-in", &fields).await.status, 422);
    admin::enable(server.app_pool(), "editor.demo").await.unwrap();
    assert_eq!(server.visitor().post_bare("/sign-in", &fields).await.status, 303);
    assert!(admin::disable(server.app_pool(), "nobody").await.is_err());
}

#[actix_web::test]
async fn sessions_can_be_ended_from_outside() {
    let server = Server::start().await;
    let browser = server.sign_in(Role::Editor).await;
    assert_eq!(admin::end_sessions(server.app_pool(), "editor.demo").await.unwrap(), 1);
    assert_eq!(browser.get("/account").await.status, 401);
}

#[actix_web::test]
async fn who_lost_their_password_sets_a_new_one_with_a_link_that_works_once() {
    let server = Server::start().await;
    let editor = server.desk("demo").await.member(Role::Editor);
    server.set_password(editor, PASSWORD).await;
    let elsewhere = server.sign_in(Role::Editor).await;
    let base = BaseUrl::new(&server.url("").parse().unwrap());
    let make = async || {
        let link = admin::password_link(server.app_pool(), &base, "editor.demo").await.unwrap();
        link.strip_prefix(&server.url("")).unwrap().to_owned()
    };
    let (older, link) = (make().await, make().await);
    assert_eq!(server.visitor().get(&older).await.status, 404, "a newer link ends the older");
    let browser = server.visitor();
    assert_eq!(browser.get(&link).await.one("main strong"), "editor.demo");
    assert_eq!(browser.post_bare(&link, &[("password", "short")]).await.status, 422);

    let answer = browser.post_bare(&link, &[("password", "seven blue lanterns")]).await;

    assert_eq!(browser.follow(&answer).await.status, 200);
    assert_eq!(browser.get("/account").await.status, 200);
    assert_eq!(elsewhere.get("/account").await.status, 401);
    assert_eq!(server.visitor().get(&link).await.status, 404);
    let again = server.visitor().post_bare(&link, &[("password", "nine red balloons")]).await;
    assert_eq!(again.status, 404);
    let fields = [("handle", "editor.demo"), ("password", PASSWORD)];
    assert_eq!(server.visitor().post_bare("/sign-in", &fields).await.status, 422);
}
