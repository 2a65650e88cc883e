//! What stands around every page, and how pages are answered.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;
use uuid::Uuid;

use super::demo_mode;
use crate::auth::permission::{
    AddArticle, CiteEvidence, ManageDesk, ManageScales, ReadDrafts, ReadRecord, ReadReports,
};
use crate::auth::{Desk, Person, Role, Viewer, Waiting};
use crate::error::Error;
use crate::error::Result;

/// The frame of a page: who looks, at which desk, and what they may go to. `templates/base.html` draws it.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "templates ask for each of them by its own name")]
pub struct Shell {
    pub desk: Option<Desk>,
    pub person: Option<Person>,
    pub roles: Vec<Role>,
    /// Whether the person belongs to the desk.
    pub member: bool,
    /// What waits for the person at the desk.
    pub waiting: Waiting,
    pub may_add_articles: bool,
    pub may_cite: bool,
    pub may_manage: bool,
    pub may_manage_scales: bool,
    pub may_read_record: bool,
    pub may_read_drafts: bool,
    pub may_read_reports: bool,
    /// Whether this is the throw-away server with sample content.
    pub demo: bool,
}

impl Shell {
    /// The frame for somebody who looks at a desk.
    #[must_use]
    pub fn new(viewer: &Viewer) -> Self {
        Self {
            member: viewer.is_member(),
            waiting: viewer.waiting,
            may_add_articles: viewer.may::<AddArticle>(),
            may_cite: viewer.may::<CiteEvidence>(),
            may_manage: viewer.may::<ManageDesk>(),
            may_manage_scales: viewer.may::<ManageScales>(),
            may_read_record: viewer.may::<ReadRecord>(),
            may_read_drafts: viewer.may::<ReadDrafts>(),
            may_read_reports: viewer.may::<ReadReports>(),
            desk: Some(viewer.desk.clone()),
            person: viewer.person.clone(),
            roles: viewer.roles.clone(),
            demo: demo_mode::is_on(),
        }
    }

    /// The frame of a page that belongs to no desk.
    #[must_use]
    pub fn outside(person: Option<Person>) -> Self {
        Self { person, demo: demo_mode::is_on(), ..Self::default() }
    }

    /// Where the pages about agreement begin for the person.
    #[must_use]
    pub const fn agreement(&self) -> &'static str {
        if self.may_read_drafts { "/agreement" } else { "/agreement/marking" }
    }

    /// The language of the page's frame and of what the desk writes.
    #[must_use]
    pub fn language(&self) -> &str {
        self.desk.as_ref().map_or("en", |desk| &desk.language)
    }

    /// The direction of the frame's script.
    #[must_use]
    pub fn direction(&self) -> &'static str {
        // The scripts that run from right to left, by the languages that are written in them.
        let language = self.language().split('-').next().unwrap_or_default();
        if matches!(language, "ar" | "arc" | "ckb" | "dv" | "fa" | "he" | "ps" | "sd" | "ug" | "ur" | "yi") {
            "rtl"
        } else {
            "ltr"
        }
    }

    /// The path of something of this desk, as in `shell.path("/claims")`.
    #[must_use]
    pub fn path(&self, rest: &str) -> String {
        format!("/{}{rest}", self.slug())
    }

    /// The desk's name in addresses; empty outside of a desk.
    #[must_use]
    pub fn slug(&self) -> &str {
        self.desk.as_ref().map_or("", |desk| &desk.slug)
    }

    /// How many notifications were not read, as far as they are counted.
    #[must_use]
    pub fn unread(&self) -> String {
        match self.waiting.unread {
            100.. => "99+".to_owned(),
            unread => unread.to_string(),
        }
    }

    /// What proves that a form is from this session.
    #[must_use]
    pub fn csrf(&self) -> &str {
        self.person.as_ref().map_or("", |person| &person.csrf)
    }

    /// A new key for a form, which tells a repeated sending from a new one.
    #[must_use]
    pub fn submission(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// Answers with a page. It is made for whoever asked: nobody else's cache may keep it.
///
/// # Errors
/// [`Error::Internal`] when the template fails.
pub fn page(status: StatusCode, template: &impl Template) -> Result<HttpResponse> {
    Ok(html(status).body(template.render().map_err(Error::internal)?))
}

/// The beginning of an HTML answer.
#[must_use]
pub fn html(status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"));
    response
}

/// Sends the browser on after a change.
#[must_use]
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()
}
