use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use sha2::{Digest as _, Sha256};
use time::macros::datetime;
use uuid::Uuid;

use super::*;

fn copy(bytes: &[u8]) -> Copy {
    Copy {
        id: Uuid::now_v7(),
        address: "https://www.example.org/A?b=1".to_owned(),
        status: Some(200),
        headers: vec![
            ("content-type".to_owned(), "text/html; charset=utf-8".to_owned()),
            ("content-encoding".to_owned(), "gzip".to_owned()),
            ("x-odd".to_owned(), "one\r\nWARC-Type: two".to_owned()),
        ],
        media_type: "text/html".to_owned(),
        received_at: datetime!(2026-09-28 10:00 +2),
        sha256: Sha256::digest(bytes).to_vec(),
        title: Some("A page".to_owned()),
        same_as: None,
    }
}

fn unpacked(bytes: &[u8]) -> String {
    let mut text = String::new();
    MultiGzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

#[test]
fn an_answer_is_a_response_with_its_headers() {
    let bytes = b"<p>words</p>";
    let text = unpacked(&record::write(&copy(bytes), bytes).unwrap().member);
    let (head, block) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("WARC/1.1\r\nWARC-Type: response\r\n"), "{head}");
    assert!(head.contains("\r\nWARC-Date: 2026-09-28T08:00:00Z\r\n"));
    assert!(head.contains(&format!("\r\nWARC-Payload-Digest: {}\r\n", sha256(bytes))));
    let block = block.strip_suffix("\r\n\r\n").unwrap();
    assert!(head.ends_with(&format!("Content-Length: {}", block.len())));
    let expected = "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n\
                    X-Archive-Orig-content-encoding: gzip\r\nx-odd: one  WARC-Type: two\r\n\r\n<p>words</p>";
    assert_eq!(block, expected);
}

#[test]
fn a_file_is_a_resource_and_the_same_bytes_are_a_revisit() {
    let bytes = b"%PDF-1.7";
    let file = Copy { status: None, headers: Vec::new(), address: "urn:uuid:1".to_owned(), ..copy(bytes) };
    let text = unpacked(&record::write(&file, bytes).unwrap().member);
    assert!(
        text.contains("WARC-Type: resource")
            && text.contains("Content-Type: text/html")
            && text.contains("%PDF")
    );

    let earlier = Earlier { id: file.id, address: file.address, received_at: file.received_at };
    let again = Copy { same_as: Some(earlier), ..copy(bytes) };
    let text = unpacked(&record::write(&again, &[]).unwrap().member);
    assert!(
        text.contains("WARC-Type: revisit") && text.contains("WARC-Refers-To-Target-URI: urn:uuid:1"),
        "{text}"
    );
    assert!(!text.contains("%PDF"));
}

#[test]
fn addresses_are_sorted_by_their_hosts_from_the_end() {
    for (address, key) in [
        ("https://www.Example.org/A?b=1", "org,example)/a?b=1"),
        ("http://sub.example.org:8080/", "org,example,sub:8080)/"),
        ("http://192.0.2.1/x", "192.0.2.1)/x"),
        ("urn:uuid:1 2", "urn:uuid:1%202"),
    ] {
        assert_eq!(index::sort_key(address), key);
    }
}

#[test]
fn a_package_lists_its_parts_with_their_hashes() {
    let bytes = b"<p>words</p>";
    let mut package = Package::begin(Form::Wacz, "All copies", datetime!(2026-10-01 0:00 UTC)).unwrap();
    let (mut file, mut offsets) = (Vec::new(), Vec::new());
    for number in 0..3 {
        let copy = Copy { address: format!("https://example.org/{}", 3 - number), ..copy(bytes) };
        let written = record::write(&copy, bytes).unwrap();
        package.add(&copy, &written).unwrap();
        offsets.push(written.member.len());
        file.extend(package.take());
    }
    file.extend(package.end().unwrap());

    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let mut read = |name: &str| {
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    let about: serde_json::Value = serde_json::from_slice(&read("datapackage.json")).unwrap();
    for part in about["resources"].as_array().unwrap() {
        let bytes = read(part["path"].as_str().unwrap());
        assert_eq!(
            (part["hash"].as_str(), part["bytes"].as_u64()),
            (Some(&*sha256(&bytes)), Some(bytes.len() as u64))
        );
    }
    let digest: serde_json::Value = serde_json::from_slice(&read("datapackage-digest.json")).unwrap();
    assert_eq!(digest["hash"], sha256(&read("datapackage.json")));

    let index = unpacked(&read("indexes/index.cdx.gz"));
    let warc = read("archive/data.warc.gz");
    let mut lines = Vec::new();
    for line in index.lines() {
        lines.push(line.split(' ').next().unwrap().to_owned());
        let about: serde_json::Value = serde_json::from_str(&line[line.find('{').unwrap()..]).unwrap();
        let number = |name: &str| about[name].as_str().unwrap().parse::<usize>().unwrap();
        let member = &warc[number("offset")..number("offset") + number("length")];
        assert!(
            unpacked(member).contains(about["url"].as_str().unwrap()),
            "each is found where the index says"
        );
    }
    assert_eq!(lines, ["org,example)/1", "org,example)/2", "org,example)/3"]);
    assert_eq!(String::from_utf8(read("pages/pages.jsonl")).unwrap().lines().count(), 4);
}
