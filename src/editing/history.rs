//! What became of a record, read from the events: who changed what, when, from which text to which.

use askama::Template;
use askama::filters::HtmlSafe;
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::diff::{Piece, words};
use super::field::{Field, Values};
use super::merge::Merge;
use super::sent::Sent;
use crate::auth::Member;
use crate::error::{Error, Result};
use crate::id::{AccountId, DeskId, EventId};

/// One change of a record.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: EventId,
    pub at: OffsetDateTime,
    /// The person's name; nobody's for what the server did.
    pub who: Option<String>,
    pub account: Option<AccountId>,
    /// As in `claim.edit`.
    pub action: String,
    pub entity: String,
    pub entity_id: Uuid,
    pub details: Value,
}

/// A field before and after a change.
#[derive(Clone, Debug)]
pub struct Changed {
    pub name: String,
    pub before: String,
    pub after: String,
}

impl Entry {
    /// The fields that the change names with their text before and after.
    #[must_use]
    pub fn changed(&self) -> Vec<Changed> {
        let Value::Object(details) = &self.details else {
            return Vec::new();
        };
        details
            .iter()
            .filter_map(|(name, change)| {
                let (before, after) = (change.get("before")?, change.get("after")?);
                Some(Changed { name: name.clone(), before: text(before), after: text(after) })
            })
            .collect()
    }

