//! Marking words of an article, and the page that shows them.

use factdesk::auth::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Browser, Page, Server};
use crate::reviews::{World, evidence};

/// With emoji, a combining mark, a no-break space, line breaks as Windows has them, and words that stand twice.
const TEXT: &str = "“We handled 3.1\u{a0}million tonnes 🌍,” she said on Monday. Nobody agreed.\r\n\r\n\
    The cafe\u{301} owners said: “We will never go.” Nobody agreed.\r\n\r\nقال الوزير: «لن يُغلق الميناء».";

/// An article, and what it takes to mark words of it.
pub struct Marking {
    pub path: String,
    id: String,
    version: String,
    text: String,
}

impl Marking {
    pub async fn new(server: &Server, browser: &Browser) -> Self {
        let saved = browser.post_form("/demo/articles", &[("text", TEXT), ("title", "The harbour")]).await;
        let path = saved.location().to_owned();
        let (version, text): (Uuid, String) =
            sqlx::query_as("SELECT id, body FROM article_versions ORDER BY id DESC LIMIT 1")
                .fetch_one(server.owner_pool())
                .await
                .unwrap();
        let id = path.rsplit('/').next().unwrap().to_owned();
        Self { path, id, version: version.to_string(), text }
    }

    pub fn version(&self) -> &str {
        &self.version
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// The first place of the words, in code points.
    pub fn place(&self, exact: &str) -> (usize, usize) {
        let byte = self.text.find(exact).expect("the words stand there");
        let start = self.text[..byte].chars().count();
        (start, start + exact.chars().count())
    }

    pub fn body(&self, exact: &str) -> Value {
        let (start, end) = self.place(exact);
        json!({"version": self.version, "start": start, "end": end, "exact": exact})
    }

    pub fn marks(&self) -> String {
        format!("/api/v1/desks/demo/articles/{}/marks", self.id)
    }

    pub async fn mark(&self, browser: &Browser, exact: &str) -> Value {
        let made = browser.json(Method::POST, &self.marks(), &self.body(exact)).await;
        assert_eq!(made.status, 201, "{}", made.text);
        made.json()
    }

    async fn form(&self, browser: &Browser, fields: &[(&str, &str)]) -> Page {
        let mut all = vec![("version", self.version.as_str())];
        all.extend_from_slice(fields);
        browser.post_form(&format!("{}/marks", self.path), &all).await
    }
}

async fn count(server: &Server, table: &'static str) -> i64 {
    let query = match table {
        "claims" => "SELECT count(*) FROM claims",
        "events" => "SELECT count(*) FROM events",
        _ => "SELECT count(*) FROM anchors",
    };
    sqlx::query_scalar(query).fetch_one(server.owner_pool()).await.unwrap()
}

#[actix_web::test]
async fn words_are_marked_and_drawn_with_a_reference() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;

    let made = article.mark(&annotator, "“We handled 3.1\u{a0}million tonnes 🌍,”").await;

    let page = annotator.get(&article.path).await;
    assert_eq!(page.select("#text mark"), ["“We handled 3.1 million tonnes 🌍,”"]);
    assert_eq!(page.attribute("#text a.ref", "href").unwrap(), made["url"].as_str().unwrap());
    assert_eq!(page.attribute("#text a.ref", "aria-label").unwrap(), "Claim 1: Marked");
    assert_eq!(page.one("#c1 .title"), "We handled 3.1 million tonnes 🌍,");
    let event: (String, String) =
        sqlx::query_as("SELECT action, entity FROM events ORDER BY id DESC LIMIT 1")
            .fetch_one(server.owner_pool())
            .await
            .unwrap();
    assert_eq!(event, ("claim.mark".to_owned(), "claim".to_owned()));
}

#[actix_web::test]
async fn marks_overlap_nest_and_cross_paragraphs() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;

    article.mark(&annotator, "3.1\u{a0}million tonnes 🌍,” she said").await;
    article.mark(&annotator, "she said on Monday").await;
    article.mark(&annotator, "million").await;
    article.mark(&annotator, "on Monday. Nobody agreed.\n\nThe café owners").await;

    let page = annotator.get(&article.path).await;
    let pieces = |number: &str| {
        let selector = format!("#text mark[data-c~=\"{number}\"]");
        page.document().select(&selector).iter().map(|piece| piece.text().to_string()).collect::<String>()
    };
    assert_eq!(pieces("1"), "3.1\u{a0}million tonnes 🌍,” she said");
    assert_eq!(pieces("2"), "she said on Monday");
    assert_eq!(pieces("3"), "million");
    assert_eq!(pieces("4"), "on Monday. Nobody agreed.The café owners");
    assert!(!page.has("#text mark mark"));
    assert_eq!(page.select("#text a.ref").len(), 4);
    // The list is in the order of the text.
    assert_eq!(page.select(".claim-list > li .nr"), ["1", "3", "2", "4"]);
    // Without references the page's text is the stored text.
    let document = page.document();
    document.select("#text a.ref").remove();
    assert_eq!(document.select("#text").text().to_string(), article.text);
}

