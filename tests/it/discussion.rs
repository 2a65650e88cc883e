//! What members say about a claim.

use factdesk::auth::Role;
use reqwest::{Method, StatusCode};
use serde_json::json;
use sqlx::{AssertSqlSafe, PgPool};

use crate::harness::{Browser, Page};
use crate::reviews::{World, event};

/// Says something about the world's claim; gives the comment's id.
pub async fn say(world: &World, browser: &Browser, body: &str) -> String {
    id(&browser.post_form(&world.path("comments"), &[("body", body)]).await)
}

fn id(page: &Page) -> String {
    page.location().rsplit_once("#comment-").expect("it leads to the comment").1.to_owned()
}

async fn answer(world: &World, browser: &Browser, thread: &str, body: &str) -> String {
    id(&browser.post_form(&world.path(&format!("comments/{thread}/answers")), &[("body", body)]).await)
}

async fn act(world: &World, browser: &Browser, comment: &str, what: &str) -> Page {
    browser.post_form(&world.path(&format!("comments/{comment}/{what}")), &[]).await
}

async fn claim_page(world: &World, browser: &Browser) -> Page {
    browser.get(world.path("").trim_end_matches('/')).await
}

#[actix_web::test]
async fn members_talk_in_threads_that_can_be_resolved() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let rita = world.server.sign_in(Role::Reviewer).await;
    let first = say(&world, &nora, "Which table?\r\nSee https://stats.example/4.").await;
    answer(&world, &rita, &first, "Table 4.").await;
    say(&world, &rita, "And who said it?").await;

    let page = claim_page(&world, &nora).await;
    assert_eq!(
        page.select(".comment .text"),
        ["Which table? See https://stats.example/4.", "Table 4.", "And who said it?"]
    );
    assert_eq!(page.one(".answers .text"), "Table 4.");
    assert_eq!(page.attribute(".comment .text a", "href").unwrap(), "https://stats.example/4");

    assert!(act(&world, &rita, &first, "resolution").await.status.is_redirection());
    let page = claim_page(&world, &nora).await;
    assert_eq!(page.select("details.resolved .comment .text").len(), 2);
    assert!(page.one("details.resolved .thread > .hint").starts_with("Resolved by Reviewer of demo"));
    let twice = act(&world, &nora, &first, "resolution").await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert!(act(&world, &nora, &first, "reopening").await.status.is_redirection());
    assert!(!claim_page(&world, &nora).await.has("details.resolved"));
}

#[actix_web::test]
async fn a_piece_of_evidence_has_its_own_threads() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    say(&world, &nora, "About the claim.").await;
    let evidence: uuid::Uuid =
        sqlx::query_scalar("SELECT id FROM evidence").fetch_one(world.server.owner_pool()).await.unwrap();
    let said = nora
        .post_form(&world.path(&format!("evidence/{evidence}/comments")), &[("body", "Is it dated?")])
        .await;
    let page = nora.follow(&said).await;
    assert_eq!(page.select(".comment .text"), ["Is it dated?"]);
    assert!(page.has("ol.evidence"));
    let page = claim_page(&world, &nora).await;
    assert_eq!(page.select(".comment .text"), ["About the claim.", "Is it dated?"]);
    assert!(page.attribute(".thread .eyebrow a", "href").unwrap().ends_with(&format!("?about={evidence}")));
}

#[actix_web::test]
async fn what_was_said_is_edited_and_removed_as_a_state_and_its_history_stays() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let rita = world.server.sign_in(Role::Reviewer).await;
    let comment = say(&world, &nora, "It is 3.1 millon.").await;
    let path = world.path(&format!("comments/{comment}"));

    let edit = [("base_body", "It is 3.1 millon."), ("body", "It is 3.1 million.")];
    assert_eq!(rita.post_form(&path, &edit).await.status, StatusCode::FORBIDDEN);
    assert!(nora.post_form(&path, &edit).await.status.is_redirection());
    let page = claim_page(&world, &rita).await;
    assert_eq!(page.one(".comment .text"), "It is 3.1 million.");
    assert!(page.select(".comment > .meta a").contains(&"edited".to_owned()));
    assert!(!page.has(".comment a[href$='/removal'], .comment form"), "{}", page.text);

    assert_eq!(act(&world, &rita, &comment, "removal").await.status, StatusCode::FORBIDDEN);
    assert!(act(&world, &nora, &comment, "removal").await.status.is_redirection());
    let page = claim_page(&world, &rita).await;
    assert_eq!(page.one(".comment .hint"), "Removed by Annotator of demo.");
    assert!(!page.has(".comment .text"));
    let history = rita.get(&path).await;
    assert_eq!(
        history.select(".history .meta > span:nth-child(2)"),
        ["removed it", "changed it", "wrote it"]
    );
    assert_eq!(history.select(".history del"), ["removed: millon"]);

    assert_eq!(act(&world, &rita, &comment, "restoration").await.status, StatusCode::FORBIDDEN);
    assert!(act(&world, &nora, &comment, "restoration").await.status.is_redirection());
    assert_eq!(claim_page(&world, &rita).await.one(".comment .text"), "It is 3.1 million.");
}

