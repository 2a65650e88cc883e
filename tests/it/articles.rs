//! Articles: pasting, uploading, looking at what became of it, and changing what is known.

use factdesk::auth::Role;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use sqlx::PgPool;

use crate::harness::{Browser, Page, Server};

const TEXT: &str = "The harbour handled 3.1 million tonnes, she said.\n\nNobody asked how that was counted.";

/// An upload as a browser sends it.
async fn upload(browser: &Browser, name: &str, bytes: &[u8], fields: &[(&str, &str)]) -> Page {
    let mut form = Form::new().text("csrf", browser.csrf());
    for (name, value) in fields {
        form = form.text((*name).to_owned(), (*value).to_owned());
    }
    form = form.part("file", Part::bytes(bytes.to_vec()).file_name(name.to_owned()));
    let request =
        browser.request(Method::POST, "/demo/articles").header("accept", "text/html").multipart(form);
    Page::of(request).await
}

/// Text, format and encoding of the article that was added last.
async fn stored(owner: &PgPool) -> (String, String, Option<String>) {
    sqlx::query_as("SELECT body, format, charset FROM article_versions ORDER BY id DESC LIMIT 1")
        .fetch_one(owner)
        .await
        .unwrap()
}

#[actix_web::test]
async fn a_pasted_text_becomes_an_article_with_what_is_known_about_it() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;

    let fields = [
        ("text", TEXT),
        ("title", " The  harbour "),
        ("url", "https://courier.example/harbour?utm_source=x"),
        ("publisher", "Ellery Courier"),
        ("author", "Nora Field"),
        ("published", "2024-03"),
        ("language", "EN-gb"),
    ];
    let saved = annotator.post_form("/demo/articles", &fields).await;

    assert!(saved.location().starts_with("/demo/articles/"), "{}", saved.text);
    let (body, format, _) = stored(server.owner_pool()).await;
    assert_eq!((body.as_str(), format.as_str()), (TEXT, "text"));
    let known: (String, String, String, String, String) = sqlx::query_as(
        "SELECT a.title, a.byline, a.language, a.published_from::text || a.published_precision, g.name || g.kind
         FROM articles a JOIN agents g ON g.desk_id = a.desk_id AND g.id = a.publisher_id",
    )
    .fetch_one(server.owner_pool())
    .await
    .unwrap();
    let expected = ["The harbour", "Nora Field", "en-GB", "2024-03-01month", "Ellery Courieroutlet"];
    assert_eq!([known.0, known.1, known.2, known.3, known.4], expected);
    let list = annotator.get("/demo/articles?q=HARBOUR").await;
    assert_eq!(list.select(".rows .title"), ["The harbour"]);
    assert_eq!(annotator.get("/demo/articles?q=100%25").await.select(".rows .title"), [""; 0]);
}

#[actix_web::test]
async fn what_is_left_empty_stays_unknown() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;

    annotator.post_form("/demo/articles", &[("text", TEXT)]).await;

    let known: (Option<String>, Option<String>, Option<String>, String, String) = sqlx::query_as(
        "SELECT title, url, byline, published_precision, language FROM articles WHERE publisher_id IS NULL",
    )
    .fetch_one(server.owner_pool())
    .await
    .unwrap();
    assert_eq!(known, (None, None, None, "unknown".to_owned(), "und".to_owned()));
    let list = annotator.get("/demo/articles").await;
    assert!(list.one(".rows .title").starts_with("The harbour handled"));
}

#[actix_web::test]
async fn the_text_is_shown_before_it_is_saved_and_lines_of_a_menu_can_be_left_out() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let pasted = format!("- Category\r\n- Latest news\r\n{TEXT}");

    let check = annotator.post_form("/demo/articles", &[("text", &pasted), ("step", "preview")]).await;

    assert_eq!(check.status, 200);
    assert_eq!(check.select("input[name=keep][checked]").len(), 2);
    assert_eq!(check.select("input[name=keep]").len(), 4);
    let seen = check.attribute("input[name=seen]", "value").unwrap();
    let fields =
        [("text", pasted.as_str()), ("format", "text"), ("seen", &seen), ("keep", "2"), ("keep", "3")];
    let saved = annotator.post_form("/demo/articles", &fields).await;
    assert!(saved.status.is_redirection(), "{}", saved.text);
    assert_eq!(stored(server.owner_pool()).await.0, TEXT);
}

