//! Pages that reviewers send from their own browsers.

use factdesk::auth::Role;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::Value;
use uuid::Uuid;

use crate::harness::{Browser, Page, Server};

const ADDRESS: &str = "https://courier.example/news/harbour";

/// A page as a browser writes it: an article between what is around it.
fn page(late: &str) -> String {
    format!(
        r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Harbour closes – Courier</title>
        <link rel="canonical" href="{ADDRESS}"><meta property="og:title" content="Harbour closes"></head><body>
        <header><nav><ul><li><a href="/">Home</a></li><li><a href="/sports">Sports</a></li></ul></nav></header>
        <main><article><h1>Harbour closes</h1>
        <p>The harbour of Ellerö will close for eleven months from March, the county said on Thursday, and 214 boats will have to look for another place until it opens again.</p>
        <p>{late}, she said in the council. That is what everybody says, but nobody has counted it yet, and nobody wants to.</p>
        <p>“Nothing of this is new,” said Odo Brill, who has been harbour master for twelve years. That is what everybody says, he added, when they have read only the first page of the report.</p>
        </article></main>
        <section id="comments" class="comments"><h2>Comments</h2><p>Ole: The old crane has not moved since 1987.</p></section>
        <footer><p>© Courier. All rights reserved.</p></footer></body></html>"#
    )
}

const LATE: &str = "The repairs will cost <b>48 million</b> crowns 🚢";

/// What a browser sends besides the page.
struct Sent<'a> {
    page: &'a [u8],
    address: &'a str,
    exact: &'a str,
    before: &'a str,
    after: &'a str,
    key: Uuid,
}

impl<'a> Sent<'a> {
    fn page(page: &'a str) -> Self {
        Self {
            page: page.as_bytes(),
            address: ADDRESS,
            exact: "",
            before: "",
            after: "",
            key: Uuid::now_v7(),
        }
    }

    fn selecting(self, exact: &'a str) -> Self {
        Self { exact, ..self }
    }

    async fn by(&self, browser: &Browser) -> Page {
        Page::of(self.request(browser)).await
    }

    fn request(&self, browser: &Browser) -> reqwest::RequestBuilder {
        let page = Part::bytes(self.page.to_vec()).file_name("page.html").mime_str("text/html").unwrap();
        let mut form = Form::new().part("page", page);
        for (name, value) in [
            ("csrf", browser.csrf().as_str()),
            ("submission", &self.key.to_string()),
            ("address", self.address),
            ("title", "A title of the window"),
            ("exact", self.exact),
            ("before", self.before),
            ("after", self.after),
        ] {
            form = form.text(name.to_owned(), value.to_owned());
        }
        browser.request(Method::POST, "/demo/capture").header("accept", "text/html").multipart(form)
    }
}

fn article(answer: &Page) -> &str {
    answer.location().split('#').next().unwrap()
}

async fn marks(server: &Server) -> Vec<String> {
    sqlx::query_scalar("SELECT exact FROM appearances ORDER BY id")
        .fetch_all(server.owner_pool())
        .await
        .unwrap()
}

const ARTICLES: &str = "SELECT count(*) FROM articles";
const VERSIONS: &str = "SELECT count(*) FROM article_versions";