#[actix_web::test]
async fn a_right_to_left_text_says_so() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let text = "قال الوزير إن الميناء لن يُغلق يومًا واحدًا.";
    let fields = [("text", text), ("language", "ar")];
    let path = annotator.post_form("/demo/articles", &fields).await.location().to_owned();

    let page = annotator.get(&path).await;

    assert_eq!(page.attribute("article", "dir").unwrap(), "rtl");
    assert_eq!(page.attribute("article", "lang").unwrap(), "ar");
}

#[actix_web::test]
async fn a_repeated_request_gives_the_first_mark() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;
    let key = Uuid::now_v7();
    let body = article.body("million");

    let first = annotator.json_again(Method::POST, &article.marks(), &body, key).await;
    let again = annotator.json_again(Method::POST, &article.marks(), &body, key).await;
    let other = annotator.json_again(Method::POST, &article.marks(), &article.body("tonnes"), key).await;

    assert_eq!(first.status, 201);
    assert_eq!((again.status, again.json()), (first.status, first.json()));
    assert_eq!(other.status, 422);
    assert_eq!(count(&server, "claims").await, 1);
}

#[actix_web::test]
async fn many_equal_requests_at_once_store_one_mark() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;
    let (key, body, path) = (Uuid::now_v7(), article.body("million"), article.marks());

    let sending = (0..12).map(|_| annotator.json_again(Method::POST, &path, &body, key));
    let answers = futures_util::future::join_all(sending).await;

    for answer in &answers {
        assert_eq!((answer.status.as_u16(), answer.json()), (201, answers[0].json()));
    }
    assert_eq!(count(&server, "claims").await, 1);
}

#[actix_web::test]
async fn what_cannot_be_marked_is_refused_with_a_reason() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;
    let refused = async |change: Value| {
        let mut body = article.body("million");
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        annotator.json(Method::POST, &article.marks(), &body).await.status.as_u16()
    };

    assert_eq!(refused(json!({"exact": "billion"})).await, 409);
    assert_eq!(refused(json!({"end": 99_999})).await, 422);
    assert_eq!(refused(json!({"start": -1})).await, 422);
    assert_eq!(refused(json!({"claim_reviewed": "x".repeat(401)})).await, 422);
    assert_eq!(refused(json!({"version": Uuid::now_v7()})).await, 404);
    assert_eq!(refused(json!({"claim": Uuid::now_v7()})).await, 404);
    assert_eq!(refused(json!({"more": 1})).await, 400);
    let elsewhere = format!("/api/v1/desks/demo/articles/{}/marks", Uuid::now_v7());
    assert_eq!(annotator.json(Method::POST, &elsewhere, &article.body("million")).await.status, 404);
    assert_eq!((count(&server, "claims").await, count(&server, "anchors").await), (0, 0));
}

#[actix_web::test]
async fn only_those_who_may_mark() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;
    // Once with the text in memory, and once with what is wrong told to nobody who may not mark.
    for body in
        [article.body("million"), json!({"version": article.version, "start": 0, "end": 3, "exact": "no"})]
    {
        for (role, status) in [(Role::Auditor, 403), (Role::Admin, 403)] {
            let browser = server.sign_in(role).await;
            assert_eq!(browser.json(Method::POST, &article.marks(), &body).await.status, status, "{role}");
        }
        let stranger = server.sign_in_at("other", Role::Editor).await;
        assert_eq!(stranger.json(Method::POST, &article.marks(), &body).await.status, 404);
        let through_another_desk = article.marks().replace("/demo/", "/other/");
        assert_eq!(stranger.json(Method::POST, &through_another_desk, &body).await.status, 404);
        assert_eq!(server.visitor().json(Method::POST, &article.marks(), &body).await.status, 401);
        let forged =
            annotator.request(Method::POST, &article.marks()).header("x-csrf-token", "0").json(&body);
        assert_eq!(Page::of(forged).await.status, 403);
    }
    assert_eq!(count(&server, "claims").await, 0);
    let auditor = server.sign_in(Role::Auditor).await.get(&article.path).await;
    assert!(!auditor.has("[data-can-mark]") && !auditor.has("#mark-bar") && !auditor.has(".s"));
}

