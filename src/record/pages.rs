//! The page of the record.

use actix_web::http::StatusCode;
use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use time::macros::format_description;
use uuid::Uuid;

use super::store::{self, Entry};
use crate::audit::verify::{Report, verify};
use crate::auth::Authorized;
use crate::auth::permission::ReadRecord;
use crate::db::Pool;
use crate::error::Result;
use crate::web::paging::Page;
use crate::web::{Shell, page};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Entries before this one.
    before: Option<Uuid>,
    /// Only what happened to this thing.
    about: Option<Uuid>,
    /// Whether to check the chain.
    check: Option<String>,
}

#[derive(Template)]
#[template(path = "record/list.html")]
struct RecordPage {
    shell: Shell,
    entries: Page<Entry>,
    about: Option<Uuid>,
    report: Option<Report>,
}

impl RecordPage {
    fn time(entry: &Entry) -> String {
        let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
        entry.at.format(format).unwrap_or_default()
    }

    /// The address of the page of what an entry is about, where it has one.
    fn link(&self, entry: &Entry) -> Option<String> {
        let folder = match entry.entity.as_str() {
            "article" => "articles",
            "claim" => "claims",
            "source" => "sources",
            "agent" => "agents",
            "scale" => "scales",
            _ => return None,
        };
        Some(self.shell.path(&format!("/{folder}/{}", entry.entity_id)))
    }
}

/// Every change at the desk, newest first; with `check`, whether it is what was sealed.
#[get("/{desk}/record")]
pub async fn list(reader: Authorized<ReadRecord>, asked: Query<Asked>, pool: Pool) -> Result<HttpResponse> {
    let desk = reader.desk.id;
    let report = match &asked.check {
        Some(_) => Some(verify(&pool, desk).await?),
        None => None,
    };
    let entries = store::list(&pool, desk, asked.before, asked.about).await?;
    page(
        StatusCode::OK,
        &RecordPage { shell: Shell::new(&reader.viewer()), entries, about: asked.about, report },
    )
}
