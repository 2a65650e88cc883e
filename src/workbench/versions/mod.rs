//! A claim as it was: every change of it and of what belongs to it makes a version, named by the event of that change.
//! What a version held is found by taking back, from what there is now, all that was changed since.

mod load;
mod page;
mod restoration;

use uuid::Uuid;

use crate::editing::diff::{Piece, words};
use crate::editing::{Entry, Field, Values};
use crate::id::EventId;

pub use page::{choose, compare, show};
pub use restoration::restore;

/// What a part of a claim is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Claim,
    Place,
    Evidence,
    Set,
    Question,
    Answer,
    Draft,
}

impl Kind {
    /// In words, for headings.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Claim => "The claim",
            Self::Place => "Where it was said",
            Self::Evidence => "Evidence",
            Self::Set => "Evidence that counts together",
            Self::Question => "Question",
            Self::Answer => "Answer",
            Self::Draft => "Draft of the verdict",
        }
    }
}

/// Whether a part is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Being {
    /// It was not there yet.
    NotYet,
    There,
    /// It was taken away, and can come back.
    Removed,
}

/// The claim itself, or something that belongs to it and has changes of its own.
#[derive(Clone, Debug)]
pub struct Part {
    pub kind: Kind,
    pub id: Uuid,
    /// What tells it from others of its kind; may be empty.
    pub name: String,
    pub fields: &'static [Field],
    pub values: Values,
    pub being: Being,
}

impl Part {
    /// The fields that hold something: their names and texts in words for people.
    #[must_use]
    pub fn held(&self) -> Vec<(&'static str, String)> {
        let text = |field: &Field| self.values.get(field.name).filter(|text| !text.is_empty());
        self.fields.iter().filter_map(|field| Some((title(field), field.words(text(field)?)))).collect()
    }
}

fn title(field: &Field) -> &'static str {
    field.label.trim_end_matches([' ', '?', '…'])
}

/// Makes parts what they were at a version. `later` are all changes after it, newest first.
pub fn take_back(parts: &mut [Part], version: EventId, later: &[Entry]) {
    for entry in later {
        let Some(part) = parts.iter_mut().find(|part| part.id == entry.entity_id) else { continue };
        for changed in entry.changed() {
            if let Some(field) = part.fields.iter().find(|field| field.name == changed.name) {
                part.values.insert(field.name, field.tidy(&changed.before));
            }
        }
        match &*entry.action {
            "appearance.remove" | "evidence.remove" | "set.remove" | "question.remove" | "answer.remove" => {
                part.being = Being::There;
            }
            "appearance.restore" | "evidence.restore" | "set.restore" | "question.restore"
            | "answer.restore" => part.being = Being::Removed,
            _ => {}
        }
    }
    // Ids sort by time, and a thing gets its own before the event that tells of it.
    for part in parts.iter_mut().filter(|part| part.id > version.uuid()) {
        part.being = Being::NotYet;
    }
}

