//! One source: what is known of it and from where, its doubles, and where it is used.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use askama::Template;
use sqlx::PgConnection;

use crate::auth::permission::{CiteEvidence, ReadDesk};
use crate::auth::{Authorized, Viewer};
use crate::db::Pool;
use crate::editing::history::{self, History, Line};
use crate::editing::{self, Field, Form};
use crate::error::Result;
use crate::evidence::copies::Panel;
use crate::evidence::outside::{self, Archives};
use crate::evidence::sources::store::{self, Double, Use};
use crate::evidence::sources::{Access, Finding, SOURCE, Source, address};
use crate::id::SourceId;
use crate::text::import::Origin;
use crate::web::{Shell, page};

#[derive(Template)]
#[template(path = "evidence/sources/show.html")]
pub(super) struct SourcePage {
    shell: Shell,
    source: Source,
    /// The source that stands for this one.
    into: Option<Source>,
    /// The tracking parameters that were cut from its address.
    cut: Vec<String>,
    /// Where it was found besides.
    addresses: Vec<String>,
    /// Sources that were merged into this one.
    merged: Vec<Source>,
    /// Sources that may be the same document.
    doubles: Vec<Double>,
    uses: Vec<Use>,
    /// Whether the member may edit and merge.
    may_cite: bool,
    /// For those who may edit.
    form: Option<Form>,
    /// What was typed into the form that merges, and what is wrong with it.
    merging: Option<(String, String)>,
    /// Its copies in archives outside; not when something was refused.
    outside: Option<outside::Section>,
    history: History,
    copies: Panel,
}

impl SourcePage {
    /// Loads the page of a source.
    ///
    /// # Errors
    /// [`crate::error::Error::NotFound`] when the desk has no such source.
    pub(super) async fn load(conn: &mut PgConnection, viewer: &Viewer, id: SourceId) -> Result<Self> {
        let desk = viewer.desk.id;
        let shell = Shell::new(viewer);
        let source = store::source(conn, desk, id).await?;
        let into = match source.merged_into {
            Some(into) => Some(store::source(conn, desk, into).await?),
            None => None,
        };
        let may_cite = viewer.may::<CiteEvidence>();
        let form = (may_cite && into.is_none()).then(|| form(&shell, &source));
        let history = history(conn, viewer, &shell, id, form.is_some()).await?;
        Ok(Self {
            cut: store::cut(conn, desk, id).await?,
            addresses: store::addresses(conn, desk, id).await?,
            merged: store::merged(conn, desk, id).await?,
            doubles: if into.is_none() { store::of_source(conn, desk, id).await? } else { Vec::new() },
            uses: store::uses(conn, desk, id).await?,
            copies: Panel::load(conn, viewer, id).await?,
            merging: None,
            outside: None,
            shell,
            source,
            into,
            may_cite,
            form,
            history,
        })
    }

    /// The page after a merger was refused.
    pub(super) fn refused(mut self, typed: String, words: String) -> Self {
        self.merging = Some((typed, words));
        self
    }

    fn path(&self, rest: &str) -> String {
        format!("{}{rest}", address(self.shell.slug(), self.source.id))
    }

    /// Whether it may be named outside of the desk.
    fn may_leave(&self) -> bool {
        self.source.access != Access::Confidential
    }

    fn path_of(&self, source: &Source, rest: &str) -> String {
        format!("{}{rest}", address(self.shell.slug(), source.id))
    }

    /// Where the value of a field was found; nothing for an unknown one and for what a person gave.
    fn origin(&self, field: &str) -> Option<Origin> {
        self.source.origin(field)
    }

    /// What the newest copy says otherwise, where somebody gave something else.
    fn otherwise(&self) -> Vec<(&'static Field, &Finding)> {
        self.source.otherwise()
    }
}

async fn history(
    conn: &mut PgConnection,
    viewer: &Viewer,
    shell: &Shell,
    id: SourceId,
    may_undo: bool,
) -> Result<History> {
    let entries = history::of(conn, viewer.desk.id, &[id.uuid()], None, history::PAGE).await?;
    let line = |entry: &editing::Entry| {
        let did = match &*entry.action {
            "source.create" => "added it",
            "source.describe" => "had it filled in from its copy",
            "source.merge" => "merged it into another",
            "source.part" => "parted it from the other again",
            "source.suspect" => "had it compared: it looks like another one",
            "source.distinguish" => "said that another one is a different document",
            "source.keep" => "had it archived",
            "source.miss" => "had it fetched in vain",
            "source.look" => "had its address looked at: it is no longer as it was, or is again",
            "source.archive" => "asked for a copy",
            "source.locate" => "had its address looked up: it leads on",
            _ => "changed it",
        };
        let mut line = Line::new(entry, did.to_owned(), &SOURCE);
        let can = matches!(&*entry.action, "source.edit" | "source.describe");
        line.undo = (may_undo && can).then_some(entry.id);
        line
    };
    Ok(History {
        lines: entries.iter().map(line).collect(),
        csrf: shell.csrf().to_owned(),
        undo: format!("{}/undo", address(shell.slug(), id)),
        versions: None,
    })
}

/// The form over all fields of a source.
pub(super) fn form(shell: &Shell, source: &Source) -> Form {
    let names: Vec<&str> = SOURCE.iter().map(|field| field.name).collect();
    Form::new(shell, "source", address(shell.slug(), source.id), &SOURCE, &names, &source.values())
}

#[get("/{desk}/sources/{source}")]
pub(super) async fn show(
    member: Authorized<ReadDesk>,
    path: Path<(String, SourceId)>,
    archives: Data<Archives>,
    pool: Pool,
) -> Result<HttpResponse> {
    let (conn, viewer) = (&mut *pool.acquire().await?, member.viewer());
    let mut shown = SourcePage::load(conn, &viewer, path.1).await?;
    if shown.into.is_none() {
        shown.outside = Some(outside::Section::load(conn, &viewer, &archives, path.1).await?);
    }
    page(StatusCode::OK, &shown)
}
