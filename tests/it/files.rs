//! What comes in as files: read, looked at, taken or put aside.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use factdesk::auth::Role;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::harness::{Browser, Page, Server};

const PAGE: &str = "<!DOCTYPE html><html lang=en><head><title>The harbour – Ellery Courier</title>
    <link rel=canonical href='https://courier.example/harbour'><meta property='og:site_name' content='Ellery Courier'>
    <meta property='article:published_time' content='2024-02-28T10:00:00Z'></head><body>
    <nav><ul><li><a href=/>Home</a><li><a href=/news>News</a><li><a href=/sport>Sport</a></ul></nav>
    <article><h1>The harbour</h1><p>The harbour handled 3.1 million tonnes in the year, the minister said on Monday.</p>
    <p>Nobody asked how that was counted, and by whom, and whether the ships of the navy are among them.</p></article></body></html>";

/// A PDF of one page with these lines, as a simple program writes it.
pub fn pdf(lines: &[&str]) -> Vec<u8> {
    let mut content = String::from("BT /F1 11 Tf 14 TL 60 760 Td ");
    for line in lines {
        let _ = write!(content, "({line}) Tj T* ");
    }
    content.push_str("ET");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<</P 6 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>stream\n{content}\nendstream", content.len() + 1),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
        "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\nx\nendstream".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut table = String::new();
    for (number, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let start = file.len();
    let _ = write!(
        file,
        "xref\n0 7\n0000000000 65535 f \n{table}trailer<</Size 7/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}

/// A Word file with one paragraph.
pub fn docx(words: &str) -> Vec<u8> {
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    file.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
    write!(
        file,
        "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body></w:document>"
    )
    .unwrap();
    file.finish().unwrap().into_inner()
}

/// Chooses files in the form.
async fn upload(browser: &Browser, files: &[(&str, &[u8])], fields: &[(&str, &str)]) -> Page {
    let mut form = Form::new().text("csrf", browser.csrf());
    for (name, value) in fields {
        form = form.text((*name).to_owned(), (*value).to_owned());
    }
    for (name, bytes) in files {
        form = form.part("file", Part::bytes(bytes.to_vec()).file_name((*name).to_owned()));
    }
    let request =
        browser.request(Method::POST, "/demo/articles").header("accept", "text/html").multipart(form);
    Page::of(request).await
}

async fn rows(server: &Server) -> [i64; 5] {
    let mut rows = [0; 5];
    for (at, query) in [
        "SELECT count(*) FROM articles",
        "SELECT count(*) FROM article_versions",
        "SELECT count(*) FROM blobs",
        "SELECT count(*) FROM snapshots",
        "SELECT count(*) FROM intakes",
    ]
    .into_iter()
    .enumerate()
    {
        rows[at] = server.count(query).await;
    }
    rows
}

async fn body(server: &Server) -> String {
    sqlx::query_scalar("SELECT body FROM article_versions ORDER BY id DESC LIMIT 1")
        .fetch_one(server.owner_pool())
        .await
        .unwrap()
}

#[actix_web::test]
async fn a_page_is_looked_at_with_its_surroundings_before_it_is_an_article() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;

    let check = annotator
        .follow(&upload(&annotator, &[("harbour.html", PAGE.as_bytes())], &[("author", "Nora Field")]).await)
        .await;

    assert_eq!(check.status, 200, "{}", check.text);
    assert_eq!(check.attribute("#title", "value").unwrap(), "The harbour");
    assert_eq!(check.attribute("#url", "value").unwrap(), "https://courier.example/harbour");
    assert_eq!(check.attribute("#publisher", "value").unwrap(), "Ellery Courier");
    assert_eq!(check.attribute("#published", "value").unwrap(), "2024-02-28");
    assert_eq!(check.attribute("#author", "value").unwrap(), "Nora Field");
    // All that the page shows is there, the menu without a tick.
    assert!(check.one("fieldset.blocks").contains("Sport"));
    assert_eq!(check.select("input[name=keep]").len(), 6);
    for (number, kept) in [(0, false), (1, false), (2, false), (4, true), (5, true)] {
        let ticked = check.has(&format!("input[name=keep][value='{number}'][checked]"));
        assert_eq!(ticked, kept, "{number}: {}", check.one("fieldset.blocks"));
    }
    assert_eq!(rows(&server).await, [0, 0, 1, 1, 1]);

    // One dropped block is put back, and one of the article dropped.
    let seen = check.attribute("input[name=seen]", "value").unwrap();
    let action = check.attribute("form[action$='/article']", "action").unwrap();
    let fields = [("seen", seen.as_str()), ("title", "Mine"), ("keep", "0"), ("keep", "3"), ("keep", "4")];
    let saved = annotator.post_form(&action, &fields).await;
    assert!(saved.location().starts_with("/demo/articles/"), "{}", saved.text);
    assert_eq!(
        body(&server).await,
        "Home\n\nThe harbour\n\nThe harbour handled 3.1 million tonnes in the year, the minister said on Monday."
    );
    assert_eq!(rows(&server).await, [1, 1, 1, 1, 1]);
    let linked = server
        .count("SELECT count(*) FROM article_versions v JOIN snapshots s ON s.desk_id = v.desk_id AND s.id = v.snapshot_id JOIN intakes i ON i.snapshot_id = s.id AND i.article_id = v.article_id WHERE i.state = 'taken'")
        .await;
    assert_eq!(linked, 1);
    // A second press leads to the same article.
    assert_eq!(annotator.post_form(&action, &fields).await.location(), saved.location());
    assert_eq!(annotator.get(action.trim_end_matches("/article")).await.location(), saved.location());
}

#[actix_web::test]
async fn several_files_come_in_at_once_each_ready_or_with_its_reason() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let (report, letter) = (pdf(&["The harbour is deep."]), docx("The letter is long."));
    let mail =
        b"From: Nora <n@e.example>\r\nMessage-ID: <1>\r\nSubject: The mail\r\n\r\nThe mail has words.\r\n";
    let files: [(&str, &[u8]); 6] = [
        ("page.html", PAGE.as_bytes()),
        ("report.pdf", &report),
        ("letter.docx", &letter),
        ("mail.eml", mail),
        ("photo.html", b"\x89PNG\r\n\x1a\n"),
        ("notes.md", b"# Notes\n\nThey are short."),
    ];

    let list = annotator.follow(&upload(&annotator, &files, &[("publisher", "Ellery Courier")]).await).await;

    assert_eq!(list.select(".rows .title").len(), 6);
    assert_eq!(list.select(".chip[data-state=ready]").len(), 5);
    assert_eq!(list.select(".chip[data-state=refused]").len(), 1);
    assert!(list.one(".rows").contains("This is a picture."));
    assert_eq!(rows(&server).await, [0, 0, 5, 5, 6]);
    for (name, words) in [
        ("report.pdf", "The harbour is deep."),
        ("letter.docx", "The letter is long."),
        ("mail.eml", "The mail has words."),
        ("notes.md", "They are short."),
    ] {
        let path: String =
            sqlx::query_scalar("SELECT '/demo/articles/incoming/' || id FROM intakes WHERE label = $1")
                .bind(name)
                .fetch_one(server.owner_pool())
                .await
                .unwrap();
        let check = annotator.get(&path).await;
        assert!(check.one("fieldset.blocks").contains(words), "{name}: {}", check.text);
        assert_eq!(check.attribute("#publisher", "value").unwrap(), "Ellery Courier");
    }
}

#[actix_web::test]
async fn the_same_bytes_are_kept_once_and_taken_away_only_as_a_file() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let script = b"<script>alert(1)</script><p>Some words that are read.";
    upload(&annotator, &[("Zo\u{eb} \"1\".html", script)], &[]).await;
    let again = annotator.follow(&upload(&annotator, &[("b.html", script)], &[]).await).await;
    assert_eq!(rows(&server).await, [0, 0, 1, 2, 2]);

    let path: String =
        sqlx::query_scalar("SELECT '/demo/snapshots/' || id FROM snapshots ORDER BY id LIMIT 1")
            .fetch_one(server.owner_pool())
            .await
            .unwrap();
    assert!(again.has("a[href^='/demo/snapshots/']"));
    let file = annotator.get(&path).await;
    assert_eq!(file.text.as_bytes(), script);
    assert_eq!(file.header("content-type"), "application/octet-stream");
    assert!(
        file.header("content-disposition").starts_with("attachment; filename=\"Zo__"),
        "{}",
        file.header("content-disposition")
    );
    assert!(file.header("content-disposition").contains("filename*=UTF-8''Zo%C3%AB%20%221%22.html"));
    assert_eq!(file.header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert_eq!(server.visitor().get(&path).await.status, 401);
    assert_eq!(server.sign_in_at("other", Role::Editor).await.get(&path).await.status, 404);
}

#[actix_web::test]
async fn the_same_article_is_found_and_its_other_text_becomes_the_next_version() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let first = annotator
        .post_form(
            "/demo/articles",
            &[("text", "The harbour is deep."), ("url", "https://courier.example/harbour?utm_source=x")],
        )
        .await;

    let check = annotator.follow(&upload(&annotator, &[("harbour.html", PAGE.as_bytes())], &[]).await).await;

    assert_eq!(check.attribute(".notice.warn a", "href").unwrap(), first.location());
    let action = check.attribute("form[action$='/article']", "action").unwrap();
    let twin = check.attribute("input[name=version_of]", "value").unwrap();
    // Without a word it is not doubled.
    let url = ("url", "https://courier.example/harbour");
    assert_eq!(annotator.post_form(&action, &[url]).await.status, 409);
    let version = annotator.post_form(&action, &[url, ("version_of", &twin), ("step", "version")]).await;
    assert_eq!(version.location(), first.location(), "{}", version.text);
    assert_eq!(rows(&server).await[..2], [1, 2]);
    let number: i32 =
        sqlx::query_scalar("SELECT max(number) FROM article_versions WHERE snapshot_id IS NOT NULL")
            .fetch_one(server.owner_pool())
            .await
            .unwrap();
    assert_eq!(number, 2);

    // The same text under another name is the same article; it can be wanted all the same.
    let same =
        annotator.follow(&upload(&annotator, &[("copy.txt", b"The harbour is deep.")], &[]).await).await;
    assert!(same.one(".notice.warn h2").contains("This text is here already"));
    assert!(!same.has("button[value=version]"));
    let action = same.attribute("form[action$='/article']", "action").unwrap();
    assert_eq!(annotator.post_form(&action, &[]).await.status, 409);
    assert!(annotator.post_form(&action, &[("again", "yes")]).await.status.is_redirection());
    assert_eq!(rows(&server).await[0], 2);
}

