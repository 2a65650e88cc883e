//! A member's page of one claim, and the panel of it beside an article.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use super::presence::{self, Presence};
use super::{history, undo};
use crate::agents;
use crate::auth::Viewer;
use crate::auth::permission::{DraftVerdict, MarkClaim, Publish};
use crate::claims::carry::{self, notices::Notice};
use crate::claims::pages::plan::PlanSection;
use crate::claims::pages::sections::{AppearancesSection, DescribedSection, SortingSection};
use crate::claims::pages::speakers::SpeakersForm;
use crate::claims::pages::{edit, may_edit};
use crate::claims::{self, Appearance, Claim, Stage};
use crate::contacts;
use crate::db::Pool;
use crate::discussion;
use crate::editing::diff::Piece;
use crate::editing::history::History;
use crate::editing::{Form, is_panel};
use crate::error::Result;
use crate::evidence::{self, AsOf, groups};
use crate::id::{ClaimId, EventId};
use crate::notifications::{self, Watching};
use crate::publish;
use crate::reviews;
use crate::web::{Shell, page};

/// How many changes the page shows; the history's own page has all of them.
const LATEST: usize = 8;

/// How the page is looked at.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// `reader`: as those see it who are no members.
    r#as: Option<String>,
    /// Anything: a change was just saved.
    saved: Option<String>,
    /// Which evidence is shown.
    #[serde(default)]
    as_of: AsOf,
}

/// The change that the viewer just made.
#[derive(Clone, Debug)]
struct Saved {
    at: OffsetDateTime,
    /// What takes it back.
    undo: Option<EventId>,
}

impl Saved {
    /// The viewer's last change of the claim, if it is only moments old.
    async fn find(conn: &mut PgConnection, viewer: &Viewer, claim: &Claim) -> Result<Option<Self>> {
        let entries = history::entries(conn, viewer, claim.id, None, 20).await?;
        let me = viewer.person.as_ref().map(|person| person.account);
        let mine = entries.iter().find(|entry| entry.account == me);
        Ok(mine
            .filter(|entry| viewer.now - entry.at < Duration::minutes(2))
            .map(|entry| Self { at: entry.at, undo: undo::can(viewer, claim, entry).then_some(entry.id) }))
    }
}

#[derive(Template)]
#[template(path = "workbench/claim.html")]
struct ClaimPage {
    shell: Shell,
    claim: Claim,
    saved: Option<Saved>,
    presence: Option<Presence>,
    /// What changed in articles after the verdict.
    notices: Vec<Notice>,
    may_publish: bool,
    may_mark: bool,
    described: DescribedSection,
    appearances: AppearancesSection,
    sorting: SortingSection,
    plan: PlanSection,
    evidence: evidence::Section,
    groups: groups::Section,
    contacts: contacts::Section,
    judging: Option<reviews::Section>,
    places: Option<reviews::places::PlacesSection>,
    may_draft: bool,
    watching: Watching,
    discussion: discussion::Section,
    history: History,
}

#[derive(Template)]
#[template(path = "workbench/panel.html")]
struct Panel {
    shell: Shell,
    claim: Claim,
    saved: Option<Saved>,
    /// Who else is on it.
    there: Option<String>,
    /// The place in an article, or the first one that is known.
    place: Option<Appearance>,
    words: Option<Form>,
    speakers: Option<SpeakersForm>,
    /// Names to choose from.
    names: Vec<String>,
    evidence: evidence::Section,
    groups: groups::Section,
    judging: Option<reviews::Section>,
}

