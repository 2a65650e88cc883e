//! References to sources: public where the claim is, silent about what is confidential, and read by others' programs.

use std::path::PathBuf;
use std::process::Command;

use factdesk::auth::Role;
use reqwest::StatusCode;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Executor as _};

use crate::harness::{Browser, Fixture, Page, Server};
use crate::published::{self, DRAFT, PUBLISHED, SECRETS};

pub const SOURCE: &str = "01900000-0000-7000-8000-0000000000e1";
const SECRET: &str = "01900000-0000-7000-8000-0000000000e2";

/// A program that others read our files with. `scripts/install-test-tools` installs it.
pub fn tool(name: &str) -> Command {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/test-tools/bin").join(name);
    assert!(path.exists(), "{} is missing: run scripts/install-test-tools", path.display());
    Command::new(path)
}

pub async fn run(server: &Server, statement: &str) {
    server.owner_pool().acquire().await.unwrap().execute(AssertSqlSafe(statement.to_owned())).await.unwrap();
}

async fn world() -> (Server, Fixture) {
    let (server, desk) = published::server().await;
    let describe =
        "UPDATE sources SET authors = '{\"Novak, Ana\",\"Port Authority\"}', published_from = '2026-09-28',
        published_to = '2026-09-28', published_precision = 'day', doi = '10.1000/182', language = 'en',
        title = 'Water {charges} & dues: 100 % of them_'
        WHERE id = '01900000-0000-7000-8000-0000000000e1'";
    run(
        &server,
        &format!("SET session_replication_role = replica; {describe}; RESET session_replication_role"),
    )
    .await;
    (server, desk)
}

async fn get(browser: &Browser, path: &str) -> Page {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
    page
}

#[actix_web::test]
async fn readers_take_the_references_of_public_claims_and_of_no_others() {
    let (server, _) = world().await;
    let (reader, member) = (server.visitor(), server.sign_in(Role::FactChecker).await);
    let page = get(&reader, &format!("/demo/claims/{PUBLISHED}/references")).await;
    let lines = page.select(".reference");
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with("Novak, A., & Port Authority. (2026"), "{lines:?}");
    assert!(
        page.has("button[data-copy-words][hidden]"),
        "without a script there is no button that does nothing"
    );
    for ending in ["", ".bib", ".ris", ".json", ".txt"] {
        let claim = |claim: &str| format!("/demo/claims/{claim}/references{ending}");
        let page = get(&reader, &claim(PUBLISHED)).await;
        for secret in SECRETS {
            assert!(!page.text.contains(secret), "{secret} in {ending}");
        }
        assert_eq!(reader.get(&claim(DRAFT)).await.status, StatusCode::NOT_FOUND, "{ending}");
        get(&member, &claim(DRAFT)).await;
        get(&reader, &format!("/demo/sources/{SOURCE}/reference{ending}")).await;
        for browser in [&reader, &member] {
            let hidden = browser.get(&format!("/demo/sources/{SECRET}/reference{ending}")).await;
            assert_eq!(hidden.status, StatusCode::NOT_FOUND, "a confidential source is nowhere: {ending}");
        }
    }
    assert_eq!(
        reader.get(&format!("/demo/claims/{PUBLISHED}/references.doc")).await.status,
        StatusCode::NOT_FOUND
    );
}

#[actix_web::test]
async fn a_source_that_no_public_claim_cites_is_for_members() {
    let (server, desk) = world().await;
    run(
        &server,
        &format!(
            "SET session_replication_role = replica;
             INSERT INTO sources (desk_id, id, title, access, created_by, created_at, event_id)
             SELECT desk_id, '01900000-0000-7000-8000-0000000000e9', 'Not cited yet', 'open', created_by, now(), event_id
             FROM sources WHERE desk_id = '{}' AND id = '{SOURCE}';
             RESET session_replication_role",
            desk.id
        ),
    )
    .await;
    let path = "/demo/sources/01900000-0000-7000-8000-0000000000e9/reference";
    assert_eq!(server.visitor().get(path).await.status, StatusCode::NOT_FOUND);
    let page = get(&server.sign_in(Role::Annotator).await, path).await;
    assert!(page.one(".reference").contains("n.d."), "that no date is known is said");
}