    /// What takes the change back: each field from what it became to what it was. Nothing when the change was none
    /// of these fields.
    #[must_use]
    pub fn undo(&self, fields: &'static [Field]) -> Option<Sent> {
        let mut sent = Sent::default();
        for changed in self.changed() {
            let field = fields.iter().find(|field| field.name == changed.name)?;
            sent.push(field, &changed.after, &changed.before);
        }
        (!sent.base().is_empty()).then_some(sent)
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// How many changes a page of history shows.
pub const PAGE: usize = 50;

/// The changes of these records, newest first, from the one before `before` on: a page and one more.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn of(
    conn: &mut PgConnection,
    desk: DeskId,
    records: &[Uuid],
    before: Option<EventId>,
    limit: usize,
) -> Result<Vec<Entry>> {
    let rows = sqlx::query!(
        r#"
        SELECT e.id AS "id: EventId", e.at, a.display_name AS "who?", e.actor_id AS "account: AccountId", e.action,
               e.entity, e.entity_id, e.details::text AS "details!"
        FROM events e
        LEFT JOIN accounts a ON a.id = e.actor_id
        WHERE e.desk_id = $1 AND e.entity_id = ANY($2) AND ($3::uuid IS NULL OR e.id < $3)
        ORDER BY e.id DESC
        LIMIT $4
        "#,
        desk as _,
        records,
        before as _,
        i64::try_from(limit).unwrap_or(i64::MAX),
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut entries: Vec<Entry> = rows
        .into_iter()
        .map(|row| {
            Ok(Entry {
                id: row.id,
                at: row.at,
                who: row.who,
                account: row.account,
                action: row.action,
                entity: row.entity,
                entity_id: row.entity_id,
                details: serde_json::from_str(&row.details).map_err(Error::internal)?,
            })
        })
        .collect::<Result<_>>()?;
    name_people(conn, &mut entries).await?;
    Ok(entries)
}

/// All changes of these records after one, newest first.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn since(
    conn: &mut PgConnection,
    desk: DeskId,
    records: &[Uuid],
    after: EventId,
) -> Result<Vec<Entry>> {
    const AT_ONCE: usize = 1_000;
    let mut all = Vec::new();
    let mut before = None;
    loop {
        let mut entries = of(&mut *conn, desk, records, before, AT_ONCE).await?;
        let is_last = entries.len() < AT_ONCE;
        let later = entries.partition_point(|entry| entry.id > after);
        let is_there = later < entries.len();
        entries.truncate(later);
        before = entries.last().map(|entry| entry.id);
        all.extend(entries);
        if is_last || is_there {
            return Ok(all);
        }
    }
}

/// Fields that hold a person. Events have their ids: a name in the record could never be erased.
const PEOPLE: [&str; 1] = ["assignee"];

/// Puts the names of people in place of their ids.
async fn name_people(conn: &mut PgConnection, entries: &mut [Entry]) -> Result<()> {
    let mut places: Vec<&mut Value> = entries
        .iter_mut()
        .filter_map(|entry| entry.details.as_object_mut())
        .flat_map(|details| details.iter_mut().filter(|(name, _)| PEOPLE.contains(&name.as_str())))
        .filter_map(|(_, change)| change.as_object_mut())
        .flat_map(|change| change.values_mut())
        .collect();
    let ids: Vec<Uuid> = places.iter().filter_map(|place| place.as_str()?.parse().ok()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let names = sqlx::query!("SELECT id, display_name FROM accounts WHERE id = ANY($1)", &ids)
        .fetch_all(conn)
        .await?;
    for place in &mut places {
        let found = names.iter().find(|row| place.as_str() == Some(&row.id.to_string()));
        if let Some(row) = found {
            **place = Value::String(row.display_name.clone());
        }
    }
    Ok(())
}

/// One change.
///
/// # Errors
/// [`Error::NotFound`] when there is none with that id at the desk.
pub async fn get(conn: &mut PgConnection, desk: DeskId, id: EventId) -> Result<Entry> {
    let row = sqlx::query!(
        r#"
        SELECT e.at, a.display_name AS "who?", e.actor_id AS "account: AccountId", e.action, e.entity, e.entity_id,
               e.details::text AS "details!"
        FROM events e
        LEFT JOIN accounts a ON a.id = e.actor_id
        WHERE e.desk_id = $1 AND e.id = $2
        "#,
        desk as _,
        id as _,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("change"))?;
    Ok(Entry {
        id,
        at: row.at,
        who: row.who,
        account: row.account,
        action: row.action,
        entity: row.entity,
        entity_id: row.entity_id,
        details: serde_json::from_str(&row.details).map_err(Error::internal)?,
    })
}

/// Merges what was sent with what a record holds now.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn merge(
    conn: &mut PgConnection,
    by: &Member,
    record: Uuid,
    sent: &Sent,
    theirs: &Values,
) -> Result<Merge> {
    let merge = sent.merge(theirs);
    if merge.conflicts.is_empty() {
        return Ok(merge);
    }
    let entries = of(conn, by.desk.id, &[record], None, 200).await?;
    Ok(merge.settled(sent, by.person.account, &entries))
}

/// A change as a line of the history.
#[derive(Clone, Debug)]
pub struct Line {
    pub who: String,
    pub at: OffsetDateTime,
    /// What was done, as in "changed the claim".
    pub did: String,
    /// Label and difference of each field.
    pub changes: Vec<(String, Vec<Piece>)>,
    /// The event to take back, when that can be done.
    pub undo: Option<EventId>,
    /// The event, where the history can show what there was after it.
    pub version: Option<EventId>,
}

impl Line {
    /// The line of an entry. `fields` are the ones that may be in it.
    #[must_use]
    pub fn new(entry: &Entry, did: String, fields: &[Field]) -> Self {
        let changes = entry
            .changed()
            .into_iter()
            // What was not known, and still is not, is no change.
            .filter(|changed| changed.before != changed.after)
            .map(|changed| match fields.iter().find(|field| field.name == changed.name) {
                Some(field) => (
                    field.label.trim_end_matches([' ', '?', '…']).to_owned(),
                    words(&field.words(&changed.before), &field.words(&changed.after)),
                ),
                None => (changed.name.replace('_', " "), words(&changed.before, &changed.after)),
            })
            .collect();
        Self {
            who: entry.who.clone().unwrap_or_else(|| "The server".to_owned()),
            at: entry.at,
            did,
            changes,
            undo: None,
            version: None,
        }
    }
}

/// A record's history as a list.
#[derive(Clone, Debug, Template)]
#[template(path = "editing/_history.html")]
pub struct History {
    pub lines: Vec<Line>,
    pub csrf: String,
    /// Where the form that takes a change back is sent.
    pub undo: String,
    /// Where versions are, for a history that has them; and whether two can be chosen here to compare.
    pub versions: Option<(String, bool)>,
}

impl HtmlSafe for History {}
