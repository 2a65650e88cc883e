//! Kept copies as WARC and WACZ: whole, for those who may have them, and accepted by the programs that others use.

use std::io::{Read as _, Write as _};
use std::path::Path;

use factdesk::auth::Role;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use reqwest::{Method, StatusCode};
use sha2::{Digest as _, Sha256};

use crate::harness::{Browser, Fixture, Server};
use crate::published::{self, DRAFT, PUBLISHED};
use crate::references::{SOURCE, run, tempfile, tool};

const SECRET: &str = "01900000-0000-7000-8000-0000000000e2";

/// Keeps bytes as a copy of a source, as the job does; without a status, as a member hands it in.
async fn keep(server: &Server, desk: &Fixture, source: &str, number: i32, status: Option<u16>, bytes: &[u8]) {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).unwrap();
    let hex = |bytes: &[u8]| bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    let (hash, member) = (hex(&Sha256::digest(bytes)), hex(&packer.finish().unwrap()));
    let snapshot = uuid::Uuid::now_v7();
    let (how, status, headers, address) = match status {
        Some(status) => (
            "url",
            status.to_string(),
            r#"'[["content-type","text/html; charset=utf-8"],["content-encoding","br"],["x-note","ü"]]'"#,
            format!("'https://stats.example.org/water?{number}'"),
        ),
        None => ("file", "NULL".to_owned(), "NULL", "NULL".to_owned()),
    };
    let (desk, editor) = (desk.id, desk.member(Role::Editor));
    run(
        server,
        &format!(
            "SET session_replication_role = replica;
             INSERT INTO blobs (desk_id, sha256, size, packed, event_id)
             SELECT '{desk}', '\\x{hash}', {}, '\\x{member}', id FROM events WHERE desk_id = '{desk}' LIMIT 1
             ON CONFLICT DO NOTHING;
             INSERT INTO snapshots (desk_id, id, sha256, how, address, final_address, status, headers, received_at, created_by, event_id)
             SELECT '{desk}', '{snapshot}', '\\x{hash}', '{how}', {address}, {address}, {status}, {headers}, '2026-09-30 10:00:00.5Z', '{editor}', id
             FROM events WHERE desk_id = '{desk}' LIMIT 1;
             INSERT INTO source_copies (desk_id, id, source_id, number, snapshot_id, media_type, no_text, reader, created_by, created_at, event_id)
             SELECT '{desk}', '{}', '{source}', {number}, '{snapshot}', 'text/html', 'blank', 'test', '{editor}', now(), id
             FROM events WHERE desk_id = '{desk}' LIMIT 1;
             RESET session_replication_role",
            bytes.len(),
            uuid::Uuid::now_v7(),
        ),
    )
    .await;
}

async fn world() -> (Server, Fixture) {
    let (server, desk) = published::server().await;
    let page = "<p>412 in 2021, 540 in 2026</p>".repeat(5_000).into_bytes();
    keep(&server, &desk, SOURCE, 1, Some(200), &page).await;
    keep(&server, &desk, SOURCE, 2, Some(200), &page).await;
    keep(&server, &desk, SOURCE, 3, None, b"%PDF-1.7 handed in").await;
    keep(&server, &desk, SECRET, 1, Some(200), b"told in confidence").await;
    (server, desk)
}

async fn take(browser: &Browser, path: &str, to: &Path) -> Vec<u8> {
    let answer = browser.request(Method::GET, path).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let bytes = answer.bytes().await.unwrap().to_vec();
    std::fs::write(to, &bytes).unwrap();
    bytes
}

fn text(bytes: &[u8]) -> String {
    let mut text = Vec::new();
    MultiGzDecoder::new(bytes).read_to_end(&mut text).unwrap();
    String::from_utf8_lossy(&text).into_owned()
}

