//! Inviting people by link.

use factdesk::auth::Role;
use uuid::Uuid;

use super::PASSWORD;
use crate::harness::{Browser, Server};

const EVA: [(&str, &str); 3] = [("handle", "eva"), ("display_name", "Eva Lindqvist"), ("password", PASSWORD)];

/// Invites somebody as a reviewer and fact-checker, and gives the link.
async fn invite(server: &Server, admin: &Browser) -> String {
    let fields = [("roles", "reviewer"), ("roles", "fact_checker"), ("note", "Welcome, <b>Eva</b>")];
    let page = admin.post_form("/demo/people/invitations", &fields).await;
    assert_eq!(page.status, 201);
    page.one(".secret").strip_prefix(&server.url("")).expect("it is of this server").to_owned()
}

#[actix_web::test]
async fn somebody_new_makes_an_account_and_joins() {
    let server = Server::start().await;
    let admin = server.sign_in(Role::Admin).await;
    let link = invite(&server, &admin).await;
    let guest = server.visitor();
    let page = guest.get(&link).await;
    assert_eq!(page.one("h1"), "You are invited to The demo desk");
    assert_eq!(page.select("main ul strong"), ["Fact-checker", "Reviewer"]);
    assert_eq!(page.one("blockquote"), "Welcome, <b>Eva</b>");

    let answer = guest.post_bare(&format!("{link}/account"), &EVA).await;

    let people = guest.follow(&answer).await;
    assert!(people.select("tbody th bdi").contains(&"Eva Lindqvist".to_owned()));
    assert!(people.select("td[data-label=Roles]").contains(&"Fact-checker, Reviewer".to_owned()));
    let joined: (String, serde_json::Value) =
        sqlx::query_as("SELECT action, details FROM events ORDER BY id DESC LIMIT 1")
            .fetch_one(server.owner_pool())
            .await
            .unwrap();
    assert_eq!(joined.0, "member.join");
    assert_eq!(joined.1["roles"]["after"], serde_json::json!(["fact_checker", "reviewer"]));
    // Nobody else can use the link.
    assert_eq!(server.visitor().get(&link).await.status, 404);
    let again = [("handle", "eve"), ("display_name", "Eve"), ("password", PASSWORD)];
    assert_eq!(server.visitor().post_bare(&format!("{link}/account"), &again).await.status, 404);
    assert!(!admin.get("/demo/people").await.text.contains("Withdraw"));
}

#[actix_web::test]
async fn somebody_signed_in_joins_with_the_roles_besides_those_they_have() {
    let server = Server::start().await;
    let admin = server.sign_in(Role::Admin).await;
    let stranger = server.sign_in_at("other", Role::Editor).await;
    assert_eq!(stranger.get("/demo/people").await.status, 404);
    let link = invite(&server, &admin).await;
    assert_eq!(stranger.get(&link).await.one("form button.primary"), "Join as Editor of other");

    let answer = stranger.post_form(&format!("{link}/acceptance"), &[]).await;

    assert_eq!(stranger.follow(&answer).await.status, 200);
    let annotator = server.sign_in(Role::Annotator).await;
    let link = invite(&server, &admin).await;
    annotator.post_form(&format!("{link}/acceptance"), &[]).await;
    let roles: Vec<String> = sqlx::query_scalar(
        "SELECT m.roles FROM memberships m JOIN accounts a ON a.id = m.account_id WHERE a.handle = 'annotator.demo'",
    )
    .fetch_one(server.owner_pool())
    .await
    .unwrap();
    assert_eq!(roles, ["annotator", "fact_checker", "reviewer"]);
}

