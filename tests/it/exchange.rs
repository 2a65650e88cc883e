//! What leaves the desk: that it says what is there, to those who may have it, in the forms that others read.

use std::collections::BTreeSet;
use std::process::Command;

use factdesk::audit::seal;
use factdesk::auth::Role;
use factdesk::policies::Rules;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use sqlx::AssertSqlSafe;

use crate::harness::{Browser, Page, Server};
use crate::published::{self, ALONE, DRAFT, DUPLICATE, HOSTILE, MARK, PUBLISHED, RETRACTED, SECRETS, TEXT};

const FORMATS: [&str; 4] = ["claimreview", "annotations", "csv", "jsonl"];

async fn export(browser: &Browser, what: &str) -> Page {
    let page = Page::of(browser.request(Method::GET, &format!("/demo/export/{what}"))).await;
    assert_eq!(page.status, StatusCode::OK, "{what}: {}", page.text);
    page
}

fn lines(page: &Page) -> Vec<Value> {
    assert!(page.text.is_empty() || page.text.ends_with('\n'));
    page.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// What the readers of `ClaimReview` have in common; each rule is one that some of them fail at.
fn assert_strict(review: &Value, base: &str) {
    let top = [
        "@context",
        "@type",
        "author",
        "claimReviewed",
        "datePublished",
        "itemReviewed",
        "reviewRating",
        "url",
    ];
    assert_eq!(keys(review), BTreeSet::from(top), "eight keys, no more: {review}");
    assert_eq!(
        (&review["@context"], &review["@type"]),
        (&"https://schema.org".into(), &"ClaimReview".into())
    );
    assert!(review["url"].as_str().unwrap().starts_with(base));
    let day = review["datePublished"].as_str().unwrap();
    assert!(day.len() == 10 && day.as_bytes()[4] == b'-', "a plain day: {day}");
    assert_eq!(keys(&review["author"]), BTreeSet::from(["@type", "name", "url"]));
    assert!(review["author"]["url"].as_str().unwrap().starts_with(base));
    assert!(!review["claimReviewed"].as_str().unwrap().is_empty());

    let rating = &review["reviewRating"];
    assert!(!rating["alternateName"].as_str().unwrap().is_empty());
    let numbers: Vec<Option<i64>> = ["worstRating", "ratingValue", "bestRating"]
        .map(|key| {
            rating.get(key).map(|number| number.as_str().expect("a string").parse().expect("an integer"))
        })
        .into();
    match numbers.as_slice() {
        [None, None, None] => {}
        [Some(worst), Some(value), Some(best)] => {
            assert!(1 <= *worst && worst <= value && value <= best && worst < best);
        }
        some => panic!("all three numbers or none: {some:?}"),
    }

    let claim = &review["itemReviewed"];
    assert_eq!(claim["@type"], "Claim");
    assert_ne!(claim.get("name"), Some(&review["claimReviewed"]), "its name is the place, not the words");
    if let Some(author) = claim.get("author") {
        assert!(author.get("url").is_none(), "a claimant has no url");
        assert!(["Person", "Organization"].contains(&author["@type"].as_str().unwrap()));
        assert!(!author["name"].as_str().unwrap().is_empty());
        assert!(author.get("sameAs").is_none_or(Value::is_array));
    }
    for appearance in claim.get("appearance").map_or(&[] as &[Value], |list| list.as_array().unwrap()) {
        let url = appearance["url"].as_str().unwrap();
        assert_eq!(appearance["@type"], "CreativeWork");
        assert!(!url.contains([',', ' ']) && !url.starts_with("http://127.0.0.1"), "{url}");
    }
}

#[actix_web::test]
async fn every_published_review_is_in_the_feed_and_keeps_the_rules_of_its_readers() {
    let (server, _) = published::server().await;
    let page = export(&server.visitor(), "claimreview").await;
    let feed = page.json();
    assert_eq!(feed["@type"], "DataFeed");
    let elements = feed["dataFeedElement"].as_array().unwrap();
    assert_eq!(elements.len(), 3, "what was retracted, or is not public, is not there");
    for element in elements {
        let reviews = element["item"].as_array().expect("readers index it");
        assert_strict(&reviews[0], &server.url(""));
        assert_eq!(element["url"], reviews[0]["url"]);
        for time in ["dateCreated", "dateModified"] {
            assert!(element[time].as_str().unwrap().ends_with('Z'));
        }
    }
    let review = &elements[0]["item"][0];
    assert_eq!(review["url"], server.url(&format!("/demo/claims/{PUBLISHED}")));
    assert_eq!(review["datePublished"], "2026-10-02", "of the first publication");
    assert_eq!(review["reviewRating"]["ratingValue"], "2", "of the verdict that counts");
    let claim = &review["itemReviewed"];
    assert_eq!(claim["author"]["name"], "Dana Whitlock", "the agent that stands for the merged one");
    assert_eq!(
        (claim["name"].as_str(), claim["datePublished"].as_str()),
        (Some("Riverton"), Some("2026-09-28"))
    );
    assert_eq!(claim["appearance"].as_array().unwrap().len(), 2, "each outside address once");
    let alone = &elements[1]["item"][0];
    assert_eq!(alone["itemReviewed"], serde_json::json!({"@type": "Claim"}));
    assert_eq!(alone["reviewRating"].get("ratingValue"), None, "off the scale there is no number");
    assert!(alone["reviewRating"]["ratingExplanation"].as_str().unwrap().contains("one person alone"));
}

#[actix_web::test]
async fn a_claims_page_its_document_and_the_feed_say_the_same() {
    let (server, _) = published::server().await;
    let browser = server.visitor();
    let feed = export(&browser, "claimreview").await.json();
    for (place, claim) in [PUBLISHED, ALONE, HOSTILE].into_iter().enumerate() {
        let page = browser.get(&format!("/demo/claims/{claim}")).await;
        assert_eq!(page.status, StatusCode::OK);
        let (_, from) = page.text.split_once("<script").expect("it has a script");
        let first = from.split_once("</script>").unwrap().0;
        let json =
            first.strip_prefix(" type=\"application/ld+json\">").expect("the first script is the review");
        let on_page: Value = serde_json::from_str(json).unwrap();
        let document = browser.get(&format!("/demo/claims/{claim}.jsonld")).await;
        assert_eq!(document.header("content-type"), "application/ld+json");
        assert_eq!(document.json(), on_page);
        assert_eq!(feed["dataFeedElement"][place]["item"][0], on_page);
        let rich = browser.get(&format!("/demo/claims/{claim}.jsonld?profile=rich")).await.json();
        assert!(rich["reviewBody"].as_str().unwrap().contains("Second."));
    }
    for claim in [RETRACTED, DRAFT, DUPLICATE] {
        let document = browser.get(&format!("/demo/claims/{claim}.jsonld")).await;
        assert_eq!(document.status, StatusCode::NOT_FOUND, "{claim}");
    }
}

#[actix_web::test]
async fn annotations_stand_where_their_offsets_say() {
    let (server, _) = published::server().await;
    let browser = server.visitor();
    let page = export(&browser, "annotations").await;
    assert_eq!(
        page.header("content-type"),
        "application/ld+json; profile=\"http://www.w3.org/ns/anno.jsonld\""
    );
    let collection = page.json();
    let items = collection["first"]["items"].as_array().unwrap();
    assert_eq!(collection["total"], items.len());
    assert_eq!(
        items.len(),
        3,
        "two marks of what is published (one of them by its double), one of what was retracted"
    );
    let characters: Vec<char> = TEXT.chars().collect();
    for item in items {
        let [quote, position] = [0, 1].map(|number| &item["target"]["selector"][number]);
        let offset = |key: &str| usize::try_from(position[key].as_u64().unwrap()).unwrap();
        let (start, end) = (offset("start"), offset("end"));
        let words = |range: std::ops::Range<usize>| characters[range].iter().collect::<String>();
        assert_eq!(words(start..end), quote["exact"].as_str().unwrap());
        assert!(words(0..start).ends_with(quote["prefix"].as_str().unwrap_or_default()));
        assert!(words(end..characters.len()).starts_with(quote["suffix"].as_str().unwrap_or_default()));
        assert_eq!(item["motivation"], "assessing");

        let path = item["id"].as_str().unwrap().strip_prefix(&server.url("")).unwrap();
        let mut alone = browser.get(path).await;
        assert_eq!(alone.header("allow"), "GET, HEAD");
        let mut single = std::mem::take(&mut alone.text);
        single = single.replacen("\"@context\":\"http://www.w3.org/ns/anno.jsonld\",", "", 1);
        assert_eq!(serde_json::from_str::<Value>(&single).unwrap(), *item, "its address gives the same");
    }
    let text = browser.get(&format!("/demo/annotations/{MARK}")).await.text;
    assert!(text.contains("Mostly false") && text.contains("https://stats.example.org/water"));
    let of_draft = browser.get("/demo/annotations/01900000-0000-7000-8000-0000000000d4").await;
    assert_eq!(of_draft.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn json_lines_have_everything_and_the_same_keys() {
    let (server, _) = published::server().await;
    let page = export(&server.visitor(), "jsonl").await;
    assert_eq!(page.header("content-type"), "application/x-ndjson");
    let lines = lines(&page);
    let ids: Vec<_> = lines.iter().map(|line| line["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [PUBLISHED, ALONE, RETRACTED, HOSTILE]);
    for line in &lines {
        assert_eq!(keys(line), keys(&lines[0]));
    }
    let first = &lines[0];
    assert_eq!(
        (&first["confidential_evidence"], first["evidence"].as_array().unwrap().len()),
        (&1.into(), 1)
    );
    assert_eq!(first["verdicts"].as_array().unwrap().len(), 2);
    assert_eq!(first["corrections"][0]["kind"], "major");
    assert_eq!(first["appearances"].as_array().unwrap().len(), 4, "and that of its double");
    assert_eq!(lines[2]["corrections"][0]["public_note"], "We mixed up two bridges.");
    assert_eq!(page.header("factdesk-scope"), "public");
    assert_eq!(page.header("factdesk-review-policy"), "second_person");
    assert!(page.header("factdesk-chain-head").contains(':'));
}

#[actix_web::test]
async fn what_is_not_public_leaves_with_nobody_who_may_not_have_it() {
    let (server, _) = published::server().await;
    let visitor = server.visitor();
    let annotator = server.sign_in(Role::Annotator).await;
    let checker = server.sign_in(Role::FactChecker).await;
    for format in FORMATS {
        for browser in [&visitor, &checker] {
            let text = export(browser, format).await.text;
            for secret in SECRETS {
                assert!(!text.contains(secret), "{format} tells {secret}");
            }
        }
        let whole = format!("/demo/export/{format}?scope=desk");
        assert_eq!(visitor.get(&whole).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(annotator.get(&whole).await.status, StatusCode::FORBIDDEN);
    }
    for table in ["appearances", "evidence", "verdicts"] {
        let text = export(&visitor, &format!("csv?table={table}")).await.text;
        assert!(!SECRETS.iter().any(|secret| text.contains(secret)), "{table}");
    }
    let page = export(&checker, "jsonl?scope=desk").await;
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("access-control-allow-origin"), "");
    for secret in SECRETS {
        assert!(page.text.contains(secret), "the desk has {secret}");
    }
    let lines = lines(&page);
    assert_eq!(lines.len(), 6);
    assert_eq!(lines[0]["duplicates"][0], DUPLICATE);
    assert_eq!(lines[3]["draft"]["state"], "in_review");
    assert_eq!(export(&checker, "annotations?scope=desk").await.json()["total"], 4);
}

#[actix_web::test]
async fn desks_export_their_own_only() {
    let (server, _) = published::server().await;
    server.desk("other").await;
    let browser = server.visitor();
    assert_eq!(Page::of(browser.request(Method::GET, "/other/export/jsonl")).await.text, "");
    assert_eq!(browser.get(&format!("/other/claims/{PUBLISHED}.jsonld")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get(&format!("/other/annotations/{MARK}")).await.status, StatusCode::NOT_FOUND);
    let checker = server.sign_in(Role::FactChecker).await;
    assert_eq!(checker.get("/other/export/jsonl?scope=desk").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/no-such-desk/export/jsonl").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/demo/export/xls").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/demo/export/csv?table=accounts").await.status, StatusCode::BAD_REQUEST);
}

#[actix_web::test]
async fn tables_are_safe_in_a_spreadsheet_and_exact_for_a_program() {
    let (server, _) = published::server().await;
    let human = export(&server.visitor(), "csv").await;
    assert_eq!(human.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(human.header("content-disposition"), "attachment; filename=\"demo-claims.csv\"");
    assert!(human.text.starts_with('\u{feff}') && human.text.contains("\r\n"));
    assert!(human.text.contains("\"'=1+1 </script>") && human.text.contains(",'=2+2,"), "{}", human.text);
    let machine = export(&server.visitor(), "csv?flavour=machine").await;
    assert!(machine.text.starts_with("id,url,"));
    assert!(machine.text.contains(",=2+2,"));
    let verdicts = export(&server.visitor(), "csv?table=verdicts&flavour=machine").await;
    assert_eq!(verdicts.text.matches("\r\n").count(), 1 + 5, "the names of the columns, and a row each");
}

#[actix_web::test]
async fn an_unchanged_export_is_not_sent_again_and_any_site_may_read_it() {
    let (server, desk) = published::server().await;
    let browser = server.visitor();
    for format in FORMATS {
        let first = export(&browser, format).await;
        let etag = first.header("etag").to_owned();
        assert!(first.header("cache-control").starts_with("public, max-age=60"), "{format}");
        assert_eq!(first.header("access-control-allow-origin"), "*");
        assert_eq!(first.header("cross-origin-resource-policy"), "cross-origin");
        assert!(!first.header("last-modified").is_empty());
        let address = format!("/demo/export/{format}");
        let again = Page::of(browser.request(Method::GET, &address).header("if-none-match", &etag)).await;
        assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
        assert_eq!(export(&browser, format).await.text, first.text, "the same state gives the same bytes");
        let head = Page::head_of(browser.request(Method::HEAD, &address)).await;
        assert_eq!((head.status, head.header("etag")), (StatusCode::OK, etag.as_str()));
        published::change(&server, &desk).await;
        assert_ne!(export(&browser, format).await.header("etag"), etag);
    }
}

#[actix_web::test]
async fn a_change_that_becomes_visible_late_changes_the_state_all_the_same() {
    let (server, desk) = published::server().await;
    let browser = server.visitor();
    let insert = format!(
        "INSERT INTO events (desk_id, id, at, actor_kind, action, entity, entity_id, details)
         VALUES ('{}', '00000000-0000-7000-8000-000000000001', now(), 'system', 'test.write', 'test', gen_random_uuid(), '{{}}')",
        desk.id
    );
    let mut slow = server.owner_pool().begin().await.unwrap();
    sqlx::query(AssertSqlSafe(insert)).execute(&mut *slow).await.unwrap();
    published::change(&server, &desk).await;
    let before = export(&browser, "jsonl").await.header("etag").to_owned();
    slow.commit().await.unwrap();
    assert_ne!(export(&browser, "jsonl").await.header("etag"), before);
}

#[actix_web::test]
async fn a_large_desk_is_exported_whole_and_in_order() {
    let (server, desk) = published::server().await;
    let copies = format!(
        "INSERT INTO claims (desk_id, id, claim_reviewed, language, stage, search, created_by, created_at, event_id)
         SELECT c.desk_id, gen_random_uuid(), 'Claim ' || n, 'en', 'marked', '', c.created_by, c.created_at, c.event_id
         FROM claims c, generate_series(1, 2500) n WHERE c.desk_id = '{}' AND c.id = '{PUBLISHED}'",
        desk.id
    );
    sqlx::query(AssertSqlSafe(copies)).execute(server.owner_pool()).await.unwrap();
    let checker = server.sign_in(Role::FactChecker).await;
    let lines = lines(&export(&checker, "jsonl?scope=desk").await);
    assert_eq!(lines.len(), 2_506);
    assert!(lines.is_sorted_by_key(|line| line["id"].as_str().unwrap().to_owned()));
    assert_eq!(lines[0]["id"].as_str().unwrap().len(), 36);
}

#[actix_web::test]
async fn a_desk_of_one_person_says_so_in_every_export() {
    let (server, desk) = published::server().await;
    desk.adopt(server.owner_pool(), &Rules::alone()).await;
    let browser = server.visitor();
    for format in FORMATS {
        assert_eq!(export(&browser, format).await.header("factdesk-review-policy"), "single");
    }
    for format in ["claimreview", "annotations"] {
        assert!(export(&browser, format).await.text.contains("may decide and publish alone"), "{format}");
    }
    for format in ["csv", "jsonl"] {
        assert!(export(&browser, format).await.text.contains("single"), "{format}");
    }
}

#[actix_web::test]
async fn the_page_of_exports_leads_to_all_of_them_and_names_the_licence() {
    let (server, _) = published::server().await;
    let visitor = server.visitor();
    let page = visitor.get("/demo/exports").await;
    assert_eq!(page.one("h1"), "Take it away");
    for link in &page.document().select("main a[href*='/export/'], main a[href$='.atom']") {
        let address = link.attr("href").unwrap().to_string();
        assert_eq!(visitor.get(&address).await.status, StatusCode::OK, "{address}");
    }
    assert!(page.text.contains("has not stated a licence"));
    assert!(!page.has("form[action$=licence]") && !page.text.contains("whole desk"));

    let admin = server.sign_in(Role::Admin).await;
    let fields = |licence, other| [("licence", licence), ("other", other)];
    let wrong = admin.post_form("/demo/exports/licence", &fields("other", "javascript:alert(1)")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.has("[role=alert] a[href='#other']"));
    assert_eq!(wrong.attribute("#other", "value").unwrap(), "javascript:alert(1)");
    let by = "https://creativecommons.org/licenses/by/4.0/";
    let saved = admin.post_form("/demo/exports/licence", &fields(by, "")).await;
    let page = admin.follow(&saved).await;
    assert!(page.one("main p a[rel=license]").contains("CC BY 4.0"));
    let editor = server.sign_in(Role::Editor).await;
    let refused = editor.post_form("/demo/exports/licence", &fields("", "")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let links = export(&visitor, "jsonl").await.headers.get_all("link").iter().count();
    assert_eq!(links, 2);
    assert!(visitor.get(&format!("/demo/claims/{PUBLISHED}.jsonld?profile=rich")).await.text.contains(by));
}

#[actix_web::test]
async fn the_command_line_writes_what_the_server_gives() {
    let (server, _) = published::server().await;
    let browser = server.visitor();
    let folder = std::env::temp_dir().join(format!("factdesk-export-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir(&folder).unwrap();
    for format in FORMATS {
        let file = folder.join(format);
        let output = command(&server)
            .args(["export", "--desk", "demo", "--format", format, "--output"])
            .arg(&file)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), export(&browser, format).await.text, "{format}");
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), FORMATS.len(), "nothing else is left behind");
    std::fs::remove_dir_all(&folder).unwrap();
    let printed = command(&server)
        .args(["export", "--desk", "demo", "--format", "jsonl", "--scope", "desk"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(printed.stdout).unwrap().lines().count(), 6);
    let missing = command(&server).args(["export", "--desk", "no", "--format", "csv"]).output().unwrap();
    assert!(!missing.status.success());
    assert!(String::from_utf8_lossy(&missing.stderr).contains("there is no desk no"));
}

fn command(server: &Server) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_factdesk"));
    command
        .env("DATABASE_URL", server.database_url())
        .env("FACTDESK_BASE_URL", server.url(""))
        .env_remove("DATABASE_DIRECT_URL");
    command
}

#[actix_web::test]
async fn every_export_prints_the_head_of_the_record_that_it_shows() {
    let (server, _) = published::server().await;
    seal::pass(server.app_pool()).await.unwrap();
    let visitor = server.visitor();
    for format in FORMATS {
        let page = export(&visitor, format).await;
        let head = page.header("factdesk-chain-head").to_owned();
        assert!(page.text.contains(&head), "{format}: {}", page.text);
        let run = command(&server).args(["export", "--desk", "demo", "--format", format]).output().unwrap();
        assert!(String::from_utf8(run.stderr).unwrap().contains(&head), "{format}");
    }
    let head = export(&visitor, "jsonl").await.header("factdesk-chain-head").to_owned();
    assert!(visitor.get("/demo/exports").await.text.contains(&head));
}
