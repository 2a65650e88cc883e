//! Precedents: whoever rates a claim sees how others that say nearly the same were rated, and says why, when the rating is
//! another one.

use factdesk::auth::Role;
use factdesk::id::ClaimId;
use reqwest::StatusCode;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::harness::{Browser, Page};
use crate::reviews::{World, event, evidence, taken};
use crate::rounds::{blind, rate, reviewer};

const FIRST: &str = "The harbour of Ellery handled three million tonnes last year";
const CLOSE: &str = "Last year the harbour of Ellery handled three million tonnes";
const LIKE: &str = "The harbour of Ellery handled timber and grain last year";

/// A claim with these words, which can be found by them, and with evidence.
async fn claim(world: &World, words: &str) -> ClaimId {
    let (id, owner) = (ClaimId::new(), world.server.owner_pool());
    sqlx::query(
        "INSERT INTO claims (desk_id, id, claim_reviewed, language, search, created_by, created_at, event_id)
         VALUES ($1, $2, $3, 'en', to_tsvector('simple', lower($3)), $4, now(), $5)",
    )
    .bind(world.desk.id)
    .bind(id)
    .bind(words)
    .bind(world.desk.member(Role::Annotator))
    .bind(event(owner, &world.desk).await)
    .execute(owner)
    .await
    .unwrap();
    evidence(owner, &world.desk, id).await;
    id
}

/// A desk on which the first claim is public as false, and another one is being worked on.
async fn world(words: &str) -> World {
    let mut world = World::new().await;
    world.claim = claim(&world, FIRST).await;
    world.publish().await;
    world.claim = claim(&world, words).await;
    world
}

async fn explain(world: &World, browser: &Browser, sentence: &str) -> Page {
    browser.post_form(&world.path("draft"), &[("departure", sentence)]).await
}

#[actix_web::test]
async fn who_rates_otherwise_than_a_precedent_says_why_and_readers_see_it() {
    let world = world(CLOSE).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let judging = checker.get(&world.path("judging")).await;
    assert_eq!(judging.select(".precedents li .badge"), ["False"]);
    assert_eq!(judging.one(".precedents li a"), FIRST);
    assert_eq!(judging.one(".precedents li .chip"), "nearly the same");

    taken(&world.draft(&checker).await);
    taken(&world.change(&checker, "rating", "false", "true").await);
    let refused = checker
        .post_form(
            &world.path("draft"),
            &[
                ("base_one_line", "The tables show 2.9 million tonnes."),
                ("one_line", "The tables show 2.9 million tonnes."),
                ("then", "review"),
            ],
        )
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.one("#draft-departure-error").contains("Say in a sentence why"), "{}", refused.text);
    assert_eq!(world.post(&checker, "review-request").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    taken(&explain(&world, &checker, "This one speaks of the whole bay.").await);
    assert_eq!(
        checker.get(&world.path("judging")).await.one("#draft-departure"),
        "This one speaks of the whole bay."
    );
    // Said once, it is not asked again; the same words change nothing.
    taken(&explain(&world, &checker, "This one speaks of the whole bay.").await);
    assert_eq!(world.server.count("SELECT count(*) FROM departures").await, 1);

    taken(&world.post(&checker, "review-request").await);
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    taken(&world.assess(&reviewer, "approve", "").await);
    taken(&world.post(&world.server.sign_in(Role::Editor).await, "publication").await);
    let page = world.server.visitor().get(&format!("/demo/claims/{}", world.claim)).await;
    let shown = page.one("section[aria-labelledby=otherwise]");
    assert!(shown.contains(FIRST) && shown.contains("This one speaks of the whole bay."), "{shown}");
    assert_eq!(page.select("section[aria-labelledby=otherwise] .badge"), ["False"]);
}

#[actix_web::test]
async fn who_rates_alike_or_only_something_like_it_is_asked_nothing() {
    for words in [CLOSE, LIKE] {
        let world = world(words).await;
        let checker = world.server.sign_in(Role::FactChecker).await;
        taken(&world.draft(&checker).await);
        if words == LIKE {
            let judging = checker.get(&world.path("judging")).await;
            assert!(judging.has(".precedents li") && !judging.has("#draft-departure"));
            taken(&world.change(&checker, "rating", "false", "true").await);
        }
        taken(&world.post(&checker, "review-request").await);
    }
}

#[actix_web::test]
async fn what_is_not_public_or_was_found_to_say_something_else_is_no_precedent() {
    let mut world = World::new().await;
    world.claim = claim(&world, FIRST).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    taken(&world.draft(&checker).await);
    let first = world.claim;
    world.claim = claim(&world, CLOSE).await;
    assert!(!checker.get(&world.path("judging")).await.has(".precedents"));

    let second = world.claim;
    world.claim = first;
    taken(&world.post(&checker, "review-request").await);
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    taken(&world.assess(&reviewer, "approve", "").await);
    taken(&world.post(&world.server.sign_in(Role::Editor).await, "publication").await);
    world.claim = second;
    assert!(checker.get(&world.path("judging")).await.has(".precedents"));
    let other = first.to_string();
    taken(&checker.post_form(&world.path("distinction"), &[("of", other.as_str())]).await);
    assert!(!checker.get(&world.path("judging")).await.has(".precedents"));
}

