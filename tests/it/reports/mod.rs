//! What readers write, from the form to the answer.

mod corrections;
mod desk;
mod invariants;
mod robots;

use factdesk::auth::Role;
use factdesk::reports::ticket::{Key, Ticket};
use reqwest::StatusCode;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::harness::{Browser, Page};
use crate::reviews::World;

const WORDS: &str = "The table that you cite is from 2022.";

/// A desk with one claim that is public.
pub async fn public() -> World {
    let world = World::new().await;
    world.publish().await;
    world
}

/// What a form that was handed out some time ago carries.
pub async fn ticket(world: &World, ago: Duration) -> String {
    let key: Vec<u8> = sqlx::query_scalar("SELECT key FROM form_keys WHERE purpose = 'report'")
        .fetch_one(world.server.owner_pool())
        .await
        .unwrap();
    Ticket::issue(world.claim, OffsetDateTime::now_utc() - ago).signed(&Key::new(&key))
}

/// Sends a report as a reader does who took some seconds for it.
pub async fn send(world: &World, reader: &Browser, fields: &[(&str, &str)]) -> Page {
    let ticket = ticket(world, Duration::seconds(30)).await;
    send_with(world, reader, &ticket, fields).await
}

pub async fn send_with(world: &World, reader: &Browser, ticket: &str, fields: &[(&str, &str)]) -> Page {
    let usual = [("kind", "error"), ("words", WORDS)];
    let mut all = vec![("ticket", ticket)];
    all.extend(usual.iter().filter(|(name, _)| !fields.iter().any(|(other, _)| other == name)));
    all.extend_from_slice(fields);
    reader.post_bare(&world.path("report"), &all).await
}

/// The id of the report that came last.
pub async fn last(world: &World) -> Uuid {
    sqlx::query_scalar("SELECT id FROM reader_reports ORDER BY id DESC LIMIT 1")
        .fetch_one(world.server.owner_pool())
        .await
        .unwrap()
}

pub async fn look(browser: &Browser, report: Uuid, seen: &str, finding: &str) -> Page {
    let path = format!("/demo/reports/{report}/looks");
    browser.post_form(&path, &[("seen", seen), ("finding", finding), ("note", "I read the table.")]).await
}

pub async fn answer(browser: &Browser, report: Uuid, fields: &[(&str, &str)]) -> Page {
    let usual = [("outcome", "upheld"), ("words", "Thank you, you are right."), ("to", "private")];
    let kept = usual.iter().filter(|(name, _)| !fields.iter().any(|(other, _)| other == name));
    let all: Vec<_> = kept.chain(fields).copied().collect();
    browser.post_form(&format!("/demo/reports/{report}/answer"), &all).await
}

/// A report that two people have looked at.
pub async fn looked_at(world: &World, fields: &[(&str, &str)]) -> (Uuid, String) {
    let sent = send(world, &world.server.visitor(), fields).await;
    let own = sent.location().to_owned();
    let report = last(world).await;
    for (role, seen) in [(Role::FactChecker, "0"), (Role::Reviewer, "1")] {
        let member = world.server.sign_in(role).await;
        assert_eq!(look(&member, report, seen, "upheld").await.status, StatusCode::SEE_OTHER);
    }
    (report, own)
}

#[actix_web::test]
async fn a_reader_writes_without_an_account_and_follows_it_to_the_answer() {
    let world = public().await;
    let reader = world.server.visitor();
    let page = reader.get(&format!("/demo/claims/{}", world.claim)).await;
    let form = page.attribute("#write ~ p a.button", "href").unwrap();
    let form = reader.get(&form).await;
    assert_eq!(form.status, StatusCode::OK);
    assert_eq!(form.select("fieldset#kind input").len(), 4);
    assert_eq!(form.header("cache-control"), "no-store");

    let sent = send(&world, &reader, &[("links", "https://stats.example/2022"), ("name", "Ines Roe")]).await;
    let own = sent.location().to_owned();
    let page = world.server.visitor().get(&own).await;
    assert_eq!(page.one("h1"), "Thank you. The desk has it");
    assert!(page.text.contains(WORDS) && page.text.contains("https://stats.example/2022"));
    assert_eq!(page.one("code.secret"), world.server.url(&own));
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert_eq!(page.header("x-robots-tag"), "noindex");
    assert_eq!(page.header("cache-control"), "no-store");

    let report = last(&world).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    let editor = world.server.sign_in(Role::Editor).await;
    look(&checker, report, "0", "upheld").await;
    assert!(reader.get(&own).await.text.contains("Next: a second person looks at it."));
    look(&reviewer, report, "1", "partly").await;
    let page = reader.get(&own).await;
    assert_eq!(page.select(".history .who").len(), 3);
    assert!(!page.text.contains("I read the table."), "what members note is theirs");
    assert!(!page.text.contains("Fact-checker of demo"), "and so is who looked");
    answer(&editor, report, &[]).await;
    let page = reader.get(&own).await;
    assert_eq!(page.one("h1"), "The desk has answered you");
    assert_eq!(page.one("#answer ~ .text"), "Thank you, you are right.");
    assert!(page.text.contains("only you can read this answer"));
    let public = reader.get(&format!("/demo/claims/{}", world.claim)).await;
    assert!(!public.text.contains("you are right"));
}