#[actix_web::test]
async fn nothing_typed_is_lost_on_the_check_page() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let check = annotator.follow(&upload(&annotator, &[("harbour.html", PAGE.as_bytes())], &[]).await).await;
    let action = check.attribute("form[action$='/article']", "action").unwrap();
    let seen = check.attribute("input[name=seen]", "value").unwrap();
    let typed = [("seen", seen.as_str()), ("title", "Mine"), ("url", "not an address"), ("keep", "4")];

    let refused = annotator.post_form(&action, &typed).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.attribute("#title", "value").unwrap(), "Mine");
    assert_eq!(refused.attribute("#url", "value").unwrap(), "not an address");
    assert_eq!(refused.attribute("input[name=keep][checked]", "value").unwrap(), "4");
    let nothing = annotator.post_form(&action, &[("seen", &seen), ("title", "Mine")]).await;
    assert_eq!((nothing.status.as_u16(), nothing.has("#blocks-error")), (422, true));
    // Read in another way since: shown again, with what was typed.
    let reread =
        annotator.post_form(&action, &[("seen", "text 0011"), ("title", "Mine"), ("keep", "1")]).await;
    assert_eq!(reread.status, 409);
    assert_eq!(reread.attribute("#title", "value").unwrap(), "Mine");
    assert_eq!(rows(&server).await[0], 0);
}