#[actix_web::test]
async fn an_admin_removes_what_others_said_and_alone_brings_it_back() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let admin = world.server.sign_in(Role::Admin).await;
    let comment = say(&world, &nora, "Rude words.").await;
    assert!(act(&world, &admin, &comment, "removal").await.status.is_redirection());
    assert_eq!(act(&world, &nora, &comment, "restoration").await.status, StatusCode::FORBIDDEN);
    assert!(act(&world, &admin, &comment, "restoration").await.status.is_redirection());
}

#[actix_web::test]
async fn changes_of_a_comment_are_in_the_claims_history_and_can_be_taken_back() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let comment = say(&world, &nora, "One.").await;
    let path = world.path(&format!("comments/{comment}"));
    nora.post_form(&path, &[("base_body", "One."), ("body", "Two.")]).await;
    let page = nora.get(&path).await;
    let event = page.attribute(".history input[name=event]", "value").unwrap();
    let undone = nora.post_form(&world.path("undo"), &[("event", event.as_str())]).await;
    assert!(undone.status.is_redirection(), "{}", undone.text);
    assert_eq!(claim_page(&world, &nora).await.one(".comment .text"), "One.");
    let history = nora.get(&world.path("history")).await;
    assert!(history.text.contains("said something"));
    assert!(history.text.contains("changed a comment"));
}

#[actix_web::test]
async fn a_mention_is_kept_as_the_account_and_printed_as_the_name() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let comment = say(&world, &nora, "@reviewer.demo, can you look? @nobody can.").await;
    let page = claim_page(&world, &nora).await;
    assert_eq!(page.one(".mention"), "@reviewer.demo");
    let owner = world.server.owner_pool();
    let body: String = sqlx::query_scalar("SELECT body FROM comments").fetch_one(owner).await.unwrap();
    assert_eq!(body, format!("@{{{}}}, can you look? @nobody can.", world.desk.member(Role::Reviewer)));
    let details: String = sqlx::query_scalar("SELECT details::text FROM events WHERE action = 'comment.add'")
        .fetch_one(owner)
        .await
        .unwrap();
    assert!(!details.contains("reviewer"), "{details}");
    let form = nora.get(&world.path(&format!("comments/{comment}"))).await;
    assert_eq!(form.one("#comment-edit-body"), "@reviewer.demo, can you look? @nobody can.");
    assert!(form.select(".history ins").concat().contains("@reviewer.demo"), "{}", form.text);
}

#[actix_web::test]
async fn an_erased_account_is_called_by_its_pseudonym_and_leaves_no_address_or_draft() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    say(&world, &nora, "Look, @reviewer.demo.").await;
    let (owner, rita) = (world.server.owner_pool(), world.desk.member(Role::Reviewer));
    for statement in [
        "INSERT INTO mail_addresses (account_id, address) VALUES ($1, 'rita@reviewers.example')",
        "INSERT INTO drafts (desk_id, account_id, form, page, title, fields, saved_at)
         SELECT desk_id, account_id, '/demo/claims', '/demo', 'x', '[]', now() FROM memberships WHERE account_id = $1",
    ] {
        sqlx::query(statement).bind(rita).execute(owner).await.unwrap();
    }
    factdesk::accounts::admin::erase(world.server.app_pool(), "reviewer.demo").await.unwrap();
    let page = claim_page(&world, &nora).await;
    assert!(page.one(".comment .mention").starts_with("@erased-"), "{}", page.text);
    assert!(!page.text.contains("reviewer.demo"), "{}", page.text);
    for table in ["SELECT count(*) FROM mail_addresses", "SELECT count(*) FROM drafts"] {
        assert_eq!(world.server.count(table).await, 0, "{table}");
    }
}

