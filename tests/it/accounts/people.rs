//! Roles, and losing them.

use factdesk::{auth::Role, id::AccountId};
use sqlx::PgPool;

use crate::harness::{Browser, Page, Server};

async fn roles(pool: &PgPool, account: AccountId) -> Vec<String> {
    sqlx::query_scalar("SELECT roles FROM memberships WHERE account_id = $1")
        .bind(account)
        .fetch_one(pool)
        .await
        .unwrap()
}

async fn give(browser: &Browser, account: AccountId, version: &str, roles: &[&str]) -> Page {
    let mut fields = vec![("row_version", version)];
    fields.extend(roles.iter().map(|role| ("roles", *role)));
    browser.post_form(&format!("/demo/people/{account}/roles"), &fields).await
}

async fn remove(browser: &Browser, account: AccountId, version: &str) -> Page {
    browser.post_form(&format!("/demo/people/{account}/removal"), &[("row_version", version)]).await
}

#[actix_web::test]
async fn an_admin_changes_roles_and_the_record_says_so() {
    let server = Server::start().await;
    let admin = server.sign_in(Role::Admin).await;
    let annotator = server.desk("demo").await.member(Role::Annotator);

    let answer = give(&admin, annotator, "1", &["reviewer", "annotator"]).await;

    assert_eq!(answer.location(), "/demo/people");
    assert_eq!(roles(server.owner_pool(), annotator).await, ["annotator", "reviewer"]);
    let event: (String, serde_json::Value) =
        sqlx::query_as("SELECT action, details FROM events").fetch_one(server.owner_pool()).await.unwrap();
    assert_eq!(event.0, "member.change_roles");
    assert_eq!(event.1["roles"]["before"], serde_json::json!(["annotator"]));
    // On what is not as it was, nothing is changed and no event is left behind.
    let stale = give(&admin, annotator, "1", &["editor"]).await;
    assert_eq!(stale.status, 409);
    assert!(stale.has("[role=alert]"));
    assert_eq!(give(&admin, annotator, "2", &[]).await.status, 422);
    assert_eq!(server.count("SELECT count(*) FROM events").await, 1);
}

#[actix_web::test]
async fn who_is_removed_sees_the_desk_as_if_it_were_not_there() {
    let server = Server::start().await;
    let admin = server.sign_in(Role::Admin).await;
    let editor = server.sign_in(Role::Editor).await;
    assert_eq!(editor.get("/demo/people").await.status, 200);

    remove(&admin, server.desk("demo").await.member(Role::Editor), "1").await;

    assert_eq!(editor.get("/demo/people").await.status, 404);
    assert_eq!(editor.get("/account").await.status, 200, "the account stays");
    let page = admin.get("/demo/people").await;
    assert!(page.select("td[data-label=Roles]").contains(&"has left".to_owned()));
    // And can come back.
    let account = server.desk("demo").await.member(Role::Editor);
    give(&admin, account, "2", &["auditor"]).await;
    assert_eq!(editor.get("/demo/people").await.status, 200);
}

#[actix_web::test]
async fn the_last_admin_stays() {
    let server = Server::start().await;
    let admin = server.sign_in(Role::Admin).await;
    let own = server.desk("demo").await.member(Role::Admin);

    let gone = remove(&admin, own, "1").await;
    let demoted = give(&admin, own, "1", &["editor"]).await;

    for page in [gone, demoted] {
        assert_eq!(page.status, 409);
        assert!(page.one("[role=alert]").contains("needs an admin"), "{}", page.text);
    }
    assert_eq!(roles(server.owner_pool(), own).await, ["admin"]);
    // An admin who cannot sign in does not count.
    let editor = server.desk("demo").await.member(Role::Editor);
    give(&admin, editor, "1", &["admin", "editor"]).await;
    sqlx::query("UPDATE accounts SET disabled_at = now() WHERE handle = 'editor.demo'")
        .execute(server.owner_pool())
        .await
        .unwrap();
    assert_eq!(remove(&admin, own, "1").await.status, 409);
}

#[actix_web::test]
async fn two_admins_who_remove_each_other_at_once_leave_one() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    let one = desk.member(Role::Admin);
    let two = desk.member(Role::Editor);
    sqlx::query("UPDATE memberships SET roles = '{admin}' WHERE account_id = $1")
        .bind(two)
        .execute(server.owner_pool())
        .await
        .unwrap();
    let (first, second) = (server.sign_in_as(one).await, server.sign_in_as(two).await);

    let answers = futures_util::future::join(remove(&first, two, "1"), remove(&second, one, "1")).await;

    let left = server.count("SELECT count(*) FROM memberships WHERE 'admin' = ANY (roles)").await;
    assert_eq!(left, 1, "{} {}", answers.0.status, answers.1.status);
}

#[actix_web::test]
async fn who_is_no_admin_any_more_has_no_open_invitations() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    let admin = server.sign_in(Role::Admin).await;
    let editor = desk.member(Role::Editor);
    give(&admin, editor, "1", &["admin"]).await;
    let other = server.sign_in(Role::Editor).await;
    let link = other.post_form("/demo/people/invitations", &[("roles", "editor")]).await.one(".secret");
    let path = link.strip_prefix(&server.url("")).unwrap();
    assert_eq!(server.visitor().get(path).await.status, 200);

    remove(&admin, editor, "2").await;

    assert_eq!(server.visitor().get(path).await.status, 404);
}

#[actix_web::test]
async fn only_admins_are_offered_changes_and_only_they_can_make_them() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    let victim = desk.member(Role::Annotator);
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Admin) {
        let browser = server.sign_in(role).await;
        let page = browser.get("/demo/people").await;
        assert_eq!(page.status, 200, "{role}");
        assert!(!page.has("main form"), "{role}");
        assert_eq!(give(&browser, victim, "1", &["editor"]).await.status, 403, "{role}");
        assert_eq!(remove(&browser, victim, "1").await.status, 403, "{role}");
        let invited = browser.post_form("/demo/people/invitations", &[("roles", "admin")]).await;
        assert_eq!(invited.status, 403, "{role}");
    }
    let stranger = server.sign_in_at("other", Role::Admin).await;
    assert_eq!(give(&stranger, victim, "1", &["editor"]).await.status, 404);
    // An admin of one desk reaches nobody of another by way of their own.
    let across = format!("/other/people/{victim}/roles");
    assert_eq!(stranger.post_form(&across, &[("row_version", "1"), ("roles", "editor")]).await.status, 404);
    assert_eq!(roles(server.owner_pool(), victim).await, ["annotator"]);
    assert_eq!(server.count("SELECT count(*) FROM events").await, 0);
}
