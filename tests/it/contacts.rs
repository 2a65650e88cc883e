//! Who was asked for comment: the log of a claim, for members and for readers.

use std::collections::BTreeSet;

use factdesk::auth::Role;
use reqwest::{Method, StatusCode};
use serde_json::json;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::harness::{Browser, Page};
use crate::reviews::{World, event, taken};

const ASKED: [(&str, &str); 5] = [
    ("whom", "The harbour office"),
    ("outcome", "waiting"),
    ("channel", "email"),
    ("asked_on", "2026-03-14"),
    ("deadline", "2026-03-16"),
];

/// What came of the one entry.
const OUTCOME: &str = "#part-contacts .contact > p:first-child";

async fn ask(world: &World, browser: &Browser, more: &[(&str, &str)]) -> Page {
    let kept = ASKED.iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
    let fields: Vec<_> = kept.chain(more).copied().collect();
    browser.post_form(&world.path("contacts"), &fields).await
}

/// The id of the entry that was made last.
async fn last(world: &World) -> Uuid {
    sqlx::query_scalar("SELECT id FROM claimant_contacts ORDER BY id DESC LIMIT 1")
        .fetch_one(world.server.owner_pool())
        .await
        .unwrap()
}

#[actix_web::test]
async fn readers_see_who_was_asked_when_how_by_when_and_what_came_of_it() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    taken(&ask(&world, &checker, &[("note", "Press desk: 555 0100")]).await);
    world.publish().await;
    let page = format!("/demo/claims/{}", world.claim);

    let readers = world.server.visitor().get(&page).await;
    assert_eq!(
        readers.select("section[aria-labelledby=asked] .contact p"),
        [
            "The harbour office: Waiting for an answer",
            "Asked on 14 March 2026 by e-mailanswer asked for by 16 March 2026"
        ]
    );
    assert!(!readers.text.contains("555 0100"));

    let id = last(&world).await;
    let answered = [
        ("base_outcome", "waiting"),
        ("outcome", "replied"),
        ("base_answer", ""),
        ("answer", "We stand by our figure."),
    ];
    taken(&checker.post_form(&world.path(&format!("contacts/{id}")), &answered).await);
    let readers = world.server.visitor().get(&page).await;
    assert_eq!(readers.one("section[aria-labelledby=asked] blockquote"), "We stand by our figure.");
    let members = checker.get(&page).await;
    assert!(members.one("#part-contacts").contains("555 0100"));
}

#[actix_web::test]
async fn an_entry_that_breaks_a_rule_comes_back_as_it_was_typed() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    for (more, field) in [
        (("deadline", "2026-03-13"), "deadline"),
        (("asked_on", "the day before"), "asked_on"),
        (("outcome", "replied"), "answer"),
        (("outcome", "not_attempted"), "reason"),
        (("whom", ""), "whom"),
    ] {
        let refused = ask(&world, &checker, &[more, ("note", "Kept words")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.has(&format!("#new-contact-{field}-error")), "{field}: {}", refused.text);
        assert_eq!(refused.one("#new-contact-note"), "Kept words");
    }
    let nobody = [("outcome", "not_attempted"), ("channel", ""), ("asked_on", ""), ("deadline", "")];
    let reason = ("reason", "Nobody knows who said it.");
    taken(&ask(&world, &checker, &[&nobody[..], &[reason]].concat()).await);
}

#[actix_web::test]
async fn an_entry_is_removed_brought_back_and_its_changes_undone() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    taken(&ask(&world, &checker, &[]).await);
    let id = last(&world).await;
    let address = format!("/demo/claims/{}", world.claim);
    assert!(checker.get(&address).await.has(&format!("#k-{id}")));
    taken(&checker.post_form(&world.path(&format!("contacts/{id}/removal")), &[]).await);
    assert!(!checker.get(&address).await.has(&format!("#k-{id}")));
    let again = checker.post_form(&world.path(&format!("contacts/{id}/removal")), &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    taken(&checker.post_form(&world.path(&format!("contacts/{id}/restoration")), &[]).await);
    assert!(checker.get(&address).await.has(&format!("#k-{id}")));

    let refused = [("base_outcome", "waiting"), ("outcome", "refused")];
    taken(&checker.post_form(&world.path(&format!("contacts/{id}")), &refused).await);
    assert!(checker.get(&address).await.one(OUTCOME).ends_with("They declined to comment"));
    let history = checker.get(&world.path("history")).await;
    assert!(history.text.contains("changed the log of who was asked for comment"));
    let change = history.attribute(".history form input[name=event]", "value").unwrap();
    taken(&checker.post_form(&world.path("undo"), &[("event", &change)]).await);
    assert!(!checker.get(&address).await.one(OUTCOME).ends_with("They declined to comment"));
}

#[actix_web::test]
async fn two_who_change_the_same_entry_see_both_texts() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    taken(&ask(&world, &checker, &[]).await);
    let path = world.path(&format!("contacts/{}", last(&world).await));
    taken(&checker.post_form(&path, &[("base_outcome", "waiting"), ("outcome", "refused")]).await);
    let late = [("base_outcome", "waiting"), ("outcome", "no_reply")];
    let conflict = reviewer.post_form(&path, &late).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(
        conflict.text.contains("They did not answer") && conflict.text.contains("They declined to comment")
    );
}