#[actix_web::test]
async fn a_page_becomes_an_article_with_the_selected_words_marked_and_its_bytes_kept() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let page = page(LATE);
    let sent = Sent {
        address: "https://courier.example/news/harbour?utm_source=mail#top",
        ..Sent::page(&page).selecting("repairs will cost 48 million crowns 🚢")
    };

    let answer = sent.by(&annotator).await;

    assert_eq!(answer.status, 303, "{}", answer.text);
    let shown = annotator.follow(&answer).await;
    let block = answer.location().split_once('#').unwrap().1;
    assert!(shown.one(&format!("#{block}")).contains("repairs will cost 48 million crowns"));
    assert_eq!(shown.one("h1"), "Harbour closes");
    assert!(!shown.one("#text").contains("Sports") && !shown.one("#text").contains("crane"));
    assert_eq!(marks(&server).await, ["repairs will cost 48 million crowns 🚢"]);
    let (how, kept_for, url): (String, String, String) = sqlx::query_as(
        "SELECT s.how, s.address, a.url FROM snapshots s
         JOIN article_versions v ON v.desk_id = s.desk_id AND v.snapshot_id = s.id
         JOIN articles a ON a.desk_id = v.desk_id AND a.id = v.article_id",
    )
    .fetch_one(server.owner_pool())
    .await
    .unwrap();
    assert_eq!((how.as_str(), url.as_str()), ("browser", ADDRESS));
    assert!(kept_for.starts_with(ADDRESS));
    let snapshot: Uuid =
        sqlx::query_scalar("SELECT id FROM snapshots").fetch_one(server.owner_pool()).await.unwrap();
    assert_eq!(annotator.get(&format!("/demo/snapshots/{snapshot}")).await.text, page);
    let actions: Vec<String> = sqlx::query_scalar("SELECT action FROM events ORDER BY id DESC LIMIT 3")
        .fetch_all(server.owner_pool())
        .await
        .unwrap();
    assert_eq!(actions, ["claim.mark", "agent.create", "article.add"]);
}

#[actix_web::test]
async fn the_same_page_is_found_and_the_same_words_are_marked_once() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let page = page(LATE);

    let first = Sent::page(&page).selecting("eleven months").by(&annotator).await;
    let tracked = Sent { address: "https://courier.example/news/harbour?fbclid=1", ..Sent::page(&page) };
    let second = tracked.selecting("eleven  months").by(&annotator).await;
    let elsewhere = Sent { address: "https://copies.example/1", ..Sent::page(&page) };
    let third = elsewhere.selecting("214 boats").by(&annotator).await;

    for answer in [&second, &third] {
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert_eq!(article(answer), article(&first));
    }
    assert_eq!((server.count(ARTICLES).await, server.count(VERSIONS).await), (1, 1));
    assert_eq!(marks(&server).await, ["eleven months", "214 boats"]);
}

#[actix_web::test]
async fn a_changed_page_is_the_next_version_and_words_are_marked_in_it() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let before = page(LATE);
    let first = Sent::page(&before).selecting("eleven months").by(&annotator).await;

    let after = page("The repairs will cost 52 million crowns, and the county pays half of it");
    let second = Sent::page(&after).selecting("52 million crowns").by(&annotator).await;

    assert_eq!(second.status, 303, "{}", second.text);
    assert_eq!(article(&second), article(&first));
    assert_eq!((server.count(ARTICLES).await, server.count(VERSIONS).await), (1, 2));
    let shown = annotator.follow(&second).await;
    let marked: Vec<String> = shown.select("#text mark");
    assert_eq!(marked, ["eleven months", "52 million crowns"]);
    let bytes = "SELECT count(*) FROM article_versions WHERE snapshot_id IS NOT NULL";
    assert_eq!(server.count(bytes).await, 2);
}

#[actix_web::test]
async fn the_words_around_tell_which_of_two_places_is_meant() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let page = page(LATE);
    let twice = "That is what everybody says";

    let asked = Sent::page(&page).selecting(twice).by(&annotator).await;
    assert_eq!(asked.status, 422);
    assert_eq!(asked.select("#places input").len(), 2);
    assert_eq!(asked.one("#quote").trim(), twice);
    assert!(marks(&server).await.is_empty());
    assert_eq!(server.count(ARTICLES).await, 1);

    let sent =
        Sent { before: "for twelve years. ", after: ", he added", ..Sent::page(&page).selecting(twice) };
    let told = sent.by(&annotator).await;
    assert_eq!(told.status, 303, "{}", told.text);
    assert!(annotator.follow(&told).await.one("p:has(mark)").starts_with("“Nothing of this is new"));
}

#[actix_web::test]
async fn words_that_stand_nowhere_are_asked_for_and_kept() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let words = "The bridge will cost 48 million crowns, she said in the town hall";

    let asked = Sent::page(&page(LATE)).selecting(words).by(&annotator).await;

    assert_eq!(asked.status, 422);
    assert_eq!(asked.one("#quote").trim(), words);
    assert!(asked.one(".eyebrow").contains("Harbour closes"));
    assert_eq!(server.count(ARTICLES).await, 1);
}

