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
        sqlx::query_as(
            "SELECT id::text, body FROM article_versions WHERE article_id::text = $1 AND number = $2",
        )
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
        let hidden =
            |name: &str| list.attribute(&format!("#m-{appearance} input[name={name}]"), "value").unwrap();
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
    assert!(
        found.iter().all(|(words, _, decision, now)| decision != "carried" || now.as_deref() == Some(words))
    );
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

#[actix_web::test]
async fn what_waits_is_confirmed_moved_or_left_and_each_can_be_undone() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let story = Story::new(&annotator, FIRST).await;
    let edited = story.mark(&server, &annotator, "The harbour handled 3.1 million tonnes last year").await;
    let lost = story.mark(&server, &annotator, "The port will never be sold to anybody").await;
    let (edited, lost) = (text(&edited["appearance"]), text(&lost["appearance"]));
    story.revise(&annotator, SECOND).await;
    let review = annotator.get(&format!("{}/review", story.path)).await;
    assert!(review.has(&format!("#m-{edited} button[value=confirm]")), "{}", review.text);
    assert!(review.select(&format!("#m-{edited} .diff ins")).concat().contains("2.9"));
    assert!(review.select(&format!("#m-{edited} .pair mark"))[0].contains("3.1 million"));
    assert!(!review.has(&format!("#m-{lost} button[value=confirm]")));

    let confirmed = story.decide(&annotator, edited, &[("to", "confirm")]).await;

    let page = annotator.follow(&confirmed).await;
    assert!(page.one(".notice.good").contains("confirmed"), "{}", page.text);
    assert_eq!(page.select("[data-row]").len(), 1);
    assert_eq!(
        annotator.get(&story.path).await.select("#text mark"),
        ["The harbour handled 2.9 million tonnes last year"]
    );
    // Somebody else saw the list before that.
    let version = story.version(server.owner_pool(), 2).await.0;
    let late = [("version", version.as_str()), ("row_version", "1"), ("to", "orphan")];
    let conflict = annotator.post_form(&format!("{}/review/{edited}", story.path), &late).await;
    assert_eq!(conflict.status, 409);
    assert!(
        conflict.one(".notice.warn[role=alert]").contains("Annotator of demo: confirmed"),
        "{}",
        conflict.text
    );

    // Words that stand nowhere, or twice, are asked for again; what was typed stays.
    let nowhere = story.decide(&annotator, lost, &[("to", "quote"), ("quote", "no such words")]).await;
    assert_eq!(nowhere.status, 422);
    assert_eq!(nowhere.attribute(&format!("#q-{lost}"), "value").unwrap(), "no such words");
    let twice = story.decide(&annotator, lost, &[("to", "quote"), ("quote", "million")]).await;
    assert_eq!(twice.status, 422);
    let places = twice.select(&format!("#m-{lost} .places mark"));
    assert_eq!(places, ["million", "million"]);
    let place = twice.attribute(&format!("#m-{lost} .places li:nth-child(2) button"), "value").unwrap();
    let moved = story.decide(&annotator, lost, &[("to", &place)]).await;
    assert!(moved.status.is_redirection(), "{}", moved.text);
    assert_eq!(annotator.get(&story.path).await.select("#text mark").len(), 2);

    // Undone, both wait again, and nothing is drawn.
    for _ in 0..2 {
        let decided = annotator.get(&format!("{}/review?show=decided", story.path)).await;
        let action = decided.attribute("[data-row] form", "action").unwrap();
        let hidden =
            |name: &str| decided.attribute(&format!("[data-row] input[name={name}]"), "value").unwrap();
        let fields = [("version", hidden("version")), ("row_version", hidden("row_version"))];
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let undone = annotator.post_form(&action, &fields).await;
        assert!(undone.status.is_redirection(), "{}", undone.text);
    }
    assert!(!annotator.get(&story.path).await.has("#text mark"));
    let left = story.decide(&annotator, lost, &[("to", "orphan")]).await;
    assert!(left.status.is_redirection());
    let again =
        story.decide(&annotator, edited, &[("to", "quote"), ("quote", "handled 2.9 million tonnes")]).await;
    assert!(again.status.is_redirection(), "{}", again.text);
    let review = annotator.get(&format!("{}/review", story.path)).await;
    assert_eq!(review.one("h1"), "No mark needs a look");
    assert_eq!(annotator.get(&story.path).await.select("#text mark"), ["handled 2.9 million tonnes"]);
    // All of it stands in the claim's history.
    let claim = review_claim(&server, edited).await;
    let history = annotator.get(&format!("/demo/claims/{claim}/history")).await;
    for did in
        ["confirmed the words in a new version", "took a decision about the mark back", "moved the mark"]
    {
        assert!(history.text.contains(did), "{did}: {}", history.text);
    }
}

