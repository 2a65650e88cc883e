//! The schema's own rules, read from PostgreSQL's catalog: they keep desks apart, and let the database be spread over
//! several machines by desk.

use sqlx::{AssertSqlSafe, Row as _};

use crate::harness::Server;

/// Tables that all desks share. Everything else belongs to one desk.
const SHARED: [&str; 11] = [
    "_sqlx_migrations",
    "accounts",
    "credentials",
    "desks",
    "form_keys",
    "known_devices",
    "mail_addresses",
    "password_links",
    "sessions",
    "setup_links",
    "throttles",
];

/// Tables whose rows are never changed.
const IMMUTABLE: [&str; 21] = [
    "article_versions",
    "assessment_evidence",
    "assessments",
    "blobs",
    "comment_mentions",
    "corrections",
    "departures",
    "event_seals",
    "events",
    "feed_items",
    "guidelines",
    "publications",
    "report_answers",
    "report_looks",
    "report_rounds",
    "review_policies",
    "round_drafters",
    "round_outcomes",
    "snapshots",
    "source_copies",
    "verdicts",
];

async fn names(server: &Server, query: &'static str) -> Vec<String> {
    sqlx::query_scalar(query).fetch_all(server.owner_pool()).await.unwrap()
}

#[actix_web::test]
async fn every_table_has_a_primary_key() {
    let server = Server::start().await;
    let without = names(
        &server,
        "SELECT c.relname::text FROM pg_class c
         WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
           AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')",
    )
    .await;
    assert_eq!(without, [""; 0]);
}

#[actix_web::test]
async fn no_table_counts_with_a_sequence() {
    let server = Server::start().await;
    let sequences = names(
        &server,
        "SELECT relname::text FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace",
    )
    .await;
    assert_eq!(sequences, [""; 0]);
}

#[actix_web::test]
async fn every_table_that_is_not_shared_belongs_to_a_desk() {
    let server = Server::start().await;
    let of_no_desk = names(
        &server,
        "SELECT c.relname::text FROM pg_class c
         WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
           AND NOT EXISTS (SELECT FROM pg_attribute a
                           WHERE a.attrelid = c.oid AND a.attname = 'desk_id' AND a.attnotnull)
         ORDER BY 1",
    )
    .await;
    assert_eq!(of_no_desk, SHARED);
}

/// Tables of a desk whose rows name no event of their own, and why.
const WITHOUT_EVENTS: [(&str, &str); 18] = [
    ("anchors", "where an appearance stands: drawn from it and its version, which have theirs"),
    ("answer_evidence", "part of an answer, which has its event"),
    ("appearance_speakers", "part of an appearance, which has its event"),
    ("article_pieces", "cut from a version by the database"),
    ("assessment_evidence", "part of an assessment, which has its event"),
    ("claim_watches", "what a member wants to be told of: nobody else's business"),
    ("drafts", "what a member typed and did not send: nobody else's business, and gone when it is sent"),
    ("event_chains", "the record itself"),
    ("event_seals", "the record itself"),
    ("events", "the record itself"),
    ("evidence_set_members", "part of a set, which has its event"),
    ("invitations", "told of by events of the desk"),
    ("jobs", "how far work is, which anybody may lose: what comes of it has its events"),
    ("memberships", "told of by events of the desk"),
    ("presences", "who looks at what just now, forgotten after a minute"),
    ("rating_values", "part of a version of a scale, which has its event"),
    ("round_drafters", "part of a round, which has its event"),
    ("submissions", "first answers, kept for a while"),
];

#[actix_web::test]
async fn every_row_of_a_desk_names_its_event() {
    let server = Server::start().await;
    let without = names(
        &server,
        "SELECT c.relname::text FROM pg_class c
         WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
           AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'desk_id')
           AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'event_id')
         ORDER BY 1",
    )
    .await;
    assert_eq!(without, WITHOUT_EVENTS.map(|(table, _)| table));
}

#[actix_web::test]
async fn every_key_of_a_desks_table_begins_with_the_desk() {
    let server = Server::start().await;
    // Unique indexes cover primary keys and unique constraints, too.
    let indexes = sqlx::query(
        "SELECT t.relname::text AS owner, i.relname::text AS name, pg_get_indexdef(i.oid, 1, true) AS first
         FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
         WHERE x.indisunique AND t.relkind IN ('r', 'p') AND t.relnamespace = 'public'::regnamespace",
    )
    .fetch_all(server.owner_pool())
    .await
    .unwrap();
    assert!(indexes.len() > 20);
    for index in indexes {
        let (owner, name, first): (String, String, String) = (index.get(0), index.get(1), index.get(2));
        assert!(
            SHARED.contains(&owner.as_str()) || first == "desk_id",
            "{owner}: {name} begins with {first}"
        );
    }
}

#[actix_web::test]
async fn no_row_can_point_into_another_desk() {
    let server = Server::start().await;
    let keys = sqlx::query(
        "SELECT t.relname::text, k.conname::text, f.relname::text, a.attname::text, b.attname::text
         FROM pg_constraint k
         JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.conkey[1]
         JOIN pg_attribute b ON b.attrelid = f.oid AND b.attnum = k.confkey[1]
         WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace",
    )
    .fetch_all(server.owner_pool())
    .await
    .unwrap();
    assert!(keys.len() > 20);
    for key in keys {
        let [from, name, to, first, its]: [String; 5] = [0, 1, 2, 3, 4].map(|column| key.get(column));
        let holds = match (SHARED.contains(&from.as_str()), SHARED.contains(&to.as_str())) {
            (_, true) => true,
            // A desk names its scale and its policy with its own id.
            (true, false) => from == "desks" && first == "id" && its == "desk_id",
            (false, false) => first == "desk_id" && its == "desk_id",
        };
        assert!(holds, "{from}: {name} ({first} …) points at {to} ({its} …)");
    }
}

#[actix_web::test]
async fn what_is_immutable_cannot_be_changed_by_the_server_or_by_the_owner() {
    let server = Server::start().await;
    let guarded = names(
        &server,
        "SELECT DISTINCT c.relname::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
         WHERE t.tgfoid = 'refuse_change'::regproc AND t.tgtype & 32 <> 0 ORDER BY 1", // 32: TRUNCATE
    )
    .await;
    for table in IMMUTABLE {
        assert!(guarded.iter().any(|name| name == table), "{table} is not guarded");
    }
    for table in guarded {
        for change in [
            format!("UPDATE {table} SET desk_id = desk_id"),
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table}"),
        ] {
            let refused = sqlx::query(AssertSqlSafe(change.clone()))
                .execute(server.app_pool())
                .await
                .expect_err(&change);
            // insufficient_privilege
            assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501", "{change}");
        }
        let change = format!("TRUNCATE {table} CASCADE");
        let refused =
            sqlx::query(AssertSqlSafe(change.clone())).execute(server.owner_pool()).await.expect_err(&change);
        // restrict_violation
        assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "23001", "{change}");
    }
}

#[actix_web::test]
async fn the_servers_role_cannot_change_the_schema_or_become_another() {
    let server = Server::start().await;
    for statement in [
        "CREATE TABLE more (id uuid PRIMARY KEY)",
        "ALTER TABLE events DISABLE TRIGGER ALL",
        "DROP TABLE events",
        "DROP TRIGGER events_are_immutable ON events",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "SET ROLE factdesk_owner",
        "SET session_replication_role = 'replica'",
        "COPY accounts TO PROGRAM 'true'",
    ] {
        let outcome = sqlx::query(statement).execute(server.app_pool()).await;
        let refused = outcome.expect_err(statement);
        assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501", "{statement}");
    }
}
