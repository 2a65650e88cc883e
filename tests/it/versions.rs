//! Versions of an article, and what becomes of the marks in them.

use factdesk::auth::Role;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::harness::{Browser, Page, Server};
use crate::reviews::{World, evidence};

const FIRST: &str = "The harbour handled 3.1 million tonnes last year, she said.\n\n\
    Nobody asked how that was counted. The port will never be sold to anybody, the mayor promised.\n\n\
    On Tuesday the council met again. It rained all day in the town.\n\n\
    The new bridge costs 40 million and opens in May, according to the plan.";

/// Numbers were corrected, a paragraph moved to the front, a sentence went.
const SECOND: &str = "On Tuesday the council met again. It rained all day in the town.\n\n\
    The harbour handled 2.9 million tonnes last year, she said.\n\n\
    Nobody asked how that was counted.\n\n\
    The new bridge costs 40 million and opens in May, according to the plan.";

/// An article whose text changes.
pub struct Story {
    pub path: String,
    pub id: String,
}

impl Story {
    pub async fn new(browser: &Browser, text: &str) -> Self {
        let saved = browser.post_form("/demo/articles", &[("text", text), ("title", "The harbour")]).await;
        let path = saved.location().to_owned();
        let id = path.rsplit('/').next().unwrap().to_owned();
        Self { path, id }
    }

    /// The version of a number: its id and its text.
    pub async fn version(&self, owner: &PgPool, number: i32) -> (String, String) {
        sqlx::query_as("SELECT id::text, body FROM article_versions WHERE article_id::text = $1 AND number = $2")
            .bind(&self.id)
            .bind(number)
            .fetch_one(owner)
            .await
            .unwrap()
    }

    /// What marks words in a version.
    pub async fn body(&self, owner: &PgPool, number: i32, exact: &str) -> Value {
        let (version, text) = self.version(owner, number).await;
        let byte = text.find(exact).expect("the words stand there");
        let start = text[..byte].chars().count();
        json!({"version": version, "start": start, "end": start + exact.chars().count(), "exact": exact})
    }

    pub async fn mark(&self, server: &Server, browser: &Browser, exact: &str) -> Value {
        let body = self.body(server.owner_pool(), 1, exact).await;
        let made = browser.json(Method::POST, &self.marks(), &body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        made.json()
    }

    fn marks(&self) -> String {
        format!("/api/v1/desks/demo/articles/{}/marks", self.id)
    }

    pub async fn revise(&self, browser: &Browser, text: &str) -> Page {
        browser.post_form(&format!("{}/versions", self.path), &[("text", text), ("format", "text")]).await
    }

    /// Sends a decision about a mark, as the list of what waits has it now.
    async fn decide(&self, browser: &Browser, appearance: &str, fields: &[(&str, &str)]) -> Page {
        let list = browser.get(&format!("{}/review", self.path)).await;
        let hidden = |name: &str| list.attribute(&format!("#m-{appearance} input[name={name}]"), "value").unwrap();
        let (version, row) = (hidden("version"), hidden("row_version"));
        let mut all = vec![("version", version.as_str()), ("row_version", row.as_str())];
        all.extend_from_slice(fields);
        browser.post_form(&format!("{}/review/{appearance}", self.path), &all).await
    }
}

/// Outcome and decision of each mark in a version, by the words that were marked.
async fn outcomes(owner: &PgPool, number: i32) -> Vec<(String, String, String, Option<String>)> {
    sqlx::query_as(
        "SELECT p.exact, r.outcome, r.decision, r.exact FROM reanchorings r
         JOIN appearances p ON p.id = r.appearance_id JOIN article_versions v ON v.id = r.version_id
         WHERE v.number = $1 ORDER BY p.start_at",
    )
    .bind(number)
    .fetch_all(owner)
    .await
    .unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[actix_web::test]
async fn the_same_words_carry_over_and_all_others_wait() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let story = Story::new(&annotator, FIRST).await;
    for words in [
        "The harbour handled 3.1 million tonnes last year",
        "Nobody asked how that was counted",
        "The port will never be sold to anybody",
        "It rained all day in the town",
        "opens in May",
    ] {
        story.mark(&server, &annotator, words).await;
    }

    let added = story.revise(&annotator, SECOND).await;

    assert_eq!(added.location(), format!("{}/versions", story.path));
    let owner = server.owner_pool();
    let found = outcomes(owner, 2).await;
    let decisions: Vec<&str> = found.iter().map(|(_, _, decision, _)| decision.as_str()).collect();
    assert_eq!(decisions, ["pending", "carried", "pending", "carried", "carried"], "{found:?}");
    assert!(found.iter().all(|(words, _, decision, now)| decision != "carried" || now.as_deref() == Some(words)));
    let page = annotator.get(&story.path).await;
    assert_eq!(
        page.select("#text mark"),
        ["It rained all day in the town", "Nobody asked how that was counted", "opens in May"]
    );
    assert!(page.one(".notice.waiting").contains("2 of 5 marks need a look"), "{}", page.text);
    assert!(annotator.get("/demo/articles").await.one(".rows .meta").contains("2 need a look"));
    // The marks of the older version stay as they are.
    let first = annotator.get(&format!("{}/versions/1", story.path)).await;
    assert_eq!(first.select("#text a.ref").len(), 5);
    let review = annotator.get(&format!("{}/review", story.path)).await;
    assert!(review.one("h1").contains("2 of 5 marks need a look"));
    assert_eq!(review.select("[data-row]").len(), 2);
}