async fn review_claim(server: &Server, appearance: &str) -> String {
    sqlx::query_scalar("SELECT claim_id::text FROM appearances WHERE id::text = $1")
        .bind(appearance)
        .fetch_one(server.owner_pool())
        .await
        .unwrap()
}

#[actix_web::test]
async fn an_unchanged_text_adds_nothing_and_says_so() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let story = Story::new(&annotator, FIRST).await;
    let events = server.count("SELECT count(*) FROM events").await;

    let same = story.revise(&annotator, &FIRST.replace('\n', "\r\n")).await;

    assert_eq!(same.status, 200);
    assert!(same.one(".notice[role=alert]").contains("The text is unchanged"), "{}", same.text);
    assert_eq!(server.count("SELECT count(*) FROM article_versions").await, 1);
    assert_eq!(server.count("SELECT count(*) FROM events").await, events);

    // Before it is added, one sees what it would change.
    let fields = [("text", SECOND), ("format", "text"), ("step", "preview")];
    let check = annotator.post_form(&format!("{}/versions", story.path), &fields).await;
    assert_eq!(check.status, 200);
    assert!(check.one(".lead").contains("2 paragraphs are new and 2 are gone"), "{}", check.text);
    assert_eq!(check.select("input[name=keep]").len(), 4);
    assert_eq!(server.count("SELECT count(*) FROM article_versions").await, 1);
    let empty = annotator.post_form(&format!("{}/versions", story.path), &[("text", " ")]).await;
    assert_eq!(empty.status, 422);

    // A text that goes back to what it was is a version of its own.
    for body in [SECOND, FIRST] {
        assert!(story.revise(&annotator, body).await.status.is_redirection());
    }
    let list = annotator.get(&format!("{}/versions", story.path)).await;
    assert_eq!(list.select("tbody th"), ["Version 3", "Version 2", "Version 1"]);
    assert!(list.select("tbody tr")[1].contains("words added"), "{}", list.text);
    assert!(list.select("tbody tr")[1].contains("1 paragraph moved"), "{}", list.text);
    assert_eq!(annotator.get(&format!("{}/versions/new", story.path)).await.status, 200);
}

#[actix_web::test]
async fn words_that_come_back_come_back_with_their_marks() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let story = Story::new(&annotator, FIRST).await;
    story.mark(&server, &annotator, "The port will never be sold to anybody").await;
    let removed = story.mark(&server, &annotator, "It rained all day").await;

    // A mark that was removed comes along, so that it can be brought back.
    let mark = format!("/api/v1/desks/demo/marks/{}", text(&removed["appearance"]));
    assert_eq!(annotator.json(Method::DELETE, &mark, &json!({})).await.status, 204);
    story.revise(&annotator, SECOND).await;
    assert!(!annotator.get(&story.path).await.has("#text mark"));
    let restore = format!(
        "/demo/claims/{}/appearances/{}/restoration",
        text(&removed["claim"]),
        text(&removed["appearance"])
    );
    assert!(annotator.post_form(&restore, &[]).await.status.is_redirection());
    assert_eq!(annotator.get(&story.path).await.select("#text mark"), ["It rained all day"]);

    story.revise(&annotator, FIRST).await;
    assert_eq!(
        annotator.get(&story.path).await.select("#text mark"),
        ["The port will never be sold to anybody", "It rained all day"]
    );
    let owner = server.owner_pool();
    assert_eq!(outcomes(owner, 2).await[0].2, "superseded");
    assert_eq!(outcomes(owner, 3).await[0].2, "carried");
    assert_eq!(annotator.get(&format!("{}/review", story.path)).await.one("h1"), "No mark needs a look");
}