#[actix_web::test]
async fn a_public_answer_stands_on_the_page_with_the_readers_words_if_they_allowed_it() {
    let world = public().await;
    let editor = world.server.sign_in(Role::Editor).await;
    let reply = [("kind", "right_of_reply"), ("words", "I never said that."), ("name", "Dana Whitlock")];
    let allowed = [&reply[..], &[("may_publish", "yes"), ("reach", "dana@town.example")]].concat();
    let (report, own) = looked_at(&world, &allowed).await;
    let public = [("to", "public"), ("with_words", "yes"), ("words", "We print your reply.")];
    answer(&editor, report, &public).await;
    let page = world.server.visitor().get(&format!("/demo/claims/{}", world.claim)).await;
    assert_eq!(page.one("#readers ~ .answer blockquote"), "I never said that.");
    assert!(page.one("#readers ~ .answer").contains("We print your reply."));
    assert!(page.one("#readers ~ .answer").contains("Dana Whitlock"));
    assert!(!page.text.contains("dana@town.example"));

    // Afterwards the reader can still have the name erased.
    let reader = world.server.visitor();
    let gone = reader.post_bare(&format!("{own}/withdrawal"), &[]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    let page = world.server.visitor().get(&format!("/demo/claims/{}", world.claim)).await;
    assert!(page.text.contains("I never said that.") && !page.text.contains("Dana Whitlock"));

    let (report, _) = looked_at(&world, &[("words", "Another mistake.")]).await;
    let refused = answer(&editor, report, &[("to", "public"), ("with_words", "yes")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("did not allow"));
    assert_eq!(refused.one("#answer-words"), "Thank you, you are right.", "what was typed is kept");
}

#[actix_web::test]
async fn a_report_that_is_taken_back_leaves_no_word() {
    let world = public().await;
    let reader = world.server.visitor();
    let sent = send(&world, &reader, &[("name", "Ines Roe"), ("reach", "ines@mail.example")]).await;
    let own = sent.location().to_owned();
    let withdrawn = reader.post_bare(&format!("{own}/withdrawal"), &[]).await;
    assert_eq!(reader.follow(&withdrawn).await.one("h1"), "You took it back");
    let again = reader.post_bare(&format!("{own}/withdrawal"), &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let left: Vec<String> = sqlx::query_scalar("SELECT row_to_json(r)::text FROM reader_reports r")
        .fetch_all(world.server.owner_pool())
        .await
        .unwrap();
    for word in ["Ines", "ines@mail", "table"] {
        assert!(!left[0].contains(word), "{word}: {}", left[0]);
    }
    let told: Vec<String> = sqlx::query_scalar("SELECT details::text FROM events WHERE entity = 'report'")
        .fetch_all(world.server.owner_pool())
        .await
        .unwrap();
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|details| !details.contains("Ines") && !details.contains("table")), "{told:?}");
    let checker = world.server.sign_in(Role::FactChecker).await;
    let refused = look(&checker, last(&world).await, "0", "upheld").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn only_its_own_secret_opens_the_page_of_a_report() {
    let world = public().await;
    let own = send(&world, &world.server.visitor(), &[]).await.location().to_owned();
    let (before, secret) = own.rsplit_once('/').unwrap();
    assert_eq!(secret.len(), 64);
    world.server.desk("other").await;
    let editor = world.server.sign_in(Role::Editor).await;
    for path in [
        format!("{before}/{}", "0".repeat(64)),
        format!("{before}/{}", last(&world).await),
        own.replace("/demo/", "/other/"),
        format!("{before}/%00"),
    ] {
        assert_eq!(editor.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let stored: Vec<u8> = sqlx::query_scalar("SELECT tracking_hash FROM reader_reports")
        .fetch_one(world.server.owner_pool())
        .await
        .unwrap();
    let stored = stored.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    assert_ne!(stored, secret);
}

#[actix_web::test]
async fn what_is_not_public_cannot_be_written_about() {
    let world = World::new().await;
    let reader = world.server.visitor();
    assert_eq!(reader.get(&world.path("report")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(send(&world, &reader, &[]).await.status, StatusCode::NOT_FOUND);
    let editor = world.server.sign_in(Role::Editor).await;
    assert_eq!(editor.get(&world.path("report")).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn what_is_wrong_with_a_report_is_said_at_its_field() {
    let world = public().await;
    let reader = world.server.visitor();
    for (fields, field) in [
        (vec![("words", " ")], "words"),
        (vec![("kind", "praise")], "kind"),
        (vec![("kind", "right_of_reply")], "name"),
        (vec![("links", "not an address")], "links"),
    ] {
        let refused = send(&world, &reader, &[&fields[..], &[("reach", "Kept")]].concat()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(refused.has(&format!(".errors a[href='#{field}']")), "{field}: {}", refused.text);
        assert_eq!(refused.attribute("#reach", "value").unwrap(), "Kept");
        assert!(refused.one("title").starts_with("Error: "));
    }
    assert_eq!(world.server.count("SELECT count(*) FROM reader_reports").await, 0);
}
