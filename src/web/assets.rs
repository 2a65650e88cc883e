//! Our own files: built into the program, under one digest that names them all, so that they can be kept for ever.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

use super::squeeze;
use crate::error::{Error, Result};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static");

/// The one stylesheet: every file in `static/css`, in the order of their names.
const STYLESHEET: &str = "css/app.css";
/// The scripts that pages name; each is served with what it imports, in one request.
const ENTRIES: &[&str] = &[
    "js/article.js",
    "js/assess.js",
    "js/bookmark.js",
    "js/capture.js",
    "js/citing.js",
    "js/copy.js",
    "js/forms.js",
    "js/keep.js",
    "js/kept.js",
    "js/keys.js",
    "js/mentions.js",
    "js/presence.js",
    "js/reading.js",
    "js/review.js",
];

static ASSETS: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let mut assets = BTreeMap::new();
    let mut stylesheet = String::new();
    let mut scripts = BTreeMap::new();
    collect(&FILES, &mut |path, contents| {
        if path.starts_with("css/") {
            stylesheet.push_str(&String::from_utf8_lossy(contents));
        } else if path.starts_with("js/") {
            scripts.insert(path.to_owned(), String::from_utf8_lossy(contents));
        } else {
            assets.insert(path.to_owned(), contents.to_vec());
        }
    });
    assets.insert(STYLESHEET.to_owned(), squeeze::style(&stylesheet).into_bytes());
    for &entry in ENTRIES {
        let mut text = String::new();
        inline(entry, &scripts, &mut BTreeSet::new(), &mut text);
        assets.insert(entry.to_owned(), squeeze::script(&text).into_bytes());
    }
    assets
});

/// Writes a module with the modules that it imports in the place of their imports, the first time each. All names at
/// their top level differ (`docs/design-system.md`, Files).
fn inline<'a>(
    path: &'a str,
    scripts: &'a BTreeMap<String, Cow<'static, str>>,
    written: &mut BTreeSet<&'a str>,
    text: &mut String,
) {
    let Some((path, source)) = scripts.get_key_value(path) else { return };
    if !written.insert(path) {
        return;
    }
    for line in source.lines().map(str::trim_start) {
        let imported =
            line.strip_prefix("import ").and_then(|line| line.split_once("\"./")?.1.split_once('"'));
        if let Some((name, _)) = imported {
            if let Some((name, _)) = scripts.get_key_value(&format!("js/{name}")) {
                inline(name, scripts, written, text);
            }
        } else {
            // An entry that imports nothing is loaded by another one when it is needed, which takes what it exports.
            let is_whole = written.len() == 1;
            text.push_str(line.strip_prefix("export ").filter(|_| !is_whole).unwrap_or(line));
            text.push('\n');
        }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn served(path: &str) -> String {
        String::from_utf8(ASSETS[path].clone()).unwrap()
    }

    #[test]
    fn an_entry_carries_what_it_imports_at_once() {
        for entry in ENTRIES {
            let script = served(entry);
            // What is only needed at times is asked for when it is.
            let imports =
                script.match_indices("import").filter(|(at, _)| !script[at + 6..].starts_with(['(', '.']));
            assert_eq!(imports.count(), 0, "{entry}");
            assert_eq!(script.contains("export"), *entry == "js/keep.js", "{entry}");
        }
    }

    #[test]
    fn no_two_modules_have_a_name_in_common() {
        let mut names = BTreeSet::new();
        for file in FILES.get_dir("js").unwrap().files() {
            for line in file.contents_utf8().unwrap().lines() {
                let line = line.strip_prefix("export ").unwrap_or(line);
                let kinds = ["const ", "let ", "function ", "async function "];
                let Some(rest) = kinds.iter().find_map(|kind| line.strip_prefix(kind)) else { continue };
                let name = rest.split(|sign: char| !(sign.is_alphanumeric() || "_$".contains(sign))).next();
                assert!(names.insert(name), "{name:?} in {}", file.path().display());
            }
        }
    }

    #[test]
    fn scripts_and_styles_keep_to_their_budget() {
        assert!(served("js/article.js").len() <= 20 * 1024, "{}", served("js/article.js").len());
        assert!(served(STYLESHEET).len() <= 40 * 1024, "{}", served(STYLESHEET).len());
    }
}