#[actix_web::test]
async fn a_quote_that_stands_once_is_marked_without_a_script() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;

    let fields =
        [("quote", "The cafe\u{301} owners said: \"We will never go.\""), ("claim_reviewed", "They stay")];
    let marked = article.form(&annotator, &fields).await;

    assert_eq!(marked.location(), format!("{}#b1", article.path));
    let page = annotator.get(&article.path).await;
    assert_eq!(page.select("#text mark"), ["The café owners said: “We will never go.”"]);
    assert_eq!(page.one("#c1 .title"), "They stay");
}

#[actix_web::test]
async fn a_quote_that_stands_twice_asks_which() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;

    let asked =
        article.form(&annotator, &[("quote", "Nobody agreed."), ("claim_reviewed", "Nobody did")]).await;

    assert_eq!(asked.status, 422);
    let places = asked.select("input[name=at]").len();
    assert_eq!(places, 2);
    assert_eq!(asked.attribute("#claim_reviewed", "value").unwrap(), "Nobody did");
    let document = asked.document();
    let second = document.select("input[name=at]").iter().nth(1).unwrap().attr("value").unwrap().to_string();
    let fields = [("quote", "Nobody agreed."), ("claim_reviewed", "Nobody did"), ("at", second.as_str())];
    let marked = article.form(&annotator, &fields).await;
    assert_eq!(marked.location(), format!("{}#b1", article.path));

    // Words that were changed meanwhile are not marked where the others stood.
    let changed = article.form(&annotator, &[("quote", "on Monday"), ("at", second.as_str())]).await;
    assert_eq!(changed.location(), format!("{}#b0", article.path));
    assert!(annotator.get(&article.path).await.select("#text mark").contains(&"on Monday".to_owned()));
}

#[actix_web::test]
async fn words_that_are_nearly_right_bring_the_sentence_up() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;
    let quote = ("quote", "We handled 3.2 million tonnes, she said");

    let asked = article.form(&annotator, &[quote]).await;

    assert_eq!(asked.status, 422);
    assert!(asked.one("#places legend").contains("Is one of these sentences meant?"));
    assert!(!asked.has("input[name=at][checked]"));
    let sentence = asked.attribute("input[name=at]", "value").unwrap();
    let marked = article.form(&annotator, &[quote, ("at", &sentence)]).await;
    assert_eq!(marked.location(), format!("{}#b0", article.path));
}

#[actix_web::test]
async fn a_quote_that_stands_nowhere_is_kept() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;

    let absent = article.form(&annotator, &[("quote", "We will <b>always</b> go")]).await;

    assert_eq!(absent.status, 422);
    assert!(absent.one("#quote-error").contains("do not stand in the article"));
    assert_eq!(absent.one("textarea[name=quote]"), "We will <b>always</b> go");
    assert!(absent.one("title").starts_with("Error:"));
    assert_eq!(article.form(&annotator, &[("quote", " ")]).await.status, 422);
}

#[actix_web::test]
async fn every_sentence_can_be_marked_from_the_list() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;
    let list = format!("{}?mode=sentences", article.path);

    let page = annotator.get(&list).await;
    let buttons: Vec<String> = page
        .document()
        .select(".sentence-list button:not(.link)")
        .iter()
        .map(|button| button.attr("value").unwrap().to_string())
        .collect();
    assert!(buttons.len() >= 4, "{buttons:?}");
    let marked = article.form(&annotator, &[("at", &buttons[1]), ("mode", "sentences")]).await;

    let start = buttons[1].split('-').next().unwrap();
    assert_eq!(marked.location(), format!("{list}#s{start}"));
    assert_eq!(annotator.get(&list).await.one(&format!("#s{start} .ref")), "1");
}

#[actix_web::test]
async fn a_claim_is_made_once_more() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;
    let claim = article.mark(&annotator, "million").await["claim"].as_str().unwrap().to_owned();

    let mut body = article.body("tonnes");
    body["claim"] = json!(claim);
    assert_eq!(annotator.json(Method::POST, &article.marks(), &body).await.json()["claim"], json!(claim));
    article
        .form(&annotator, &[("quote", "We will never go"), ("claim", &format!("/demo/claims/{claim}"))])
        .await;

    assert_eq!(count(&server, "claims").await, 1);
    let page = annotator.get(&article.path).await;
    let titles = page.select(".claim-list .title");
    assert_eq!(titles, ["million"; 3]);
}

