//! The log as JSON.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::Serialize;
use time::Date;

use super::contact::{CONTACT, Channel, Contact, ContactFields, Outcome};
use super::store;
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{LogContact, ReadDesk};
use crate::claims;
use crate::db::{Pool, unit_of_work};
use crate::editing::{self, Values};
use crate::error::{Error, Result};
use crate::id::{ClaimId, ContactId};
use crate::web::Sent;
use crate::web::json::answer;

type ClaimPath = Path<(String, ClaimId)>;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(of_claim).service(add);
}

#[derive(Serialize)]
struct Log {
    contacts: Vec<Document>,
}

#[derive(Serialize)]
struct Document {
    id: ContactId,
    whom: String,
    outcome: Outcome,
    channel: Option<Channel>,
    /// As in `2026-03-14`.
    asked_on: Option<String>,
    deadline: Option<String>,
    answer: String,
    reason: String,
    note: String,
    row_version: i32,
}

impl Document {
    fn new(id: ContactId, fields: ContactFields, row_version: i32) -> Self {
        let day = |day: Option<Date>| day.map(|day| day.to_string());
        Self {
            id,
            whom: fields.whom,
            outcome: fields.outcome,
            channel: fields.channel,
            asked_on: day(fields.asked_on),
            deadline: day(fields.deadline),
            answer: fields.answer,
            reason: fields.reason,
            note: fields.note,
            row_version,
        }
    }
}

impl From<Contact> for Document {
    fn from(contact: Contact) -> Self {
        Self::new(contact.id, contact.fields, contact.row_version)
    }
}

#[get("/api/v1/desks/{desk}/claims/{claim}/contacts")]
async fn of_claim(member: Authorized<ReadDesk>, path: ClaimPath, pool: Pool) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    claims::store::get(conn, member.desk.id, path.1).await?;
    let all = store::of_claim(conn, member.desk.id, path.1).await?;
    let there = all.into_iter().filter(|contact| contact.removed_at.is_none());
    Ok(answer(StatusCode::OK, &Log { contacts: there.map(Into::into).collect() }))
}

#[post("/api/v1/desks/{desk}/claims/{claim}/contacts")]
async fn add(
    sent: Sent<LogContact, BTreeMap<String, String>>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let Sent { by, body, submission } = sent;
    let claim = claims::store::get(&mut *pool.acquire().await?, by.desk.id, path.1).await?.id;
    let mut wish = editing::Sent::default();
    for (name, text) in &body {
        let field = CONTACT.iter().find(|field| field.name == name);
        let field = field.ok_or_else(|| Error::Malformed(format!("There is no field {name:?}.").into()))?;
        wish.push(field, "", text);
    }
    let fields = ContactFields::parse(&wish.mine())?;
    let details = wish.merge(&Values::new()).details();
    let location = format!("/api/v1/desks/{}/claims/{claim}/contacts", by.desk.slug);
    let (id, to, stored) = (ContactId::new(), location.clone(), fields.clone());
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::add(tx, &by, claim, id, &stored, details.clone()).await
    })
    .await?;
    Ok(answer(StatusCode::CREATED, &Document::new(id, fields, 1)))
}