#[actix_web::test]
async fn a_decision_that_was_undone_does_not_come_back_with_a_restored_mark() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let story = Story::new(&annotator, FIRST).await;
    let made = story.mark(&server, &annotator, "handled 3.1 million tonnes last year").await;
    let appearance = text(&made["appearance"]);
    story.revise(&annotator, SECOND).await;
    story.decide(&annotator, appearance, &[("to", "quote"), ("quote", "It rained")]).await;
    let decided = annotator.get(&format!("{}/review?show=decided", story.path)).await;
    let hidden = |name: &str| decided.attribute(&format!("[data-row] input[name={name}]"), "value").unwrap();
    let (version, row) = (hidden("version"), hidden("row_version"));
    let fields = [("version", version.as_str()), ("row_version", row.as_str())];
    annotator.post_form(&format!("{}/review/{appearance}/undo", story.path), &fields).await;

    let at = format!("/demo/claims/{}/appearances/{appearance}", text(&made["claim"]));
    assert!(annotator.post_form(&format!("{at}/removal"), &[]).await.status.is_redirection());
    assert!(annotator.post_form(&format!("{at}/restoration"), &[]).await.status.is_redirection());

    assert!(!annotator.get(&story.path).await.has("#text mark"));
    let first = annotator.get(&format!("{}/versions/1", story.path)).await;
    assert_eq!(first.select("#text mark"), ["handled 3.1 million tonnes last year"]);
}

/// A story with one published claim, about words that the second version changes.
async fn published(words: &str) -> (World, Browser, Story, Value) {
    let mut world = World::new().await;
    let annotator = world.server.sign_in(Role::Annotator).await;
    let story = Story::new(&annotator, FIRST).await;
    let made = story.mark(&world.server, &annotator, words).await;
    world.claim = text(&made["claim"]).parse().unwrap();
    evidence(world.server.owner_pool(), &world.desk, world.claim).await;
    world.publish().await;
    (world, annotator, story, made)
}

