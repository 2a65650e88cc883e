//! Bytes in storage outside of the database: a folder, and a bucket that takes only what is signed.

use std::process::Command;

use factdesk::blobs::{self, Place, Storage};
use factdesk::error::Error;
use factdesk::id::DeskId;

use crate::harness::Bucket;

fn bucket(bucket: &Bucket) -> Storage {
    Storage::at(&"s3://facts/kept/copies".parse().unwrap(), bucket.settings())
        .unwrap()
        .expect("it is outside")
}

/// Whatever the storage is, bytes come back as they went, and others are noticed.
async fn keeps_bytes(storage: &Storage, spoil: impl AsyncFn(DeskId, &[u8])) {
    let (desk, other, bytes) = (DeskId::new(), DeskId::new(), vec![7; 3_000_000]);
    let hash = blobs::hash(&bytes);
    storage.put(desk, &hash, bytes.clone().into()).await.unwrap();
    storage.put(desk, &hash, bytes.clone().into()).await.unwrap();
    assert_eq!(storage.get(desk, &hash).await.unwrap(), bytes);
    assert!(matches!(storage.get(other, &hash).await, Err(Error::Internal(_))));
    spoil(desk, &hash).await;
    assert!(matches!(storage.get(desk, &hash).await, Err(Error::Internal(_))));
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[actix_web::test]
async fn a_bucket_keeps_bytes_under_their_hash_and_gets_signed_requests_only() {
    let its = Bucket::start();
    let storage = bucket(&its);

    keeps_bytes(&storage, async |desk, hash| {
        let name = format!("/facts/kept/copies/{desk}/{}", hex(hash));
        assert_eq!(its.names(), std::slice::from_ref(&name));
        its.spoil(&name, b"other bytes");
    })
    .await;

    assert_eq!(its.refused(), [""; 0]);
    let settings = its.settings_with("another secret");
    let stranger = Storage::at(&"s3://facts".parse().unwrap(), settings).unwrap().unwrap();
    assert!(stranger.put(DeskId::new(), &blobs::hash(b"x"), b"x".as_slice().into()).await.is_err());
    assert_eq!(its.refused().last().map(String::as_str), Some("the signature is another"));
}

#[actix_web::test]
async fn a_folder_keeps_bytes_under_their_hash() {
    let folder = std::env::temp_dir().join(format!("factdesk-blobs-{}", std::process::id()));
    let storage = Storage::at(&Place::Folder(folder.clone()), []).unwrap().unwrap();

    keeps_bytes(&storage, async |desk, hash| {
        let file = folder.join(desk.to_string()).join(hex(hash));
        std::fs::write(file, b"other bytes").unwrap();
    })
    .await;

    std::fs::remove_dir_all(folder).unwrap();
}

/// The tests of copies once more, in a process whose servers keep bytes outside.
fn the_same_tests_pass(place: &str) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["copies::", "--test-threads=2"])
        .env("FACTDESK_TEST_BLOBS", place)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(!said.contains(" 0 passed"), "{said}");
}

#[test]
fn the_same_tests_pass_with_a_bucket() {
    the_same_tests_pass("bucket");
}

#[test]
fn the_same_tests_pass_with_a_folder() {
    the_same_tests_pass("folder");
}
