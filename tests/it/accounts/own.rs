//! One's own account.

use factdesk::auth::Role;

use super::PASSWORD;
use crate::harness::Server;

const NEW: &str = "seven blue lanterns";

#[actix_web::test]
async fn a_new_password_takes_the_old_one_and_ends_all_other_sessions() {
    let server = Server::start().await;
    let editor = server.desk("demo").await.member(Role::Editor);
    server.set_password(editor, PASSWORD).await;
    let browser = server.sign_in(Role::Editor).await;
    let elsewhere = server.sign_in(Role::Editor).await;
    let before = browser.cookie("factdesk");

    let fields = [("current_password", "not the password"), ("new_password", NEW)];
    let wrong = browser.post_form("/account/password", &fields).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.has("#current_password-error"));
    let weak =
        browser.post_form("/account/password", &[("current_password", PASSWORD), ("new_password", "short")]);
    assert!(weak.await.has("#new_password-error"));
    assert_eq!(elsewhere.get("/account").await.status, 200);

    let fields = [("current_password", PASSWORD), ("new_password", NEW)];
    assert_eq!(browser.post_form("/account/password", &fields).await.location(), "/account");

    assert_eq!(elsewhere.get("/account").await.status, 401);
    assert_eq!(browser.get("/account").await.status, 200);
    assert_ne!(browser.cookie("factdesk"), before, "the session has a new secret");
    for (password, status) in [(PASSWORD, 422), (NEW, 303)] {
        let fields = [("handle", "editor.demo"), ("password", password)];
        assert_eq!(server.visitor().post_bare("/sign-in", &fields).await.status, status);
    }
}

#[actix_web::test]
async fn a_session_left_open_is_no_way_to_guess_the_password() {
    let server = Server::start().await;
    let editor = server.desk("demo").await.member(Role::Editor);
    server.set_password(editor, PASSWORD).await;
    let browser = server.sign_in(Role::Editor).await;
    let mut last = 0;
    for _ in 0..11 {
        let fields = [("current_password", "not the password"), ("new_password", NEW)];
        last = browser.post_form("/account/password", &fields).await.status.as_u16();
    }
    assert_eq!(last, 429);
}

#[actix_web::test]
async fn other_sessions_are_listed_and_ended() {
    let server = Server::start().await;
    let browser = server.sign_in(Role::Editor).await;
    let elsewhere = server.sign_in(Role::Editor).await;
    let somebody_else = server.sign_in(Role::Auditor).await;
    let page = browser.get("/account").await;
    assert_eq!(page.select("section[aria-labelledby=sessions] li").len(), 2);
    assert_eq!(page.select("section[aria-labelledby=sessions] .chip"), ["this one"]);

    browser.post_form("/account/other-sessions/end", &[]).await;

    assert_eq!(elsewhere.get("/account").await.status, 401);
    assert_eq!(browser.get("/account").await.status, 200);
    assert_eq!(somebody_else.get("/account").await.status, 200);
}

#[actix_web::test]
async fn a_new_name_stands_everywhere_and_in_the_record_of_each_desk() {
    let server = Server::start().await;
    let editor = server.desk("demo").await.member(Role::Editor);
    let other = server.desk("other").await.id;
    sqlx::query("INSERT INTO memberships (desk_id, account_id, roles, created_at) VALUES ($1, $2, '{auditor}', now())")
        .bind(other)
        .bind(editor)
        .execute(server.owner_pool())
        .await
        .unwrap();
    let browser = server.sign_in(Role::Editor).await;

    assert_eq!(browser.post_form("/account/name", &[("display_name", "  ")]).await.status, 422);
    browser.post_form("/account/name", &[("display_name", "Edda <i>Ström</i>")]).await;

    let people = browser.get("/demo/people").await;
    assert!(people.select("tbody th bdi").contains(&"Edda <i>Ström</i>".to_owned()));
    assert_eq!(
        server.count("SELECT count(DISTINCT desk_id) FROM events WHERE action = 'account.rename'").await,
        2
    );
    browser.post_form("/account/name", &[("display_name", "Edda <i>Ström</i>")]).await;
    assert_eq!(server.count("SELECT count(*) FROM events").await, 2, "the same name is no change");
}

#[actix_web::test]
async fn a_form_of_another_session_changes_nothing_and_loses_nothing() {
    let server = Server::start().await;
    let (browser, other) = (server.sign_in(Role::Editor).await, server.sign_in(Role::Auditor).await);
    let csrf = other.csrf();

    let page = browser.post_bare("/account/name", &[("csrf", &csrf), ("display_name", "Mallory")]).await;

    assert_eq!(page.status, 403);
    assert_eq!(page.attribute("input[name=display_name]", "value").unwrap(), "Mallory");
    assert_eq!(page.attribute("main input[name=csrf]", "value").unwrap(), browser.csrf());
    let secret = [("csrf", csrf.as_str()), ("current_password", PASSWORD), ("new_password", NEW)];
    let page = browser.post_bare("/account/password", &secret).await;
    assert_eq!(page.status, 403);
    assert!(!page.text.contains(PASSWORD) && !page.text.contains(NEW), "passwords are not sent back");
    assert_eq!(server.count("SELECT count(*) FROM events").await, 0);
}
