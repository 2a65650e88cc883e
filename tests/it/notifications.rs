//! What members are told.

use factdesk::audit;
use factdesk::auth::Role;
use reqwest::StatusCode;
use sqlx::AssertSqlSafe;

use crate::claims::saved;
use crate::discussion::{assess_blind, say};
use crate::harness::Browser;
use crate::reviews::World;

/// What a member has not read: who did what.
async fn told(browser: &Browser) -> Vec<String> {
    let page = browser.get("/demo/notifications").await;
    let who = page.select(".rows .who");
    let what = page.select(".rows .meta > span:nth-child(2)");
    who.into_iter().zip(what).map(|(who, what)| format!("{who} {what}")).collect()
}

#[actix_web::test]
async fn who_is_called_answered_or_watches_is_told_once() {
    let world = World::new().await;
    let server = &world.server;
    let [nora, rita, ed] = [
        server.sign_in(Role::Annotator).await,
        server.sign_in(Role::Reviewer).await,
        server.sign_in(Role::Editor).await,
    ];
    let first = say(&world, &nora, "Look, @reviewer.demo!").await;
    assert_eq!(told(&rita).await, ["Annotator of demo called you"]);
    assert_eq!(told(&nora).await, [""; 0]);
    assert_eq!(told(&ed).await, [""; 0]);
    assert_eq!(rita.get("/demo/claims").await.one("header .unread"), "1 new");
    assert_eq!(rita.get("/demo/notifications").await.one(".rows blockquote"), "Look, @reviewer.demo!");

    let answers = world.path(&format!("comments/{first}/answers"));
    rita.post_form(&answers, &[("body", "I did, @annotator.demo.")]).await;
    assert_eq!(told(&nora).await, ["Reviewer of demo called you"]);
    nora.post_form(&answers, &[("body", "Thanks.")]).await;
    assert_eq!(
        told(&rita).await,
        ["Annotator of demo answered in a thread that you take part in", "Annotator of demo called you"]
    );
    say(&world, &ed, "Something else.").await;
    assert_eq!(told(&rita).await[0], "Editor of demo commented on a claim that you watch");
}

#[actix_web::test]
async fn opening_the_claim_reads_what_was_told_of_it_and_one_can_say_otherwise() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let rita = world.server.sign_in(Role::Reviewer).await;
    say(&world, &nora, "Look, @reviewer.demo!").await;
    let claim = world.path("").trim_end_matches('/').to_owned();
    assert!(!rita.get(&claim).await.has("header .unread"));
    assert_eq!(told(&rita).await, [""; 0]);

    let all = rita.get("/demo/notifications?show=all").await;
    let form = all.attribute(".rows form", "action").unwrap();
    rita.post_form(&form, &[("read", "no")]).await;
    assert_eq!(told(&rita).await.len(), 1);
    let stranger = nora.post_form(&form, &[("read", "yes")]).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
    let latest = rita.get("/demo/notifications").await.attribute("input[name=through]", "value").unwrap();
    say(&world, &nora, "And again, @reviewer.demo.").await;
    rita.post_form("/demo/notifications/reading", &[("through", &latest)]).await;
    assert_eq!(told(&rita).await.len(), 1, "what came later is still new");
}

#[actix_web::test]
async fn whoever_has_to_do_with_a_verdict_is_told_where_it_stands() {
    let world = World::new().await;
    let server = &world.server;
    let [checker, rita, ed, nora] = [
        server.sign_in(Role::FactChecker).await,
        server.sign_in(Role::Reviewer).await,
        server.sign_in(Role::Editor).await,
        server.sign_in(Role::Annotator).await,
    ];
    nora.post_form(&world.path("watch"), &[("watch", "yes")]).await;
    saved(&world.draft(&checker).await);
    saved(&world.post(&checker, "review-request").await);
    assert_eq!(told(&nora).await, ["Fact-checker of demo asked for a review"]);
    assert_eq!(told(&checker).await, [""; 0]);
    saved(&world.assess(&rita, "return", "Which table?").await);
    assert_eq!(told(&checker).await, ["Reviewer of demo returned the draft"]);
    saved(&world.post(&checker, "review-request").await);
    saved(&world.assess(&rita, "approve", "").await);
    saved(&world.post(&ed, "publication").await);
    assert_eq!(
        told(&checker).await,
        [
            "Editor of demo published the verdict",
            "Reviewer of demo approved the draft",
            "Reviewer of demo returned the draft"
        ]
    );
}

