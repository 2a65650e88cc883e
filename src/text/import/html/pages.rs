//! The pages in `tests/pages`, each with what is to be found in it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::text::address::SafeUrl;
use crate::text::filter::article;
use crate::text::import::{decode, from_html};

#[test]
fn the_article_of_each_page_is_found_and_nothing_else() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|kind| kind != "html") {
            continue;
        }
        count += 1;
        let page = SafeUrl::parse("https://courier.example/news/").unwrap();
        let (html, _) = decode(&fs::read(&path).unwrap(), None);
        let found = article(&from_html(&html, Some(&page)).unwrap());
        let wanted: Value = serde_json::from_slice(&fs::read(path.with_extension("json")).unwrap()).unwrap();
        for (name, value) in wanted.as_object().unwrap() {
            if found[name] != *value {
                wrong.push(format!("{}: {name}\n  found  {}\n  wanted {value}", path.display(), found[name]));
            }
        }
    }
    assert!(count >= 13, "{count} pages");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
