//! Our own files: built into the program, under one digest that names them all, so that they can be kept for ever.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static");

/// The one stylesheet: every file in `static/css`, in the order of their names.
const STYLESHEET: &str = "css/app.css";

static ASSETS: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let mut assets = BTreeMap::new();
    let mut stylesheet = Vec::new();
    collect(&FILES, &mut |path, contents| {
        if path.starts_with("css/") {
            stylesheet.extend_from_slice(contents);
        } else {
            assets.insert(path.to_owned(), contents.to_vec());
        }
    });
    assets.insert(STYLESHEET.to_owned(), stylesheet);
    assets
});

static DIGEST: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for (path, contents) in ASSETS.iter() {
        hash.update(path.as_bytes());
        hash.update([0]);
        hash.update(contents);
    }
    hash.finalize().iter().take(8).fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
});

fn collect(folder: &'static Dir<'static>, found: &mut impl FnMut(&str, &'static [u8])) {
    let mut files: Vec<_> = folder.files().collect();
    files.sort_by_key(|file| file.path());
    for file in files {
        found(&file.path().to_string_lossy(), file.contents());
    }
    let mut folders: Vec<_> = folder.dirs().collect();
    folders.sort_by_key(|folder| folder.path());
    for folder in folders {
        collect(folder, found);
    }
}

/// The address of one of our files, as in `asset("js/article.js")`.
#[must_use]
pub fn asset(path: &str) -> String {
    debug_assert!(ASSETS.contains_key(path), "there is no static file {path}");
    format!("/static/{}/{path}", *DIGEST)
}

/// Names all files as they are now: part of every page's `ETag`.
#[must_use]
pub fn digest() -> &'static str {
    &DIGEST
}

/// Serves one of our files.
#[get("/static/{digest}/{path:.*}")]
pub async fn serve(path: Path<(String, String)>) -> Result<HttpResponse> {
    let (digest, path) = path.into_inner();
    let contents = ASSETS.get(&path).ok_or(Error::NotFound("file"))?;
    // An older page may still name an older digest: it gets today's file, and does not keep it.
    let cache = if digest == *DIGEST { "public, max-age=31536000, immutable" } else { "no-store" };
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::CONTENT_TYPE, media_type(&path)))
        .body(contents.as_slice()))
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
