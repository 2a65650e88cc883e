//! Who made a claim in one place.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, post};
use askama::Template;
use askama::filters::HtmlSafe;
use serde::Deserialize;

use super::appearances::{apply, path};
use crate::auth::permission::MarkClaim;
use crate::claims::appearance::{Appearance, FIELDS};
use crate::claims::speakers as lines;
use crate::db::Pool;
use crate::editing::Sent;
use crate::error::Result;
use crate::id::{AppearanceId, ClaimId};
use crate::web::{Posted, Shell};

/// The form over the speakers of an appearance: a row for each, and an empty one.
#[derive(Clone, Debug, Template)]
#[template(path = "claims/_speakers.html")]
pub struct SpeakersForm {
    pub id: String,
    pub action: String,
    pub csrf: String,
    /// Name and office.
    pub rows: Vec<(String, String)>,
    /// The speakers that the form was made on.
    pub base: String,
    /// How many there are: the first cannot go up, an empty row neither.
    pub count: usize,
}

impl HtmlSafe for SpeakersForm {}

impl SpeakersForm {
    /// The form as the appearance has them.
    #[must_use]
    pub fn new(shell: &Shell, appearance: &Appearance) -> Self {
        let mut rows: Vec<_> = appearance
            .speakers
            .iter()
            .map(|speaker| (speaker.name.clone(), speaker.office.clone().unwrap_or_default()))
            .collect();
        let count = rows.len();
        rows.push(Default::default());
        Self {
            id: format!("speakers-{}", appearance.id),
            action: format!("{}/speakers", path(shell.slug(), appearance)),
            csrf: shell.csrf().to_owned(),
            rows,
            base: lines::written(&appearance.speakers),
            count,
        }
    }
}

/// The speakers of a form: rows of names and offices, or all of them as lines.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rows {
    speaker: Vec<String>,
    office: Vec<String>,
    /// The row that shall go up, counted from 0.
    up: Option<usize>,
    /// One a line, as the page of a conflict sends them.
    speakers: Option<String>,
    base_speakers: String,
}

impl Rows {
    fn lines(&self) -> String {
        if let Some(lines) = &self.speakers {
            return lines.clone();
        }
        let office = |row: usize| self.office.get(row).map_or("", String::as_str);
        let mut rows: Vec<String> =
            self.speaker.iter().enumerate().map(|(row, name)| lines::line(name, office(row))).collect();
        if let Some(up) = self.up.filter(|up| (1..rows.len()).contains(up)) {
            rows.swap(up, up - 1);
        }
        rows.retain(|row| !row.is_empty());
        rows.join("\n")
    }
}

/// Saves who made the claim in one place.
#[post("/{desk}/claims/{claim}/appearances/{appearance}/speakers")]
pub async fn save(
    request: HttpRequest,
    posted: Posted<MarkClaim, Rows>,
    at: Path<(String, ClaimId, AppearanceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let pairs = [("speakers", form.lines()), ("base_speakers", form.base_speakers)];
    let sent = Sent::read(&FIELDS, &pairs.map(|(name, text)| (name.to_owned(), text)))?;
    apply(&request, &by, submission.as_ref(), (at.1, at.2), &sent, &pool).await
}