#[actix_web::test]
async fn another_reading_is_shown_again_before_it_is_saved() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let fields = [
        ("text", "# A title that is longer than a line of a menu\n\nSome words."),
        ("format", "text"),
        ("seen", "markdown"),
        ("keep", "1"),
    ];

    let check = annotator.post_form("/demo/articles", &fields).await;

    assert_eq!(check.status, 200);
    assert_eq!(check.attribute("input[name=seen]", "value").unwrap(), "text");
    assert_eq!(check.select("input[name=keep][checked]").len(), check.select("input[name=keep]").len());
}

#[actix_web::test]
async fn files_of_any_encoding_are_read() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain("Zoë said “no”.".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let windows = b"<meta charset=windows-1251><p>\xCA\xE8\xBF\xE2 \xE7\xE0\xFF\xE2\xE8\xE2.</p>";
    for (name, bytes, text, format, charset) in [
        ("a.txt", "Café au lait costs 3 €.".as_bytes(), "Café au lait costs 3 €.", "text", "UTF-8"),
        ("b.txt", &utf16, "Zoë said “no”.", "text", "UTF-16LE"),
        ("c.html", windows, "Київ заявив.", "html", "windows-1251"),
        ("C:\\texts\\d.md", b"**Bold** words.\n", "Bold words.", "markdown", "UTF-8"),
    ] {
        let came = upload(&annotator, name, bytes, &[]).await;
        let check = format!("{}/article", came.location());
        let saved = annotator.post_form(&check, &[]).await;
        assert!(saved.status.is_redirection(), "{name}: {}", saved.text);
        let expected = (text.to_owned(), format.to_owned(), Some(charset.to_owned()));
        assert_eq!(stored(server.owner_pool()).await, expected, "{name}");
    }
}

#[actix_web::test]
async fn a_file_that_holds_no_text_is_named_and_nothing_typed_is_lost() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;

    let refused = upload(&annotator, "a.pdf", b"%PDF-1.7 \x00\x01", &[("title", "Kept title")]).await;

    assert_eq!(refused.status, 422);
    assert!(refused.one("#file-error").contains("PDF"));
    assert_eq!(refused.attribute("#title", "value").unwrap(), "Kept title");
    assert!(refused.one("title").starts_with("Error:"));
}

#[actix_web::test]
async fn what_is_wrong_is_told_at_each_field_with_everything_kept() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let fields =
        [("text", TEXT), ("url", "not an address"), ("published", "31.12."), ("author", "Nora Field")];

    let refused = annotator.post_form("/demo/articles", &fields).await;

    assert_eq!(refused.status, 422);
    assert_eq!(refused.select(".notice.errors li").len(), 2);
    assert!(refused.has("#url-error") && refused.has("#published-error"));
    assert_eq!(refused.attribute("#url", "value").unwrap(), "not an address");
    assert_eq!(refused.attribute("#author", "value").unwrap(), "Nora Field");
    assert!(refused.text.contains("Nobody asked how that was counted."));
    let empty = annotator.post_form("/demo/articles", &[("text", " \r\n ")]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.has("#text-error"));
}

#[actix_web::test]
async fn limits_are_told_when_they_are_hit() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;

    let long = upload(&annotator, "a.txt", "word ".repeat(400_001).as_bytes(), &[]).await;
    assert_eq!(long.status, 422);
    assert!(long.one("#file-error").contains("2 MB"), "{}", long.one("#file-error"));
    let many = upload(&annotator, "a.txt", "One two.\n\n".repeat(20_001).as_bytes(), &[]).await;
    assert_eq!(many.status, 422);
    assert!(many.one("#file-error").contains("20,000"));
}

