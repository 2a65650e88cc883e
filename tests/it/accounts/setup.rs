//! The first account and its desk.

use factdesk::{accounts::setup, auth::Role, base_url::BaseUrl};

use super::PASSWORD;
use crate::harness::Server;

const ANA: [(&str, &str); 6] = [
    ("handle", "ana"),
    ("display_name", "Ana Bertolli"),
    ("password", PASSWORD),
    ("desk_name", "North desk"),
    ("slug", "north"),
    ("language", "en"),
];

/// The fields with one of them changed.
fn with<'a>(name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    ANA.into_iter().map(|(field, as_it_is)| (field, if field == name { value } else { as_it_is })).collect()
}

async fn link(server: &Server) -> String {
    let base = BaseUrl::new(&server.url("").parse().unwrap());
    let link = setup::link(server.app_pool(), &base).await.unwrap().expect("there is no account");
    link.strip_prefix(&server.url("")).expect("it is of this server").to_owned()
}

#[actix_web::test]
async fn the_link_makes_the_first_account_and_its_desk() {
    let server = Server::start().await;
    let link = link(&server).await;
    let browser = server.visitor();
    assert!(browser.get("/").await.text.contains("Nobody has set this server up yet"));
    assert_eq!(browser.get(&link).await.one("h1"), "Set up your desk");

    let answer = browser.post_bare(&link, &ANA).await;

    let start = browser.follow(&answer).await;
    assert_eq!(start.one("section[aria-labelledby=mine] .title"), "North desk");
    let people = browser.get("/north/people").await;
    assert_eq!(people.one("tbody th bdi"), "Ana Bertolli");
    assert_eq!(people.one("tbody td[data-label=Roles]"), "Editor, Admin");
    let events: Vec<String> =
        sqlx::query_scalar("SELECT action FROM events").fetch_all(server.owner_pool()).await.unwrap();
    assert_eq!(events, ["desk.create"]);
    // The password that was set is the one to sign in with.
    let answer = server.visitor().post_bare("/sign-in", &[("handle", "ana"), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, 303);
}

#[actix_web::test]
async fn a_link_works_once_for_a_day_and_ends_with_any_other() {
    let server = Server::start().await;
    let (used, other, old) = (link(&server).await, link(&server).await, link(&server).await);
    let hash_of_old = "UPDATE setup_links SET expires_at = now() WHERE created_at = (SELECT max(created_at) FROM setup_links)";
    sqlx::query(hash_of_old).execute(server.owner_pool()).await.unwrap();
    assert_eq!(server.visitor().get(&old).await.status, 404);
    assert_eq!(server.visitor().post_bare(&old, &ANA).await.status, 404);

    assert_eq!(server.visitor().post_bare(&used, &ANA).await.status, 303);

    for link in [used, other, "/setup/nonsense".into(), format!("/setup/{}", "0".repeat(64))] {
        assert_eq!(server.visitor().get(&link).await.status, 404, "{link}");
        let again = server.visitor().post_bare(&link, &with("handle", "eve")).await;
        assert_eq!(again.status, 404, "{link}");
    }
    assert_eq!(server.count("SELECT count(*) FROM accounts").await, 1);
    let base = BaseUrl::new(&server.url("").parse().unwrap());
    assert!(setup::link(server.app_pool(), &base).await.unwrap().is_none(), "there is an account");
}

#[actix_web::test]
async fn what_is_wrong_is_said_at_its_field_and_the_rest_is_kept() {
    let server = Server::start().await;
    let link = link(&server).await;
    for (field, value, id) in [
        ("handle", "Ana Bertolli", "handle"),
        ("display_name", "  ", "display_name"),
        ("password", "too short", "password"),
        ("password", "Ana-Bertolli-ana-bertolli", "password"),
        ("password", "passwordpassword1", "password"),
        ("desk_name", "", "desk_name"),
        ("slug", "North desk!", "slug"),
        ("language", "English", "language"),
    ] {
        let page = server.visitor().post_bare(&link, &with(field, value)).await;
        assert_eq!(page.status, 422, "{field}");
        assert!(page.one("title").starts_with("Error: "), "{field}");
        assert!(page.has(&format!("[role=alert] a[href='#{id}']")), "{field}");
        assert!(page.has(&format!("#{id}-error")), "{field}");
        assert_eq!(page.attribute(&format!("#{id}"), "aria-invalid").as_deref(), Some("true"), "{field}");
        if field != "password" {
            assert_eq!(page.attribute(&format!("#{id}"), "value").unwrap(), value);
        }
        assert_eq!(page.attribute("#password", "value"), None, "passwords are not sent back");
    }
    let reserved = server.visitor().post_bare(&link, &with("slug", "sign-in")).await;
    assert_eq!(reserved.status, 409);
    assert!(reserved.has("#slug-error"));
    // None of this has used the link up.
    assert_eq!(server.visitor().post_bare(&link, &ANA).await.status, 303);
}

#[actix_web::test]
async fn who_works_alone_may_decide_alone() {
    let server = Server::start().await;
    let link = link(&server).await;
    let mut fields = ANA.to_vec();
    fields.push(("alone", "on"));
    server.visitor().post_bare(&link, &fields).await;
    let policy: String =
        sqlx::query_scalar("SELECT p.mode FROM desks d JOIN review_policies p ON p.id = d.policy_id")
            .fetch_one(server.owner_pool())
            .await
            .unwrap();
    assert_eq!(policy, "single");
}

#[actix_web::test]
async fn admins_make_more_desks_and_others_do_not() {
    let server = Server::start().await;
    let admin = server.sign_in(Role::Admin).await;
    let fields = [("desk_name", "South desk"), ("slug", "south"), ("language", "pt-BR")];
    let key = uuid::Uuid::now_v7();

    let answer = admin.post_again("/desks", &fields, key).await;

    assert_eq!(answer.location(), "/south/people");
    assert_eq!(admin.follow(&answer).await.one("tbody th bdi"), "Admin of demo");
    // Sent twice, it is made once; another of that address is refused.
    assert_eq!(admin.post_again("/desks", &fields, key).await.location(), "/south/people");
    assert_eq!(admin.post_form("/desks", &fields).await.status, 409);
    assert_eq!(server.count("SELECT count(*) FROM desks WHERE slug = 'south'").await, 1);

    for role in [Role::Annotator, Role::Editor, Role::Auditor] {
        let browser = server.sign_in(role).await;
        assert_eq!(browser.get("/desks/new").await.status, 403, "{role}");
        let fields = [("desk_name", "West desk"), ("slug", "west"), ("language", "en")];
        assert_eq!(browser.post_form("/desks", &fields).await.status, 403, "{role}");
    }
    assert_eq!(server.visitor().get("/desks/new").await.status, 401);
    assert_eq!(server.count("SELECT count(*) FROM desks").await, 2);
}
