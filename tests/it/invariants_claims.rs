//! What always holds of claims, tried to be broken as the server's own role.

use factdesk::auth::Role;
use factdesk::id::{AgentId, AppearanceId, ClaimId};
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use crate::harness::Fixture;
use crate::reviews::{World, claim, event};

/// Runs a statement as the server's role; gives the constraint that refuses it, or what else stands in the way.
async fn attempt(pool: &PgPool, statement: String) -> Result<u64, String> {
    match sqlx::query(AssertSqlSafe(statement)).execute(pool).await {
        Ok(done) => Ok(done.rows_affected()),
        Err(error) => {
            let error = error.into_database_error().expect("the database refuses");
            Err(error.constraint().map_or_else(|| error.message().to_owned(), ToOwned::to_owned))
        }
    }
}

fn refused(outcome: Result<u64, String>, rule: &str) {
    match outcome {
        Ok(rows) => panic!("{rule}: {rows} rows were written"),
        Err(found) => assert!(found.contains(rule), "{rule}: {found}"),
    }
}

/// An appearance at an address; `more` sets further columns.
async fn appearance(
    world: &World,
    claim: ClaimId,
    columns: &str,
    values: &str,
) -> Result<AppearanceId, String> {
    let (id, owner) = (AppearanceId::new(), world.server.owner_pool());
    let statement = format!(
        "INSERT INTO appearances (desk_id, id, claim_id, created_by, created_at, event_id{columns})
         VALUES ('{}', '{id}', '{claim}', '{}', now(), '{}'{values})",
        world.desk.id,
        world.desk.member(Role::Annotator),
        event(owner, &world.desk).await,
    );
    attempt(world.server.app_pool(), statement).await.map(|_| id)
}

async fn update(world: &World, table: &str, id: impl Into<Uuid>, set: &str) -> Result<u64, String> {
    let event = event(world.server.owner_pool(), &world.desk).await;
    let (desk, id) = (world.desk.id, id.into());
    let statement =
        format!("UPDATE {table} SET {set}, event_id = '{event}' WHERE desk_id = '{desk}' AND id = '{id}'");
    attempt(world.server.app_pool(), statement).await
}

#[actix_web::test]
async fn nothing_of_a_claim_is_deleted() {
    let world = World::new().await;
    let app = world.server.app_pool();
    appearance(&world, world.claim, ", url", ", 'https://a.example/'").await.unwrap();
    for table in ["claims", "appearances", "anchors", "claim_distinctions"] {
        refused(attempt(app, format!("DELETE FROM {table}")).await, "permission denied");
        refused(attempt(app, format!("TRUNCATE {table} CASCADE")).await, "permission denied");
        refused(attempt(app, format!("ALTER TABLE {table} DISABLE TRIGGER ALL")).await, "must be owner");
    }
    let owner = world.server.owner_pool();
    refused(attempt(owner, "DELETE FROM claims".to_owned()).await, "claims_stay");
    refused(attempt(owner, "DELETE FROM appearances".to_owned()).await, "appearances_stay");
}

#[actix_web::test]
async fn a_change_names_an_event_of_its_own() {
    let world = World::new().await;
    let app = world.server.app_pool();
    appearance(&world, world.claim, ", url", ", 'https://a.example/'").await.unwrap();
    for (table, set) in [("claims", "topics = '{x}'"), ("appearances", "place = 'x'")] {
        refused(attempt(app, format!("UPDATE {table} SET {set}")).await, "every_change_has_an_event");
        let invented = format!("UPDATE {table} SET {set}, event_id = '{}'", Uuid::now_v7());
        refused(attempt(app, invented).await, "_event");
    }
}

#[actix_web::test]
async fn a_claim_goes_the_known_ways_only() {
    let world = World::new().await;
    for to in ["in_review", "decided"] {
        refused(update(&world, "claims", world.claim, &format!("stage = '{to}'")).await, "claims_stage");
    }
    for to in ["published", "retracted"] {
        refused(update(&world, "claims", world.claim, &format!("stage = '{to}'")).await, "claims_");
    }
    refused(update(&world, "claims", world.claim, "stage = 'lost'").await, "claims_stage");
    refused(update(&world, "claims", world.claim, "stage = 'declined'").await, "claims_declined_with_reason");
    refused(
        update(&world, "claims", world.claim, "stage = 'declined', decline_reason = 'bored'").await,
        "claims_declined_with_reason",
    );
    refused(
        update(&world, "claims", world.claim, "decline_reason = 'opinion'").await,
        "claims_declined_with_reason",
    );
    refused(
        update(&world, "claims", world.claim, "stage = 'duplicate'").await,
        "claims_duplicate_points_at_another",
    );
}

#[actix_web::test]
async fn duplicates_are_flat_and_never_of_themselves_or_of_another_desks_claim() {
    let world = World::new().await;
    let owner = world.server.owner_pool();
    let (a, b) = (claim(owner, &world.desk).await, claim(owner, &world.desk).await);
    let duplicate_of = |other: ClaimId| format!("stage = 'duplicate', duplicate_of = '{other}'");
    refused(update(&world, "claims", a, &duplicate_of(a)).await, "claims_duplicate");
    let stranger: Fixture = world.server.desk("other").await;
    let elsewhere = claim(owner, &stranger).await;
    refused(update(&world, "claims", a, &duplicate_of(elsewhere)).await, "claims_duplicate_of");
    update(&world, "claims", a, &duplicate_of(b)).await.unwrap();
    refused(update(&world, "claims", world.claim, &duplicate_of(a)).await, "claims_duplicate_is_flat");
    refused(update(&world, "claims", b, &duplicate_of(world.claim)).await, "claims_duplicate_is_flat");
}

