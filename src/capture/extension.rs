//! The browser extension, as a file that already knows this server.

use std::io::{Cursor, Write as _};

use actix_web::http::header;
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse, get};
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::accounts::names::Slug;
use crate::base_url::BaseUrl;
use crate::error::{Error, Result};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/extension");

/// The file in which the extension finds the server it came from.
const PRESET: &str = "preset.json";

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    desk: String,
}

/// The extension, for unpacking and loading into a browser.
#[get("/extension.zip")]
pub(super) async fn download(request: HttpRequest, asked: Query<Asked>) -> Result<HttpResponse> {
    let desk = Slug::parse(&asked.desk);
    let desk = desk.as_ref().map_or("", Slug::as_str);
    let packed = pack(BaseUrl::of(&request).as_str(), desk).map_err(Error::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/zip"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"factdesk-extension.zip\""))
        .body(packed))
}

/// Its files in a folder of their own; always the same bytes for the same server and desk.
fn pack(server: &str, desk: &str) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut folders = vec![&FILES];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files() {
            let path = file.path().to_string_lossy();
            let preset = json!({ "server": server, "desk": desk }).to_string();
            let contents = if path == PRESET { preset.as_bytes() } else { file.contents() };
            archive.start_file(format!("factdesk-extension/{path}"), SimpleFileOptions::default())?;
            archive.write_all(contents)?;
        }
    }
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use serde_json::Value;
    use zip::ZipArchive;

    use super::*;

    fn read(archive: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> String {
        let mut text = String::new();
        archive.by_name(&format!("factdesk-extension/{name}")).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn the_file_has_all_of_it_and_knows_its_server() {
        let packed = pack("https://facts.example.org", "demo").unwrap();
        assert_eq!(packed, pack("https://facts.example.org", "demo").unwrap());
        let mut archive = ZipArchive::new(Cursor::new(packed)).unwrap();
        let preset: Value = serde_json::from_str(&read(&mut archive, PRESET)).unwrap();
        assert_eq!(preset, json!({ "server": "https://facts.example.org", "desk": "demo" }));
        let manifest: Value = serde_json::from_str(&read(&mut archive, "manifest.json")).unwrap();
        assert_eq!(manifest["permissions"], json!(["activeTab", "contextMenus", "scripting", "storage"]));
        assert_eq!(manifest.get("host_permissions"), None);
        assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
        for size in manifest["icons"].as_object().unwrap().values() {
            assert!(archive.by_name(&format!("factdesk-extension/{}", size.as_str().unwrap())).is_ok());
        }
        assert!(read(&mut archive, "collect.js").contains("factdesk: \"page\""));
    }

    #[test]
    fn every_message_that_is_asked_for_is_there() {
        let messages = FILES.get_file("_locales/en/messages.json").unwrap().contents_utf8().unwrap();
        let messages: Value = serde_json::from_str(messages).unwrap();
        for file in FILES.files() {
            let Some(text) = file.contents_utf8() else { continue };
            for start in ["data-message=\"", "say(\"", "__MSG_"] {
                for rest in text.split(start).skip(1) {
                    let name: String =
                        rest.chars().take_while(|sign| sign.is_ascii_lowercase() || *sign == '_').collect();
                    let name = name.trim_end_matches('_');
                    assert!(messages.get(name).is_some(), "{name} in {}", file.path().display());
                }
            }
        }
    }
}
