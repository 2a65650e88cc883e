//! Looking at what came in before it becomes an article.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use askama::Template;
use sqlx::PgPool;

use crate::articles::incoming::{self, Incoming, State};
use crate::articles::intake::{self, Reading, read_apart};
use crate::articles::pages::blocks::{self, Piece, Shown};
use crate::articles::pages::{Drawn, drawn};
use crate::articles::snapshots::{self, Kept};
use crate::articles::store::{self, Twin, hash};
use crate::articles::{details, hex};
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::db::Pool;
use crate::editing::Values;
use crate::error::{Error, Result};
use crate::id::IntakeId;
use crate::isolated::Isolated;
use crate::text::document::leave_out;
use crate::web::problems::Problems;
use crate::web::{Shell, page, see_other};

#[derive(Template)]
#[template(path = "incoming/check.html")]
struct CheckPage {
    shell: Shell,
    problems: Problems,
    fields: Vec<Drawn>,
    incoming: Incoming,
    kept: Kept,
    reading: Reading,
    /// As what the blocks are numbered.
    seen: String,
    twin: Option<Twin>,
    /// Whether the text is read in another way than it was shown in before.
    reread: bool,
    words: usize,
    blocks: usize,
    shown: Vec<Shown>,
    suggested: usize,
    controls: usize,
}

#[derive(Template)]
#[template(path = "incoming/settled.html")]
struct SettledPage {
    shell: Shell,
    incoming: Incoming,
}

/// Something that came in, with its bytes and what they say.
pub(super) struct Opened {
    pub(super) incoming: Incoming,
    pub(super) kept: Kept,
    pub(super) reading: Reading,
}

impl Opened {
    /// Reads what is ready to be looked at.
    pub(super) async fn read(
        pool: &PgPool,
        isolated: &Isolated,
        by: &Authorized<AddArticle>,
        incoming: Incoming,
    ) -> Result<Self> {
        let snapshot = incoming.snapshot.ok_or(Error::NotFound("article to look at"))?;
        let kept = snapshots::get(pool, by.desk.id, snapshot).await?;
        let reading =
            read_apart(isolated, &kept.received).await.map_err(|refused| Error::invalid(refused.label()))?;
        Ok(Self { incoming, kept, reading })
    }

    /// As what its blocks are numbered: the same bytes can be read in another way by a later release.
    pub(super) fn seen(&self) -> String {
        let hash = hash(self.reading.imported.document.text());
        format!("{} {}", self.reading.format.as_str(), hex(&hash[..8]))
    }

    /// What is known about it: what was said, then what it says of itself, then where it came from.
    fn details(&self) -> Values {
        let mut values = self.incoming.details.clone();
        intake::fill(&mut values, &self.reading.imported, true);
        let received = &self.kept.received;
        let from =
            received.final_address.as_ref().or(received.address.as_ref()).or(self.incoming.address.as_ref());
        let url = values.entry("url").or_default();
        if let Some(from) = from.filter(|_| url.is_empty()) {
            from.as_str().clone_into(url);
        }
        values
    }
}

/// How the page is drawn.
pub(super) struct Drawing {
    pub(super) status: StatusCode,
    pub(super) details: Values,
    pub(super) problems: Problems,
    pub(super) left_out: BTreeSet<usize>,
    pub(super) twin: Option<Twin>,
    /// Whether the left out blocks are our suggestion.
    pub(super) suggests: bool,
    pub(super) reread: bool,
}

/// Something that came in, to be looked at.
#[get("/{desk}/articles/incoming/{intake}")]
pub async fn look(
    by: Authorized<AddArticle>,
    at: Path<(String, IntakeId)>,
    pool: Pool,
    isolated: Data<Isolated>,
) -> Result<HttpResponse> {
    let incoming = incoming::get(&pool, by.desk.id, at.1).await?;
    let shell = Shell::new(&by.viewer());
    match (incoming.state, incoming.article) {
        (State::Ready, _) => {}
        (State::Taken, Some(article)) => return Ok(see_other(&crate::articles::path(&shell, article))),
        (State::Waiting | State::Fetching, _) => {
            return Ok(see_other(&shell.path(&format!("/articles/incoming/{}/progress", incoming.id))));
        }
        _ if incoming.can_be_fetched_again() => {
            return Ok(see_other(&shell.path(&format!("/articles/incoming/{}/progress", incoming.id))));
        }
        _ => return page(StatusCode::OK, &SettledPage { shell, incoming }),
    }
    let opened = Opened::read(&pool, &isolated, &by, incoming).await?;
    let details = opened.details();
    let imported = &opened.reading.imported;
    let twin =
        twin(&pool, &by, &details, leave_out(imported.document.clone(), &imported.surroundings)).await?;
    let drawing = Drawing {
        status: StatusCode::OK,
        details,
        problems: Problems::default(),
        left_out: imported.surroundings.clone(),
        twin,
        suggests: true,
        reread: false,
    };
    draw(&by, opened, drawing)
}

/// The article that has the same text or the same address.
pub(super) async fn twin(
    pool: &PgPool,
    by: &Authorized<AddArticle>,
    details: &Values,
    kept: Option<crate::text::Document>,
) -> Result<Option<Twin>> {
    let Some(kept) = kept else { return Ok(None) };
    store::find_twin(pool, by.desk.id, kept.text(), details::address(details).as_ref()).await
}

pub(super) fn draw(by: &Authorized<AddArticle>, opened: Opened, drawing: Drawing) -> Result<HttpResponse> {
    let seen = opened.seen();
    let Opened { incoming, kept, reading } = opened;
    let document = &reading.imported.document;
    let check = CheckPage {
        shell: Shell::new(&by.viewer()),
        fields: drawn(&drawing.details, &drawing.problems),
        problems: drawing.problems,
        seen,
        twin: drawing.twin,
        reread: drawing.reread,
        words: document.text().split_whitespace().count(),
        blocks: document.blocks().len(),
        shown: blocks::shown(document, &drawing.left_out),
        suggested: if drawing.suggests { drawing.left_out.len() } else { 0 },
        controls: blocks::count_controls(document.text()),
        incoming,
        kept,
        reading,
    };
    page(drawing.status, &check)
}
