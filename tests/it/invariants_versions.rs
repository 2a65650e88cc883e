//! What the database itself holds of versions and of marks in them: tried as the server's own role.

use factdesk::auth::Role;
use sqlx::AssertSqlSafe;

use crate::harness::Server;
use crate::versions::Story;

const FIRST: &str =
    "The harbour handled 3.1 million tonnes last year, she said.\n\nIt rained all day in the town.";
const SECOND: &str =
    "The harbour handled 2.9 million tonnes last year, she said.\n\nIt rained all day in the town.";

/// An article of two versions with a mark that went over and one that waits.
async fn world() -> (Server, Story) {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let story = Story::new(&annotator, FIRST).await;
    for words in ["handled 3.1 million tonnes", "It rained all day"] {
        story.mark(&server, &annotator, words).await;
    }
    assert!(story.revise(&annotator, SECOND).await.status.is_redirection());
    (server, story)
}

/// The constraint that refuses a statement.
async fn refused(server: &Server, statement: &str) -> String {
    let outcome = sqlx::query(AssertSqlSafe(statement.to_owned())).execute(server.app_pool()).await;
    let error = outcome.expect_err(statement);
    let database = error.as_database_error().unwrap_or_else(|| panic!("{statement}: {error}"));
    database.constraint().map_or_else(|| database.code().unwrap_or_default().into_owned(), str::to_owned)
}

/// An update of the mark that waits, with an event of its own.
fn change(set: &str) -> String {
    format!(
        "UPDATE reanchorings SET {set}, event_id = (SELECT min(id::text)::uuid FROM events) WHERE decision = 'pending'"
    )
}

const DECIDED: &str =
    "decided_by = (SELECT min(account_id::text)::uuid FROM memberships), decided_at = now()";

#[actix_web::test]
async fn only_the_same_words_carry_over_by_themselves() {
    let (server, _) = world().await;
    let carried = "decision = 'carried', start_at = found_start, end_at = found_end, exact = 'handled 2.9 million tonnes'";
    assert_eq!(refused(&server, &change(carried)).await, "reanchorings_same_words_carry_over");
    // Neither can it be made so from the beginning.
    let insert = |values: &str| {
        format!(
            "INSERT INTO reanchorings (desk_id, version_id, appearance_id, article_id, claim_id, from_version_id,
                 from_start, from_end, outcome, score, found_start, found_end, decision, start_at, end_at, exact,
                 decided_by, decided_at, created_at, event_id)
             SELECT r.desk_id, {values}, now(), r.event_id
             FROM reanchorings r JOIN article_versions v ON v.id = r.from_version_id WHERE r.decision = 'pending'"
        )
    };
    let again = insert(
        "version_id, appearance_id, r.article_id, claim_id, from_version_id, from_start, from_end, outcome, score,
         found_start, found_end, 'pending', NULL, NULL, NULL, NULL, NULL",
    );
    assert_eq!(refused(&server, &again).await, "reanchorings_pkey");
    let decided = insert(
        "version_id, appearance_id, r.article_id, claim_id, from_version_id, from_start, from_end, outcome, score,
         found_start, found_end, 'orphaned', NULL, NULL, NULL, r.decided_by, now()",
    );
    assert_eq!(refused(&server, &decided).await, "reanchorings_begin_undecided");
    let other = insert(
        "version_id, appearance_id, r.article_id, (SELECT id FROM claims c WHERE c.id <> r.claim_id LIMIT 1),
         from_version_id, from_start, from_end, outcome, score, found_start, found_end, 'pending', NULL, NULL, NULL,
         NULL, NULL",
    );
    assert_eq!(refused(&server, &other).await, "reanchorings_of_the_mark");
    let itself = insert(
        "version_id, appearance_id, r.article_id, claim_id, version_id, from_start, from_end, outcome, score,
         found_start, found_end, 'pending', NULL, NULL, NULL, NULL, NULL",
    );
    assert_eq!(refused(&server, &itself).await, "reanchorings_from_another");
    for (outcome, expected) in
        [("'exact'", "reanchorings_others_wait"), ("'alike'", "reanchorings_outcome_known")]
    {
        let waits = insert(&format!(
            "from_version_id, appearance_id, r.article_id, claim_id, version_id, from_start, from_end, {outcome}, score,
             found_start, found_end, 'pending', NULL, NULL, NULL, NULL, NULL",
        ));
        assert_eq!(refused(&server, &waits).await, expected);
    }
    let certain = insert(
        "from_version_id, appearance_id, r.article_id, claim_id, version_id, from_start, from_end, outcome, 2,
         found_start, found_end, 'pending', NULL, NULL, NULL, NULL, NULL",
    );
    assert_eq!(refused(&server, &certain).await, "reanchorings_score_bounds");
    let backwards = insert(
        "from_version_id, appearance_id, r.article_id, claim_id, version_id, 9, 9, outcome, score,
         found_start, found_end, 'pending', NULL, NULL, NULL, NULL, NULL",
    );
    assert_eq!(refused(&server, &backwards).await, "reanchorings_from_span");
    let half = insert(
        "from_version_id, appearance_id, r.article_id, claim_id, version_id, from_start, from_end, outcome, score,
         5, 4, 'pending', NULL, NULL, NULL, NULL, NULL",
    );
    assert_eq!(refused(&server, &half).await, "reanchorings_found_span");
}