/// How a part differs between two versions.
#[derive(Clone, Debug)]
pub struct Difference {
    pub kind: Kind,
    pub id: Uuid,
    pub name: String,
    /// What became of all of it, as in "added".
    pub whole: Option<&'static str>,
    /// Name and difference of each field.
    pub changes: Vec<(&'static str, Vec<Piece>)>,
}

/// What differs from one version to another. Both have the same parts in the same order.
#[must_use]
pub fn differences(from: &[Part], to: &[Part]) -> Vec<Difference> {
    from.iter().zip(to).filter_map(|(from, to)| difference(from, to)).collect()
}

fn difference(from: &Part, to: &Part) -> Option<Difference> {
    let whole = match (from.being, to.being) {
        (Being::There, Being::There) => None,
        (Being::There, _) => Some("removed"),
        (_, Being::There) => Some("added"),
        _ => return None,
    };
    let text = |part: &Part, field: &Field| {
        let there = part.being == Being::There;
        part.values.get(field.name).filter(|_| there).map(|text| field.words(text)).unwrap_or_default()
    };
    let changes: Vec<_> = from
        .fields
        .iter()
        .map(|field| (title(field), text(from, field), text(to, field)))
        .filter(|(_, before, after)| before != after)
        .map(|(title, before, after)| (title, words(&before, &after)))
        .collect();
    let differs = whole.is_some() || !changes.is_empty();
    differs.then(|| Difference { kind: to.kind, id: to.id, name: to.name.clone(), whole, changes })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;
    use time::OffsetDateTime;

    use super::*;
    use crate::claims::CLAIM;

    fn claim(words: &str, topics: &str) -> Part {
        Part {
            kind: Kind::Claim,
            id: Uuid::from_u128(1),
            name: String::new(),
            fields: &CLAIM,
            values: [("claim_reviewed", words.to_owned()), ("topics", topics.to_owned())].into(),
            being: Being::There,
        }
    }

    fn entry(id: u128, action: &str, details: serde_json::Value) -> Entry {
        Entry {
            id: Uuid::from_u128(id).into(),
            at: OffsetDateTime::UNIX_EPOCH,
            who: None,
            account: None,
            action: action.to_owned(),
            entity: "claim".to_owned(),
            entity_id: Uuid::from_u128(1),
            details,
        }
    }

    #[test]
    fn a_version_is_what_later_changes_are_taken_back_to() {
        let mut parts = [claim("Bills tripled.", "water")];
        let later = [
            entry(9, "claim.assign", json!({"assignee": {"before": null, "after": "Ana"}})),
            entry(
                8,
                "claim.edit",
                json!({"claim_reviewed": {"before": "Bills doubled.", "after": "Bills tripled."}}),
            ),
            entry(7, "claim.edit", json!({"topics": {"before": null, "after": "water"}})),
        ];
        take_back(&mut parts, Uuid::from_u128(6).into(), &later);
        assert_eq!(parts[0].held(), [("The claim in plain words", "Bills doubled.".to_owned())]);
        let found = differences(&parts, &[claim("Bills tripled.", "water")]);
        let changed: Vec<_> = found[0].changes.iter().map(|(title, _)| *title).collect();
        assert_eq!(changed, ["The claim in plain words", "Topics"]);
    }

    #[test]
    fn what_came_later_was_not_there_and_what_was_removed_is() {
        let mut parts = [claim("a", "")];
        take_back(&mut parts, Uuid::from_u128(0).into(), &[]);
        assert_eq!(parts[0].being, Being::NotYet);
        parts[0].being = Being::Removed;
        take_back(&mut parts, Uuid::from_u128(2).into(), &[entry(3, "evidence.remove", json!({}))]);
        assert_eq!(parts[0].being, Being::There);
        let gone = Part { being: Being::Removed, ..claim("a", "") };
        let found = differences(&parts, std::slice::from_ref(&gone));
        assert_eq!((found[0].whole, found[0].changes.len()), (Some("removed"), 1));
        assert!(differences(std::slice::from_ref(&gone), std::slice::from_ref(&gone)).is_empty());
    }

    proptest! {
        #[test]
        fn every_version_of_any_history_is_found_again(texts in prop::collection::vec("[ab]{0,2}", 1..8)) {
            let edits: Vec<Entry> = texts.windows(2).zip(2..).map(|(pair, id)| {
                entry(id, "claim.edit", json!({"topics": {"before": pair[0], "after": pair[1]}}))
            }).collect();
            for (at, text) in texts.iter().enumerate() {
                let mut parts = [claim("a", texts.last().unwrap())];
                let later: Vec<Entry> = edits[at..].iter().rev().cloned().collect();
                take_back(&mut parts, Uuid::from_u128(100).into(), &later);
                prop_assert_eq!(&parts[0].values["topics"], text);
            }
        }
    }
}
