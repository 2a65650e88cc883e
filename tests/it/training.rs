//! Training claims: answered, explained afterwards, and kept apart from everything that counts.

use factdesk::auth::Role;
use reqwest::StatusCode;

use crate::harness::{Browser, Page, Server};
use crate::reviews::World;

const TRAINING: &[(&str, &str)] = &[
    ("claim_reviewed", "The bridge is 300 metres long"),
    ("context", "The mayor, at the opening."),
    ("evidence", "The plans say 280 metres."),
    ("rating", "false"),
    ("explanation", "Twenty metres are more than rounding."),
];

async fn add(editor: &Browser) -> String {
    editor.post_form("/demo/training", TRAINING).await.location().to_owned()
}

async fn answer(browser: &Browser, at: &str, rating: &str) -> Page {
    let fields = [("rating", rating), ("rationale", "I compared the two.")];
    browser.post_form(&format!("{at}/answer"), &fields).await
}

#[actix_web::test]
async fn the_desks_rating_is_read_after_ones_own_answer() {
    let world = World::new().await;
    let editor = world.server.sign_in(Role::Editor).await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    let at = add(&editor).await;
    assert!(editor.get(&at).await.text.contains("more than rounding"));

    let asked = reviewer.get(&at).await;
    assert!(!asked.text.contains("more than rounding") && !asked.has("#gold"));
    assert_eq!(asked.attribute("input[data-key='1']", "name").unwrap(), "rating");
    for elsewhere in ["/demo/training", "/demo/record", "/demo/claims", "/demo/queue"] {
        assert!(!reviewer.get(elsewhere).await.text.contains("more than rounding"), "{elsewhere}");
    }
    assert_eq!(answer(&reviewer, &at, "true").await.location(), at);

    let told = reviewer.get(&at).await;
    assert_eq!(told.one("#gold"), "The desk rates it differently");
    assert!(told.one("section.notice").contains("more than rounding"));
    let again = answer(&reviewer, &at, "false").await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let list = reviewer.get("/demo/training").await;
    assert!(list.one(".rows .meta").contains("you rated it differently"));
    let scores = editor.get("/demo/training").await;
    assert_eq!(scores.select("tbody td.number"), ["1", "0"]);
    assert!(!list.has("tbody"));
}

#[actix_web::test]
async fn who_wrote_it_does_not_answer_it_and_what_is_retired_is_not_asked() {
    let world = World::new().await;
    let editor = world.server.sign_in(Role::Editor).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let at = add(&editor).await;
    assert_eq!(answer(&editor, &at, "false").await.status, StatusCode::FORBIDDEN);

    editor.post_form(&format!("{at}/retirement"), &[]).await.location();
    assert!(!checker.get(&at).await.has("form[action$=answer]"));
    assert_eq!(answer(&checker, &at, "false").await.status, StatusCode::CONFLICT);
    assert!(!checker.get("/demo/training").await.has("a[data-key=n]"));
    editor.post_form(&format!("{at}/restoration"), &[]).await.location();
    assert_eq!(answer(&checker, &at, "false").await.location(), at);
    assert_eq!(checker.get(&at).await.one("#gold"), "The desk rates it the same");
}

#[actix_web::test]
async fn a_public_claim_can_be_made_one_to_train_on() {
    let world = World::new().await;
    world.publish().await;
    let editor = world.server.sign_in(Role::Editor).await;
    let form = editor.get(&format!("/demo/training/new?claim={}", world.claim)).await;
    assert_eq!(form.one("#claim_reviewed"), "The harbour handled 3.1 million tonnes");
    assert!(form.has("input[name=rating][value=false][checked]"));
    assert_eq!(form.one("#explanation"), "We read the tables. They say so.");
}

#[actix_web::test]
async fn what_is_missing_is_told_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let editor = world.server.sign_in(Role::Editor).await;
    let fields = [("claim_reviewed", "Only this"), ("evidence", ""), ("explanation", "")];
    let refused = editor.post_form("/demo/training", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.one("#claim_reviewed"), "Only this");
    assert_eq!(refused.select("[role=alert] li").len(), 3);
    let at = add(&editor).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let refused = checker.post_form(&format!("{at}/answer"), &[("rationale", "Because.")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.one("#rationale"), "Because.");
}

#[actix_web::test]
async fn training_has_nothing_to_do_with_the_desks_work() {
    let server = Server::start().await;
    let reaches: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT f.relname::text FROM pg_constraint k
         JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
         WHERE k.contype = 'f' AND t.relname IN ('training_claims', 'training_answers') ORDER BY 1",
    )
    .fetch_all(server.owner_pool())
    .await
    .unwrap();
    assert_eq!(reaches, ["events", "guidelines", "memberships", "rating_values", "training_claims"]);
    let reached: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT t.relname::text FROM pg_constraint k
         JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
         WHERE k.contype = 'f' AND f.relname IN ('training_claims', 'training_answers') ORDER BY 1",
    )
    .fetch_all(server.owner_pool())
    .await
    .unwrap();
    assert_eq!(reached, ["training_answers"]);
}

#[actix_web::test]
async fn the_database_keeps_training_claims_as_they_were_asked() {
    let world = World::new().await;
    let editor = world.server.sign_in(Role::Editor).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let at = add(&editor).await;
    answer(&checker, &at, "true").await.location();
    let app = world.server.app_pool();
    let event = crate::reviews::event(world.server.owner_pool(), &world.desk).await;
    for (attempt, constraint) in [
        ("UPDATE training_claims SET rating_code = 'true', event_id = $1", "training_claims_stand"),
        ("UPDATE training_claims SET explanation = 'Otherwise.', event_id = $1", "training_claims_stand"),
        (
            "INSERT INTO training_answers
             SELECT desk_id, id, created_by, scale_version_id, 'false', 'I know.', now(), $1 FROM training_claims",
            "training_answers_not_by_writer",
        ),
        (
            "INSERT INTO training_answers
             SELECT desk_id, training_claim_id, account_id, scale_version_id, 'false', 'Now.', now(), $1 FROM training_answers",
            "training_answers_pkey",
        ),
        (
            "INSERT INTO training_answers
             SELECT t.desk_id, t.id, m.account_id, t.scale_version_id, 'false', ' ', now(), $1
             FROM training_claims t JOIN memberships m ON m.desk_id = t.desk_id AND m.roles = '{reviewer}'",
            "training_answers_rationale_length",
        ),
        ("UPDATE training_claims SET retired_at = now() WHERE $1::uuid IS NOT NULL", "every_change_has_an_event"),
    ] {
        let refused = sqlx::query(attempt).bind(event).execute(app).await.expect_err(attempt);
        let error = refused.as_database_error().unwrap();
        assert_eq!(error.constraint(), Some(constraint), "{attempt}: {error}");
    }
    sqlx::query("UPDATE training_claims SET retired_at = now(), event_id = $1")
        .bind(event)
        .execute(app)
        .await
        .unwrap();
    let again = crate::reviews::event(world.server.owner_pool(), &world.desk).await;
    let late = sqlx::query(
        "INSERT INTO training_answers
         SELECT t.desk_id, t.id, m.account_id, t.scale_version_id, 'false', 'Late.', now(), $1
         FROM training_claims t JOIN memberships m ON m.desk_id = t.desk_id AND m.roles = '{reviewer}'",
    )
    .bind(again)
    .execute(app)
    .await
    .unwrap_err();
    assert_eq!(late.as_database_error().unwrap().constraint(), Some("training_answers_while_asked"));
}