#[actix_web::test]
async fn no_verdict_is_shown_on_words_that_nobody_checked() {
    let (world, annotator, story, made) = published("The harbour handled 3.1 million tonnes last year").await;
    let reader = world.server.visitor();
    let before = reader.get(&story.path).await;
    assert!(before.one(".versions").starts_with("Checked: version 1 of "), "{}", before.text);
    assert!(!before.one(".versions").contains("changed"));
    let appearance = text(&made["appearance"]);

    story.revise(&annotator, SECOND).await;

    let page = reader.get(&story.path).await;
    assert_eq!(page.status, 200);
    assert!(!page.has("#text mark"));
    let versions = page.one(".versions");
    assert!(
        versions.contains("Checked: version 1 of")
            && versions.contains("The article changed after the verdict, on"),
        "{versions}"
    );
    let compare = format!("{}/versions/1/compare/2", story.path);
    assert!(page.has(&format!(".versions a[href=\"{compare}\"]")));
    assert!(page.one(".elsewhere blockquote").contains("3.1 million"));
    assert!(page.one(".elsewhere .badge").contains("False"));
    assert_eq!(
        page.attribute(".elsewhere .meta a", "href").unwrap(),
        format!("{}/versions/1#r1", story.path)
    );
    assert!(reader.get("/demo/articles").await.text.contains("The harbour"));
    let marks = reader.get(&story.marks()).await;
    assert_eq!((marks.status.as_u16(), marks.json()["marks"].as_array().unwrap().len()), (200, 0));
    // The version that was checked shows its verdict as before.
    let first = reader.get(&format!("{}/versions/1", story.path)).await;
    assert_eq!(first.select("#text mark"), ["The harbour handled 3.1 million tonnes last year"]);
    assert!(first.has("#text mark.v-false"));
    // Exports say where the words stand, and where they do not.
    let line: Value =
        serde_json::from_str(reader.get("/demo/export/jsonl").await.text.lines().next().unwrap()).unwrap();
    let mark = line["appearances"].as_array().unwrap().iter().find(|made| !made["mark"].is_null()).unwrap();
    assert_eq!(mark["mark"]["article"]["version"], 1);
    assert_eq!(mark["mark"]["anchors"][0]["state"], "orphaned");
    assert_eq!(mark["mark"]["anchors"][0]["version"], 2);

    // The desk is told, until somebody has looked.
    let checker = world.server.sign_in(Role::FactChecker).await;
    let queue = checker.get("/demo/queue?lane=changed").await;
    assert!(queue.select("nav[aria-label=Lane] a").contains(&"Words changed after the verdict 1".to_owned()));
    assert_eq!(queue.select("tbody tr").len(), 1);
    assert!(queue.one(".looks-in li").contains("The harbour"));
    let claim = format!("/demo/claims/{}", world.claim);
    assert!(
        checker.get(&claim).await.one(".notice.changed h2").contains("The words changed after the verdict")
    );
    assert!(!reader.get(&claim).await.has(".notice.changed"));

    // Other words of a public claim are public at once: editors only.
    assert_eq!(story.decide(&annotator, appearance, &[("to", "confirm")]).await.status, 403);
    let tag = |page: &Page| page.header("etag").to_owned();
    let etag = tag(&reader.get(&story.path).await);
    let editor = world.server.sign_in(Role::Editor).await;
    let (id, back) = (world.claim.to_string(), editor.get(&claim).await);
    let hidden =
        |name: &str| back.attribute(&format!("#n-{appearance} input[name={name}]"), "value").unwrap();
    let (version, row) = (hidden("version"), hidden("row_version"));
    let fields =
        [("version", version.as_str()), ("row_version", row.as_str()), ("to", "confirm"), ("back", &id)];
    let confirmed = editor.post_form(&format!("{}/review/{appearance}", story.path), &fields).await;
    assert_eq!(confirmed.location(), format!("{claim}?saved=1"), "{}", confirmed.text);

    let page = reader.get(&story.path).await;
    assert_ne!(tag(&page), etag);
    assert_eq!(page.select("#text mark"), ["The harbour handled 2.9 million tonnes last year"]);
    assert!(page.has("#text mark.v-false") && !page.has(".elsewhere"));
    assert!(page.one(".versions").starts_with("Checked: version 2 of"), "{}", page.text);
    assert!(!page.one(".versions").contains("changed after"));
    let line: Value =
        serde_json::from_str(reader.get("/demo/export/jsonl").await.text.lines().next().unwrap()).unwrap();
    let mark = line["appearances"].as_array().unwrap().iter().find(|made| !made["mark"].is_null()).unwrap();
    assert_eq!(mark["mark"]["anchors"][0]["state"], "drifted");
    assert!(!checker.get(&claim).await.has(".notice.changed"));
    assert!(!checker.get("/demo/queue").await.text.contains("Words changed after the verdict 1"));
}

