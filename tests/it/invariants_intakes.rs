//! What always holds of what came in, tried to be broken as the server's own role.

use factdesk::articles::Format;
use factdesk::articles::incoming::State;
use factdesk::articles::intake::{How, Refused};
use factdesk::auth::Role;
use factdesk::blobs;
use factdesk::id::{IntakeId, SnapshotId};
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

struct World {
    server: Server,
    desk: Fixture,
    event: Uuid,
}

impl World {
    async fn new() -> Self {
        let server = Server::start().await;
        let desk = server.desk("demo").await;
        let event = event(server.owner_pool(), &desk).await.uuid();
        Self { server, desk, event }
    }

    fn app(&self) -> &PgPool {
        self.server.app_pool()
    }

    /// Stores bytes as the server's role, packed and sized as said.
    fn blob(&self, hash: &[u8], size: usize, packed: &[u8]) -> String {
        format!(
            "INSERT INTO blobs (desk_id, sha256, size, packed, event_id)
             VALUES ('{}', '\\x{}', {size}, '\\x{}', '{}')",
            self.desk.id,
            hex(hash),
            hex(packed),
            self.event
        )
    }

    async fn stored_blob(&self, bytes: &[u8]) -> String {
        let (hash, packed) = (blobs::hash(bytes), blobs::pack(bytes).unwrap());
        attempt(self.app(), self.blob(&hash, bytes.len(), &packed)).await.unwrap();
        hex(&hash)
    }

    fn snapshot(&self, hash: &str, columns: &str, values: &str) -> (SnapshotId, String) {
        let id = SnapshotId::new();
        let statement = format!(
            "INSERT INTO snapshots (desk_id, id, sha256, received_at, created_by, event_id, how{columns})
             VALUES ('{}', '{id}', '\\x{hash}', now(), '{}', '{}', {values})",
            self.desk.id,
            self.desk.member(Role::Annotator),
            self.event
        );
        (id, statement)
    }

    fn intake(&self, columns: &str, values: &str) -> (IntakeId, String) {
        let id = IntakeId::new();
        let statement = format!(
            "INSERT INTO intakes (desk_id, id, requested_by, created_at, changed_at, event_id, how, label, state{columns})
             VALUES ('{}', '{id}', '{}', now(), now(), '{}', {values})",
            self.desk.id,
            self.desk.member(Role::Annotator),
            self.event
        );
        (id, statement)
    }