#[actix_web::test]
async fn selected_words_that_were_left_out_bring_their_paragraph_back_for_good() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let page = page(LATE);

    let first = Sent::page(&page).selecting("old crane has not moved").by(&annotator).await;
    assert_eq!(first.status, 303, "{}", first.text);
    let text = annotator.follow(&first).await.one("#text");
    assert!(text.contains("since 1987") && !text.contains("All rights reserved"));

    // The same page without a selection, or with another, changes nothing of that.
    for exact in ["", "eleven months"] {
        let again = Sent::page(&page).selecting(exact).by(&annotator).await;
        assert_eq!(article(&again), article(&first));
    }
    assert_eq!((server.count(ARTICLES).await, server.count(VERSIONS).await), (1, 1));

    // Words of what is still left out are another text: the next version, with all that was there.
    let more = Sent::page(&page).selecting("All rights reserved").by(&annotator).await;
    assert_eq!(more.status, 303, "{}", more.text);
    let text = annotator.follow(&more).await.one("#text");
    assert!(text.contains("since 1987") && text.contains("All rights reserved"));
    assert_eq!((server.count(ARTICLES).await, server.count(VERSIONS).await), (1, 2));
}

#[actix_web::test]
async fn a_page_cannot_pass_itself_off_as_another_sites() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let first = Sent::page(&page(LATE)).by(&annotator).await;
    let forged = page("The repairs will cost nothing at all, whatever the others write about them");

    let sent = Sent { address: "https://evil.example/harbour", ..Sent::page(&forged) };
    let second = sent.by(&annotator).await;

    assert_ne!(article(&second), article(&first));
    assert_eq!((server.count(ARTICLES).await, server.count(VERSIONS).await), (2, 2));
    let url: String = sqlx::query_scalar("SELECT url FROM articles ORDER BY id DESC LIMIT 1")
        .fetch_one(server.owner_pool())
        .await
        .unwrap();
    assert_eq!(url, "https://evil.example/harbour");
}

#[actix_web::test]
async fn what_cannot_be_read_says_why_and_changes_nothing() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let huge = format!("<p>{}</p>", "word ".repeat(1_800_000));
    let deep = format!("{}words{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
    let noise: Vec<u8> = (0..40_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let nothing = "<p></p>".to_owned().into_bytes();
    for (name, bytes) in [
        ("huge", huge.into_bytes()),
        ("deep", deep.into_bytes()),
        ("noise", noise),
        ("empty", nothing),
        ("none", vec![]),
    ] {
        let sent = Sent { page: &bytes, ..Sent::page("") };
        let answer = sent.by(&annotator).await;
        assert!(matches!(answer.status.as_u16(), 413 | 422), "{name}: {} {}", answer.status, answer.text);
        assert!(answer.one("[role=alert]").contains("Nothing was changed."), "{name}: {}", answer.text);
        assert!(answer.has("#capture"), "{name}");
    }
    assert_eq!(server.count(ARTICLES).await, 0);
    assert_eq!(server.count("SELECT count(*) FROM snapshots").await, 0);
    assert_eq!(annotator.post_form("/demo/capture", &[("address", ADDRESS)]).await.status, 400);
}

#[actix_web::test]
async fn odd_characters_are_taken_as_they_are() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let odd = page(
        "\u{202E}The repairs\u{202C} will\u{0} cost\u{FFFD} 48\u{A0}million 👩\u{200D}🔬 crowns, e\u{301}",
    );

    let answer = Sent::page(&odd).selecting("48 million 👩\u{200D}🔬 crowns, é").by(&annotator).await;

    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(marks(&server).await, ["48\u{A0}million 👩\u{200D}🔬 crowns, é"]);
}

