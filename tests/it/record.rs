//! The record of changes: what was sealed is found to be so, and whatever was done to it is found out.

use std::time::Duration;

use factdesk::audit::head::Head;
use factdesk::audit::signing::SigningKey;
use factdesk::audit::verify::{Fault, Report, verify};
use factdesk::audit::{Actor, record, seal};
use factdesk::auth::Role;
use factdesk::db::unit_of_work;
use factdesk::id::{DeskId, EventId};
use reqwest::StatusCode;
use serde_json::json;
use sqlx::AssertSqlSafe;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::harness::{Fixture, Server};

/// Writes events, one transaction each, and gives their ids.
async fn write(server: &Server, desk: &Fixture, count: usize) -> Vec<EventId> {
    let mut written = Vec::new();
    for n in 0..count {
        let actor =
            Actor { desk: desk.id, account: desk.member(Role::Editor), at: OffsetDateTime::now_utc() };
        let change = unit_of_work(server.app_pool(), async move |tx| {
            record(tx, actor, "claim.edit", "claim", Uuid::now_v7(), &json!({"n": n, "what": "café “ok”"}))
                .await
        });
        written.push(change.await.unwrap().event);
    }
    written
}

/// Seals all there is, in one batch, once the transactions of other tests in the same cluster let it.
async fn seal_all(server: &Server, desk: &Fixture) {
    for _ in 0..400 {
        let over: bool = sqlx::query_scalar(
            "SELECT max(xid) < pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM events
             WHERE desk_id = $1 AND epoch = (SELECT max(epoch) FROM events)",
        )
        .bind(desk.id)
        .fetch_one(server.app_pool())
        .await
        .unwrap();
        if over {
            seal::pass(server.app_pool()).await.unwrap();
            seal::pass(server.app_pool()).await.unwrap();
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("other transactions do not end");
}

async fn check(server: &Server, desk: DeskId) -> Report {
    verify(server.app_pool(), desk, &[]).await.unwrap()
}

/// A fault in a few words: what kind, which event or batch.
fn brief(fault: &Fault) -> String {
    match fault {
        Fault::Changed { event, seal } => format!("changed {} in {seal}", event.id),
        Fault::Added { event, seal } => format!("added {} in {seal}", event.id),
        Fault::Gone { seal, id, .. } => format!("gone {} in {seal}", id.unwrap()),
        Fault::Stray(event) => format!("stray {}", event.id),
        Fault::Seal(number) => format!("seal {number}"),
        Fault::End { found, expected } => format!("end {found} of {expected}"),
        Fault::Pinned { noted, found } => format!("pinned {} {}", noted.number, found.is_some()),
    }
}

async fn faults(server: &Server, desk: DeskId) -> Vec<String> {
    check(server, desk).await.faults.iter().map(brief).collect()
}

/// Does something that only the owner of the database can do, past all triggers.
async fn tamper(server: &Server, statement: &str) {
    let mut owner = server.owner_pool().acquire().await.unwrap();
    sqlx::query("SET session_replication_role = replica").execute(&mut *owner).await.unwrap();
    let done = sqlx::query(AssertSqlSafe(statement)).execute(&mut *owner).await.unwrap();
    assert!(done.rows_affected() > 0, "{statement}");
    sqlx::query("RESET session_replication_role").execute(&mut *owner).await.unwrap();
}

#[actix_web::test]
async fn a_sealed_record_is_intact_and_grows() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    write(&server, &desk, 5).await;
    seal_all(&server, &desk).await;
    write(&server, &desk, 3).await;
    let report = check(&server, desk.id).await;
    assert_eq!((report.sealed, report.unsealed, report.faults), (5, 3, vec![]));

    seal_all(&server, &desk).await;
    let report = check(&server, desk.id).await;
    assert_eq!((report.sealed, report.unsealed, report.head.number, report.faults), (8, 0, 2, vec![]));
}

#[actix_web::test]
async fn a_batch_larger_than_the_limit_is_sealed_in_parts_and_whole_transactions() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    let actor = Actor { desk: desk.id, account: desk.member(Role::Editor), at: OffsetDateTime::now_utc() };
    for count in [10, 9_000, 10] {
        unit_of_work(server.app_pool(), async move |tx| {
            sqlx::query(
                "INSERT INTO events (desk_id, id, at, actor_kind, actor_id, action, entity, entity_id, details)
                 SELECT $1, gen_random_uuid(), now(), 'person', $2, 'claim.mark', 'claim', gen_random_uuid(), '{}'
                 FROM generate_series(1, $3)",
            )
            .bind(actor.desk)
            .bind(actor.account)
            .bind(count)
            .execute(tx)
            .await?;
            Ok(())
        })
        .await
        .unwrap();
    }
    seal_all(&server, &desk).await;
    let report = check(&server, desk.id).await;
    assert_eq!((report.sealed, report.unsealed, report.head.number, report.faults), (9_020, 0, 3, vec![]));
}