#[actix_web::test]
async fn who_assesses_blindly_says_why_too_and_nobody_else_reads_it() {
    let world = world(CLOSE).await;
    world.desk.adopt(world.server.owner_pool(), &blind(2)).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    taken(&world.post(&checker, "review-request").await);
    let (_, ana) = reviewer(&world, "Ana").await;
    let (_, ben) = reviewer(&world, "Ben").await;
    assert!(ana.get(&world.path("assessment")).await.has(".precedents #departure"));
    let silent = rate(&world, &ana, "true", "Table 4 says so.").await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let version = world.draft_version().await.to_string();
    let fields = [
        ("draft_version", version.as_str()),
        ("rating", "true"),
        ("rationale", "Table 4 says so."),
        ("confidence", "medium"),
        ("departure", "Another harbour is meant."),
    ];
    taken(&ana.post_form(&world.path("assessment"), &fields).await);
    for (who, path) in [(&ben, "assessment"), (&ben, "judging"), (&ben, "history"), (&checker, "judging")] {
        let page = who.get(&world.path(path)).await;
        assert!(!page.text.contains("Another harbour is meant."), "{path}");
    }
    let told: Vec<String> = sqlx::query_scalar("SELECT details::text FROM events")
        .fetch_all(world.server.owner_pool())
        .await
        .unwrap();
    assert!(told.iter().all(|details| !details.contains("Another harbour")));
}

#[actix_web::test]
async fn the_database_refuses_what_breaks_a_rule() {
    let world = world(CLOSE).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    taken(&world.draft(&checker).await);
    let event = event(world.server.owner_pool(), &world.desk).await;
    let nobody = format!("'{}'", Uuid::now_v7());
    let first = "(SELECT claim_id FROM publications LIMIT 1)";
    let round = format!("(SELECT id FROM rounds WHERE claim_id = '{}')", world.claim);
    let attempt = async |changes: &[(&str, &str)]| {
        let mut row = vec![
            ("desk_id", format!("'{}'", world.desk.id)),
            ("id", "gen_random_uuid()".to_owned()),
            ("claim_id", format!("'{}'", world.claim)),
            ("round_id", round.clone()),
            ("assessment_id", "NULL".to_owned()),
            ("rating_code", "'true'".to_owned()),
            ("precedent_id", first.to_owned()),
            ("precedent_verdict", "1".to_owned()),
            ("note", "'Why'".to_owned()),
            ("created_by", format!("'{}'", world.desk.member(Role::FactChecker))),
            ("created_at", "now()".to_owned()),
            ("event_id", format!("'{event}'")),
        ];
        for (column, value) in &mut row {
            if let Some((_, other)) = changes.iter().find(|(changed, _)| changed == column) {
                (*other).clone_into(value);
            }
        }
        let (columns, values): (Vec<_>, Vec<_>) = row.into_iter().unzip();
        let statement =
            format!("INSERT INTO departures ({}) VALUES ({})", columns.join(", "), values.join(", "));
        let outcome = sqlx::query(AssertSqlSafe(statement)).execute(world.server.app_pool()).await;
        outcome.err().map(|error| {
            let error = error.into_database_error().unwrap();
            error.constraint().map_or_else(|| error.message().to_owned(), ToOwned::to_owned)
        })
    };
    assert_eq!(attempt(&[]).await, None);
    let own = format!("'{}'", world.claim);
    for (rule, changes) in [
        ("departures_event", vec![("event_id", nobody.as_str())]),
        ("departures_assessment", vec![("assessment_id", &nobody)]),
        ("departures_author", vec![("created_by", &nobody)]),
        ("departures_round", vec![("claim_id", first), ("precedent_id", first)]),
        ("departures_from_another_claim", vec![("claim_id", first)]),
        ("departures_from_another_rating", vec![("precedent_id", &own)]),
        ("departures_from_another_rating", vec![("rating_code", "'false'")]),
        ("departures_from_another_rating", vec![("precedent_verdict", "9")]),
        ("departures_note_length", vec![("note", "' '")]),
    ] {
        let found = attempt(&changes).await;
        let either = rule == "departures_round" && found.as_deref() == Some("departures_from_another_claim");
        assert!(found.as_deref() == Some(rule) || either, "{rule}: {found:?}");
    }
    for change in ["UPDATE departures SET note = 'Other'", "DELETE FROM departures"] {
        let refused = sqlx::query(change).execute(world.server.owner_pool()).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some("departures_are_immutable"));
    }
}
