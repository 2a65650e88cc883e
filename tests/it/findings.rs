//! What readers of a text find in it besides what they mark.

use factdesk::auth::Role;
use factdesk::id::FindingId;
use sqlx::AssertSqlSafe;

use crate::harness::{Browser, Page, Server};
use crate::marks::Marking;
use crate::reviews::{World, event};

const CLAIM: &str = "“We handled 3.1\u{a0}million tonnes 🌍,” she said on Monday.";
const NONE: &str = "Nobody agreed.\n";

pub struct Reading {
    pub server: Server,
    pub article: Marking,
}

impl Reading {
    pub async fn new() -> Self {
        let server = Server::start().await;
        let annotator = server.sign_in(Role::Annotator).await;
        let article = Marking::new(&server, &annotator).await;
        Self { server, article }
    }

    /// A place as the buttons of the list of sentences name it.
    pub fn at(&self, words: &str) -> String {
        let (start, end) = self.article.place(words);
        format!("{start}-{end}")
    }

    pub async fn find(&self, browser: &Browser, fields: &[(&str, &str)]) -> Page {
        let mut all = vec![("version", self.article.version())];
        all.extend_from_slice(fields);
        browser.post_form(&format!("{}/findings", self.article.path), &all).await
    }

    async fn list(&self, browser: &Browser, mode: &str) -> Page {
        browser.get(&format!("{}?mode={mode}", self.article.path)).await
    }
}

#[actix_web::test]
async fn a_sentence_is_found_to_make_no_claim_and_that_is_taken_back() {
    let reading = Reading::new().await;
    let checker = reading.server.sign_in(Role::FactChecker).await;
    let at = reading.at(NONE.trim());

    let found = reading.find(&checker, &[("mode", "sentences"), ("no_claim", &at)]).await;

    assert_eq!(found.status, 303);
    let start = at.split('-').next().unwrap().to_owned();
    let next = reading.at("The café owners said").split('-').next().unwrap().to_owned();
    assert_eq!(found.location(), format!("{}?mode=sentences#n{next}", reading.article.path));
    let list = checker.get(found.location()).await;
    assert!(list.has(&format!("a#n{next}[href]")), "the person goes on with the next sentence");
    assert_eq!(list.one(&format!("#s{start} .chip")), "You: no claim");
    assert!(!list.has(&format!("#s{start} [name=no_claim]")), "it is not asked again");
    let event: (String, String) =
        sqlx::query_as("SELECT action, entity FROM events ORDER BY id DESC LIMIT 1")
            .fetch_one(reading.server.owner_pool())
            .await
            .unwrap();
    assert_eq!(event, ("passage.clear".to_owned(), "article".to_owned()));
    // Nobody else sees it.
    let other = reading.server.sign_in(Role::Editor).await;
    assert!(!reading.list(&other, "sentences").await.has(".sentence-list .chip"));

    let withdrawal = list.attribute(&format!("#s{start} [formaction$=withdrawal]"), "formaction").unwrap();
    assert_eq!(other.post_form(&withdrawal, &[]).await.status, 404, "only who found it takes it back");
    let back = checker.post_form(&withdrawal, &[("mode", "sentences"), ("from", &start)]).await;
    assert_eq!(back.status, 303);
    assert!(!checker.get(back.location()).await.has(".sentence-list .chip"));
    assert_eq!(checker.post_form(&withdrawal, &[]).await.status, 404, "once");
}

#[actix_web::test]
async fn the_rest_of_a_text_is_found_to_make_no_claim() {
    let reading = Reading::new().await;
    let editor = reading.server.sign_in(Role::Editor).await;
    let article = editor.get(&reading.article.path).await;
    assert!(article.has("#no-claim form [name=rest][data-key=n]"), "by key and without a script");

    let found = reading.find(&editor, &[("rest", "yes")]).await;

    assert_eq!(found.location(), format!("{}?mode=sentences#rest", reading.article.path));
    let list = editor.get(found.location()).await;
    assert!(list.one("#rest p").starts_with("You found no claim in the rest."));
    let back = list.attribute("#rest [formaction$=withdrawal]", "formaction").unwrap();
    assert_eq!(editor.post_form(&back, &[("mode", "sentences")]).await.status, 303);
    assert!(reading.list(&editor, "sentences").await.has("#rest [name=rest]"));
}