#[actix_web::test]
async fn several_sealers_at_once_make_one_chain() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    for _ in 0..4 {
        write(&server, &desk, 3).await;
        let pass = || seal::pass(server.app_pool());
        let (a, b, c) = tokio::join!(pass(), pass(), pass());
        a.and(b).and(c).unwrap();
    }
    seal_all(&server, &desk).await;
    let report = check(&server, desk.id).await;
    assert_eq!((report.sealed, report.unsealed, report.faults), (12, 0, vec![]));
}

#[actix_web::test]
async fn an_event_of_a_transaction_under_way_waits_for_the_next_batch() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    let mut slow = server.app_pool().begin().await.unwrap();
    let actor = Actor { desk: desk.id, account: desk.member(Role::Editor), at: OffsetDateTime::now_utc() };
    record(&mut slow, actor, "claim.edit", "claim", Uuid::now_v7(), &json!({})).await.unwrap();
    write(&server, &desk, 2).await;
    seal::pass(server.app_pool()).await.unwrap();
    assert_eq!(check(&server, desk.id).await.sealed, 0);

    slow.commit().await.unwrap();
    seal_all(&server, &desk).await;
    let report = check(&server, desk.id).await;
    assert_eq!((report.sealed, report.unsealed, report.faults), (3, 0, vec![]));
}

#[actix_web::test]
async fn whatever_is_done_to_a_sealed_event_is_found_and_named() {
    for at in [0, 3, 6] {
        let server = Server::start().await;
        let desk = server.desk("demo").await;
        let events = write(&server, &desk, 7).await;
        seal_all(&server, &desk).await;
        let event = events[at];
        for column in ["action = 'claim.other'", "details = '{}'", "at = at + interval '1 microsecond'"] {
            let copy = "CREATE TABLE kept AS SELECT * FROM events";
            sqlx::query(copy).execute(server.owner_pool()).await.unwrap();
            tamper(&server, &format!("UPDATE events SET {column} WHERE id = '{event}'")).await;
            assert_eq!(faults(&server, desk.id).await, [format!("changed {event} in 1")], "{column}");
            tamper(&server, &format!("DELETE FROM events WHERE id = '{event}'")).await;
            tamper(&server, &format!("INSERT INTO events SELECT * FROM kept WHERE id = '{event}'")).await;
            sqlx::query("DROP TABLE kept").execute(server.owner_pool()).await.unwrap();
            assert_eq!(faults(&server, desk.id).await, [""; 0]);
        }
        tamper(&server, &format!("DELETE FROM events WHERE id = '{event}'")).await;
        let after = at.checked_sub(1).map(|before| events[before]);
        let gone = Fault::Gone { seal: 1, place: at + 1, id: Some(event), after };
        assert_eq!(check(&server, desk.id).await.faults, [gone]);
    }
}