#[actix_web::test]
async fn what_is_not_wanted_is_put_aside_and_comes_back() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let came = upload(&annotator, &[("a.txt", b"Some words.")], &[]).await;
    let at = |rest: &str| format!("{}/{rest}", came.location());

    assert!(annotator.post_form(&at("dismissal"), &[]).await.status.is_redirection());
    assert!(!annotator.get("/demo/articles/incoming").await.has(".rows"));
    assert_eq!(
        annotator.get("/demo/articles/incoming?all=yes").await.select(".chip[data-state=dismissed]").len(),
        1
    );
    assert_eq!(annotator.post_form(&at("dismissal"), &[]).await.status, 409);
    assert_eq!(annotator.post_form(&at("article"), &[]).await.status, 409);
    assert!(annotator.post_form(&at("restoration"), &[]).await.status.is_redirection());
    assert!(annotator.post_form(&at("article"), &[]).await.status.is_redirection());
    assert_eq!(annotator.post_form(&at("restoration"), &[]).await.status, 409);
    let actions: Vec<String> =
        sqlx::query_scalar("SELECT action FROM events WHERE entity = 'intake' ORDER BY id")
            .fetch_all(server.owner_pool())
            .await
            .unwrap();
    assert_eq!(actions, ["intake.add", "intake.dismiss", "intake.restore"]);
}

