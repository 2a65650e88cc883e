//! Many at once: nothing that somebody saved gets lost, and nothing is stored twice.

use std::collections::BTreeSet;

use factdesk::audit::{seal, verify::verify};
use factdesk::auth::Role;
use factdesk::id::{AccountId, ClaimId};
use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use crate::claims::{add_words, path};
use crate::harness::{Browser, Fixture, Page, Server};

const EDITORS: usize = 50;
const CLAIMS: usize = 20;
const EDITS_EACH: usize = 200;

/// Makes one more editor of the desk.
async fn editor(server: &Server, desk: &Fixture, number: usize) -> Browser {
    let account = AccountId::new();
    sqlx::query(
        "WITH a AS (
             INSERT INTO accounts (id, handle, display_name, created_at)
             VALUES ($1, 'editor' || $2, 'Editor ' || $2, now())
         )
         INSERT INTO memberships (desk_id, account_id, roles, created_at) VALUES ($3, $1, '{editor}', now())",
    )
    .bind(account)
    .bind(number.to_string())
    .bind(desk.id)
    .execute(server.owner_pool())
    .await
    .unwrap();
    server.sign_in_as(account).await
}

/// Changes one field of one claim so many times, each time on what it holds as far as this editor knows; where another
/// was faster, the editor sees what that one wrote and goes on from there. Gives every text that was saved.
async fn work(browser: Browser, number: usize, claim: ClaimId, field: &str, first: &str) -> Vec<String> {
    let mut known = first.to_owned();
    let mut texts = Vec::new();
    for edit in 0..EDITS_EACH {
        let text = format!("text {number} of {edit}");
        loop {
            let base = format!("base_{field}");
            let answer =
                browser.post_form(&path(claim, ""), &[(base.as_str(), known.as_str()), (field, &text)]).await;
            match answer.status {
                StatusCode::SEE_OTHER => break,
                StatusCode::CONFLICT => {
                    if let Some(theirs) = answer.select(&format!("[name={base}]")).pop() {
                        known = theirs;
                    }
                }
                other => panic!("{other}: {}", answer.text),
            }
        }
        known.clone_from(&text);
        texts.push(text);
    }
    texts
}

#[actix_web::test]
async fn of_ten_thousand_edits_by_fifty_editors_none_is_lost() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    let annotator = server.sign_in(Role::Annotator).await;
    let mut claims = Vec::new();
    for number in 0..CLAIMS {
        claims.push(add_words(&annotator, &format!("claim {number}")).await);
    }
    let mut editors = Vec::new();
    for number in 0..EDITORS {
        editors.push(editor(&server, &desk, number).await);
    }

    // Each claim has an editor of its words and one of its topics, and every other a second one of its topics.
    let work = editors.into_iter().enumerate().map(|(number, browser)| {
        let at = number % CLAIMS;
        let words = format!("claim {at}");
        let (field, first) =
            if number / CLAIMS == 1 { ("claim_reviewed", words) } else { ("topics", String::new()) };
        let claim = claims[at];
        async move { work(browser, number, claim, field, &first).await }
    });
    let saved: BTreeSet<String> = join_all(work).await.into_iter().flatten().collect();
    assert_eq!(saved.len(), EDITORS * EDITS_EACH);

    // Every text that an editor was told is saved stands in the record once, and each was written over the one before.
    let changes: Vec<(Uuid, String, Option<String>, Option<String>)> = sqlx::query_as(
        "SELECT e.entity_id, f.key, f.value ->> 'before', f.value ->> 'after'
         FROM events e, json_each(e.details) f
         WHERE e.action = 'claim.edit'
         ORDER BY e.entity_id, f.key, e.xid, e.id",
    )
    .fetch_all(server.owner_pool())
    .await
    .unwrap();
    assert_eq!(changes.len(), saved.len());
    let told: BTreeSet<String> = changes.iter().filter_map(|change| change.3.clone()).collect();
    assert_eq!(told, saved);
    let lost: Vec<_> = changes
        .windows(2)
        .filter(|pair| (pair[0].0, &pair[0].1) == (pair[1].0, &pair[1].1) && pair[0].3 != pair[1].2)
        .collect();
    assert!(lost.is_empty(), "{} of {} were overwritten unseen: {lost:?}", lost.len(), changes.len());
    let not_last: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM claims c
         WHERE c.row_version <> 1 + (SELECT count(*) FROM events e WHERE e.entity_id = c.id AND e.action = 'claim.edit')",
    )
    .fetch_one(server.owner_pool())
    .await
    .unwrap();
    assert_eq!(not_last, 0);

    seal::pass(server.app_pool()).await.unwrap();
    let report = verify(server.app_pool(), desk.id, &[]).await.unwrap();
    assert!(report.is_intact(), "{:?}", report.faults);
}

#[actix_web::test]
async fn of_two_hundred_equal_submissions_one_is_stored() {
    let server = Server::start().await;
    let browser = server.sign_in(Role::Annotator).await;
    let fields = [("claim_reviewed", "Bills doubled."), ("url", "https://a.example/")];
    let key = Uuid::now_v7();

    let answers = join_all((0..200).map(|_| browser.post_again("/demo/claims", &fields, key))).await;

    let locations: BTreeSet<&str> = answers.iter().map(Page::location).collect();
    assert_eq!(locations.len(), 1);
    assert_eq!(server.count("SELECT count(*) FROM claims").await, 1);
    assert_eq!(server.count("SELECT count(*) FROM appearances").await, 1);
    assert_eq!(server.count("SELECT count(*) FROM events WHERE action = 'claim.create'").await, 1);

    let claim = locations.into_iter().next().unwrap().rsplit('/').next().unwrap().to_owned();
    let api = format!("/api/v1/desks/demo/claims/{claim}");
    let body = json!({"row_version": 1, "topics": ["water"]});
    let key = Uuid::now_v7();
    let answers = join_all((0..200).map(|_| browser.json_again(Method::PATCH, &api, &body, key))).await;
    let refused: Vec<_> = answers
        .iter()
        .filter(|answer| !answer.status.is_success() && !answer.status.is_redirection())
        .collect();
    assert!(refused.iter().all(|answer| answer.status == StatusCode::CONFLICT), "{refused:?}");
    assert_eq!(server.count("SELECT count(*) FROM events WHERE action = 'claim.edit'").await, 1);
}
