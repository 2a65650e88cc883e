//! What always holds of copies of sources, tried to be broken as the server's own role.

use factdesk::auth::Role;
use factdesk::blobs;
use factdesk::id::{CopyId, SnapshotId, SourceId};
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use crate::harness::{Fixture, Server};
use crate::reviews::event;

/// Runs a statement as the server's role; the constraint that refuses it.
async fn attempt(pool: &PgPool, statement: String) -> Result<u64, String> {
    match sqlx::query(AssertSqlSafe(statement)).execute(pool).await {
        Ok(done) => Ok(done.rows_affected()),
        Err(error) => {
            let error = error.into_database_error().expect("the database refuses");
            Err(error.constraint().map_or_else(|| error.message().to_owned(), ToOwned::to_owned))
        }
    }
}

async fn refused(pool: &PgPool, statement: String, rule: &str) {
    assert_eq!(attempt(pool, statement.clone()).await, Err(rule.to_owned()), "{statement}");
}

/// A desk with two sources, and a snapshot of bytes that lie in storage outside.
struct World {
    server: Server,
    desk: Fixture,
    event: Uuid,
    sources: [SourceId; 2],
    snapshot: SnapshotId,
}

impl World {
    async fn new() -> Self {
        let server = Server::start_idle().await;
        let desk = server.desk("demo").await;
        let event = event(server.owner_pool(), &desk).await.uuid();
        let (sources, snapshot) = ([SourceId::new(), SourceId::new()], SnapshotId::new());
        let world = Self { server, desk, event, sources, snapshot };
        let (id, by) = (world.desk.id, world.desk.member(Role::FactChecker));
        for source in sources {
            let made = format!(
                "INSERT INTO sources (desk_id, id, title, created_by, created_at, event_id, access)
                 VALUES ('{id}', '{source}', 'A letter', '{by}', now(), '{event}', 'open')"
            );
            attempt(world.app(), made).await.unwrap();
        }
        let hash = hex(&blobs::hash(b"words"));
        for made in [
            format!(
                "INSERT INTO blobs (desk_id, sha256, size, event_id) VALUES ('{id}', '\\x{hash}', 5, '{event}')"
            ),
            format!(
                "INSERT INTO snapshots (desk_id, id, sha256, how, received_at, created_by, event_id)
                 VALUES ('{id}', '{snapshot}', '\\x{hash}', 'url', now(), '{by}', '{event}')"
            ),
        ] {
            attempt(world.app(), made).await.unwrap();
        }
        world
    }

    fn app(&self) -> &PgPool {
        self.server.app_pool()
    }