#[actix_web::test]
async fn a_notice_goes_when_the_verdict_is_kept_or_corrected() {
    let (world, annotator, story, made) = published("The port will never be sold to anybody").await;
    let editor = world.server.sign_in(Role::Editor).await;
    let claim = format!("/demo/claims/{}", world.claim);
    let appearance = text(&made["appearance"]);
    story.revise(&annotator, SECOND).await;
    assert!(editor.get(&claim).await.has(".notice.changed"));

    let kind = [("kind", "clarification"), ("public_note", "The article dropped these words.")];
    let begun = editor.post_form(&format!("{claim}/corrections"), &kind).await;
    assert!(begun.status.is_redirection(), "{}", begun.text);
    assert!(!editor.get(&claim).await.has(".notice.changed"));
    assert!(editor.get(&format!("{}/review", story.path)).await.has(&format!("#m-{appearance}")));
    assert!(editor.post_form(&format!("{claim}/correction-withdrawal"), &[]).await.status.is_redirection());

    // The next version raises it anew, and whoever keeps the verdict for the version it was given on settles it.
    story.revise(&annotator, &SECOND.replace("40 million", "41 million")).await;
    assert!(editor.get(&claim).await.has(".notice.changed"));
    assert!(story.decide(&annotator, appearance, &[("to", "orphan")]).await.status.is_redirection());
    assert!(!editor.get(&claim).await.has(".notice.changed"));
    let reader = world.server.visitor();
    assert!(reader.get(&story.path).await.one(".elsewhere blockquote").contains("never be sold"));
}

#[actix_web::test]
async fn a_mark_on_an_older_version_goes_to_the_latest_or_is_told_to() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let story = Story::new(&annotator, FIRST).await;
    story.revise(&annotator, SECOND).await;
    let owner = server.owner_pool();

    let same = story.body(owner, 1, "It rained all day").await;
    let made = annotator.json(Method::POST, &story.marks(), &same).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(annotator.get(&story.path).await.select("#text mark"), ["It rained all day"]);

    let gone = story.body(owner, 1, "never be sold").await;
    let refused = annotator.json(Method::POST, &story.marks(), &gone).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text.contains("newer version"), "{}", refused.text);
    assert_eq!(server.count("SELECT count(*) FROM claims").await, 1);

    let version = story.version(owner, 1).await.0;
    let quoted = [("version", version.as_str()), ("quote", "the council met again")];
    let made = annotator.post_form(&format!("{}/marks", story.path), &quoted).await;
    assert!(made.status.is_redirection(), "{}", made.text);
    assert_eq!(annotator.get(&story.path).await.select("#text mark").len(), 2);
}

/// Sends again what a busy server asks to be sent again, as a browser's page does.
async fn patiently(send: impl AsyncFn() -> Page) -> Page {
    loop {
        let page = send().await;
        if page.status != 503 {
            return page;
        }
        actix_web::rt::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}

#[actix_web::test]
async fn versions_and_marks_that_come_at_the_same_time_are_all_kept() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let story = Story::new(&annotator, FIRST).await;
    let owner = server.owner_pool();
    let words = ["It rained all day", "opens in May", "according to the plan", "Nobody asked", "On Tuesday"];
    let mut bodies = Vec::new();
    for exact in words {
        bodies.push(story.body(owner, 1, exact).await);
    }
    let marks = story.marks();
    let marking =
        bodies.iter().map(|body| patiently(async || annotator.json(Method::POST, &marks, body).await));
    let third = SECOND.replace("40 million", "41 million");
    let revising =
        [SECOND, SECOND, third.as_str()].map(|body| patiently(async || story.revise(&annotator, body).await));

    let (marked, revised) =
        tokio::join!(futures_util::future::join_all(marking), futures_util::future::join_all(revising));

    assert!(marked.iter().all(|page| page.status == 201), "{marked:?}");
    let unchanged = revised.iter().filter(|page| page.status == 200).count();
    let added = revised.iter().filter(|page| page.status.is_redirection()).count();
    assert_eq!(unchanged + added, 3, "{revised:?}");
    let numbers: Vec<i32> = sqlx::query_scalar("SELECT number FROM article_versions ORDER BY number")
        .fetch_all(owner)
        .await
        .unwrap();
    assert_eq!(numbers.len(), added + 1);
    assert_eq!(numbers, (1..=i32::try_from(added).unwrap() + 1).collect::<Vec<_>>());
    // Each mark stands in the latest version, wherever it was made.
    let page = annotator.get(&story.path).await;
    let mut drawn = page.select("#text mark");
    drawn.sort();
    let mut expected: Vec<String> = words.iter().map(|words| (*words).to_owned()).collect();
    expected.sort();
    assert_eq!(drawn, expected, "{}", page.text);
}