    async fn update(&self, id: IntakeId, set: &str) -> Result<u64, String> {
        let event = event(self.server.owner_pool(), &self.desk).await;
        attempt(self.app(), format!("UPDATE intakes SET {set}, event_id = '{event}' WHERE id = '{id}'")).await
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[actix_web::test]
async fn bytes_are_kept_with_their_size_and_never_changed() {
    let world = World::new().await;
    let (bytes, other) = (b"<p>Words".as_slice(), b"<p>Word".as_slice());
    let (hash, packed) = (blobs::hash(bytes), blobs::pack(bytes).unwrap());
    let blob = |hash: &[u8], size, packed: &[u8]| world.blob(hash, size, packed);

    refused(world.app(), blob(&hash[..31], 8, &packed), "blobs_hash_length").await;
    refused(world.app(), blob(&hash, 9, &packed), "blobs_size_of_packed").await;
    refused(world.app(), blob(&hash, 8, &blobs::pack(other).unwrap()), "blobs_size_of_packed").await;
    refused(
        world.app(),
        blob(&hash, 8, &[b"plain words, not packed".as_slice(), &[8, 0, 0, 0]].concat()),
        "blobs_packed_is_gzip",
    )
    .await;
    let nothing = blobs::pack(b"").unwrap();
    refused(world.app(), blob(&hash, 0, &nothing), "blobs_size_bounds").await;
    let huge = blobs::pack(&vec![0; 20_000_001]).unwrap();
    refused(world.app(), blob(&hash, 20_000_001, &huge), "blobs_size_bounds").await;
    let foreign = world.blob(&hash, 8, &packed).replace(&world.event.to_string(), &Uuid::nil().to_string());
    refused(world.app(), foreign, "blobs_event").await;
    attempt(world.app(), blob(&hash, 8, &packed)).await.unwrap();
    refused(world.app(), blob(&hash, 8, &packed), "blobs_pkey").await;
    for change in [
        "UPDATE blobs SET size = size",
        "DELETE FROM blobs",
        "UPDATE snapshots SET how = how",
        "DELETE FROM snapshots",
    ] {
        assert!(attempt(world.app(), change.to_owned()).await.is_err(), "{change}");
    }
}

#[actix_web::test]
async fn a_snapshot_says_how_it_came_in_and_has_its_bytes() {
    let world = World::new().await;
    let hash = world.stored_blob(b"<p>Words").await;
    for (columns, values, rule) in [
        ("", "'fax'", "snapshots_how_known"),
        (", media_type", "'url', ''", "snapshots_media_type_length"),
        (", charset", "'url', ''", "snapshots_charset_length"),
        (", file_name", "'file', '../passwd'", "snapshots_file_name_form"),
        (", file_name", "'file', E'a\\nb'", "snapshots_file_name_form"),
        (", address", "'url', 'ftp://e.example/'", "snapshots_address_form"),
        (", final_address", "'url', 'javascript:1'", "snapshots_final_address_form"),
        (", status", "'url', 99", "snapshots_status_known"),
    ] {
        refused(world.app(), world.snapshot(&hash, columns, values).1, rule).await;
    }
    refused(world.app(), world.snapshot(&"00".repeat(32), "", "'file'").1, "snapshots_blob").await;
    for how in How::ALL {
        attempt(world.app(), world.snapshot(&hash, "", &format!("'{}'", how.as_str())).1).await.unwrap();
    }
    let outsider = Uuid::nil().to_string();
    let member = world.desk.member(Role::Annotator).to_string();
    refused(
        world.app(),
        world.snapshot(&hash, "", "'file'").1.replace(&member, &outsider),
        "snapshots_creator",
    )
    .await;
    refused(
        world.app(),
        world.snapshot(&hash, "", "'file'").1.replace(&world.event.to_string(), &outsider),
        "snapshots_event",
    )
    .await;
}

#[actix_web::test]
async fn what_came_in_goes_its_course_and_each_step_is_an_event() {
    let world = World::new().await;
    let hash = world.stored_blob(b"<p>Words").await;
    let (snapshot, statement) = world.snapshot(&hash, "", "'file'");
    attempt(world.app(), statement).await.unwrap();
    let ready = format!("'file', 'a.html', 'ready', '{snapshot}'");
    for (columns, values, rule) in [
        ("", "'fax', 'a', 'refused'", "intakes_how_known"),
        (", reason", "'file', '', 'refused', 'empty'", "intakes_label_length"),
        ("", "'file', 'a', 'lost'", "intakes_state_known"),
        ("", "'file', 'a', 'refused'", "intakes_refused_says_why"),
        (", reason", "'file', 'a', 'refused', 'No words.'", "intakes_reason_form"),
        ("", "'file', 'a', 'ready'", "intakes_ready_has_bytes"),
        ("", "'url', 'a', 'waiting'", "intakes_fetched_has_an_address"),
        (", address", "'url', 'a', 'waiting', 'https://e.example/'", "intakes_address_key_with_address"),
        (", address, address_key", "'url', 'a', 'waiting', 'file:///etc', 'x'", "intakes_address_form"),
        (", snapshot_id", "'file', 'a', 'ready', gen_random_uuid()", "intakes_snapshot"),
        (
            ", snapshot_id, article_id",
            "'file', 'a', 'ready', NULL, gen_random_uuid()",
            "intakes_ready_has_bytes",
        ),
        (
            ", article_id, reason",
            "'file', 'a', 'refused', gen_random_uuid(), 'empty'",
            "intakes_taken_is_an_article",
        ),
    ] {
        refused(world.app(), world.intake(columns, values).1, rule).await;
    }
    let taken = format!("'file', 'a', 'taken', '{snapshot}', gen_random_uuid()");
    refused(world.app(), world.intake(", snapshot_id, article_id", &taken).1, "intakes_article").await;
    let outsider = Uuid::nil().to_string();
    let member = world.desk.member(Role::Annotator).to_string();
    let whole = world.intake(", snapshot_id", &ready).1;
    refused(world.app(), whole.replace(&member, &outsider), "intakes_requester").await;
    refused(world.app(), whole.replace(&world.event.to_string(), &outsider), "intakes_event").await;

    let (id, statement) = world.intake(", snapshot_id", &ready);
    attempt(world.app(), statement).await.unwrap();
    let unnamed = format!("UPDATE intakes SET state = 'dismissed' WHERE id = '{id}'");
    refused(world.app(), unnamed, "every_change_has_an_event").await;
    for (set, rule) in [
        ("state = 'waiting'", "intakes_course"),
        ("state = 'refused', reason = 'empty'", "intakes_course"),
        ("state = 'ready'", "intakes_course"),
        ("state = 'dismissed', snapshot_id = NULL", "intakes_origin_stays"),
        ("state = 'dismissed', how = 'url'", "intakes_origin_stays"),
        ("state = 'dismissed', created_at = now()", "intakes_origin_stays"),
    ] {
        assert_eq!(world.update(id, set).await, Err(rule.to_owned()), "{set}");
    }
    assert_eq!(world.update(id, "state = 'dismissed'").await, Ok(1));
    assert_eq!(world.update(id, "state = 'taken'").await, Err("intakes_course".to_owned()));
    assert_eq!(world.update(id, "state = 'ready'").await, Ok(1));
    assert!(attempt(world.app(), format!("DELETE FROM intakes WHERE id = '{id}'")).await.is_err());
}

#[actix_web::test]
async fn states_formats_and_ways_in_are_those_of_the_program() {
    let world = World::new().await;
    for (constraint, codes) in [
        ("snapshots_how_known", How::ALL.iter().map(|how| how.as_str()).collect::<Vec<_>>()),
        ("intakes_how_known", How::ALL.iter().map(|how| how.as_str()).collect()),
        ("intakes_state_known", State::ALL.iter().map(|state| state.as_str()).collect()),
        ("article_versions_format_known", Format::ALL.iter().map(|format| format.as_str()).collect()),
    ] {
        let check: String =
            sqlx::query_scalar("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = $1")
                .bind(constraint)
                .fetch_one(world.server.owner_pool())
                .await
                .unwrap();
        let named: Vec<&str> = check.split('\'').skip(1).step_by(2).collect();
        assert_eq!(named, codes, "{constraint}");
    }
    assert!(Refused::ALL.iter().all(|refused| {
        (1..=60).contains(&refused.as_str().len())
            && refused.as_str().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    }));
}