#[actix_web::test]
async fn no_script_and_no_markup_survives() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let html = r#"<h1 onclick="a()">Title</h1><script>alert(1)</script><p style="x">Words <a href="javascript:alert(2)">here</a>
        <img src=x onerror=alert(3) alt="A harbour"> &lt;script&gt;alert(4)&lt;/script&gt;</p><svg><script>alert(5)</script></svg>
        <iframe srcdoc="<script>alert(6)</script>"></iframe><p>End.</p>"#;

    let saved = annotator
        .post_form("/demo/articles", &[("text", html), ("format", "html"), ("title", "<b>x</b>")])
        .await;

    let (body, blocks): (String, String) = sqlx::query_as("SELECT body, blocks::text FROM article_versions")
        .fetch_one(server.owner_pool())
        .await
        .unwrap();
    assert!(!body.contains("alert(1)") && !body.contains("alert(5)") && !blocks.contains("javascript"));
    // What the page shows as words stays words.
    assert!(body.contains("<script>alert(4)</script>"));
    let page = annotator.follow(&saved).await;
    assert_eq!(page.status, 200);
    assert!(
        !page.text.contains("<script>alert") && !page.text.contains("onclick") && !page.text.contains("<b>x")
    );
    let sources = page
        .document()
        .select("script")
        .iter()
        .map(|script| script.attr("src").is_some())
        .collect::<Vec<_>>();
    assert!(sources.iter().all(|has_source| *has_source));
}

#[actix_web::test]
async fn a_rich_paste_wins_over_its_plain_words() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let fields =
        [("text", "Title Words"), ("html", "<h1>Title</h1><p>Words <b>here</b>.</p>"), ("format", "auto")];

    annotator.post_form("/demo/articles", &fields).await;

    assert_eq!(
        stored(server.owner_pool()).await,
        ("Title\n\nWords here.".to_owned(), "html".to_owned(), None)
    );
    let title: String =
        sqlx::query_scalar("SELECT title FROM articles").fetch_one(server.owner_pool()).await.unwrap();
    assert_eq!(title, "Title");
}

#[actix_web::test]
async fn the_same_text_or_address_is_found_and_not_doubled() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let url = ("url", "https://courier.example/harbour?utm_source=feed");
    let first = annotator.post_form("/demo/articles", &[("text", TEXT), url]).await.location().to_owned();
    let count = async || {
        sqlx::query_scalar::<_, i64>("SELECT count(*) FROM articles")
            .fetch_one(server.owner_pool())
            .await
            .unwrap()
    };

    let same_text = annotator.post_form("/demo/articles", &[("text", &TEXT.replace('\n', "\r\n"))]).await;
    assert_eq!(same_text.status, 409);
    assert_eq!(same_text.attribute(".notice.warn a", "href").unwrap(), first);
    let same_url = annotator
        .post_form(
            "/demo/articles",
            &[("text", "Other words."), ("url", "http://courier.example/harbour#top")],
        )
        .await;
    assert_eq!(same_url.status, 409);
    assert_eq!(same_url.attribute(".notice.warn a", "href").unwrap(), first);
    assert_eq!(count().await, 1);

    let wanted = annotator.post_form("/demo/articles", &[("text", TEXT), ("again", "yes")]).await;
    assert!(wanted.status.is_redirection());
    assert_eq!(count().await, 2);
}

#[actix_web::test]
async fn a_repeated_submission_gives_the_first_article() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let key = uuid::Uuid::now_v7();

    let first = annotator.post_again("/demo/articles", &[("text", TEXT), ("again", "yes")], key).await;
    let again = annotator.post_again("/demo/articles", &[("text", TEXT), ("again", "yes")], key).await;

    assert_eq!(first.location(), again.location());
}

#[actix_web::test]
async fn only_those_who_may_add_articles() {
    let server = Server::start().await;
    for (role, status) in [(Role::Auditor, 403), (Role::Admin, 403), (Role::Editor, 303)] {
        let browser = server.sign_in(role).await;
        let answer = browser.post_form("/demo/articles", &[("text", TEXT)]).await;
        assert_eq!(answer.status, status, "{role}");
        assert_eq!(browser.get("/demo/articles/new").await.status, if status == 303 { 200 } else { 403 });
    }
    let stranger = server.sign_in_at("other", Role::Editor).await;
    assert_eq!(stranger.post_form("/demo/articles", &[("text", TEXT)]).await.status, 404);
    let visitor = server.visitor();
    let kept = visitor.post_form("/demo/articles", &[("text", TEXT)]).await;
    assert_eq!(kept.status, 401);
    assert!(kept.text.contains("Nobody asked how that was counted."));
}