#[actix_web::test]
async fn programs_read_and_write_the_same_log() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let path = format!("/api/v1/desks/demo/claims/{}/contacts", world.claim);
    let body = json!({
        "whom": "The harbour office", "outcome": "no_reply", "channel": "phone", "asked_on": "2026-03-14"
    });
    let made = checker.json(Method::POST, &path, &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let wrong = checker.json(Method::POST, &path, &json!({"whom": "Somebody"})).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let log = checker.get(&path).await.json();
    assert_eq!(
        log,
        json!({"contacts": [{
            "id": last(&world).await, "whom": "The harbour office", "outcome": "no_reply", "channel": "phone",
            "asked_on": "2026-03-14", "deadline": null, "answer": "", "reason": "", "note": "", "row_version": 1
        }]})
    );
}

/// A row as it should be, but for some columns.
async fn attempt(world: &World, changes: &[(&str, &str)]) -> Option<String> {
    let mut row = vec![
        ("desk_id", format!("'{}'", world.desk.id)),
        ("id", format!("'{}'", Uuid::now_v7())),
        ("claim_id", format!("'{}'", world.claim)),
        ("whom", "'x'".to_owned()),
        ("channel", "'email'".to_owned()),
        ("asked_on", "'2026-03-14'".to_owned()),
        ("deadline", "'2026-03-16'".to_owned()),
        ("outcome", "'waiting'".to_owned()),
        ("reason", "''".to_owned()),
        ("answer", "''".to_owned()),
        ("note", "''".to_owned()),
        ("created_by", format!("'{}'", world.desk.member(Role::FactChecker))),
        ("created_at", "now()".to_owned()),
        ("event_id", format!("'{}'", event(world.server.owner_pool(), &world.desk).await)),
    ];
    for (column, value) in &mut row {
        if let Some((_, other)) = changes.iter().find(|(changed, _)| changed == column) {
            (*other).clone_into(value);
        }
    }
    let (columns, values): (Vec<_>, Vec<_>) = row.into_iter().unzip();
    let statement =
        format!("INSERT INTO claimant_contacts ({}) VALUES ({})", columns.join(", "), values.join(", "));
    let outcome = sqlx::query(AssertSqlSafe(statement)).execute(world.server.app_pool()).await;
    outcome.err().map(|error| {
        let error = error.into_database_error().unwrap();
        error.constraint().map_or_else(|| error.message().to_owned(), ToOwned::to_owned)
    })
}

#[actix_web::test]
async fn the_database_refuses_what_breaks_a_rule() {
    let world = World::new().await;
    assert_eq!(attempt(&world, &[]).await, None);
    let nobody = format!("'{}'", Uuid::now_v7());
    let long = format!("'{}'", "x".repeat(5_001));
    let attempts: [(&str, &[(&str, &str)]); 12] = [
        ("claimant_contacts_event", &[("event_id", &nobody)]),
        ("claimant_contacts_claim", &[("claim_id", &nobody)]),
        ("claimant_contacts_creator", &[("created_by", &nobody)]),
        ("claimant_contacts_whom_length", &[("whom", "' '")]),
        ("claimant_contacts_channel_known", &[("channel", "'pigeon'")]),
        ("claimant_contacts_outcome_known", &[("outcome", "'hung_up'"), ("channel", "'email'")]),
        ("claimant_contacts_asked_whole", &[("channel", "NULL")]),
        ("claimant_contacts_asked_whole", &[("outcome", "'not_attempted'"), ("reason", "'x'")]),
        ("claimant_contacts_deadline_after", &[("deadline", "'2026-03-13'")]),
        ("claimant_contacts_not_asked_with_reason", &[("reason", "'x'")]),
        ("claimant_contacts_replied_with_words", &[("outcome", "'replied'")]),
        ("claimant_contacts_words_length", &[("note", &long)]),
    ];
    for (rule, changes) in attempts {
        assert_eq!(attempt(&world, changes).await.as_deref(), Some(rule), "{changes:?}");
    }
    let tried: BTreeSet<&str> = attempts.iter().map(|(rule, _)| *rule).collect();
    let constraints: Vec<String> = sqlx::query_scalar(
        "SELECT conname::text FROM pg_constraint
         WHERE conrelid = 'claimant_contacts'::regclass AND contype IN ('c', 'f', 'u')",
    )
    .fetch_all(world.server.owner_pool())
    .await
    .unwrap();
    let untried: Vec<_> = constraints.iter().filter(|name| !tried.contains(name.as_str())).collect();
    assert!(untried.is_empty(), "{untried:?}");
    for (statement, rule) in [
        ("UPDATE claimant_contacts SET whom = 'y'", "every_change_has_an_event"),
        ("DELETE FROM claimant_contacts", "claimant_contacts_stay"),
    ] {
        let refused = sqlx::query(statement).execute(world.server.owner_pool()).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some(rule));
    }
}
