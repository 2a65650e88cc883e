//! Mail to members.

use std::process::Command;
use std::time::Duration;

use factdesk::auth::Role;
use reqwest::StatusCode;

use crate::discussion::say;
use crate::harness::{Browser, Server, Smtp};
use crate::reviews::World;

const ADDRESS: &str = "rita@reviewers.example";

async fn world(smtp: &Smtp) -> World {
    World::on(Server::start_mailing(smtp).await).await
}

/// Gives an address and confirms it with the link in the letter.
async fn confirm(smtp: &Smtp, browser: &Browser) {
    let before = smtp.letters().len();
    let asked = browser.post_form("/account/mail/address", &[("address", ADDRESS)]).await;
    assert_eq!(asked.location(), "/account/mail");
    assert!(browser.get("/account/mail").await.one("main [role=status]").contains(ADDRESS));
    let letter = smtp.wait_for(before + 1).await.pop().unwrap();
    assert_eq!(letter.to, ADDRESS);
    let path = link(&letter.text, "/account/mail/confirmations/");
    assert!(browser.get(&path).await.one("main p").contains(ADDRESS));
    let still = browser.get("/account/mail").await;
    assert!(still.has("main [role=status]"), "a link that is looked at confirms nothing");
    assert_eq!(browser.post_bare(&path, &[]).await.location(), "/account/mail");
    assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND, "it confirms once");
}

fn link(text: &str, path: &str) -> String {
    let at = text.find(path).unwrap_or_else(|| panic!("{path} is not in {text}"));
    text[at..].split_whitespace().next().unwrap().to_owned()
}

/// Lets what waits go out now.
async fn hurry(world: &World) {
    sqlx::query("UPDATE jobs SET due_at = now() WHERE kind = 'mail' AND state = 'waiting'")
        .execute(world.server.owner_pool())
        .await
        .unwrap();
}

