//! A desk's settings.

use factdesk::auth::Role;

use crate::harness::Server;

const SETTINGS: [(&str, &str); 5] = [
    ("row_version", "1"),
    ("name", "Fakten-Tisch"),
    ("language", "de"),
    ("methodology_url", "https://facts.example/how"),
    ("corrections_url", ""),
];

fn with<'a>(name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    SETTINGS
        .into_iter()
        .map(|(field, as_it_is)| (field, if field == name { value } else { as_it_is }))
        .collect()
}

#[actix_web::test]
async fn an_admin_changes_them_and_the_record_says_what() {
    let server = Server::start().await;
    let admin = server.sign_in(Role::Admin).await;
    assert_eq!(admin.get("/demo/settings").await.attribute("#name", "value").unwrap(), "The demo desk");

    assert_eq!(admin.post_form("/demo/settings", &SETTINGS).await.location(), "/demo/settings");

    let page = admin.get("/demo/settings").await;
    assert_eq!(page.attribute("#name", "value").unwrap(), "Fakten-Tisch");
    assert_eq!(page.attribute("html", "lang").unwrap(), "de");
    let event: (String, serde_json::Value) =
        sqlx::query_as("SELECT action, details FROM events").fetch_one(server.owner_pool()).await.unwrap();
    assert_eq!(event.0, "desk.edit");
    assert_eq!(event.1["language"], serde_json::json!({"before": "en", "after": "de"}));
    assert!(event.1.get("corrections_url").is_none(), "it did not change");
    // Saving what is saved changes nothing.
    admin.post_form("/demo/settings", &with("row_version", "2")).await;
    assert_eq!(server.count("SELECT count(*) FROM events").await, 1);
}

#[actix_web::test]
async fn who_saves_on_an_older_state_sees_both() {
    let server = Server::start().await;
    let (one, two) = (server.sign_in(Role::Admin).await, server.sign_in(Role::Admin).await);
    one.post_form("/demo/settings", &SETTINGS).await;

    let page = two.post_form("/demo/settings", &with("name", "Facts & Co")).await;

    assert_eq!(page.status, 409);
    assert!(page.one("title").starts_with("Error: "));
    assert_eq!(page.attribute("#name", "value").unwrap(), "Facts & Co");
    assert_eq!(page.select(".theirs"), ["Saved meanwhile: Fakten-Tisch"]);
    assert_eq!(server.count("SELECT count(*) FROM events").await, 1);
    // Sent again from that page, it is saved.
    let version = page.attribute("input[name=row_version]", "value").unwrap();
    let mut again = with("name", "Facts & Co");
    again[0].1 = &version;
    assert_eq!(two.post_form("/demo/settings", &again).await.status, 303);
}

#[actix_web::test]
async fn what_cannot_be_is_said_at_its_field() {
    let server = Server::start().await;
    let admin = server.sign_in(Role::Admin).await;
    for (field, value) in [
        ("name", ""),
        ("language", "Deutsch"),
        ("methodology_url", "javascript:alert(1)"),
        ("corrections_url", "ftp://facts.example/how"),
    ] {
        let page = admin.post_form("/demo/settings", &with(field, value)).await;
        assert_eq!(page.status, 422, "{field}");
        assert!(page.has(&format!("[role=alert] a[href='#{field}']")), "{field}");
    }
    assert_eq!(server.count("SELECT count(*) FROM events").await, 0);
}

#[actix_web::test]
async fn nobody_but_admins_sees_or_changes_them() {
    let server = Server::start().await;
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Admin) {
        let browser = server.sign_in(role).await;
        assert_eq!(browser.get("/demo/settings").await.status, 403, "{role}");
        assert_eq!(browser.post_form("/demo/settings", &SETTINGS).await.status, 403, "{role}");
    }
    assert_eq!(server.count("SELECT count(*) FROM desks WHERE row_version > 1").await, 0);
}