#[actix_web::test]
async fn an_added_and_a_swapped_event_are_found() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    let events = write(&server, &desk, 4).await;
    seal_all(&server, &desk).await;
    let added = EventId::new();
    tamper(
        &server,
        &format!(
            "INSERT INTO events SELECT desk_id, epoch, xid, '{added}', at, actor_kind, actor_id, action, entity,
             entity_id, details FROM events WHERE id = '{}'",
            events[3]
        ),
    )
    .await;
    assert_eq!(faults(&server, desk.id).await, [format!("added {added} in 1")]);
    tamper(&server, &format!("DELETE FROM events WHERE id = '{added}'")).await;

    tamper(
        &server,
        &format!(
            "UPDATE events e SET xid = o.xid FROM events o
             WHERE (e.id, o.id) IN (('{0}', '{1}'), ('{1}', '{0}'))",
            events[1], events[2]
        ),
    )
    .await;
    let swapped = [2, 1].map(|at| format!("changed {} in 1", events[at]));
    let found = faults(&server, desk.id).await;
    assert!(swapped.iter().any(|one| found.contains(one)), "{found:?}");
    for at in [1, 2] {
        assert!(found.iter().any(|fault| fault.contains(&events[at].to_string())), "{found:?}");
    }
}

#[actix_web::test]
async fn a_changed_or_missing_batch_is_found() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    for _ in 0..3 {
        write(&server, &desk, 2).await;
        seal_all(&server, &desk).await;
    }
    tamper(&server, "DELETE FROM event_seals WHERE number = 3").await;
    assert_eq!(faults(&server, desk.id).await, ["end 2 of 3"]);
    tamper(&server, "UPDATE event_seals SET sealed_at = sealed_at + interval '1 second' WHERE number = 2")
        .await;
    assert_eq!(faults(&server, desk.id).await, ["seal 2"]);
    tamper(&server, "DELETE FROM event_seals WHERE number = 1").await;
    assert_eq!(faults(&server, desk.id).await, ["seal 1"]);
}

#[actix_web::test]
async fn a_restored_database_goes_on_with_its_chain() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    write(&server, &desk, 3).await;
    // A dump of a cluster that had counted further than this one.
    tamper(&server, "UPDATE events SET xid = xid + 1000000").await;
    sqlx::query("SELECT begin_event_epoch_if_restored()").execute(server.app_pool()).await.unwrap();
    write(&server, &desk, 2).await;
    seal_all(&server, &desk).await;
    let report = check(&server, desk.id).await;
    assert_eq!((report.sealed, report.unsealed, report.head.number, report.faults), (5, 0, 2, vec![]));
}

#[actix_web::test]
async fn every_bad_row_among_many_batches_is_named() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    let mut events = Vec::new();
    for _ in 0..4 {
        events.extend(write(&server, &desk, 5).await);
        seal_all(&server, &desk).await;
    }
    let (changed, gone, other) = (events[2], events[8], events[17]);
    tamper(&server, &format!("UPDATE events SET entity = 'other' WHERE id IN ('{changed}', '{other}')"))
        .await;
    tamper(&server, &format!("DELETE FROM events WHERE id = '{gone}'")).await;
    let expected =
        [format!("changed {changed} in 1"), format!("gone {gone} in 2"), format!("changed {other} in 4")];
    assert_eq!(faults(&server, desk.id).await, expected);
}

