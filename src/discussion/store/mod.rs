//! All SQL of discussions.

mod changes;
mod people;
mod read;
mod states;

pub use changes::{Opening, add, edit, merged, take_back};
pub use people::{called_in, members};
pub use read::{PAUSED, get, is_paused, threads};
pub use states::{remove, reopen, resolve, restore};

use sqlx::PgConnection;

use crate::editing::Entry;
use crate::error::Result;

use super::body;

/// Puts names of now where entries about comments name accounts.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn readable(conn: &mut PgConnection, entries: &mut [Entry]) -> Result<()> {
    let texts: Vec<String> = entries
        .iter()
        .filter(|entry| entry.entity == "comment")
        .map(|entry| entry.details.to_string())
        .collect();
    let accounts = body::named(texts.iter().map(String::as_str));
    if accounts.is_empty() {
        return Ok(());
    }
    let people = called_in(conn, &accounts).await?;
    for entry in entries.iter_mut().filter(|entry| entry.entity == "comment") {
        put_names(&mut entry.details, &people);
    }
    Ok(())
}

fn put_names(value: &mut serde_json::Value, people: &body::People) {
    match value {
        serde_json::Value::String(text) => *text = body::typed(text, people),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(|field| put_names(field, people)),
        _ => {}
    }
}
