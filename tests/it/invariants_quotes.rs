//! What always holds of quotations and where they stand, tried to be broken as the server's own role.

use factdesk::auth::Role;
use factdesk::id::{CopyId, EvidenceId};
use factdesk::text::quote::QuoteCheck;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::quotes::{HTML, bare};
use crate::reviews::{World, event, evidence};

struct Cited {
    world: World,
    evidence: EvidenceId,
    copy: CopyId,
}

impl Cited {
    async fn new() -> Self {
        let world = bare().await;
        let pool = world.server.owner_pool();
        let evidence = evidence(pool, &world.desk, world.claim).await;
        let source: Uuid = sqlx::query_scalar("SELECT id FROM sources").fetch_one(pool).await.unwrap();
        let copy = world.keep(source.into(), HTML).await;
        Self { world, evidence, copy }
    }

    /// Changes the evidence as the server's role; the constraint that refuses it.
    async fn set(&self, change: &str) -> Result<(), String> {
        let event = self.event().await;
        let statement =
            format!("UPDATE evidence SET {change}, event_id = '{event}' WHERE id = '{}'", self.evidence);
        match sqlx::query(AssertSqlSafe(statement)).execute(self.world.server.app_pool()).await {
            Ok(_) => Ok(()),
            Err(error) => {
                let error = error.into_database_error().expect("the database refuses");
                Err(error.constraint().map_or_else(|| error.message().to_owned(), ToOwned::to_owned))
            }
        }
    }

    async fn event(&self) -> Uuid {
        event(self.world.server.owner_pool(), &self.world.desk).await.uuid()
    }

    async fn refused(&self, change: &str, rule: &str) {
        assert_eq!(self.set(change).await, Err(rule.to_owned()), "{change}");
    }

    /// What says that words stand at a place.
    fn at(&self, check: &str, start: usize, end: usize, found: &str) -> String {
        format!(
            "exact = 'words', copy_id = '{}', quote_check = '{check}', start_at = {start}, end_at = {end}, found = '{found}',
             prefix = '', suffix = ''",
            self.copy
        )
    }
}

#[actix_web::test]
async fn words_that_are_said_to_stand_in_a_copy_stand_there() {
    let cited = Cited::new().await;
    cited.refused(&cited.at("stands", 0, 3, "the"), "evidence_found_is_the_text").await;
    cited.refused(&cited.at("stands", 1, 4, "The"), "evidence_found_is_the_text").await;
    cited.refused(&cited.at("stands", 0, 4, "The"), "evidence_found_is_the_text").await;
    cited.refused(&cited.at("stands", 9_000, 9_003, "The"), "evidence_found_is_the_text").await;
    assert_eq!(cited.set(&cited.at("stands", 0, 3, "The")).await, Ok(()));
    cited.refused("start_at = 1, end_at = 4", "evidence_found_is_the_text").await;
    cited.refused("end_at = 2, found = 'Th', start_at = NULL", "evidence_place_whole").await;
    cited.refused("start_at = -1, end_at = 0, found = ''", "evidence_place_in_order").await;
    cited.refused("start_at = 3, end_at = 3, found = ''", "evidence_place_in_order").await;
}

#[actix_web::test]
async fn a_check_says_where_it_looked_and_what_it_found() {
    let cited = Cited::new().await;
    let copy = format!("copy_id = '{}'", cited.copy);
    for (change, rule) in [
        ("quote_check = 'missing'".to_owned(), "evidence_checked_in_a_copy"),
        (format!("quote_check = 'missing', {copy}"), "evidence_checked_in_a_copy"),
        (format!("exact = 'words', quote_check = 'stands', {copy}"), "evidence_place_whole"),
        (cited.at("missing", 0, 3, "The"), "evidence_place_whole"),
        (format!("exact = 'words', quote_check = 'perhaps', {copy}"), "evidence_quote_check_known"),
        (format!("copy_id = '{}'", Uuid::now_v7()), "evidence_copy_of_its_source"),
        (
            format!(
                "{}, prefix = repeat('x', 65)",
                cited.at("stands", 0, 3, "The").replace("prefix = '', ", "")
            ),
            "evidence_context_length",
        ),
    ] {
        cited.refused(&change, rule).await;
    }
    for check in QuoteCheck::ALL.iter().filter(|check| **check != QuoteCheck::Missing) {
        assert_eq!(cited.set(&cited.at(check.as_str(), 0, 3, "The")).await, Ok(()), "{check}");
    }
    let long = format!(
        "{}, found = repeat('x', 20001), end_at = 20001",
        cited.at("nearly", 0, 3, "The").replace("end_at = 3, found = 'The',", "")
    );
    cited.refused(&long, "evidence_found_is_the_text").await;
}