#[actix_web::test]
async fn each_style_is_a_page_of_its_own_and_the_desk_chooses_the_first() {
    let (server, desk) = world().await;
    let reader = server.visitor();
    let path = format!("/demo/claims/{PUBLISHED}/references");
    let chicago = get(&reader, &format!("{path}?style=chicago")).await;
    assert!(chicago.one(".reference").contains("Novak, Ana, and Port Authority."), "{}", chicago.text);
    assert_eq!(chicago.select(".tabs a"), ["APA", "Chicago"]);
    assert_eq!(reader.get(&format!("{path}?style=own")).await.status, StatusCode::NOT_FOUND);

    let own = r#"<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0">
      <info><title>Ours</title><id>ours</id><updated>2026-01-01T00:00:00+00:00</updated></info>
      <citation><layout><text variable="title"/></layout></citation>
      <bibliography><layout><text value="Seen by us: "/><text variable="DOI"/></layout></bibliography></style>"#;
    let settings = |style: &str| {
        format!(
            "SET session_replication_role = replica;
             INSERT INTO source_settings (desk_id, copies_public, hand_to, reference_style, own_style, event_id)
             SELECT '{0}', false, '{{}}', 'own', $s${style}$s$, id FROM events WHERE desk_id = '{0}' LIMIT 1
             ON CONFLICT (desk_id) DO UPDATE SET own_style = excluded.own_style;
             RESET session_replication_role",
            desk.id
        )
    };
    run(&server, &settings(own)).await;
    let page = get(&reader, &path).await;
    assert_eq!(page.one(".reference"), "Seen by us: 10.1000/182");
    assert_eq!(page.select(".tabs a").len(), 3);

    // A macro that calls itself has no end; the server goes on, and shows what it can.
    let endless = own
        .replace("<citation>", "<macro name=\"a\"><text macro=\"a\"/></macro><citation>")
        .replace("<text variable=\"DOI\"/>", "<text macro=\"a\"/>");
    run(&server, &settings(&endless)).await;
    let page = get(&reader, &format!("{path}?style=own")).await;
    assert!(page.one(".reference").starts_with("Novak, A."), "{}", page.text);
}

#[actix_web::test]
async fn a_style_that_cannot_be_used_is_refused_in_words_and_comes_back() {
    let (server, _) = world().await;
    let admin = server.sign_in(Role::Admin).await;
    let form = |style: &'static str| {
        [("copies_public", "no"), ("reference_style", "own"), ("own_style", style), ("row_version", "0")]
    };
    let page = admin.post_form("/demo/settings/sources", &form("<p>no style</p>")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.one("#own_style-error").starts_with("This cannot be read as a style."), "{}", page.text);
    assert_eq!(page.one("#own_style"), "<p>no style</p>");
    let good = r#"<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0"><info><title>Ours</title><id>ours</id><updated>2026-01-01T00:00:00+00:00</updated></info><citation><layout><text variable="title"/></layout></citation><bibliography><layout><text variable="title"/></layout></bibliography></style>"#;
    let page = admin.post_form("/demo/settings/sources", &form(good)).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
}

#[actix_web::test]
async fn others_read_what_we_write() {
    let (server, _) = world().await;
    let reader = server.visitor();
    let folder = tempfile();
    let mut files = Vec::new();
    for ending in ["bib", "ris", "json"] {
        let page = get(&reader, &format!("/demo/claims/{PUBLISHED}/references.{ending}")).await;
        assert!(page.header("content-disposition").contains(&format!(".{ending}")));
        let file = folder.join(format!("references.{ending}"));
        std::fs::write(&file, page.text).unwrap();
        files.push(file);
    }
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tools/check-references.py");
    let output = tool("python").arg(script).args(&files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: Value = serde_json::from_slice(&output.stdout).unwrap();
    std::fs::remove_dir_all(folder).unwrap();

    let bibtex = &read["bibtex"][0];
    assert_eq!(bibtex["authors"], serde_json::json!(["Novak, Ana", "{Port Authority}"]));
    assert_eq!(bibtex["fields"]["doi"], "10.1000/182");
    assert_eq!(bibtex["fields"]["year"], "2026");
    let title = bibtex["fields"]["title"].as_str().unwrap();
    assert_eq!(title, r"{Water \textbraceleft{}charges\textbraceright{} \& dues: 100 \% of them\_}");
    let ris = &read["ris"][0];
    assert_eq!(ris["authors"], serde_json::json!(["Novak, Ana", "Port Authority"]));
    assert_eq!(ris["title"], "Water {charges} & dues: 100 % of them_");
    assert_eq!(ris["doi"], "10.1000/182");
    assert!(read["csl"][0].as_str().unwrap().contains("Novak"), "{read}");
}

/// A folder of the test's own.
pub fn tempfile() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("factdesk-{}", uuid::Uuid::new_v4().simple()));
    std::fs::create_dir(&folder).unwrap();
    folder
}
