//! The page of the record.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use time::macros::format_description;
use uuid::Uuid;

use super::back::{Back, back};
use super::store::{self, Entry};
use crate::audit::head::{Head, Pin};
use crate::audit::signing::SigningKey;
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
    /// A head that was noted elsewhere, which the chain has to go on from.
    head: Option<String>,
}

#[derive(Template)]
#[template(path = "record/list.html")]
struct RecordPage {
    shell: Shell,
    entries: Page<Entry>,
    about: Option<Uuid>,
    /// The end of the chain as it stands.
    head: Pin,
    is_signed: bool,
    report: Option<Report>,
    /// The head that was asked about, and what is wrong with it.
    noted: String,
    problem: Option<&'static str>,
}

impl RecordPage {
    fn time(entry: &Entry) -> String {
        let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
        entry.at.format(format).unwrap_or_default()
    }

    /// How the change is taken back, in words.
    fn back(entry: &Entry) -> Option<String> {
        Some(match back(&entry.action)? {
            Back::Undo => "Undo it where its changes are listed.".to_owned(),
            Back::By(words) => words.to_owned(),
            Back::Stays(words) => format!("It stays: {words}"),
        })
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
pub async fn list(
    reader: Authorized<ReadRecord>,
    asked: Query<Asked>,
    key: Data<Option<SigningKey>>,
    pool: Pool,
) -> Result<HttpResponse> {
    let desk = reader.desk.id;
    let noted = asked.head.as_deref().map(str::trim).filter(|head| !head.is_empty());
    let pin: Result<Option<Pin>, _> = noted.map(str::parse).transpose();
    let report = match (&asked.check, &pin) {
        (Some(_), Ok(pin)) => Some(verify(&pool, desk, pin.as_slice()).await?),
        _ => None,
    };
    let entries = store::list(&pool, desk, asked.before, asked.about).await?;
    let head = Head::latest(&mut *pool.acquire().await?, desk).await?.pin;
    let status = if pin.is_err() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page(
        status,
        &RecordPage {
            shell: Shell::new(&reader.viewer()),
            entries,
            about: asked.about,
            head,
            is_signed: key.is_some(),
            report,
            noted: noted.unwrap_or_default().to_owned(),
            problem: pin.err(),
        },
    )
}