#[actix_web::test]
async fn what_is_not_known_is_not_an_empty_text() {
    let world = World::new().await;
    let url = ", 'https://a.example/'";
    let id = appearance(&world, world.claim, ", url", url).await.unwrap();
    for (set, rule) in [
        ("place = ''", "appearances_place_length"),
        ("event = ''", "appearances_occasion_length"),
        ("medium = ''", "appearances_medium_known"),
        ("attitude = ''", "appearances_attitude_known"),
        ("url = ''", "appearances_url_form"),
        ("url = 'javascript:alert(1)'", "appearances_url_form"),
        ("url = NULL", "appearances_somewhere"),
        ("said_from = '2026-01-01'", "appearances_said_whole"),
        ("said_precision = 'day'", "appearances_said_whole"),
        (
            "said_precision = 'range', said_from = '2026-02-01', said_to = '2026-01-01'",
            "appearances_said_whole",
        ),
        ("prefix = 'x'", "appearances_mark_whole"),
    ] {
        refused(update(&world, "appearances", id, set).await, rule);
    }
    refused(update(&world, "claims", world.claim, "claim_reviewed = ''").await, "claims_words_length");
    refused(update(&world, "claims", world.claim, "claim_types = '{gossip}'").await, "claims_types_known");
    let agent = format!(
        "INSERT INTO agents (desk_id, id, kind, name, name_key, created_by, created_at, event_id)
         VALUES ('{}', '{}', 'person', '', '', '{}', now(), '{}')",
        world.desk.id,
        AgentId::new(),
        world.desk.member(Role::Annotator),
        event(world.server.owner_pool(), &world.desk).await,
    );
    refused(attempt(world.server.app_pool(), agent).await, "agents_name_length");
}

#[actix_web::test]
async fn one_appearance_is_the_first_known_and_none_is_earlier() {
    let world = World::new().await;
    let columns = ", url, said_from, said_to, said_precision, is_first_known";
    let at = |day: &str, first: bool| format!(", 'https://a.example/', '{day}', '{day}', 'day', {first}");
    let first = appearance(&world, world.claim, columns, &at("2026-05-02", true)).await.unwrap();
    let later = appearance(&world, world.claim, columns, &at("2026-05-03", false)).await.unwrap();
    let before = "appearances_none_before_first_known";

    let second = appearance(&world, world.claim, columns, &at("2026-05-02", true)).await;
    refused(second.map(|_| 1), "appearances_one_first_known");
    let earlier = appearance(&world, world.claim, columns, &at("2026-05-01", false)).await;
    refused(earlier.map(|_| 1), before);
    let moved = "said_from = '2026-05-01', said_to = '2026-05-01'";
    refused(update(&world, "appearances", later, moved).await, before);
    let moved = "said_from = '2026-05-04', said_to = '2026-05-04'";
    refused(update(&world, "appearances", first, moved).await, before);
    update(&world, "appearances", first, "is_first_known = false").await.unwrap();
    let gone = appearance(&world, world.claim, columns, &at("2026-05-01", false)).await.unwrap();
    update(&world, "appearances", gone, "removed_at = now()").await.unwrap();
    update(&world, "appearances", first, "is_first_known = true").await.unwrap();
    refused(update(&world, "appearances", gone, "removed_at = NULL").await, before);
}

#[actix_web::test]
async fn nothing_of_a_claim_points_into_another_desk() {
    let world = World::new().await;
    let other = world.server.desk("other").await;
    let elsewhere = claim(world.server.owner_pool(), &other).await;
    let outcome = appearance(&world, elsewhere, ", url", ", 'https://a.example/'").await;
    refused(outcome.map(|_| 1), "appearances_claim");
    let stranger = other.member(Role::Editor);
    refused(
        update(&world, "claims", world.claim, &format!("assignee_id = '{stranger}'")).await,
        "claims_assignee",
    );
    let distinct = |one: ClaimId, two: ClaimId, event| {
        format!(
            "INSERT INTO claim_distinctions (desk_id, claim_id, other_id, created_by, created_at, event_id)
             VALUES ('{}', '{one}', '{two}', '{}', now(), '{event}')",
            world.desk.id,
            world.desk.member(Role::Editor),
        )
    };
    let owner = world.server.owner_pool();
    let app = world.server.app_pool();
    let outcome = attempt(app, distinct(world.claim, elsewhere, event(owner, &world.desk).await)).await;
    refused(outcome, "claim_distinctions_other");
    let second = claim(owner, &world.desk).await;
    let outcome = attempt(app, distinct(second, world.claim, event(owner, &world.desk).await)).await;
    refused(outcome, "claim_distinctions_once");
    attempt(app, distinct(world.claim, second, event(owner, &world.desk).await)).await.unwrap();
    refused(
        attempt(app, "UPDATE claim_distinctions SET created_at = now()".to_owned()).await,
        "permission denied",
    );
}

#[actix_web::test]
async fn words_stand_still_while_they_are_judged() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    crate::claims::saved(&world.draft(&checker).await);
    crate::claims::saved(&world.post(&checker, "review-request").await);
    refused(
        update(&world, "claims", world.claim, "claim_reviewed = 'Other words'").await,
        "claims_words_stand_still",
    );
}