#[actix_web::test]
async fn a_link_is_shown_once_and_kept_as_a_hash() {
    let server = Server::start().await;
    let admin = server.sign_in(Role::Admin).await;
    let key = Uuid::now_v7();
    let fields = [("roles", "editor")];
    let page = admin.post_again("/demo/people/invitations", &fields, key).await;
    let secret = page.one(".secret");
    let secret = secret.rsplit('.').next().unwrap();

    // Sent again, it makes no second one, and the first is not told again.
    assert_eq!(admin.post_again("/demo/people/invitations", &fields, key).await.location(), "/demo/people");
    assert!(!admin.get("/demo/people").await.text.contains(secret));
    assert_eq!(server.count("SELECT count(*) FROM invitations").await, 1);
    let stored: (String, String) = sqlx::query_as(
        "SELECT encode(token_hash, 'hex'), (SELECT string_agg(details::text, '') FROM events) FROM invitations",
    )
    .fetch_one(server.owner_pool())
    .await
    .unwrap();
    assert!(!stored.0.contains(secret) && !stored.1.contains(secret));
}

#[actix_web::test]
async fn a_withdrawn_or_old_invitation_opens_nothing() {
    let server = Server::start().await;
    let admin = server.sign_in(Role::Admin).await;
    let link = invite(&server, &admin).await;
    let page = admin.get("/demo/people").await;
    let withdrawal = page.attribute("form[action$=withdrawal]", "action").unwrap();
    assert_eq!(admin.post_form(&withdrawal, &[]).await.location(), "/demo/people");
    assert_eq!(admin.post_form(&withdrawal, &[]).await.status, 404, "it is gone");
    assert_eq!(server.visitor().get(&link).await.status, 404);
    assert_eq!(server.visitor().post_bare(&format!("{link}/account"), &EVA).await.status, 404);

    let link = invite(&server, &admin).await;
    sqlx::query("UPDATE invitations SET expires_at = now()").execute(server.owner_pool()).await.unwrap();
    assert_eq!(server.visitor().get(&link).await.status, 404);
    assert_eq!(server.count("SELECT count(*) FROM accounts").await, 6);
}

#[actix_web::test]
async fn an_invitation_is_to_its_own_desk_only() {
    let server = Server::start().await;
    server.desk("other").await;
    let link = invite(&server, &server.sign_in(Role::Admin).await).await;
    assert_eq!(server.visitor().get(&link.replace("/demo.", "/other.")).await.status, 404);
    let others = server.sign_in_at("other", Role::Admin).await;
    let id: Uuid =
        sqlx::query_scalar("SELECT id FROM invitations").fetch_one(server.owner_pool()).await.unwrap();
    let withdrawal = format!("/other/people/invitations/{id}/withdrawal");
    assert_eq!(others.post_form(&withdrawal, &[]).await.status, 404);
    assert_eq!(server.visitor().get(&link).await.status, 200);
}

#[actix_web::test]
async fn one_of_two_who_open_a_link_at_once_joins() {
    let server = Server::start().await;
    let link = invite(&server, &server.sign_in(Role::Admin).await).await;
    let path = format!("{link}/account");
    let other = [("handle", "eve"), ("display_name", "Eve"), ("password", PASSWORD)];
    let (one, two) = (server.visitor(), server.visitor());
    let answers = futures_util::future::join(one.post_bare(&path, &EVA), two.post_bare(&path, &other)).await;
    let mut statuses = [answers.0.status.as_u16(), answers.1.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404]);
    assert_eq!(
        server.count("SELECT count(*) FROM accounts").await,
        7,
        "the other account is not made either"
    );
}

#[actix_web::test]
async fn an_invitation_needs_a_role_and_a_name_that_is_free() {
    let server = Server::start().await;
    let admin = server.sign_in(Role::Admin).await;
    let page = admin.post_form("/demo/people/invitations", &[("note", "for nothing")]).await;
    assert_eq!(page.status, 422);
    assert_eq!(page.one("textarea#note"), "for nothing");
    assert!(page.has("[role=alert] a[href='#roles-annotator']"));
    assert_eq!(admin.post_form("/demo/people/invitations", &[("roles", "root")]).await.status, 400);

    let link = invite(&server, &admin).await;
    let taken = [("handle", "editor.demo"), ("display_name", "Eva"), ("password", PASSWORD)];
    let page = server.visitor().post_bare(&format!("{link}/account"), &taken).await;
    assert_eq!(page.status, 409);
    assert!(page.has("#handle-error"));
    assert_eq!(server.visitor().post_bare(&format!("{link}/account"), &EVA).await.status, 303);
}