#[actix_web::test]
async fn marks_are_listed_and_read_as_json() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;
    let made = article.mark(&annotator, "tonnes 🌍").await;
    article.mark(&annotator, "million").await;

    let list = annotator.get(&article.marks()).await.json();
    let exact: Vec<&str> =
        list["marks"].as_array().unwrap().iter().map(|mark| mark["exact"].as_str().unwrap()).collect();
    assert_eq!(exact, ["million", "tonnes 🌍"]);
    assert_eq!(list["next"], Value::Null);

    let path = format!("/api/v1/desks/demo/marks/{}", made["appearance"].as_str().unwrap());
    let mut mark = annotator.get(&path).await.json();
    let (start, end) = article.place("tonnes 🌍");
    for id in ["appearance", "claim", "url", "version"] {
        assert!(mark.as_object_mut().unwrap().remove(id).is_some());
    }
    let expected = json!({
        "claim_reviewed": "tonnes 🌍", "stage": "marked", "rating": null, "speakers": null, "evidence_count": 0,
        "state": "located", "exact": "tonnes 🌍", "prefix": "“We handled 3.1\u{a0}million ",
        "suffix": ",” she said on Monday. Nobody ag", "start": start, "end": end,
    });
    assert_eq!(mark, expected);

    assert_eq!(server.visitor().get(&path).await.status, 404);
    assert_eq!(server.visitor().get(&article.marks()).await.status, 404);
    assert_eq!(server.sign_in_at("other", Role::Editor).await.get(&path).await.status, 404);
}

#[actix_web::test]
async fn a_long_list_goes_on_after_its_key() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;
    for _ in 0..101 {
        article.mark(&annotator, "million").await;
        article.mark(&annotator, "Monday").await;
    }

    let first = annotator.get(&article.marks()).await.json();
    assert_eq!(first["marks"].as_array().unwrap().len(), 200);
    let after = first["next"].as_str().unwrap();
    let rest = annotator.get(&format!("{}?after={after}", article.marks())).await.json();
    assert_eq!(rest["marks"].as_array().unwrap().len(), 2);
    assert_eq!(annotator.get(&format!("{}?after=x", article.marks())).await.status, 400);
    let page = annotator.get(&article.path).await;
    assert_eq!(page.select(".claim-list > li").len(), 100);
    assert!(page.text.contains("102 more"));
}

#[actix_web::test]
async fn a_removed_mark_is_gone_and_numbers_stay() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;
    let first = article.mark(&annotator, "million").await;
    article.mark(&annotator, "tonnes").await;
    let path = format!("/api/v1/desks/demo/marks/{}", first["appearance"].as_str().unwrap());

    assert_eq!(annotator.json(Method::DELETE, &path, &json!({})).await.status, 204);

    assert_eq!(annotator.get(&path).await.status, 404);
    let page = annotator.get(&article.path).await;
    assert_eq!(page.select("#text a.ref"), ["2"]);
    assert_eq!(annotator.json(Method::DELETE, &path, &json!({})).await.status, 409);
}

#[actix_web::test]
async fn the_database_refuses_words_that_are_not_between_the_offsets() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;
    article.mark(&annotator, "million").await;

    for (table, constraint) in
        [("anchors", "anchors_exact_is_the_text"), ("appearances", "appearances_exact_is_the_text")]
    {
        let insert = match table {
            "anchors" => {
                "INSERT INTO anchors (desk_id, version_id, start_at, end_at, appearance_id, claim_id, exact, claim_reviewed)
                 SELECT desk_id, version_id, start_at + 1, end_at + 1, appearance_id, claim_id, exact, 'x' FROM anchors"
            }
            _ => {
                "INSERT INTO appearances (desk_id, id, claim_id, article_id, version_id, exact, prefix, suffix, start_at,
                                          end_at, created_by, created_at, event_id)
                 SELECT desk_id, gen_random_uuid(), claim_id, article_id, version_id, 'billion', '', '', start_at, end_at,
                        created_by, created_at, event_id FROM appearances"
            }
        };
        let refused = sqlx::query(insert).execute(server.app_pool()).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some(constraint));
    }
    let refused =
        sqlx::query("INSERT INTO article_pieces SELECT desk_id, version_id, 99, 'x' FROM article_pieces")
            .execute(server.app_pool())
            .await
            .unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501");
}

