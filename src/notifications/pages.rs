//! What one is told, and what one watches.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::Notification;
use super::store::{self, Watched};
use crate::auth::Authorized;
use crate::auth::permission::ReadDesk;
use crate::claims;
use crate::db::{Pool, unit_of_work_quietly};
use crate::discussion::{self, People};
use crate::error::Result;
use crate::id::{ClaimId, EventId};
use crate::web::paging::Page;
use crate::web::{Posted, Shell, page, see_other};

/// The addresses of notifications.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(read_all).service(read_one).service(watched).service(watch);
}

/// Which notifications are asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// `all`: also what was read.
    show: Option<String>,
    before: Option<EventId>,
}

#[derive(Template)]
#[template(path = "notifications/list.html")]
struct ListPage {
    shell: Shell,
    all: bool,
    notifications: Page<Notification>,
    people: People,
}

impl ListPage {
    /// The last thing that is shown: what comes while somebody reads is not marked as read with it.
    fn latest(&self) -> Option<EventId> {
        self.notifications.rows.first().map(|notification| notification.event)
    }

    fn excerpt(&self, notification: &Notification) -> Option<String> {
        notification.excerpt(&self.people)
    }
}

#[get("/{desk}/notifications")]
async fn list(member: Authorized<ReadDesk>, asked: Query<Asked>, pool: Pool) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let all = asked.show.as_deref() == Some("all");
    let notifications = store::list(conn, member.desk.id, member.person.account, !all, asked.before).await?;
    let texts = notifications.rows.iter().filter_map(|notification| notification.body.as_deref());
    let people = discussion::store::called_in(conn, &discussion::named(texts)).await?;
    let shell = Shell::new(&member.viewer());
    page(StatusCode::OK, &ListPage { shell, all, notifications, people })
}

/// Up to where everything was read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Through {
    through: EventId,
}

#[post("/{desk}/notifications/reading")]
async fn read_all(posted: Posted<ReadDesk, Through>, pool: Pool) -> Result<HttpResponse> {
    let Posted { by, form, .. } = posted;
    let location = format!("/{}/notifications", by.desk.slug);
    let (desk, account, now) = (by.desk.id, by.person.account, by.now);
    unit_of_work_quietly(&pool, async move |tx| {
        store::read_through(tx, desk, account, form.through, now).await
    })
    .await?;
    Ok(see_other(&location))
}

/// Whether one thing was read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reading {
    read: Choice,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Choice {
    Yes,
    No,
}

#[post("/{desk}/notifications/{event}/reading")]
async fn read_one(
    posted: Posted<ReadDesk, Reading>,
    path: Path<(String, EventId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, .. } = posted;
    let (desk, account, event) = (by.desk.id, by.person.account, path.1);
    let read_at = (form.read == Choice::Yes).then_some(by.now);
    unit_of_work_quietly(&pool, async move |tx| store::set_read(tx, desk, account, event, read_at).await)
        .await?;
    Ok(see_other(&format!("/{}/notifications?show=all", by.desk.slug)))
}

/// Where the list of what one watches goes on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct After {
    before: Option<ClaimId>,
}

#[derive(Template)]
#[template(path = "notifications/watched.html")]
struct WatchedPage {
    shell: Shell,
    claims: Page<Watched>,
}

#[get("/{desk}/watching")]
async fn watched(member: Authorized<ReadDesk>, asked: Query<After>, pool: Pool) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let claims = store::watched(conn, member.desk.id, member.person.account, asked.before).await?;
    page(StatusCode::OK, &WatchedPage { shell: Shell::new(&member.viewer()), claims })
}

/// Whether one wants to be told of what happens to a claim.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Watch {
    watch: Choice,
}

#[post("/{desk}/claims/{claim}/watch")]
async fn watch(
    posted: Posted<ReadDesk, Watch>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, .. } = posted;
    let (desk, account, claim, now) = (by.desk.id, by.person.account, path.1, by.now);
    let watching = form.watch == Choice::Yes;
    unit_of_work_quietly(&pool, async move |tx| store::watch(tx, desk, account, claim, watching, now).await)
        .await?;
    Ok(see_other(&claims::address(&by.desk.slug, claim)))
}