#[actix_web::test]
async fn a_comment_that_says_nothing_comes_back_with_what_is_wrong() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let empty = nora.post_form(&world.path("comments"), &[("body", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.one("[role=alert]").contains("Write what you want to say."));
    let long = "a".repeat(factdesk::discussion::BODY_MAX + 1);
    let refused = nora.post_form(&world.path("comments"), &[("body", &long)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.one("#new-comment-body"), long);
}

#[actix_web::test]
async fn the_same_comment_sent_twice_is_said_once() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let key = uuid::Uuid::now_v7();
    let first = nora.post_again(&world.path("comments"), &[("body", "Once.")], key).await;
    let again = nora.post_again(&world.path("comments"), &[("body", "Once.")], key).await;
    assert_eq!(first.location(), again.location());
    assert_eq!(world.server.count("SELECT count(*) FROM comments").await, 1);
}

#[actix_web::test]
async fn nobody_but_members_sees_a_word_of_it() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    world.publish().await;
    let comment = say(&world, &nora, "Between us only.").await;
    let reader = world.server.visitor();
    let stranger = world.server.sign_in_at("other", Role::Editor).await;
    for browser in [&reader, &stranger] {
        for path in ["", "discussion", &format!("comments/{comment}"), "history"] {
            let page = browser.get(world.path(path).trim_end_matches('/')).await;
            assert!(!page.text.contains("Between us"), "{path}: {}", page.text);
            assert!(page.status == StatusCode::OK || page.status.is_client_error());
        }
        for path in [
            format!("/api/v1/desks/demo/claims/{}/comments", world.claim),
            "/demo/export/jsonl".to_owned(),
            "/demo/feed.atom".to_owned(),
        ] {
            assert!(!browser.get(&path).await.text.contains("Between us"), "{path}");
        }
    }
}

#[actix_web::test]
async fn programs_read_and_take_part() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let path = format!("/api/v1/desks/demo/claims/{}/comments", world.claim);
    let made = nora.json(Method::POST, &path, &json!({"body": "First."})).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let first = made.json()["id"].clone();
    nora.json(Method::POST, &path, &json!({"body": "Second.", "thread": first})).await;
    let told = nora.get(&path).await.json();
    assert_eq!(told["threads"][0]["body"], "First.");
    assert_eq!(told["threads"][0]["answers"][0]["body"], "Second.");
    assert_eq!(told["threads"][0]["resolved"], false);
    let refused = nora.json(Method::POST, &path, &json!({"body": ""})).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn older_threads_are_a_page_away() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    for number in 0..52 {
        say(&world, &nora, &format!("Thread {number}.")).await;
    }
    let page = claim_page(&world, &nora).await;
    let shown = page.select(".comment .text");
    assert_eq!((shown.len(), shown[0].as_str(), shown[49].as_str()), (50, "Thread 2.", "Thread 51."));
    let older = page.attribute("#part-discussion a[href*='before=']", "href").unwrap();
    assert_eq!(nora.get(&older).await.select(".comment .text"), ["Thread 0.", "Thread 1."]);
}

/// Puts the world's claim into a round that several people assess blind.
pub async fn assess_blind(world: &World) {
    let (owner, by) = (world.server.owner_pool(), world.desk.member(Role::Editor));
    let event = event(owner, &world.desk).await;
    let mut tx = owner.begin().await.unwrap();
    for statement in [
        "ALTER TABLE rounds DISABLE TRIGGER USER".to_owned(),
        format!(
            "INSERT INTO review_policies (desk_id, id, number, mode, people, created_by, created_at, event_id)
             VALUES ('{}', '{event}', 99, 'blind', 2, '{by}', now(), '{event}')",
            world.desk.id
        ),
        format!(
            "INSERT INTO rounds (desk_id, id, claim_id, number, kind, mode, policy_id, scale_version_id, state,
                                 created_by, created_at, event_id)
             SELECT desk_id, '{event}', '{}', 99, 'initial', 'blind', '{event}', id, 'in_review', '{by}', now(), '{event}'
             FROM scale_versions LIMIT 1",
            world.claim
        ),
        "ALTER TABLE rounds ENABLE TRIGGER USER".to_owned(),
    ] {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[actix_web::test]
async fn nothing_is_said_while_a_claim_is_assessed_blind() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let admin = world.server.sign_in(Role::Admin).await;
    let comment = say(&world, &nora, "Before.").await;
    let removed = say(&world, &nora, "I think it is false.").await;
    act(&world, &nora, &removed, "removal").await;
    assess_blind(&world).await;

    let page = claim_page(&world, &nora).await;
    assert!(page.one("#part-discussion > .notice").contains("pauses"));
    assert!(!page.has("#part-discussion form"));
    let path = format!("comments/{comment}");
    let edit = [("base_body", "Before."), ("body", "I think it is false.")];
    for answer in [
        nora.post_form(&world.path("comments"), &[("body", "It is false.")]).await,
        nora.post_form(&world.path(&format!("{path}/answers")), &[("body", "It is false.")]).await,
        nora.post_form(&world.path(&path), &edit).await,
        act(&world, &nora, &removed, "restoration").await,
        act(&world, &admin, &removed, "restoration").await,
        act(&world, &nora, &comment, "removal").await,
        act(&world, &nora, &comment, "resolution").await,
        nora.json(
            Method::POST,
            &format!("/api/v1/desks/demo/claims/{}/comments", world.claim),
            &json!({"body": "It is false."}),
        )
        .await,
    ] {
        assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text);
        assert!(answer.text.contains("The discussion pauses"), "{}", answer.text);
    }
    let typed = nora.post_form(&world.path("comments"), &[("body", "It is false.")]).await;
    assert!(typed.text.contains("It is false."), "what was typed is not lost");
    let other = world.server.sign_in(Role::Reviewer).await;
    assert_eq!(claim_page(&world, &other).await.select(".comment .text"), ["Before."]);
    let event = event(world.server.owner_pool(), &world.desk).await;
    let set = format!("UPDATE comments SET body = 'False', event_id = '{event}' WHERE id = '{comment}'");
    refused(world.server.app_pool(), set, "comments_wait_for_blind_rounds").await;
}