#[actix_web::test]
async fn an_unchanged_page_is_not_sent_again() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let checker = server.sign_in(Role::FactChecker).await;
    let article = Marking::new(&server, &annotator).await;
    let etag = async |browser: &Browser| {
        let page = browser.get(&article.path).await;
        assert_eq!(page.header("cache-control"), "private, no-cache");
        // Without the part that says as of when.
        page.header("etag")[..36].to_owned()
    };
    let first = annotator.get(&article.path).await.header("etag").to_owned();
    let asked = annotator.request(Method::GET, &article.path).header("if-none-match", &first);
    let unchanged = Page::of(asked).await;
    assert_eq!((unchanged.status.as_u16(), unchanged.text.as_str()), (304, ""));
    // Also when something else was recorded meanwhile, and with that the tag is renewed.
    annotator.post_form("/demo/articles", &[("text", "Another article."), ("title", "Another")]).await;
    let asked = annotator.request(Method::GET, &article.path).header("if-none-match", &first);
    let unchanged = Page::of(asked).await;
    assert_eq!(unchanged.status, 304);
    assert!(unchanged.header("etag")[..36] == first[..36] && unchanged.header("etag") != first);
    // A page of somebody else, or of another article, is none of this one.
    let other = annotator.get("/demo/articles").await.attribute(".rows .title a", "href").unwrap();
    let asked = annotator.request(Method::GET, &other).header("if-none-match", &first);
    assert_eq!(Page::of(asked).await.status, 200);
    let asked = checker.request(Method::GET, &article.path).header("if-none-match", &first);
    assert_eq!(Page::of(asked).await.status, 200);
    let asked = server.visitor().request(Method::GET, &article.path).header("if-none-match", &first);
    assert_eq!(Page::of(asked).await.status, 404);

    let mut seen = vec![etag(&annotator).await, etag(&checker).await];
    let made = article.mark(&annotator, "million").await;
    seen.push(etag(&annotator).await);
    annotator
        .post_form(&format!("{}/details", article.path), &[("base_title", "The harbour"), ("title", "New")])
        .await;
    seen.push(etag(&annotator).await);
    let mark = format!("/api/v1/desks/demo/marks/{}", made["appearance"].as_str().unwrap());
    annotator.json(Method::DELETE, &mark, &json!({})).await;
    seen.push(etag(&annotator).await);
    let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len(), "{seen:?}");
}

#[actix_web::test]
async fn every_version_has_an_address() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;
    sqlx::query(
        r#"
        INSERT INTO article_versions (desk_id, id, article_id, number, body, body_length, body_sha256, blocks, format,
                                      created_by, created_at, event_id)
        SELECT desk_id, gen_random_uuid(), article_id, 2, body || '!', body_length + 1,
               sha256(convert_to(body || '!', 'UTF8')),
               replace(blocks::text, '"end":' || body_length, '"end":' || body_length + 1)::json, format, created_by,
               created_at, event_id
        FROM article_versions
        "#,
    )
    .execute(server.owner_pool())
    .await
    .unwrap();

    let first = annotator.get(&format!("{}/versions/1", article.path)).await;
    assert!(first.one(".notice.warn").contains("version 1"), "{}", first.text);
    let latest = annotator.get(&article.path).await;
    assert_ne!(first.attribute("article", "data-version"), latest.attribute("article", "data-version"));
    assert!(!latest.has(".notice.warn"));
    assert_eq!(annotator.get(&format!("{}/versions/3", article.path)).await.status, 404);
}

#[actix_web::test]
async fn the_page_is_the_same_compressed() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;
    article.mark(&annotator, "million").await;

    let plain = annotator.get(&article.path).await;
    let packed = annotator
        .request(Method::GET, &article.path)
        .header("accept-encoding", "br, gzip")
        .send()
        .await
        .unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let bytes = packed.bytes().await.unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&*bytes), &mut text).unwrap();

    // Keys of forms and the record's horizon are new each time.
    let still = |page: &str| {
        page.split('"').filter(|part| part.len() != 36 && part.parse::<u64>().is_err()).collect::<String>()
    };
    assert_eq!(still(&text), still(&plain.text));
    assert!(text.ends_with("</html>") || text.trim_end().ends_with("</html>"));
}