#[actix_web::test]
async fn a_decision_is_whole_and_its_words_are_the_text() {
    let (server, _) = world().await;
    for (set, expected) in [
        (
            format!("decision = 'moved', start_at = 0, end_at = 3, exact = 'Thx', {DECIDED}"),
            "reanchorings_exact_is_the_text",
        ),
        (
            format!("decision = 'confirmed', start_at = 0, end_at = 3, exact = 'The', {DECIDED}"),
            "reanchorings_confirmed_where_found",
        ),
        (
            format!("decision = 'orphaned', start_at = 0, end_at = 3, exact = 'The', {DECIDED}"),
            "reanchorings_placed_when_decided",
        ),
        (format!("decision = 'moved', {DECIDED}"), "reanchorings_placed_when_decided"),
        ("decision = 'orphaned'".to_owned(), "reanchorings_decided_by_somebody"),
        ("decision = 'undecided'".to_owned(), "reanchorings_decision_known"),
        (
            "decision = 'orphaned', decided_by = gen_random_uuid(), decided_at = now()".to_owned(),
            "reanchorings_decider",
        ),
        ("score = 1 - score / 2".to_owned(), "reanchorings_finding_stays"),
        ("decision = 'superseded'".to_owned(), "reanchorings_of_the_latest_version"),
        ("verdict = 1".to_owned(), "reanchorings_finding_stays"),
        (
            "seen_by = (SELECT min(account_id::text)::uuid FROM memberships), seen_at = now()".to_owned(),
            "reanchorings_seen_whole",
        ),
        ("start_at = 0, end_at = 3, exact = 'The'".to_owned(), "reanchorings_placed_when_decided"),
    ] {
        assert_eq!(refused(&server, &change(&set)).await, expected, "{set}");
    }
    let silent = "UPDATE reanchorings SET decided_at = NULL WHERE decision = 'pending'";
    assert_eq!(refused(&server, silent).await, "every_change_has_an_event");
    let undone =
        "UPDATE reanchorings SET decision = 'orphaned', start_at = NULL, end_at = NULL, exact = NULL,
                      decided_by = (SELECT min(account_id::text)::uuid FROM memberships), decided_at = now(),
                      event_id = (SELECT min(id::text)::uuid FROM events) WHERE decision = 'carried'";
    assert_eq!(refused(&server, undone).await, "reanchorings_decision_order");
    // insufficient_privilege
    assert_eq!(refused(&server, "DELETE FROM reanchorings").await, "42501");
    let owners = sqlx::query("DELETE FROM reanchorings").execute(server.owner_pool()).await.unwrap_err();
    assert_eq!(owners.as_database_error().unwrap().constraint(), Some("reanchorings_stay"));
}

#[actix_web::test]
async fn marks_are_made_in_the_latest_version_and_versions_are_numbered_on() {
    let (server, _) = world().await;
    let older = "INSERT INTO appearances (desk_id, id, claim_id, article_id, version_id, exact, prefix, suffix, start_at,
                     end_at, created_by, created_at, event_id)
                 SELECT desk_id, gen_random_uuid(), claim_id, article_id, version_id, exact, prefix, suffix, start_at,
                     end_at, created_by, created_at, event_id FROM appearances LIMIT 1";
    assert_eq!(refused(&server, older).await, "appearances_in_the_latest_version");
    let version = |number: &str, body: &str| {
        format!(
            "INSERT INTO article_versions (desk_id, id, article_id, number, body, body_length, body_sha256, blocks, format,
                 created_by, created_at, event_id)
             SELECT desk_id, gen_random_uuid(), article_id, {number}, {body}, char_length({body}),
                 sha256(convert_to({body}, 'UTF8')), blocks, format, created_by, created_at, event_id
             FROM article_versions WHERE number = 2"
        )
    };
    assert_eq!(refused(&server, &version("4", "'Another.'")).await, "article_versions_numbered_on");
    assert_eq!(refused(&server, &version("2", "'Another.'")).await, "article_versions_numbered_on");
    assert_eq!(refused(&server, &version("3", "body")).await, "article_versions_text_changed");
    let older_text = version("3", "(SELECT w.body FROM article_versions w WHERE w.number = 1)");
    let taken = sqlx::query(AssertSqlSafe(older_text)).execute(server.app_pool()).await;
    assert_eq!(taken.unwrap().rows_affected(), 1);
}

#[actix_web::test]
async fn a_version_is_held_until_the_transaction_ends() {
    let (server, story) = world().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let mut held = server.app_pool().begin().await.unwrap();
    let number: i32 =
        sqlx::query_scalar("SELECT number FROM articles a, hold_latest_version(a.desk_id, a.id)")
            .fetch_one(&mut *held)
            .await
            .unwrap();
    assert_eq!(number, 2);

    let body = story.body(server.owner_pool(), 2, "in the town").await;
    let marks = format!("/api/v1/desks/demo/articles/{}/marks", story.id);
    let marking = annotator.json(reqwest::Method::POST, &marks, &body);
    let (early, ()) = tokio::join!(in_time(marking), async {
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        assert_eq!(server.count("SELECT count(*) FROM appearances").await, 2);
        held.rollback().await.unwrap();
    });
    assert_eq!(early.status, 201, "{}", early.text);
}

async fn in_time<T>(waiting: impl Future<Output = T>) -> T {
    tokio::time::timeout(std::time::Duration::from_secs(10), waiting).await.expect("it goes on")
}