async fn refused(pool: &PgPool, statement: String, rule: &str) {
    match sqlx::query(AssertSqlSafe(statement.clone())).execute(pool).await {
        Ok(done) => panic!("{rule}: {} rows were written by {statement}", done.rows_affected()),
        Err(error) => {
            let error = error.into_database_error().expect("the database refuses");
            let found = error.constraint().map_or_else(|| error.message().to_owned(), ToOwned::to_owned);
            assert!(found.contains(rule), "{rule}: {found}");
        }
    }
}

#[actix_web::test]
async fn what_holds_of_comments_cannot_be_broken() {
    let world = World::new().await;
    let nora = world.server.sign_in(Role::Annotator).await;
    let first = say(&world, &nora, "First.").await;
    let second = answer(&world, &nora, &first, "Second @reviewer.demo.").await;
    let (app, owner) = (world.server.app_pool(), world.server.owner_pool());
    let other = crate::reviews::claim(owner, &world.desk).await;
    for (comment, set, rule) in [
        (&first, "body = ' '".to_owned(), "comments_body_length"),
        (&first, format!("claim_id = '{other}'"), "comments_stay_where_they_are"),
        (
            &first,
            format!("author_id = '{}'", world.desk.member(Role::Editor)),
            "comments_stay_where_they_are",
        ),
        (&first, "created_at = now()".to_owned(), "comments_stay_where_they_are"),
        (&first, "removed_at = now()".to_owned(), "comments_removed_whole"),
        (&first, "resolved_at = now()".to_owned(), "comments_resolved_whole"),
        (&first, "event_id = event_id".to_owned(), "every_change_has_an_event"),
        (
            &second,
            format!("resolved_at = now(), resolved_by = '{}'", world.desk.member(Role::Editor)),
            "comments_threads_begin",
        ),
    ] {
        let event = event(owner, &world.desk).await;
        let also = if set.contains("event_id") { String::new() } else { format!(", event_id = '{event}'") };
        refused(app, format!("UPDATE comments SET {set}{also} WHERE id = '{comment}'"), rule).await;
    }
    let insert = |claim: &str, thread: &str, event: &str| {
        format!(
            "INSERT INTO comments (desk_id, id, claim_id, thread_id, body, author_id, created_at, event_id)
             VALUES ('{}', gen_random_uuid(), '{claim}', '{thread}', 'x', '{}', now(), '{event}')",
            world.desk.id,
            world.desk.member(Role::Annotator),
        )
    };
    let id = event(owner, &world.desk).await.to_string();
    refused(app, insert(&world.claim.to_string(), &second, &id), "comments_answer_a_beginning").await;
    refused(app, insert(&other.to_string(), &first, &id), "comments_thread").await;
    refused(app, "DELETE FROM comments".to_owned(), "permission denied").await;
    refused(owner, "DELETE FROM comments".to_owned(), "comments_stay").await;
    refused(owner, "DELETE FROM comment_mentions".to_owned(), "comment_mentions_are_immutable").await;
}