#[actix_web::test]
async fn words_are_found_to_make_no_claim_by_typing_them() {
    let reading = Reading::new().await;
    let editor = reading.server.sign_in(Role::Editor).await;

    let many = reading.find(&editor, &[("no_claim", "quote"), ("quote", "Nobody agreed.")]).await;
    assert_eq!(many.status, 422);
    assert_eq!(many.select("#places label").len(), 2);
    assert_eq!(many.one("#quote").trim(), "Nobody agreed.");
    let nowhere = reading.find(&editor, &[("no_claim", "quote"), ("quote", "Everybody laughed.")]).await;
    assert_eq!(nowhere.status, 422);

    let place = many.attribute("#places input", "value").unwrap();
    let fields = [("no_claim", "quote"), ("quote", "Nobody agreed."), ("at", place.as_str())];
    assert_eq!(reading.find(&editor, &fields).await.status, 303);
    assert_eq!(
        reading.server.count("SELECT count(*) FROM passage_findings WHERE finding = 'no_claim'").await,
        1
    );
}

#[actix_web::test]
async fn alone_one_sees_only_ones_own_marks() {
    let reading = Reading::new().await;
    let annotator = reading.server.sign_in(Role::Annotator).await;
    reading.article.mark(&annotator, CLAIM).await;
    let editor = reading.server.sign_in(Role::Editor).await;
    assert!(reading.list(&editor, "sentences").await.has(".sentence-list .ref"));
    assert!(reading.list(&editor, "sentences").await.has(".sentence-list [name=agreed]"));

    let alone = reading.list(&editor, "alone").await;
    assert!(!alone.has(".sentence-list .ref") && !alone.has(".sentence-list .chip"));
    assert!(reading.list(&annotator, "alone").await.has(".sentence-list .chip"));

    // The same words again are no second claim.
    let seen = reading.find(&editor, &[("mode", "alone"), ("seen", &reading.at(CLAIM))]).await;
    assert!(seen.location().contains("?mode=alone#n"), "{}", seen.location());
    assert_eq!(reading.server.count("SELECT count(*) FROM claims").await, 1);
    assert_eq!(editor.get(seen.location()).await.select(".sentence-list .chip"), ["You: a claim"]);
    // Other words are one.
    let other = reading.at("The café owners said: “We will never go.”");
    reading.find(&editor, &[("mode", "alone"), ("seen", &other)]).await;
    assert_eq!(reading.server.count("SELECT count(*) FROM claims").await, 2);
    let alone = reading.list(&editor, "alone").await;
    assert_eq!(alone.select(".sentence-list .chip"), ["You: a claim", "You: a claim"]);
}

#[actix_web::test]
async fn another_finding_about_the_same_words_takes_the_place_of_the_first() {
    let reading = Reading::new().await;
    let annotator = reading.server.sign_in(Role::Annotator).await;
    reading.article.mark(&annotator, CLAIM).await;
    let editor = reading.server.sign_in(Role::Editor).await;
    let at = reading.at(CLAIM);

    reading.find(&editor, &[("no_claim", &at)]).await;
    reading.find(&editor, &[("agreed", &at)]).await;

    let list = reading.list(&editor, "sentences").await;
    assert_eq!(list.select(".sentence-list .chip"), ["You: a claim"]);
    assert_eq!(reading.server.count("SELECT count(*) FROM passage_findings").await, 2, "both are kept");
}