async fn settled(world: &World, state: &str) {
    for _ in 0..200 {
        let found: Option<String> = sqlx::query_scalar("SELECT state FROM jobs WHERE kind = 'mail'")
            .fetch_optional(world.server.owner_pool())
            .await
            .unwrap();
        if found.as_deref() == Some(state) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("mail does not become {state}");
}

#[actix_web::test]
async fn what_happens_within_a_minute_comes_in_one_letter_to_a_confirmed_address() {
    let smtp = Smtp::start();
    let world = world(&smtp).await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let rita = world.server.sign_in(Role::Reviewer).await;
    say(&world, &nora, "Nobody is mailed of this, @reviewer.demo.").await;
    assert_eq!(world.server.count("SELECT count(*) FROM jobs WHERE kind = 'mail'").await, 0);
    confirm(&smtp, &rita).await;

    say(&world, &nora, "Look here, @reviewer.demo: größer als 3?").await;
    say(&world, &nora, "And here, @reviewer.demo.").await;
    hurry(&world).await;
    let letter = smtp.wait_for(2).await.pop().unwrap();
    let text = letter.text;
    assert_eq!(letter.to, ADDRESS);
    assert!(text.starts_with("Subject: 3 things happened at The demo desk\n"), "{text}");
    assert!(text.contains("Annotator of demo called you:"), "{text}");
    assert!(text.contains("> Look here, @reviewer.demo: größer als 3?"), "{text}");
    assert!(text.contains("Auto-Submitted: auto-generated"), "{text}");
    let page = rita.get(&link(&text, &format!("/demo/claims/{}", world.claim))).await;
    assert_eq!(page.status, StatusCode::OK);
    settled(&world, "done").await;
    assert_eq!(world.server.count("SELECT count(*) FROM notifications WHERE mailed_at IS NULL").await, 0);

    say(&world, &nora, "Once more, @reviewer.demo.").await;
    hurry(&world).await;
    let letter = smtp.wait_for(3).await.pop().unwrap();
    assert!(letter.text.starts_with("Subject: Annotator of demo called you: The harbour"), "{}", letter.text);
}

#[actix_web::test]
async fn nothing_is_mailed_that_was_read_or_was_not_chosen() {
    let smtp = Smtp::start();
    let world = world(&smtp).await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let rita = world.server.sign_in(Role::Reviewer).await;
    confirm(&smtp, &rita).await;
    say(&world, &nora, "Look, @reviewer.demo.").await;
    rita.get(world.path("").trim_end_matches('/')).await;
    hurry(&world).await;
    settled(&world, "done").await;
    assert_eq!(smtp.letters().len(), 1, "only the one that confirmed");

    rita.post_form("/account/mail/kinds", &[("kind", "assigned"), ("kind", "verdict")]).await;
    let page = rita.get("/account/mail").await;
    assert_eq!(page.select("input[name=kind][checked]").len(), 2);
    say(&world, &nora, "Look again, @reviewer.demo.").await;
    assert_eq!(
        world.server.count("SELECT count(*) FROM jobs WHERE kind = 'mail' AND state = 'waiting'").await,
        0
    );
    rita.post_form("/account/mail/address/removal", &[]).await;
    assert_eq!(world.server.count("SELECT count(*) FROM mail_addresses").await, 0);
}

#[actix_web::test]
async fn a_mail_server_that_is_busy_is_asked_again_and_one_that_refuses_is_not() {
    let smtp = Smtp::start();
    let world = world(&smtp).await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let rita = world.server.sign_in(Role::Reviewer).await;
    confirm(&smtp, &rita).await;
    smtp.refuse(&["451 later", "421 later still"]);
    say(&world, &nora, "Look, @reviewer.demo.").await;
    for tries in 1..=2 {
        hurry(&world).await;
        for _ in 0..200 {
            if smtp.asked() > tries {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        settled(&world, "waiting").await;
    }
    hurry(&world).await;
    assert!(smtp.wait_for(2).await[1].text.contains("> Look, @reviewer.demo."));
    settled(&world, "done").await;

    smtp.refuse(&["550 no such person"]);
    say(&world, &nora, "Look again, @reviewer.demo.").await;
    hurry(&world).await;
    settled(&world, "dead").await;
    let reason: String = sqlx::query_scalar("SELECT reason FROM jobs WHERE kind = 'mail'")
        .fetch_one(world.server.owner_pool())
        .await
        .unwrap();
    assert_eq!(reason, "mail_refused");
    say(&world, &nora, "And now, @reviewer.demo?").await;
    hurry(&world).await;
    let letter = smtp.wait_for(3).await.pop().unwrap();
    assert!(
        letter.text.contains("2 things happened"),
        "what was not taken comes with the next: {}",
        letter.text
    );
}

#[actix_web::test]
async fn a_removed_comment_is_not_quoted_and_who_left_gets_no_letter() {
    let smtp = Smtp::start();
    let world = world(&smtp).await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let rita = world.server.sign_in(Role::Reviewer).await;
    confirm(&smtp, &rita).await;
    let comment = say(&world, &nora, "A slip, @reviewer.demo.").await;
    nora.post_form(&world.path(&format!("comments/{comment}/removal")), &[]).await;
    hurry(&world).await;
    let letter = smtp.wait_for(2).await.pop().unwrap();
    assert!(!letter.text.contains("A slip"), "{}", letter.text);
    settled(&world, "done").await;

    say(&world, &nora, "Bye, @reviewer.demo.").await;
    sqlx::query("UPDATE memberships SET roles = '{}' WHERE account_id = $1")
        .bind(world.desk.member(Role::Reviewer))
        .execute(world.server.owner_pool())
        .await
        .unwrap();
    hurry(&world).await;
    settled(&world, "dead").await;
    assert_eq!(smtp.letters().len(), 2);
}

#[actix_web::test]
async fn addresses_are_checked_and_letters_to_strangers_are_few() {
    let smtp = Smtp::start();
    let world = world(&smtp).await;
    let rita = world.server.sign_in(Role::Reviewer).await;
    for wrong in ["", "rita", "rita@", "a b@c.example", "x@y.example\r\nBcc: z@y.example", "<a@b.example>"] {
        let refused = rita.post_form("/account/mail/address", &[("address", wrong)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(refused.has("#address[aria-invalid]"), "{wrong}");
    }
    for _ in 0..5 {
        rita.post_form("/account/mail/address", &[("address", ADDRESS)]).await.location();
    }
    let more = rita.post_form("/account/mail/address", &[("address", ADDRESS)]).await;
    assert_eq!(more.status, StatusCode::TOO_MANY_REQUESTS);
}

#[actix_web::test]
async fn a_link_holds_for_a_day() {
    let smtp = Smtp::start();
    let world = world(&smtp).await;
    let rita = world.server.sign_in(Role::Reviewer).await;
    rita.post_form("/account/mail/address", &[("address", ADDRESS)]).await;
    let letter = smtp.wait_for(1).await.pop().unwrap();
    let path = link(&letter.text, "/account/mail/confirmations/");
    sqlx::query("UPDATE mail_addresses SET pending_since = pending_since - interval '25 hours'")
        .execute(world.server.owner_pool())
        .await
        .unwrap();
    assert_eq!(rita.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(rita.post_bare(&path, &[]).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn without_a_mail_server_the_page_says_so() {
    let server = Server::start().await;
    let nora = server.sign_in(Role::Annotator).await;
    let page = nora.get("/account/mail").await;
    assert!(page.one(".notice").contains("sends no mail"));
    assert!(!page.has("#address"));
    let refused = nora.post_form("/account/mail/address", &[("address", ADDRESS)]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
}

#[test]
fn a_mail_server_that_cannot_be_read_stops_the_start_and_keeps_its_password() {
    let mut factdesk = Command::new(env!("CARGO_BIN_EXE_factdesk"));
    let output =
        factdesk.env_clear().env("FACTDESK_SMTP_URL", "http://u:geheim@mail.example").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(said.contains("(FACTDESK_SMTP_URL): expected smtp://"), "{said}");
    assert!(!said.contains("geheim"), "{said}");
}
