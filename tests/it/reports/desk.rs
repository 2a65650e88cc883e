//! The desk's side: the inbox, two looks, the answer.

use factdesk::auth::Role;
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{WORDS, answer, last, look, looked_at, public, send};

#[actix_web::test]
async fn two_different_members_look_and_then_it_is_answered_once() {
    let world = public().await;
    send(&world, &world.server.visitor(), &[]).await;
    let report = last(&world).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    let editor = world.server.sign_in(Role::Editor).await;

    assert_eq!(answer(&editor, report, &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(look(&checker, report, "0", "upheld").await.status, StatusCode::SEE_OTHER);
    let own = look(&checker, report, "1", "upheld").await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    assert!(own.text.contains("Somebody else looks a second time"));
    assert_eq!(own.one(".notice.warn .text"), "I read the table.", "what was typed is kept");
    // Two who look for the first time at the same moment: the later one learns of the other.
    assert_eq!(look(&reviewer, report, "0", "rejected").await.status, StatusCode::CONFLICT);
    assert_eq!(look(&reviewer, report, "1", "rejected").await.status, StatusCode::SEE_OTHER);
    assert_eq!(look(&editor, report, "2", "upheld").await.status, StatusCode::CONFLICT);

    let page = editor.get(&format!("/demo/reports/{report}")).await;
    assert_eq!(page.select("#looks ~ .history li").len(), 2);
    assert_eq!(answer(&editor, report, &[("words", " ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let spam = [("outcome", "spam"), ("to", "public")];
    assert_eq!(answer(&editor, report, &spam).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer(&editor, report, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(answer(&editor, report, &[]).await.status, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn the_only_member_who_may_look_does_so_twice() {
    let world = public().await;
    send(&world, &world.server.visitor(), &[]).await;
    let report = last(&world).await;
    sqlx::query("UPDATE memberships SET roles = '{}' WHERE NOT roles && ARRAY['editor', 'admin']")
        .execute(world.server.owner_pool())
        .await
        .unwrap();
    let editor = world.server.sign_in(Role::Editor).await;
    assert_eq!(look(&editor, report, "0", "upheld").await.status, StatusCode::SEE_OTHER);
    assert!(editor.get(&format!("/demo/reports/{report}")).await.has("form[action$=looks]"));
    assert_eq!(look(&editor, report, "1", "upheld").await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn who_is_recused_from_the_claim_does_not_look() {
    let world = public().await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    reviewer.post_form(&world.path("recusal"), &[("reason", "A cousin.")]).await;
    send(&world, &world.server.visitor(), &[]).await;
    let refused = look(&reviewer, last(&world).await, "0", "rejected").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn the_inbox_shows_what_waits_and_what_is_done() {
    let world = public().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let editor = world.server.sign_in(Role::Editor).await;
    let empty = checker.get("/demo/reports").await;
    assert_eq!(empty.one(".empty"), "No report waits for a first look.");

    send(&world, &world.server.visitor(), &[]).await;
    let inbox = checker.get("/demo/reports").await;
    assert_eq!(inbox.one(".rows .title"), WORDS);
    let report = last(&world).await;
    look(&checker, report, "0", "upheld").await;
    assert!(checker.get("/demo/reports").await.one(".rows").contains("One person has looked: you"));
    assert!(editor.get("/demo/reports?part=first").await.has(".empty"));
    assert!(editor.get("/demo/reports?part=second&kind=error").await.has(".rows"));
    assert!(editor.get("/demo/reports?part=second&kind=appeal").await.has(".empty"));

    let (report, _) = looked_at(&world, &[("words", "Another mistake.")]).await;
    answer(&editor, report, &[]).await;
    assert_eq!(editor.get("/demo/reports?part=done").await.one(".rows .title"), "Another mistake.");
    let about_the_same = editor.get(&format!("/demo/reports/{report}")).await;
    assert_eq!(about_the_same.select("#others ~ .rows li").len(), 1);

    for role in [Role::Annotator, Role::Admin] {
        let member = world.server.sign_in(role).await;
        assert_eq!(member.get("/demo/reports").await.status, StatusCode::FORBIDDEN);
    }
    let auditor = world.server.sign_in(Role::Auditor).await;
    let read = auditor.get(&format!("/demo/reports/{report}")).await;
    assert!(read.text.contains("Another mistake.") && !read.has("form[action$=looks]"));
}

#[actix_web::test]
async fn a_long_inbox_is_read_page_by_page() {
    let world = public().await;
    let event = crate::reviews::event(world.server.owner_pool(), &world.desk).await;
    sqlx::query(
        "INSERT INTO reader_reports (desk_id, id, claim_id, verdict, kind, words, may_publish, digest, salt, words_hash,
                                     form_key, tracking_hash, created_at, event_id)
         SELECT $1, lpad(n::text, 32, '0')::uuid, $2, 1, 'error', 'Number ' || n, false, sha256('x'),
                '0123456789abcdef', sha256(n::text::bytea), gen_random_uuid(), sha256(n::text::bytea), now(), $3
         FROM generate_series(1, 120) n",
    )
    .bind(world.desk.id)
    .bind(world.claim)
    .bind(event)
    .execute(world.server.owner_pool())
    .await
    .unwrap();
    let checker = world.server.sign_in(Role::FactChecker).await;
    let mut path = "/demo/reports".to_owned();
    let mut read = Vec::new();
    loop {
        let page = checker.get(&path).await;
        read.extend(page.select(".rows .title"));
        match page.attribute("a[rel=next]", "href") {
            Some(query) => path = format!("/demo/reports{query}"),
            None => break,
        }
    }
    assert_eq!(read, (1..=120).map(|number| format!("Number {number}")).collect::<Vec<_>>());
}

#[actix_web::test]
async fn programs_read_look_and_answer_with_the_same_rules() {
    let world = public().await;
    send(&world, &world.server.visitor(), &[("name", "Ines Roe")]).await;
    let report = last(&world).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let editor = world.server.sign_in(Role::Editor).await;
    let list = checker.get("/api/v1/desks/demo/reports").await.json();
    assert_eq!(list["reports"][0]["id"], json!(report));
    let path = format!("/api/v1/desks/demo/reports/{report}");
    let reply = json!({"outcome": "upheld", "words": "Yes.", "is_public": true});
    let early = editor.json(Method::POST, &format!("{path}/answer"), &reply).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    for (member, seen) in [(&checker, 0), (&editor, 1)] {
        let look = json!({"seen": seen, "finding": "upheld", "note": "Read."});
        let done = member.json(Method::POST, &format!("{path}/looks"), &look).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    }
    let answered = editor.json(Method::POST, &format!("{path}/answer"), &reply).await.json();
    assert_eq!(answered["state"], "answered");
    assert_eq!(answered["looks"][1]["by"], "Editor of demo");
    assert_eq!(answered["answer"]["is_public"], true);
    assert_eq!(checker.get(&path).await.json(), answered);
}
