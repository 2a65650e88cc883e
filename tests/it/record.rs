//! The record of changes: what was sealed is found to be so, and whatever was done to it is found out.

use std::time::Duration;

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
    verify(server.app_pool(), desk).await.unwrap()
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
    assert_eq!((report.sealed, report.unsealed, report.fault), (5, 3, None));

    seal_all(&server, &desk).await;
    let report = check(&server, desk.id).await;
    assert_eq!((report.sealed, report.unsealed, report.head.0, report.fault), (8, 0, 2, None));
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
    assert_eq!((report.sealed, report.unsealed, report.head.0, report.fault), (9_020, 0, 3, None));
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
    assert_eq!((report.sealed, report.unsealed, report.fault), (12, 0, None));
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
    assert_eq!((report.sealed, report.unsealed, report.fault), (3, 0, None));
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
            assert_eq!(
                check(&server, desk.id).await.fault,
                Some(Fault::Event { event, seal: 1 }),
                "{column}"
            );
            tamper(&server, &format!("DELETE FROM events WHERE id = '{event}'")).await;
            tamper(&server, &format!("INSERT INTO events SELECT * FROM kept WHERE id = '{event}'")).await;
            sqlx::query("DROP TABLE kept").execute(server.owner_pool()).await.unwrap();
            assert_eq!(check(&server, desk.id).await.fault, None);
        }
        tamper(&server, &format!("DELETE FROM events WHERE id = '{event}'")).await;
        let after = at.checked_sub(1).map(|before| events[before]);
        let missing = Fault::Missing { seal: 1, after, left: 6, sealed: 7 };
        assert_eq!(check(&server, desk.id).await.fault, Some(missing));
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
    assert_eq!(check(&server, desk.id).await.fault, Some(Fault::Event { event: added, seal: 1 }));
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
    assert_eq!(check(&server, desk.id).await.fault, Some(Fault::Event { event: events[2], seal: 1 }));
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
    assert_eq!(check(&server, desk.id).await.fault, Some(Fault::End { found: 2, expected: 3 }));
    tamper(&server, "UPDATE event_seals SET sealed_at = sealed_at + interval '1 second' WHERE number = 2")
        .await;
    assert_eq!(check(&server, desk.id).await.fault, Some(Fault::Seal(2)));
    tamper(&server, "DELETE FROM event_seals WHERE number = 1").await;
    assert_eq!(check(&server, desk.id).await.fault, Some(Fault::Seal(1)));
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
    assert_eq!((report.sealed, report.unsealed, report.head.0, report.fault), (5, 0, 2, None));
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