#[actix_web::test]
async fn a_warc_of_each_kind_passes_warcio() {
    let (server, _) = world().await;
    let member = server.sign_in(Role::Annotator).await;
    let folder = tempfile();
    for (name, path) in [
        ("claim", format!("/demo/claims/{PUBLISHED}/copies.warc.gz")),
        ("source", format!("/demo/sources/{SOURCE}/copies.warc.gz")),
        ("desk", "/demo/copies.warc.gz".to_owned()),
    ] {
        let file = folder.join(format!("{name}.warc.gz"));
        let warc = text(&take(&member, &path, &file).await);
        let of = |kind: &str| warc.matches(&format!("\r\nWARC-Type: {kind}\r\n")).count();
        assert_eq!((of("response"), of("revisit"), of("resource")), (1, 1, 1), "{name}");
        assert!(warc.contains("X-Archive-Orig-content-encoding: br"));
        assert!(!warc.contains("told in confidence"), "nothing of confidential sources leaves");
        let check = tool("warcio").args(["check", "-v"]).arg(&file).output().unwrap();
        let said = String::from_utf8_lossy(&check.stdout);
        assert!(check.status.success(), "{name}: {said}{}", String::from_utf8_lossy(&check.stderr));
        assert!(said.matches("digest pass").count() >= 2 && !said.contains("failed"), "{name}: {said}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[actix_web::test]
async fn a_wacz_of_each_kind_passes_py_wacz() {
    let (server, _) = world().await;
    let member = server.sign_in(Role::Annotator).await;
    let folder = tempfile();
    for (name, path) in [
        ("claim", format!("/demo/claims/{PUBLISHED}/copies.wacz")),
        ("desk", "/demo/copies.wacz".to_owned()),
        // Of this claim nothing is kept.
        ("empty", format!("/demo/claims/{DRAFT}/copies.wacz")),
    ] {
        let file = folder.join(format!("{name}.wacz"));
        take(&member, &path, &file).await;
        let check = tool("wacz").args(["validate", "-f"]).arg(&file).output().unwrap();
        let said = String::from_utf8_lossy(&check.stdout);
        assert!(
            check.status.success() && !said.to_lowercase().contains("not match") && !said.contains("nvalid"),
            "{name}: {said}{}",
            String::from_utf8_lossy(&check.stderr)
        );
        let mut zip = zip::ZipArchive::new(std::fs::File::open(&file).unwrap()).unwrap();
        let stored = zip.by_name("archive/data.warc.gz").unwrap().compression();
        assert_eq!(stored, zip::CompressionMethod::Stored);
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[actix_web::test]
async fn readers_get_copies_only_where_the_desk_gives_them_out() {
    let (server, desk) = world().await;
    let reader = server.visitor();
    let claim = |claim: &str| format!("/demo/claims/{claim}/copies.warc.gz");
    for path in [claim(PUBLISHED), format!("/demo/sources/{SOURCE}/copies.wacz")] {
        assert_eq!(reader.get(&path).await.status, StatusCode::NOT_FOUND);
    }
    run(
        &server,
        &format!(
            "INSERT INTO source_settings (desk_id, copies_public, hand_to, reference_style, event_id)
             SELECT desk_id, true, '{{}}', 'apa', id FROM events WHERE desk_id = '{}' LIMIT 1",
            desk.id
        ),
    )
    .await;
    let folder = tempfile();
    let file = folder.join("copies.warc.gz");
    assert!(text(&take(&reader, &claim(PUBLISHED), &file).await).contains("412 in 2021"));
    assert!(
        text(&take(&reader, &format!("/demo/sources/{SOURCE}/copies.warc.gz"), &file).await)
            .contains("412 in 2021")
    );
    std::fs::remove_dir_all(folder).unwrap();
    assert_eq!(reader.get(&claim(DRAFT)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        reader.get(&format!("/demo/sources/{SECRET}/copies.warc.gz")).await.status,
        StatusCode::NOT_FOUND
    );
    assert_ne!(reader.get("/demo/copies.warc.gz").await.status, StatusCode::OK, "the whole is for members");
}