#[actix_web::test]
async fn two_versions_are_compared_with_the_marks_of_both() {
    let (world, annotator, story, _) = published("The harbour handled 3.1 million tonnes last year").await;
    story.mark(&world.server, &annotator, "It rained all day").await;
    let reader = world.server.visitor();
    story.revise(&annotator, SECOND).await;
    let path = format!("{}/versions/1/compare/2", story.path);

    let page = annotator.get(&path).await;

    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.one("h1").contains("version 1 and version 2"));
    assert!(page.one(".lead").contains("1 paragraph moved"), "{}", page.one(".lead"));
    let changed = "[data-change=edited]";
    assert!(page.select(&format!("{changed} .old del")).concat().contains("3.1"));
    // What is removed is one thing, also where a mark ends in it.
    assert!(!page.text.contains("</del><del>") && !page.text.contains("</ins><ins>"));
    assert!(page.select(&format!("{changed} .new ins")).concat().contains("2.9"));
    let both = page.select(&format!("{changed} .both"));
    assert!(both.iter().any(|row| row.contains("removed: 3.1") && row.contains("added: 2.9")), "{both:?}");
    assert!(page.select("[data-change=moved] .label").iter().any(|label| label.contains("Moved")));
    let moved = page.attribute("[data-change=moved] .label a", "href").unwrap();
    assert!(page.has(&moved));
    assert_eq!(page.attribute(".old a.ref", "aria-label").unwrap(), "Claim 1 in version 1: False");
    assert!(page.has("[data-change=moved] .new mark"));
    let inline = annotator.get(&format!("{path}?view=inline")).await;
    assert!(inline.has(".compare.single") && inline.has("a[aria-current=page][href$=inline]"));
    let asked = annotator.get(&format!("{}/versions/compare?old=2&new=1", story.path)).await;
    assert_eq!(asked.location(), format!("{}/versions/2/compare/1", story.path));
    assert_eq!(annotator.follow(&asked).await.status, 200);
    assert_eq!(annotator.get(&format!("{}/versions/1/compare/3", story.path)).await.status, 404);

    // Readers see public marks only, and nothing of an article that has none.
    let public = reader.get(&path).await;
    assert_eq!(public.status, 200);
    assert!(public.has(".old a.ref") && !public.text.contains("It rained all day</mark>"));
    assert_eq!(reader.get(&format!("{}/versions", story.path)).await.status, 200);
    assert!(!reader.get(&format!("{}/versions", story.path)).await.text.contains("Annotator of demo"));
    let own = Story::new(&annotator, "A text of which nothing is public.").await;
    own.revise(&annotator, "Another text of which nothing is public.").await;
    assert_eq!(reader.get(&format!("{}/versions/1/compare/2", own.path)).await.status, 404);
    assert_eq!(reader.get(&format!("{}/versions", own.path)).await.status, 404);
}

#[actix_web::test]
async fn an_older_version_is_for_reading() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let story = Story::new(&annotator, FIRST).await;
    let first = format!("{}/versions/1", story.path);
    assert!(annotator.get(&first).await.has("#add-claim"));
    story.revise(&annotator, SECOND).await;

    let page = annotator.get(&first).await;

    assert!(!page.has("#add-claim") && !page.has("#mark-bar"));
    assert_eq!(page.attribute("article", "data-number").unwrap(), "1");
    assert!(page.has(".versions a[rel=next]") && page.has(".notice.warn"));
    // What is printed anew on a page is of the version that is read there.
    let blocks = annotator.get(&format!("{}/blocks?ids=b0&version=1", story.path)).await;
    assert!(blocks.one("#b0").starts_with("The harbour"), "{}", blocks.text);
    let blocks = annotator.get(&format!("{}/blocks?ids=b0", story.path)).await;
    assert!(blocks.one("#b0").starts_with("On Tuesday"), "{}", blocks.text);
}