#[actix_web::test]
async fn readers_do_not_see_articles_without_a_published_check() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let location = annotator.post_form("/demo/articles", &[("text", TEXT)]).await.location().to_owned();

    assert!(!server.visitor().get("/demo/articles").await.has(".rows"));
    assert_eq!(server.visitor().get(&location).await.status, 404);
    assert_eq!(server.sign_in_at("other", Role::Editor).await.get(&location).await.status, 404);
    assert_eq!(annotator.get(&location).await.status, 200);
}

#[actix_web::test]
async fn what_is_known_is_changed_with_history_conflict_and_undo() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let editor = server.sign_in(Role::Editor).await;
    let article = annotator
        .post_form("/demo/articles", &[("text", TEXT), ("title", "Old")])
        .await
        .location()
        .to_owned();
    let details = format!("{article}/details");

    let saved = annotator.post_form(&details, &[("base_title", "Old"), ("title", "New")]).await;
    assert_eq!(saved.location(), article);
    let conflict = editor.post_form(&details, &[("base_title", "Old"), ("title", "Newer")]).await;
    assert_eq!(conflict.status, 409);
    assert!(conflict.text.contains("Newer") && conflict.text.contains("New"));
    let wrong = editor.post_form(&details, &[("base_url", ""), ("url", "::")]).await;
    assert_eq!(wrong.status, 422);

    let page = editor.get(&details).await;
    let event = page.attribute(".history input[name=event]", "value").unwrap();
    editor.post_form(&format!("{details}/undo"), &[("event", &event)]).await;
    assert_eq!(editor.get(&details).await.attribute("#details-title", "value").unwrap(), "Old");
}

/// Tries to store a second version of the one article as the server's own role; the constraint that refuses it.
async fn refused_version(server: &Server, body: &str, length: i32, hashed: &str) -> String {
    let refused = sqlx::query(
        "INSERT INTO article_versions (desk_id, id, article_id, number, body, body_length, body_sha256, blocks, format,
                                       created_by, created_at, event_id)
         SELECT desk_id, gen_random_uuid(), article_id, 2, $1, $2, sha256(convert_to($3, 'UTF8')), blocks, format,
                created_by, created_at, event_id
         FROM article_versions",
    )
    .bind(body)
    .bind(length)
    .bind(hashed)
    .execute(server.app_pool())
    .await
    .expect_err(body);
    refused.as_database_error().unwrap().constraint().unwrap_or_default().to_owned()
}

#[actix_web::test]
async fn the_database_keeps_texts_composed_counted_and_hashed() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    annotator.post_form("/demo/articles", &[("text", TEXT)]).await;

    assert_eq!(refused_version(&server, "e\u{301}", 2, "e\u{301}").await, "article_versions_nfc");
    assert_eq!(refused_version(&server, "a\r\nb", 4, "a\r\nb").await, "article_versions_lf");
    assert_eq!(refused_version(&server, "abc", 2, "abc").await, "article_versions_length");
    assert_eq!(refused_version(&server, "", 0, "").await, "article_versions_length");
    assert_eq!(refused_version(&server, "abc", 3, "abd").await, "article_versions_hash");
    let long = "a".repeat(2_000_001);
    assert_eq!(refused_version(&server, &long, 2_000_001, &long).await, "article_versions_size");
    let length = i32::try_from(TEXT.chars().count()).unwrap();
    assert_eq!(refused_version(&server, TEXT, length, TEXT).await, "article_versions_text_changed");
}

#[actix_web::test]
async fn a_text_is_cut_into_pieces_that_make_it_up_again() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    // Longer than both steps of the cutting, with characters of one to four bytes.
    let text = "aé字🌍 ".repeat(14_000);
    let saved = annotator.post_form("/demo/articles", &[("text", text.trim())]).await;
    assert!(saved.status.is_redirection(), "{}", saved.text);

    let whole: bool = sqlx::query_scalar(
        "SELECT v.body = (SELECT string_agg(p.words, '' ORDER BY p.number) FROM article_pieces p WHERE p.version_id = v.id)
         FROM article_versions v",
    )
    .fetch_one(server.owner_pool())
    .await
    .unwrap();
    assert!(whole);
    let lengths: Vec<i32> = sqlx::query_scalar(
        "SELECT DISTINCT char_length(words) FROM article_pieces
         WHERE number < (SELECT max(number) FROM article_pieces)",
    )
    .fetch_all(server.owner_pool())
    .await
    .unwrap();
    assert_eq!(lengths, [512]);
}