#[actix_web::test]
async fn whoever_gets_a_claim_is_told() {
    let world = World::new().await;
    let ed = world.server.sign_in(Role::Editor).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let account = world.desk.member(Role::FactChecker).to_string();
    saved(&ed.post_form(&world.path("assignee"), &[("to", &account)]).await);
    assert_eq!(told(&checker).await, ["Editor of demo gave you this claim"]);
    saved(&checker.post_form(&world.path("assignee"), &[("to", "me")]).await);
    assert_eq!(told(&checker).await.len(), 1, "nobody is told of what they do");
}

#[actix_web::test]
async fn whoever_gets_a_place_to_assess_is_told_and_nobody_else() {
    let world = World::new().await;
    let rita = world.server.sign_in(Role::Reviewer).await;
    let nora = world.server.sign_in(Role::Annotator).await;
    nora.post_form(&world.path("watch"), &[("watch", "yes")]).await;
    assess_blind(&world).await;
    let (owner, place) = (world.server.owner_pool(), uuid::Uuid::now_v7());
    let mut tx = owner.begin().await.unwrap();
    let by = world.desk.actor(Role::Editor);
    let change = audit::record(&mut tx, by, "place.assign", "place", place, &()).await.unwrap();
    for statement in [
        "ALTER TABLE assessment_places DISABLE TRIGGER USER".to_owned(),
        format!(
            "INSERT INTO assessment_places
                 (desk_id, round_id, account_id, id, claim_id, how, assigned_by, since, at, until, event_id)
             SELECT desk_id, id, '{}', '{place}', claim_id, 'assigned', created_by, now(), now(), now(), '{}'
             FROM rounds WHERE mode = 'blind'",
            world.desk.member(Role::Reviewer),
            change.event,
        ),
        "SET CONSTRAINTS ALL IMMEDIATE".to_owned(),
        "ALTER TABLE assessment_places ENABLE TRIGGER USER".to_owned(),
    ] {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(told(&rita).await, ["Editor of demo gave you a place to assess this claim"]);
    assert_eq!(told(&nora).await, [""; 0]);
}

#[actix_web::test]
async fn who_stops_watching_is_told_only_when_called() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let rita = world.server.sign_in(Role::Reviewer).await;
    let first = say(&world, &nora, "Hello.").await;
    assert_eq!(nora.get("/demo/watching").await.select(".rows .title").len(), 1);
    nora.post_form(&world.path("watch"), &[("watch", "no")]).await;
    assert_eq!(nora.get("/demo/watching").await.select(".rows .title").len(), 0);
    rita.post_form(&world.path(&format!("comments/{first}/answers")), &[("body", "Hello back.")]).await;
    assert_eq!(told(&nora).await, [""; 0]);
    say(&world, &rita, "@annotator.demo?").await;
    assert_eq!(told(&nora).await.len(), 1);
}

#[actix_web::test]
async fn an_edit_tells_only_whom_it_calls_anew() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let rita = world.server.sign_in(Role::Reviewer).await;
    let ed = world.server.sign_in(Role::Editor).await;
    let comment = say(&world, &nora, "@reviewer.demo?").await;
    let edit = [("base_body", "@reviewer.demo?"), ("body", "@reviewer.demo, @editor.demo?")];
    nora.post_form(&world.path(&format!("comments/{comment}")), &edit).await;
    assert_eq!(told(&rita).await.len(), 1);
    assert_eq!(told(&ed).await, ["Annotator of demo called you"]);
}

#[actix_web::test]
async fn who_left_the_desk_is_told_nothing() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    sqlx::query("UPDATE memberships SET roles = '{}' WHERE account_id = $1")
        .bind(world.desk.member(Role::Reviewer))
        .execute(world.server.owner_pool())
        .await
        .unwrap();
    say(&world, &nora, "@reviewer.demo?").await;
    assert_eq!(world.server.count("SELECT count(*) FROM notifications").await, 0);
}
