//! Guessing is slow, and locks nobody out.

use factdesk::auth::Role;

use super::PASSWORD;
use crate::harness::{Browser, Page, Server};

async fn server_with_an_editor() -> Server {
    let server = Server::start().await;
    let editor = server.desk("demo").await.member(Role::Editor);
    server.set_password(editor, PASSWORD).await;
    server
}

async fn guess(browser: &Browser, handle: &str, password: &str) -> Page {
    browser.post_bare("/sign-in", &[("handle", handle), ("password", password)]).await
}

#[actix_web::test]
async fn an_account_takes_ten_guesses_then_one_a_minute() {
    let server = server_with_an_editor().await;
    for _ in 0..10 {
        assert_eq!(guess(&server.visitor(), "editor.demo", "wrong").await.status, 422);
    }

    let refused = guess(&server.visitor(), "editor.demo", PASSWORD).await;

    assert_eq!(refused.status, 429);
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    // A minute later there is one more try.
    sqlx::query("UPDATE throttles SET filled_at = filled_at - interval '1 minute'")
        .execute(server.owner_pool())
        .await
        .unwrap();
    assert_eq!(guess(&server.visitor(), "editor.demo", PASSWORD).await.status, 303);
}

#[actix_web::test]
async fn a_known_browser_gets_in_while_others_guess() {
    let server = server_with_an_editor().await;
    let own = server.visitor();
    assert_eq!(guess(&own, "editor.demo", PASSWORD).await.status, 303);
    own.post_form("/sign-out", &[]).await;
    for _ in 0..11 {
        guess(&server.visitor(), "editor.demo", "wrong").await;
    }
    assert_eq!(guess(&server.visitor(), "editor.demo", PASSWORD).await.status, 429);

    assert_eq!(guess(&own, "editor.demo", PASSWORD).await.status, 303);

    // Being known is no way to guess without end, and holds for one's own account only.
    own.post_form("/sign-out", &[]).await;
    for _ in 0..10 {
        guess(&own, "editor.demo", "wrong").await;
    }
    assert_eq!(guess(&own, "editor.demo", PASSWORD).await.status, 429);
}

#[actix_web::test]
async fn a_network_takes_fifty_guesses_whatever_it_claims_to_be() {
    let server = server_with_an_editor().await;
    let own = server.visitor();
    assert_eq!(guess(&own, "editor.demo", PASSWORD).await.status, 303);
    own.post_form("/sign-out", &[]).await;
    let attacker = server.visitor();
    let mut refused_after = 0;
    for n in 0..70 {
        let fields = [("handle", format!("name-{n}")), ("password", "wrong".to_owned())];
        let fields = [(fields[0].0, fields[0].1.as_str()), (fields[1].0, fields[1].1.as_str())];
        let form = attacker.form("/sign-in", &fields).header("x-forwarded-for", format!("9.9.{n}.1"));
        if Page::of(form).await.status == 429 {
            refused_after = n;
            break;
        }
    }
    // A few more than fifty: one token comes back every six seconds.
    assert!((50..65).contains(&refused_after), "{refused_after}");

    assert_eq!(guess(&own, "editor.demo", PASSWORD).await.status, 303);
}

#[actix_web::test]
async fn signing_in_rightly_is_not_counted() {
    let server = server_with_an_editor().await;
    for _ in 0..12 {
        assert_eq!(guess(&server.visitor(), "editor.demo", PASSWORD).await.status, 303);
    }
}

#[actix_web::test]
async fn names_that_were_typed_are_not_kept() {
    let server = server_with_an_editor().await;
    guess(&server.visitor(), "my-secret-password", "wrong").await;
    let kept: Vec<String> =
        sqlx::query_scalar("SELECT bucket FROM throttles").fetch_all(server.owner_pool()).await.unwrap();
    assert_eq!(kept.len(), 2);
    assert!(kept.iter().all(|bucket| !bucket.contains("secret")), "{kept:?}");
}
