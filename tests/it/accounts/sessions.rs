//! How long sessions last.

use std::time::Duration;

use factdesk::auth::Role;

use crate::harness::Server;

async fn change(server: &Server, statement: &'static str) {
    sqlx::query(statement).execute(server.owner_pool()).await.unwrap();
}

#[actix_web::test]
async fn a_session_ends_when_idle_when_old_and_when_the_account_is_disabled() {
    for end in [
        "UPDATE sessions SET idle_until = now() - interval '1 second'",
        "UPDATE sessions SET ends_at = now(), created_at = now() - interval '30 days'",
        "UPDATE accounts SET disabled_at = now()",
        "DELETE FROM sessions",
    ] {
        let server = Server::start().await;
        let browser = server.sign_in(Role::Editor).await;
        assert_eq!(browser.get("/account").await.status, 200);
        assert_eq!(browser.get("/demo/people").await.status, 200);
        change(&server, end).await;
        assert_eq!(browser.get("/account").await.status, 401, "{end}");
        assert_eq!(browser.get("/demo/people").await.status, 401, "{end}");
    }
}

#[actix_web::test]
async fn a_session_in_use_is_renewed_at_most_every_five_minutes() {
    let server = Server::start().await;
    let browser = server.sign_in(Role::Editor).await;
    let seen = "SELECT extract(epoch FROM max(now() - last_seen_at))::bigint FROM sessions";
    for address in ["/account", "/demo/people"] {
        change(
            &server,
            "UPDATE sessions SET last_seen_at = now() - interval '4 minutes', \
             idle_until = now() + interval '11 hours 56 minutes'",
        )
        .await;
        browser.get(address).await;
        actix_web::rt::time::sleep(Duration::from_millis(100)).await;
        assert!(server.count(seen).await >= 240, "{address}: not yet");

        change(
            &server,
            "UPDATE sessions SET last_seen_at = now() - interval '6 minutes', \
             idle_until = now() + interval '11 hours 54 minutes'",
        )
        .await;
        browser.get(address).await;
        for _ in 0..100 {
            if server.count(seen).await < 60 {
                break;
            }
            actix_web::rt::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(server.count(seen).await < 60, "{address}: renewed");
        let idle = "SELECT extract(epoch FROM max(idle_until - now()))::bigint FROM sessions";
        assert!(server.count(idle).await > 12 * 3600 - 60, "{address}");
    }
}
