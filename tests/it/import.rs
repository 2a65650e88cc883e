//! `factdesk import`: a folder or an archive at once.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::files::{docx, pdf};
use crate::harness::Server;

/// A folder that is gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("factdesk-import-{}", uuid::Uuid::new_v4().simple()));
        fs::create_dir_all(folder.join("deep/.hidden")).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> &Self {
        fs::write(self.0.join(name), bytes).unwrap();
        self
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn import(server: &Server, handle: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_factdesk"))
        .env("DATABASE_URL", server.database_url())
        .env_remove("DATABASE_DIRECT_URL")
        .args(["import", "--desk", "demo", "--as", handle])
        .args(arguments)
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        file.start_file(*name, SimpleFileOptions::default()).unwrap();
        file.write_all(bytes).unwrap();
    }
    file.finish().unwrap().into_inner()
}

fn tar_gz(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        // As somebody who means harm writes it: the library itself refuses such names.
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        file.append(&header, *bytes).unwrap();
    }
    let mut link = tar::Header::new_ustar();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    link.set_path("link.txt").unwrap();
    link.set_link_name("/etc/passwd").unwrap();
    link.set_cksum();
    file.append(&link, std::io::empty()).unwrap();
    file.into_inner().unwrap().finish().unwrap()
}

#[actix_web::test]
async fn a_folder_comes_in_with_doubles_found_and_refusals_named() {
    let server = Server::start().await;
    server.desk("demo").await;
    let folder = Folder::new();
    folder
        .write("a.html", b"<html lang=en><title>The harbour</title><link rel=canonical href='https://e.example/1'><article><h1>The harbour</h1><p>The harbour is deep, said the minister on Monday, and nobody asked.</p></article>")
        .write("b.pdf", &pdf(&["The report says little."]))
        .write("deep/c.docx", &docx("The letter says more."))
        .write("deep/d.txt", b"The letter says more.")
        .write("deep/e.html", b"\x89PNG\r\n\x1a\n")
        .write("deep/.hidden/f.txt", b"Not to be seen.");
    let all = folder.0.display().to_string();
    let handle = "annotator.demo";

    let dry = import(&server, handle, &["--dry-run", &all]);
    assert_eq!(out(&dry), "5 files: 3 would be added, 1 here already, 1 refused.\n", "{}", err(&dry));
    assert!(!dry.status.success());
    assert_eq!(server.count("SELECT count(*) FROM events").await, 0);

    let table = folder.path("report.csv");
    let done = import(&server, handle, &["--report", &table, &all]);
    assert_eq!(out(&done), "5 files: 3 added, 1 here already, 1 refused.\n", "{}", err(&done));
    assert!(err(&done).contains("e.html: This is a picture."), "{}", err(&done));
    assert!(err(&done).ends_with("factdesk: 1 of 5 files were refused\n"), "{}", err(&done));
    let table = fs::read_to_string(table).unwrap();
    assert!(table.starts_with("file,outcome,article,why\n"), "{table}");
    assert_eq!(table.lines().filter(|line| line.contains(",added,")).count(), 3, "{table}");
    assert_eq!(table.lines().filter(|line| line.contains(",double,")).count(), 1, "{table}");
    assert_eq!(
        server
            .count(
                "SELECT count(*) FROM articles WHERE url = 'https://e.example/1' AND title = 'The harbour'"
            )
            .await,
        1
    );
    assert_eq!(
        server
            .count("SELECT count(*) FROM article_versions v JOIN snapshots s ON s.id = v.snapshot_id")
            .await,
        3
    );
    assert_eq!(server.count("SELECT count(*) FROM events WHERE action = 'article.add'").await, 3);

    // Once more, nothing new comes in; another text of an address becomes a version when it is asked for.
    folder.write("a.html", b"<html lang=en><title>The harbour</title><link rel=canonical href='https://e.example/1'><article><h1>The harbour</h1><p>The harbour is shallow, said the minister on Monday, and nobody asked.</p></article>");
    let again = import(&server, handle, &[&folder.path("a.html"), &folder.path("b.pdf")]);
    assert_eq!(out(&again), "2 files: 0 added, 1 here already, 1 here with another text, 0 refused.\n");
    assert!(again.status.success(), "{}", err(&again));
    let update = import(&server, handle, &["--update", &folder.path("a.html")]);
    assert_eq!(
        out(&update),
        "1 files: 0 added, 1 added as next versions, 0 here already, 0 refused.\n",
        "{}",
        err(&update)
    );
    assert_eq!(server.count("SELECT count(*) FROM article_versions WHERE number = 2").await, 1);
}

#[actix_web::test]
async fn archives_are_read_and_what_in_them_means_harm_is_refused() {
    let server = Server::start().await;
    server.desk("demo").await;
    let folder = Folder::new();
    let bomb = vec![b'a'; 5_000_000];
    folder
        .write(
            "a.zip",
            &zip(&[
                ("one.txt", b"One text."),
                ("../../outside.txt", b"Outside."),
                ("bomb.txt", &bomb),
                ("__MACOSX/._one.txt", b"Nothing."),
                ("letter.docx", &docx("A letter.")),
            ]),
        )
        .write(
            "b.tar.gz",
            &tar_gz(&[
                ("two.txt", b"Two texts."),
                ("../../etc/outside.txt", b"Outside."),
                ("big.txt", &vec![b'b'; 10_000_001]),
            ]),
        )
        .write("c.zip", b"PK\x03\x04 broken");

    let done = import(
        &server,
        "editor.demo",
        &[&folder.path("a.zip"), &folder.path("b.tar.gz"), &folder.path("c.zip")],
    );

    let told = err(&done);
    assert_eq!(out(&done), "9 files: 3 added, 0 here already, 6 refused.\n", "{told}");
    assert_eq!(told.matches("Its name leads out of the archive.").count(), 2, "{told}");
    assert!(told.contains("bomb.txt: This file is far larger unpacked"), "{told}");
    assert!(told.contains("big.txt: This file is larger than 10 MB"), "{told}");
    assert!(told.contains("link.txt: This is a link"), "{told}");
    assert!(told.contains("c.zip: This archive is damaged"), "{told}");
    assert!(!Path::new("/etc/outside.txt").exists() && !folder.0.join("../../outside.txt").exists());
    assert_eq!(server.count("SELECT count(*) FROM articles").await, 3);
}

#[actix_web::test]
async fn only_a_member_who_may_add_articles_takes_in() {
    let server = Server::start().await;
    server.desk("demo").await;
    server.desk("other").await;
    let folder = Folder::new();
    folder.write("a.txt", b"Some words.");
    let file = folder.path("a.txt");
    for (handle, words) in [
        ("auditor.demo", "does not allow you to add an article"),
        ("editor.other", "There is no such member of this desk."),
        ("nobody", "There is no such account."),
    ] {
        let refused = import(&server, handle, &[&file]);
        assert!(!refused.status.success());
        assert!(err(&refused).contains(words), "{handle}: {}", err(&refused));
    }
    let nowhere = import(&server, "editor.demo", &[&folder.path("missing")]);
    assert!(err(&nowhere).contains("missing"), "{}", err(&nowhere));
    assert_eq!(server.count("SELECT count(*) FROM events").await, 0);
}
