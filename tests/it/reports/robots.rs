//! Robots are kept out without puzzles, and people never lose what they typed.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use reqwest::StatusCode;
use time::Duration;

use super::{WORDS, public, send, send_with, ticket};
use crate::reviews::World;

async fn stored(world: &World) -> i64 {
    world.server.count("SELECT count(*) FROM reader_reports").await
}

#[actix_web::test]
async fn who_fills_in_what_people_do_not_see_is_no_person() {
    let world = public().await;
    let reader = world.server.visitor();
    let refused = send(&world, &reader, &[("leave_empty", "https://spam.example")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(stored(&world).await, 0);
    // A browser that filled it in by itself only needs another click.
    assert_eq!(refused.attribute("#leave_empty", "value"), None);
    assert_eq!(refused.one("#words"), WORDS);
    let ticket = refused.attribute("input[name=ticket]", "value").unwrap();
    assert_eq!(send_with(&world, &reader, &ticket, &[]).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn a_form_is_not_taken_at_once_nor_after_a_day_nor_without_our_signature() {
    let world = public().await;
    let reader = world.server.visitor();
    let fresh = ticket(&world, Duration::ZERO).await;
    let other_claim = {
        let here = ticket(&world, Duration::minutes(1)).await;
        here.replacen(|c: char| c.is_ascii_digit(), "9", 1)
    };
    for (ticket, words) in [
        (fresh.as_str(), "very quick"),
        (&ticket(&world, Duration::hours(25)).await, "more than a day"),
        ("made.up.ticket", "not one of ours"),
        ("", "not one of ours"),
        (&other_claim, "not one of ours"),
    ] {
        let refused = send_with(&world, &reader, ticket, &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{ticket}");
        assert!(refused.one(".errors").contains(words), "{ticket}: {}", refused.one(".errors"));
        assert_eq!(refused.one("#words"), WORDS);
        let next = refused.attribute("input[name=ticket]", "value").unwrap();
        assert_eq!(next == fresh, ticket == fresh, "only one that came too fast is still good");
    }
    assert_eq!(stored(&world).await, 0);
    assert_eq!(world.server.count("SELECT count(*) FROM events WHERE actor_kind = 'reader'").await, 0);
}

#[actix_web::test]
async fn two_hundred_equal_submissions_store_one_and_all_lead_to_its_page() {
    let world = public().await;
    let ticket = ticket(&world, Duration::seconds(30)).await;
    let reader = world.server.visitor();
    let all = join_all((0..200).map(|_| send_with(&world, &reader, &ticket, &[]))).await;
    let places: BTreeSet<String> = all.iter().map(|page| page.location().to_owned()).collect();
    assert_eq!(places.len(), 1);
    assert_eq!(stored(&world).await, 1);
    assert_eq!(world.server.count("SELECT count(*) FROM events WHERE action = 'report.receive'").await, 1);
    // With other words it is another report, and nothing of it is lost.
    let other = send_with(&world, &reader, &ticket, &[("words", "And another thing.")]).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    assert_eq!(other.one("#words"), "And another thing.");
    let next = other.attribute("input[name=ticket]", "value").unwrap();
    assert_ne!(next, ticket);
}

#[actix_web::test]
async fn the_same_words_are_not_taken_twice_whoever_sends_them() {
    let world = public().await;
    send(&world, &world.server.visitor(), &[]).await;
    let again =
        send(&world, &world.server.visitor(), &[("words", "the TABLE that you cite is from 2022")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.one(".errors").contains("these very words"));
    assert_eq!(stored(&world).await, 1);
}

#[actix_web::test]
async fn a_network_that_sends_many_reports_has_to_wait_and_keeps_its_words() {
    let world = public().await;
    let reader = world.server.visitor();
    for number in 0..5 {
        let sent = send(&world, &reader, &[("words", &format!("Mistake number {number}"))]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
    }
    let refused = send(&world, &reader, &[("words", "The sixth")]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.one("#words"), "The sixth");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() <= 600);
    assert_eq!(stored(&world).await, 5);
    assert_eq!(world.server.count("SELECT count(*) FROM events WHERE action = 'report.receive'").await, 5);
}

#[actix_web::test]
async fn a_form_of_another_site_sends_nothing() {
    let world = public().await;
    let ticket = ticket(&world, Duration::seconds(30)).await;
    let fields = [("ticket", ticket.as_str()), ("kind", "error"), ("words", WORDS)];
    let form = world.server.visitor().form(&world.path("report"), &fields);
    let forged = crate::harness::Page::of(form.header("origin", "https://evil.example")).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(stored(&world).await, 0);
}