#[actix_web::test]
async fn what_cannot_be_meant_is_refused() {
    let reading = Reading::new().await;
    let editor = reading.server.sign_in(Role::Editor).await;
    assert_eq!(reading.find(&editor, &[]).await.status, 422);
    assert_eq!(reading.find(&editor, &[("no_claim", "here")]).await.status, 400);
    assert_eq!(reading.find(&editor, &[("no_claim", "0-9999")]).await.status, 422);
    let elsewhere = format!("/demo/articles/{}/findings", FindingId::new());
    let fields = [("version", reading.article.version()), ("rest", "yes")];
    assert_eq!(editor.post_form(&elsewhere, &fields).await.status, 404);
    assert_eq!(reading.server.count("SELECT count(*) FROM passage_findings").await, 0);
}

/// Runs a statement as the server's role; gives the rule that refuses it.
async fn refused(world: &World, statement: String) -> String {
    let error = sqlx::query(AssertSqlSafe(statement)).execute(world.server.app_pool()).await.unwrap_err();
    let error = error.into_database_error().expect("the database refuses");
    error.constraint().map_or_else(|| error.message().to_owned(), ToOwned::to_owned)
}

#[actix_web::test]
async fn what_always_holds_of_findings_cannot_be_broken() {
    let world = World::new().await;
    let editor = world.server.sign_in(Role::Editor).await;
    let article = Marking::new(&world.server, &editor).await;
    let owner = world.server.owner_pool();
    let (desk, member) = (world.desk.id, world.desk.member(Role::Editor));
    let (article_id, version) = (article.id(), article.version());
    let insert = |event: String, values: &str| {
        format!(
            "INSERT INTO passage_findings (desk_id, id, article_id, version_id, finding, start_at, end_at, exact, alone,
                                           created_by, created_at, withdrawn_at, event_id)
             VALUES ('{desk}', '{}', '{article_id}', '{version}', {values}, '{event}')",
            FindingId::new(),
        )
    };
    let by = format!("false, '{member}', now()");
    let first = article.place("Nobody").0;
    for (values, rule) in [
        (format!("'opinion', NULL, NULL, NULL, {by}, NULL"), "passage_findings_finding_known"),
        (format!("'rest', 0, 3, '“We', {by}, NULL"), "passage_findings_whole"),
        (format!("'no_claim', NULL, NULL, NULL, {by}, NULL"), "passage_findings_whole"),
        (format!("'no_claim', 0, 4, '“We', {by}, NULL"), "passage_findings_span_is_exact"),
        (format!("'no_claim', 0, 3, 'abc', {by}, NULL"), "passage_findings_exact_is_the_text"),
        (
            format!("'rest', NULL, NULL, NULL, {by}, now() - interval '1 day'"),
            "passage_findings_withdrawn_after",
        ),
    ] {
        let event = event(owner, &world.desk).await.to_string();
        let found = refused(&world, insert(event, &values)).await;
        // The trigger that compares the words runs before the checks.
        assert!(found.contains(rule) || rule == "passage_findings_span_is_exact", "{rule}: {found}");
    }
    let good = format!("'no_claim', {first}, {}, 'Nobody', {by}, NULL", first + 6);
    let statement = insert(event(owner, &world.desk).await.to_string(), &good);
    sqlx::query(AssertSqlSafe(statement)).execute(world.server.app_pool()).await.unwrap();
    let again = insert(event(owner, &world.desk).await.to_string(), &good);
    assert_eq!(refused(&world, again).await, "passage_findings_one_live");
    for (change, rule) in [
        ("finding = 'claim'", "passage_findings_only_withdrawn"),
        ("alone = true, withdrawn_at = now()", "passage_findings_only_withdrawn"),
    ] {
        let event = event(owner, &world.desk).await;
        let found =
            refused(&world, format!("UPDATE passage_findings SET {change}, event_id = '{event}'")).await;
        assert!(found.contains(rule), "{change}: {found}");
    }
    let silent = refused(&world, "UPDATE passage_findings SET withdrawn_at = now()".into()).await;
    assert!(silent.contains("every_change_has_an_event"), "{silent}");
    let gone = refused(&world, "DELETE FROM passage_findings".into()).await;
    assert!(gone.contains("permission denied"), "{gone}");
}