/// A claim: for members the page they work on, for everybody else the public one.
#[get("/{desk}/claims/{claim}")]
pub async fn show(
    request: HttpRequest,
    viewer: Viewer,
    path: Path<(String, ClaimId)>,
    asked: Query<Asked>,
    pool: Pool,
) -> Result<HttpResponse> {
    if !viewer.is_member() || asked.r#as.as_deref() == Some("reader") {
        return publish::claim(&request, &viewer, &pool, path.1, asked.as_of).await;
    }
    // Whoever opens the claim has read what they were told about it.
    let viewer = if is_panel(&request) { viewer } else { notifications::seen(&pool, viewer, path.1).await? };
    let conn = &mut *pool.acquire().await?;
    let claim = claims::store::visible(conn, &viewer, path.1).await?;
    let saved = match asked.saved {
        Some(_) => Saved::find(conn, &viewer, &claim).await?,
        None => None,
    };
    if is_panel(&request) {
        return page(StatusCode::OK, &panel(conn, &viewer, claim, saved, asked.as_of).await?);
    }
    let shell = Shell::new(&viewer);
    let entries = history::entries(conn, &viewer, claim.id, None, LATEST).await?;
    let places = claims::store::appearances(conn, viewer.desk.id, claim.id).await?;
    let mut speakers: Vec<_> =
        places.into_iter().flat_map(|place| place.speakers).map(|one| one.name).collect();
    speakers.sort();
    speakers.dedup();
    let evidence = evidence::Section::load(conn, &viewer, claim.id).await?.as_of(asked.as_of);
    let whole = ClaimPage {
        presence: Presence::load(conn, &viewer, &shell, &claim, &entries).await?,
        notices: carry::notices::of(conn, viewer.desk.id, claim.id).await?,
        may_publish: viewer.may::<Publish>(),
        may_mark: viewer.may::<MarkClaim>(),
        described: DescribedSection::load(conn, &viewer, &shell, &claim).await?,
        appearances: AppearancesSection::load(conn, &viewer, &shell, &claim).await?,
        sorting: SortingSection::load(conn, &viewer, &shell, &claim).await?,
        plan: PlanSection::load(conn, &viewer, &shell, &claim).await?,
        groups: grouped(conn, &viewer, claim.id, &evidence).await?,
        evidence,
        contacts: contacts::Section::load(conn, &viewer, &shell, claim.id, speakers).await?,
        judging: reviews::Section::load(conn, &viewer, claim.id).await?,
        places: reviews::places::PlacesSection::load(conn, &viewer, &shell, claim.id).await?,
        may_draft: viewer.may::<DraftVerdict>(),
        watching: Watching::load(conn, &viewer, claim.id).await?,
        discussion: discussion::Section::load(conn, &viewer, claim.id, None, None).await?,
        history: history::lines(&viewer, &shell, &claim, &entries),
        shell,
        claim,
        saved,
    };
    page(StatusCode::OK, &whole)
}

async fn panel(
    conn: &mut PgConnection,
    viewer: &Viewer,
    claim: Claim,
    saved: Option<Saved>,
    as_of: AsOf,
) -> Result<Panel> {
    let shell = Shell::new(viewer);
    let places = claims::store::appearances(conn, viewer.desk.id, claim.id).await?;
    let mut there = places.into_iter().filter(|place| place.removed_at.is_none());
    let place = there.next();
    let may_edit = may_edit(viewer, &claim);
    let there = match viewer.person.as_ref().filter(|_| viewer.may::<MarkClaim>()) {
        Some(me) => presence::on(conn, viewer.desk.id, &[claim.id], me.account, viewer.now).await?.pop(),
        None => None,
    };
    let there = there.map(|(_, name)| name);
    let evidence = evidence::Section::load(conn, viewer, claim.id).await?.as_of(as_of).compact();
    Ok(Panel {
        words: may_edit.then(|| edit::words_form(&shell, &claim)),
        speakers: place.as_ref().filter(|_| may_edit).map(|place| SpeakersForm::new(&shell, place)),
        names: if may_edit { agents::store::recent_names(conn, viewer.desk.id).await? } else { Vec::new() },
        groups: grouped(conn, viewer, claim.id, &evidence).await?.compact(),
        evidence,
        judging: reviews::Section::load(conn, viewer, claim.id).await?.map(reviews::Section::compact),
        place,
        there,
        shell,
        claim,
        saved,
    })
}

/// What puts the evidence together that is shown.
async fn grouped(
    conn: &mut PgConnection,
    viewer: &Viewer,
    claim: ClaimId,
    evidence: &evidence::Section,
) -> Result<groups::Section> {
    groups::Section::load(conn, viewer, claim, evidence.items(), evidence.stands_still()).await
}