#[actix_web::test]
async fn an_event_where_no_batch_vouches_is_found() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    let events = write(&server, &desk, 3).await;
    seal_all(&server, &desk).await;
    tamper(&server, "UPDATE events SET xid = xid + 1000000").await;
    tamper(&server, "UPDATE events SET xid = xid - 1000000").await;
    let copy = |epoch: i32, xid: &str, id: EventId| {
        format!(
            "INSERT INTO events SELECT desk_id, {epoch}, {xid}, '{id}', at, actor_kind, actor_id, action, entity,
             entity_id, details FROM events WHERE id = '{}'",
            events[0]
        )
    };
    let before = EventId::new();
    tamper(&server, &copy(0, "xid", before)).await;
    assert_eq!(faults(&server, desk.id).await, [format!("stray {before}")]);
    tamper(&server, &format!("DELETE FROM events WHERE id = '{before}'")).await;

    // Behind the last batch of an epoch that is over.
    sqlx::query("ALTER TABLE events ALTER COLUMN epoch SET DEFAULT 2")
        .execute(server.owner_pool())
        .await
        .unwrap();
    write(&server, &desk, 2).await;
    seal_all(&server, &desk).await;
    assert_eq!(faults(&server, desk.id).await, [""; 0]);
    let late = EventId::new();
    tamper(&server, &copy(1, "9000000000", late)).await;
    assert_eq!(faults(&server, desk.id).await, [format!("stray {late}")]);
}

#[actix_web::test]
async fn a_record_that_was_written_anew_does_not_go_on_from_a_head_that_was_noted() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    let mut heads = vec![check(&server, desk.id).await.head];
    for _ in 0..3 {
        write(&server, &desk, 2).await;
        seal_all(&server, &desk).await;
        heads.push(check(&server, desk.id).await.head);
    }
    let report = verify(server.app_pool(), desk.id, &heads).await.unwrap();
    assert_eq!((report.pinned, report.faults), (4, vec![]));

    // Whoever owns the database changes an event and seals everything again: the chain itself is without fault.
    tamper(&server, "UPDATE events SET details = '{\"n\":7}' WHERE details::text LIKE '{\"n\":0%'").await;
    tamper(&server, "DELETE FROM event_seals").await;
    tamper(&server, "DELETE FROM event_chains").await;
    seal_all(&server, &desk).await;
    assert_eq!(faults(&server, desk.id).await, [""; 0]);
    let report = verify(server.app_pool(), desk.id, &heads[1..]).await.unwrap();
    let found: Vec<_> = report.faults.iter().map(brief).collect();
    assert_eq!(
        (report.pinned, &found[..]),
        (0, &["pinned 1 true", "pinned 2 false", "pinned 3 false"].map(str::to_owned)[..])
    );
}

#[actix_web::test]
async fn a_head_is_public_and_the_latest_one_is_on_the_page_of_the_record() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    let visitor = server.visitor();
    let head = |text: &str| Head::read(text, &[]).unwrap();
    assert_eq!(head(&visitor.get("/demo/record/head").await.text).pin.number, 0);
    for _ in 0..2 {
        write(&server, &desk, 2).await;
        seal_all(&server, &desk).await;
    }
    let latest = check(&server, desk.id).await.head;
    let note = visitor.get("/demo/record/head").await;
    assert_eq!((note.status, note.header("content-type")), (StatusCode::OK, "text/plain; charset=utf-8"));
    assert_eq!((head(&note.text).desk, head(&note.text).pin), (desk.id, latest));
    assert_eq!(head(&visitor.get("/demo/record/head?batch=1").await.text).pin.number, 1);
    assert_eq!(visitor.get("/demo/record/head?batch=9").await.status, StatusCode::NOT_FOUND);
    assert_eq!(visitor.get("/record-key.pem").await.status, StatusCode::NOT_FOUND);

    let auditor = server.sign_in(Role::Auditor).await;
    assert_eq!(auditor.get("/demo/record").await.one("#chain-head"), latest.to_string());
    let page = auditor.get(&format!("/demo/record?check=1&head={latest}")).await;
    assert!(page.one(".notice").contains("goes on from the head that you noted"), "{}", page.text);
    let page = auditor.get(&format!("/demo/record?check=1&head=1:{}", "0".repeat(64))).await;
    assert!(page.one(".notice.errors").contains("was noted elsewhere"), "{}", page.text);
    let page = auditor.get("/demo/record?check=1&head=17").await;
    assert_eq!(
        (page.status, page.attribute("#noted", "value").as_deref()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("17"))
    );
}