#[actix_web::test]
async fn the_copy_is_one_of_the_source_and_has_a_text() {
    let cited = Cited::new().await;
    let (world, pool) = (&cited.world, cited.world.server.owner_pool());
    evidence(pool, &world.desk, world.claim).await;
    let other: Uuid =
        sqlx::query_scalar("SELECT id FROM sources ORDER BY id DESC LIMIT 1").fetch_one(pool).await.unwrap();
    let strange = world.keep(other.into(), "<p>The other.").await;
    let change = cited.at("stands", 0, 3, "The").replace(&cited.copy.to_string(), &strange.to_string());
    cited.refused(&change, "evidence_copy_of_its_source").await;
    // Once both turn out to be one document, its copies are copies of both.
    let merged = format!(
        "UPDATE sources SET merged_into = (SELECT source_id FROM source_copies WHERE id = '{}'), event_id = '{}' WHERE id = '{other}'",
        cited.copy,
        cited.event().await
    );
    sqlx::query(AssertSqlSafe(merged)).execute(pool).await.unwrap();
    assert_eq!(cited.set(&change).await, Ok(()));

    let without = CopyId::new();
    sqlx::query(AssertSqlSafe(format!(
        "INSERT INTO source_copies (desk_id, id, source_id, number, snapshot_id, media_type, no_text, reader, created_by,
                                    created_at, event_id)
         SELECT desk_id, '{without}', source_id, 99, snapshot_id, 'image/png', 'picture', 'test 1', created_by, created_at, event_id
         FROM source_copies WHERE id = '{}'",
        cited.copy
    )))
    .execute(pool)
    .await
    .unwrap();
    let change = format!(
        "exact = 'words', copy_id = '{without}', quote_check = 'missing', start_at = NULL, end_at = NULL, found = NULL, prefix = NULL, suffix = NULL"
    );
    cited.refused(&change, "evidence_checked_in_a_text").await;
}

#[actix_web::test]
async fn a_reason_is_given_by_somebody_for_what_does_not_stand_there() {
    let cited = Cited::new().await;
    let by = format!("quote_reason_by = '{}'", cited.world.desk.member(Role::FactChecker));
    let missing = format!("exact = 'words', copy_id = '{}', quote_check = 'missing'", cited.copy);
    for (change, rule) in [
        (format!("quote_reason = 'So', {by}"), "evidence_quote_reason_needed"),
        (format!("{missing}, quote_reason = 'So'"), "evidence_quote_reason_needed"),
        (format!("{missing}, {by}"), "evidence_quote_reason_needed"),
        (
            format!("{}, quote_reason = 'So', {by}", cited.at("stands", 0, 3, "The")),
            "evidence_quote_reason_needed",
        ),
        (format!("{missing}, quote_reason = ' ', {by}"), "evidence_quote_reason_length"),
        (format!("{missing}, quote_reason = repeat('x', 2001), {by}"), "evidence_quote_reason_length"),
        (
            format!("{missing}, quote_reason = 'So', quote_reason_by = '{}'", Uuid::now_v7()),
            "evidence_quote_reason_by",
        ),
    ] {
        cited.refused(&change, rule).await;
    }
    assert_eq!(cited.set(&format!("{missing}, quote_reason = 'So', {by}")).await, Ok(()));
}

#[actix_web::test]
async fn pages_times_and_cells_are_numbers_that_can_be() {
    let cited = Cited::new().await;
    for (change, rule) in [
        ("page = 0", "evidence_page_counts"),
        ("page = 100001", "evidence_page_counts"),
        ("time_to_ms = 5", "evidence_time_in_order"),
        ("time_from_ms = -1", "evidence_time_in_order"),
        ("time_from_ms = 5, time_to_ms = 4", "evidence_time_in_order"),
        ("time_from_ms = 5, time_to_ms = 3600000000", "evidence_time_in_order"),
        ("cell_table = 1", "evidence_cell_whole"),
        ("cell_table = 1, cell_row = 0, cell_column = 1", "evidence_cell_whole"),
    ] {
        cited.refused(change, rule).await;
    }
    assert_eq!(
        cited
            .set("page = 7, time_from_ms = 1, time_to_ms = 1, cell_table = 1, cell_row = 2, cell_column = 3")
            .await,
        Ok(())
    );
}