#[actix_web::test]
async fn the_list_has_pages() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let names: Vec<String> = (0..27).map(|number| format!("{number}.txt")).collect();
    let words: Vec<String> = (0..27).map(|number| format!("Text number {number}.")).collect();
    let files: Vec<(&str, &[u8])> =
        names.iter().zip(&words).map(|(name, words)| (name.as_str(), words.as_bytes())).collect();
    upload(&annotator, &files, &[]).await;
    upload(&annotator, &files, &[]).await;

    let first = annotator.get("/demo/articles/incoming").await;
    assert_eq!(first.select(".rows > li").len(), 50);
    let next = first.attribute("nav.pages a[rel=next]", "href").unwrap();
    let second = annotator.get(&format!("/demo/articles/incoming{next}")).await;
    assert_eq!(second.select(".rows > li").len(), 4);
}

#[actix_web::test]
async fn controls_of_direction_are_kept_and_shown() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let text = "Open the file safe\u{202E}txt.exe\u{202C} now, she said.";

    let check = annotator.follow(&upload(&annotator, &[("a.txt", text.as_bytes())], &[]).await).await;

    assert_eq!(check.select("fieldset.blocks .chip.control"), ["RLO", "PDF"]);
    assert!(check.one(".notice.warn").contains("2 characters"));
    let action = check.attribute("form[action$='/article']", "action").unwrap();
    annotator.post_form(&action, &[]).await;
    assert_eq!(body(&server).await, text);
}

#[actix_web::test]
async fn every_bad_file_is_refused_with_its_reason_and_changes_nothing() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let noise: Vec<u8> = (0..40_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let posing = [b"<!DOCTYPE html><p>".as_slice(), &noise].concat();
    let locked = String::from_utf8(pdf(&["Locked."]))
        .unwrap()
        .replace("/Root 1 0 R", "/Root 1 0 R/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<00>/U<00>>>");
    let pictures = pdf(&[]);
    let pictures = String::from_utf8(pictures)
        .unwrap()
        .replace("BT /F1 11 Tf 14 TL 60 760 Td ET", "q 9 0 0 9 0 0 cm /P Do Q       ");
    let bomb = docx(&"a".repeat(30_000_000));
    let nested = format!("{}words{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
    let mut compound = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    compound.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    let nulls = [0; 4096];
    let cases: [(&str, &[u8], &str); 15] = [
        ("page.html", &posing, "This is no text"),
        ("page.html", &nulls, "This is no text"),
        ("nested.html", nested.as_bytes(), "nested more than 200 levels"),
        ("locked.pdf", locked.as_bytes(), "locked with a password"),
        ("scan.pdf", pictures.as_bytes(), "only pictures"),
        ("broken.pdf", b"%PDF-1.7 \x00\x01", "damaged"),
        ("bomb.docx", &bomb, "far larger unpacked"),
        ("broken.docx", b"PK\x03\x04word/document.xml", "damaged"),
        ("locked.docx", &compound, "locked with a password"),
        ("old.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 1997", "old Word"),
        ("photo.html", b"\xFF\xD8\xFF\xE0", "picture"),
        ("pack.txt", b"\x1F\x8B\x08\x00", "packed file"),
        (
            "wrong.txt",
            "\u{FFFD}\u{FFFD} \u{FFFD}a \u{FFFD}".as_bytes(),
            "characters of this text cannot be made out",
        ),
        ("empty.txt", b" \n ", "no words"),
        (
            "mail.eml",
            b"From: a@e.example\nMIME-Version: 1.0\nContent-Type: image/png\n\nx",
            "only attachments",
        ),
    ];
    for (name, bytes, words) in cases {
        let refused = upload(&annotator, &[(name, bytes)], &[("title", "Kept title")]).await;
        assert_eq!(refused.status, 422, "{name}: {}", refused.text);
        assert!(refused.one("#file-error").contains(words), "{name}: {}", refused.one("#file-error"));
        assert_eq!(refused.attribute("#title", "value").unwrap(), "Kept title");
    }
    let huge = vec![b'a'; 10_000_001];
    let refused = upload(&annotator, &[("huge.txt", &huge)], &[]).await;
    assert!(refused.one("#file-error").contains("10 MB"));
    let too_many: Vec<(&str, &[u8])> = vec![("a.txt", b"a"); 51];
    assert_eq!(upload(&annotator, &too_many, &[]).await.status, 413);
    assert_eq!(rows(&server).await, [0; 5]);
    assert_eq!(server.count("SELECT count(*) FROM events").await, 0);
}

#[actix_web::test]
async fn who_may_not_add_articles_cannot_make_the_server_hold_large_files() {
    let server = Server::start().await;
    let auditor = server.sign_in(Role::Auditor).await;
    let large = vec![b'a'; 9_500_000];
    let refused = upload(&auditor, &[("a.txt", &large)], &[]).await;
    assert_eq!(refused.status, 413);
}