/// The first key of RFC 8032, section 7.1.
const SECRET: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
";

#[actix_web::test]
async fn a_signed_head_is_checked_by_the_command_line() {
    let key = SigningKey::from_pem(SECRET, "facts.example.org").unwrap();
    let public = key.public().to_pem();
    let server = Server::start_signing(key).await;
    let desk = server.desk("demo").await;
    write(&server, &desk, 2).await;
    seal_all(&server, &desk).await;
    let note = server.visitor().get("/demo/record/head").await.text;
    assert_eq!(server.visitor().get("/record-key.pem").await.text, public);
    assert!(server.sign_in(Role::Auditor).await.get("/demo/record").await.has("a[href='/record-key.pem']"));

    let folder = std::env::temp_dir().join(format!("factdesk-heads-{}", Uuid::now_v7().simple()));
    std::fs::create_dir(&folder).unwrap();
    let file = |name: &str, text: &str| {
        std::fs::write(folder.join(name), text).unwrap();
        folder.join(name).display().to_string()
    };
    let (pin, key) = (file("head.txt", &note), file("key.pem", &public));
    let forged = file("forged.txt", &note.replace("batch 1", "batch 2"));
    let verify = |arguments: &[&str]| {
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_factdesk"))
            .arg("verify")
            .args(arguments)
            .env("DATABASE_URL", server.database_url())
            .output()
            .unwrap();
        let told = [run.stdout, run.stderr].concat();
        (run.status.success(), String::from_utf8(told).unwrap())
    };
    let (fine, told) = verify(&["--desk", "demo", "--pin", &pin, "--key", &key]);
    assert!(fine && told.contains("demo: intact: 2 events in 1 batches, goes on from the head"), "{told}");
    let (fine, told) = verify(&["--pin", &forged, "--key", &key]);
    assert!(!fine && told.contains("none of the keys has signed it as it stands"), "{told}");
    let (fine, told) = verify(&["--pin", &forged]);
    assert!(!fine && told.contains("its end is gone"), "{told}");
    let noted = check(&server, desk.id).await.head.to_string();
    let (fine, told) = verify(&["--desk", "demo", "--head", &noted]);
    assert!(fine && told.contains(&format!("head {noted}")), "{told}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[actix_web::test]
async fn the_record_can_be_read_and_checked_by_those_who_may() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    write(&server, &desk, 60).await;
    seal_all(&server, &desk).await;
    let auditor = server.sign_in(Role::Auditor).await;
    let page = auditor.get("/demo/record?check=1").await;
    assert!(page.one(".notice").contains("The record is intact"), "{}", page.text);
    assert_eq!(page.select("ol.history > li").len(), 50);
    let rest = auditor.get(&page.attribute("a[rel=next]", "href").unwrap()).await;
    assert_eq!(rest.select("ol.history > li").len(), 10);

    assert_eq!(server.visitor().get("/demo/record").await.status, StatusCode::UNAUTHORIZED);
    let annotator = server.sign_in(Role::Annotator).await;
    assert_eq!(annotator.get("/demo/record").await.status, StatusCode::FORBIDDEN);
    server.desk("other").await;
    assert_eq!(auditor.get("/other/record").await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_batch_lists_all_of_its_events_or_none() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    write(&server, &desk, 2).await;
    seal_all(&server, &desk).await;
    for ids in ["'\\x00'", "NULL"] {
        let insert = format!(
            "INSERT INTO event_seals SELECT desk_id, 2, epoch, from_xid, to_xid, event_count, leaf_hashes, merkle_root,
             previous_hash, hash, sealed_at, {ids} FROM event_seals"
        );
        let refused = sqlx::query(AssertSqlSafe(insert)).execute(server.app_pool()).await.unwrap_err();
        let refused = refused.as_database_error().unwrap();
        assert!(refused.constraint() == Some("event_seals_ids") || refused.message().contains("event_ids"));
    }
}