    /// A copy of the first source; `values` are number, media type, body, length, hash, blocks, reason, reader.
    fn copy(&self, values: &str) -> (CopyId, String) {
        let id = CopyId::new();
        let statement = format!(
            "INSERT INTO source_copies (desk_id, id, source_id, snapshot_id, created_by, created_at, event_id, number,
                                        media_type, body, body_length, body_sha256, blocks, no_text, reader)
             VALUES ('{}', '{id}', '{}', '{}', '{}', now(), '{}', {values})",
            self.desk.id,
            self.sources[0],
            self.snapshot,
            self.desk.member(Role::FactChecker),
            self.event
        );
        (id, statement)
    }

    /// How far the keeping of a source is; `values` are state, reason, copy, link, its reason, its date.
    fn archive(&self, source: SourceId, values: &str) -> String {
        format!(
            "INSERT INTO source_archives (desk_id, source_id, event_id, state, reason, copy_id, link, link_reason, link_since)
             VALUES ('{}', '{source}', '{}', {values})",
            self.desk.id, self.event
        )
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// A text as the columns of a copy hold it.
fn text(body: &str) -> String {
    format!("'{body}', char_length('{body}'), sha256(convert_to('{body}', 'UTF8')), '{{}}'")
}

#[actix_web::test]
async fn a_copy_has_its_whole_text_or_says_why_there_is_none_and_never_changes() {
    let world = World::new().await;
    let words = text("Words.");
    for (values, rule) in [
        (format!("1, 'text/plain', {words}, 'blank', 'x'"), "source_copies_text_whole"),
        ("1, 'text/plain', NULL, NULL, NULL, NULL, NULL, 'x'".to_owned(), "source_copies_text_whole"),
        ("1, 'text/plain', 'Words.', 6, NULL, NULL, NULL, 'x'".to_owned(), "source_copies_text_whole"),
        ("1, 'text/plain', NULL, NULL, NULL, NULL, 'lazy', 'x'".to_owned(), "source_copies_no_text_known"),
        (
            "1, 'text/plain', 'Words.', 5, sha256('Words.'), '{}', NULL, 'x'".to_owned(),
            "source_copies_length",
        ),
        ("1, 'text/plain', 'Words.', 6, sha256('Word.'), '{}', NULL, 'x'".to_owned(), "source_copies_hash"),
        (format!("1, 'text/plain', {}, NULL, 'x'", text("e\u{301}")), "source_copies_nfc"),
        (format!("1, 'text/plain', {}, NULL, 'x'", text("a\rb")), "source_copies_lf"),
        (
            "1, 'text/plain', repeat('a', 2000001), 2000001, sha256(convert_to(repeat('a', 2000001), 'UTF8')), '{}', NULL, 'x'"
                .to_owned(),
            "source_copies_size",
        ),
        (format!("0, 'text/plain', {words}, NULL, 'x'"), "source_copies_number_counts"),
        (format!("1, '', {words}, NULL, 'x'"), "source_copies_media_type_length"),
        (format!("1, 'text/plain', {words}, NULL, ''"), "source_copies_reader_length"),
    ] {
        refused(world.app(), world.copy(&values).1, rule).await;
    }
    let good = format!("1, 'text/plain', {words}, NULL, 'factdesk 1'");
    let (_, statement) = world.copy(&good);
    for (named, other, rule) in [
        (world.sources[0].to_string(), Uuid::nil(), "source_copies_source"),
        (world.snapshot.to_string(), Uuid::nil(), "source_copies_snapshot"),
        (world.event.to_string(), Uuid::nil(), "source_copies_event"),
    ] {
        refused(world.app(), statement.replace(&named, &other.to_string()), rule).await;
    }
    attempt(world.app(), statement).await.unwrap();
    refused(world.app(), world.copy(&good).1, "source_copies_number_unique").await;
    for change in ["UPDATE source_copies SET number = 2", "DELETE FROM source_copies"] {
        let denied = attempt(world.app(), change.to_owned()).await.unwrap_err();
        assert!(denied.contains("permission denied"), "{denied}");
        refused(world.server.owner_pool(), change.to_owned(), "source_copies_are_immutable").await;
    }
    refused(
        world.server.owner_pool(),
        "TRUNCATE source_copies CASCADE".to_owned(),
        "source_copies_are_immutable",
    )
    .await;
}

#[actix_web::test]
async fn the_state_of_keeping_says_what_it_needs_to() {
    let world = World::new().await;
    let (copy, statement) = world.copy(&format!("1, 'text/plain', {}, NULL, 'x'", text("Words.")));
    attempt(world.app(), statement).await.unwrap();
    let [first, second] = world.sources;
    for (source, values, rule) in [
        (first, "'lost', NULL, NULL, 'unknown', NULL, NULL".to_owned(), "source_archives_state_known"),
        (first, "'kept', NULL, NULL, 'unknown', NULL, NULL".to_owned(), "source_archives_kept_has_copy"),
        (first, "'failed', NULL, NULL, 'unknown', NULL, NULL".to_owned(), "source_archives_says_why"),
        (first, "'pending', 'slow', NULL, 'unknown', NULL, NULL".to_owned(), "source_archives_says_why"),
        (
            first,
            "'failed', 'Too slow!', NULL, 'unknown', NULL, NULL".to_owned(),
            "source_archives_reason_form",
        ),
        (first, "'pending', NULL, NULL, 'odd', NULL, now()".to_owned(), "source_archives_link_known"),
        (first, "'pending', NULL, NULL, 'alive', NULL, NULL".to_owned(), "source_archives_link_dated"),
        (first, "'pending', NULL, NULL, 'dead', NULL, now()".to_owned(), "source_archives_link_reason_form"),
        (
            first,
            "'pending', NULL, NULL, 'alive', 'missing', now()".to_owned(),
            "source_archives_link_reason_form",
        ),
        // The copy of another source.
        (second, format!("'kept', NULL, '{copy}', 'alive', NULL, now()"), "source_archives_copy"),
    ] {
        refused(world.app(), world.archive(source, &values), rule).await;
    }
    attempt(world.app(), world.archive(first, &format!("'kept', NULL, '{copy}', 'dead', 'missing', now()")))
        .await
        .unwrap();
    refused(
        world.app(),
        "UPDATE source_archives SET state = 'pending'".to_owned(),
        "every_change_has_an_event",
    )
    .await;
    let denied = attempt(world.app(), "DELETE FROM source_archives".to_owned()).await.unwrap_err();
    assert!(denied.contains("permission denied"), "{denied}");
    refused(world.server.owner_pool(), "DELETE FROM source_archives".to_owned(), "source_archives_stay")
        .await;
}