#[actix_web::test]
async fn only_those_who_may_and_only_from_here() {
    let server = Server::start().await;
    let page = page(LATE);
    for role in [Role::Auditor, Role::Admin] {
        let answer = Sent::page(&page).by(&server.sign_in(role).await).await;
        assert_eq!(answer.status, 403, "{role}");
    }
    let stranger = server.sign_in_at("other", Role::Editor).await;
    assert_eq!(Sent::page(&page).by(&stranger).await.status, 404);
    let nobody = Sent::page(&page).by(&server.visitor()).await;
    assert_eq!(nobody.status, 401);
    assert_eq!(
        nobody.attribute("#capture-sign-in", "href").unwrap(),
        "/sign-in?next=%2Fcapture%3Fdesk%3Ddemo"
    );
    let annotator = server.sign_in(Role::Annotator).await;
    for (header, value) in [("origin", "https://courier.example"), ("sec-fetch-site", "cross-site")] {
        let request = Sent::page(&page).request(&annotator).header(header, value);
        assert_eq!(Page::of(request).await.status, 403, "{header}");
    }
    assert_eq!(server.count(ARTICLES).await, 0);
}

#[actix_web::test]
async fn a_repeated_sending_gives_the_first_result() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let page = page(LATE);
    let sent = Sent::page(&page).selecting("eleven months");

    let first = sent.by(&annotator).await;
    let again = sent.by(&annotator).await;
    assert_eq!(first.location(), again.location());
    assert_eq!(marks(&server).await.len(), 1);

    let other = Sent { page: b"<p>Other words altogether.</p>", ..sent };
    assert_eq!(other.by(&annotator).await.status, 422);
    assert_eq!(server.count(ARTICLES).await, 1);
}

#[actix_web::test]
async fn the_page_of_captures_alone_can_be_talked_to_by_who_opened_it() {
    let server = Server::start().await;
    server.desk("demo").await;
    server.desk("other").await;
    let visitor = server.visitor();
    let capture = visitor.get("/capture?desk=demo").await;
    assert_eq!(capture.header("cross-origin-opener-policy"), "unsafe-none");
    assert!(capture.header("content-security-policy").contains("script-src 'self'"));
    assert_eq!(capture.header("x-frame-options"), "DENY");
    for path in ["/", "/sign-in", "/demo/claims"] {
        assert_eq!(visitor.get(path).await.header("cross-origin-opener-policy"), "same-origin", "{path}");
    }
    assert!(!capture.has("button[formaction]"));
    let annotator = server.sign_in(Role::Annotator).await;
    let offered = annotator.get("/capture?desk=other").await;
    assert_eq!(offered.attribute("button[formaction]", "formaction").unwrap(), "/demo/capture");
    // Who may at both chooses, and the one that the address names comes first.
    sqlx::query(
        "INSERT INTO memberships (desk_id, account_id, roles, created_at)
         SELECT d.id, m.account_id, m.roles, m.created_at FROM memberships m, desks d
         WHERE d.slug = 'other' AND m.account_id = $1",
    )
    .bind(server.desk("demo").await.member(Role::Annotator))
    .execute(server.owner_pool())
    .await
    .unwrap();
    for (asked, first) in [("demo", "demo"), ("other", "other"), ("", "demo"), ("nowhere", "demo")] {
        let offered = annotator.get(&format!("/capture?desk={asked}")).await;
        assert_eq!(offered.select("button[formaction]").len(), 2);
        let action = offered.attribute("button[formaction]", "formaction").unwrap();
        assert_eq!(action, format!("/{first}/capture"));
    }
    let auditor = server.sign_in(Role::Auditor).await;
    assert!(auditor.get("/capture").await.text.contains("You cannot add articles at any desk."));
}

#[actix_web::test]
async fn the_page_of_ways_in_offers_bookmark_and_extension() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let page = annotator.get("/demo/articles/new").await;
    let bookmark = page.attribute("a.bookmarklet", "href").unwrap();
    assert!(bookmark.starts_with("javascript:") && bookmark.contains(&server.url("")), "{bookmark:.80}");
    assert_eq!(page.attribute("#bookmarklet", "value").unwrap(), bookmark);

    let file = page.attribute("a[download]", "href").unwrap();
    let answer = annotator.request(Method::GET, &file).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/zip");
    let bytes = answer.bytes().await.unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let preset = archive.by_name("factdesk-extension/preset.json").unwrap();
    let preset: Value = serde_json::from_reader(preset).unwrap();
    assert_eq!(preset["desk"], "demo");
    assert_eq!(preset["server"], server.url("").trim_end_matches('/'));
}