#[actix_web::test]
async fn blocks_are_printed_anew_with_their_claims() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;
    article.mark(&annotator, "million").await;
    article.mark(&annotator, "never").await;

    let blocks = annotator.get(&format!("{}/blocks?ids=b1", article.path)).await;

    assert!(blocks.has("#b1") && !blocks.has("#b0"));
    assert_eq!(blocks.select("#b1 mark"), ["never"]);
    assert_eq!(blocks.select(".claim-list > li").len(), 1);
}

#[actix_web::test]
async fn readers_see_the_marks_of_published_claims_only() {
    let mut world = World::new().await;
    let annotator = world.server.sign_in(Role::Annotator).await;
    let article = Marking::new(&world.server, &annotator).await;
    let public = article.mark(&annotator, "million tonnes 🌍").await;
    article.mark(&annotator, "never go").await;
    assert_eq!(world.server.visitor().get(&article.path).await.status, 404);

    world.claim = public["claim"].as_str().unwrap().parse().unwrap();
    evidence(world.server.owner_pool(), &world.desk, world.claim).await;
    world.publish().await;

    let reader = world.server.visitor();
    let page = reader.get(&article.path).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("cache-control"), "public, max-age=10");
    assert_eq!(page.select("#text mark"), ["million tonnes 🌍"]);
    assert!(page.attribute("#text a.ref", "aria-label").unwrap().starts_with("Claim 1: False, 1 source"));
    assert!(page.attribute("#text mark", "class").unwrap().contains("v-false"));
    assert_eq!(page.select(".claim-list > li").len(), 1);
    assert!(!page.has(".s") && !page.has("#add-claim") && !page.text.contains("never go</a>"));
    let blocks = reader.get(&format!("{}/blocks?ids=b0,b1", article.path)).await;
    assert_eq!(blocks.select("mark"), ["million tonnes 🌍"]);
    let list = reader.get(&article.marks()).await.json();
    assert_eq!(list["marks"].as_array().unwrap().len(), 1);
    assert_eq!(list["marks"][0]["rating"]["label"], "False");
    assert!(reader.get("/demo/articles").await.one(".rows .meta").contains("1 claim"));
    // A reader's page does not change with what is not public.
    let etag = page.header("etag").to_owned();
    article.mark(&annotator, "Monday").await;
    let again = reader.request(Method::GET, &article.path).header("if-none-match", &etag);
    assert_eq!(Page::of(again).await.status, 304);
    assert_eq!(annotator.get(&article.path).await.select("#text a.ref").len(), 3);

    // Where a public claim is said once more is public at once: editors only.
    let mut body = article.body("Nobody agreed");
    body["claim"] = public["claim"].clone();
    assert_eq!(annotator.json(Method::POST, &article.marks(), &body).await.status, 403);
    let editor = world.server.sign_in(Role::Editor).await;
    assert_eq!(editor.json(Method::POST, &article.marks(), &body).await.status, 201);
    let page = reader.get(&article.path).await;
    assert_eq!(page.select("#text a.ref"), ["1", "2"]);
    let mark = format!("/api/v1/desks/demo/marks/{}", public["appearance"].as_str().unwrap());
    assert_eq!(annotator.json(Method::DELETE, &mark, &json!({})).await.status, 403);
}

#[actix_web::test]
async fn whoever_drafts_verdicts_can_rate_while_marking() {
    let world = World::new().await;
    let annotator = world.server.sign_in(Role::Annotator).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let article = Marking::new(&world.server, &annotator).await;

    let page = checker.get(&article.path).await;
    assert!(page.has("#mark-bar button[name=rating][value=false]") && page.has("#text .s"));
    let page = annotator.get(&article.path).await;
    assert!(page.has("#mark-bar") && page.has("#text .s") && !page.has("#mark-bar button[name=rating]"));
}

#[actix_web::test]
async fn speakers_and_words_are_drawn_when_they_change() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;
    let made = article.mark(&annotator, "million").await;
    let etag = annotator.get(&article.path).await.header("etag").to_owned();
    let (claim, appearance) = (made["claim"].as_str().unwrap(), made["appearance"].as_str().unwrap());

    let speakers = format!("/demo/claims/{claim}/appearances/{appearance}/speakers");
    let fields = [("speaker", "Dana Whitcombe"), ("office", "Mayor"), ("base_speakers", "")];
    let saved = annotator.post_form(&speakers, &fields).await;

    assert!(saved.status.is_redirection(), "{}", saved.text);
    let page = annotator.get(&article.path).await;
    assert_ne!(page.header("etag"), etag);
    assert_eq!(page.one("#c1 bdi"), "Dana Whitcombe");
}
