//! Merging a change with what others changed meanwhile, field by field.

use serde_json::json;

use super::field::{Field, Values};
use super::history::Entry;
use super::sent::{Change, Sent};
use crate::id::AccountId;

impl Sent {
    /// Takes what only one side changed from that side. What both changed, each in another way, is a conflict;
    /// until somebody decides, the result there is one's own text.
    #[must_use]
    pub fn merge(&self, theirs: &Values) -> Merge {
        let mut merge = Merge::default();
        for Change { field, base, mine } in &self.changes {
            let theirs = theirs.get(field.name).map_or("", String::as_str);
            let result = if mine == base { theirs } else { mine };
            if result != theirs && theirs != base {
                merge.conflicts.push(Three { field, mine: mine.clone(), theirs: theirs.to_owned() });
            }
            if result != theirs {
                merge.changed.push((field, theirs.to_owned(), result.to_owned()));
            }
            merge.result.insert(field.name, result.to_owned());
        }
        merge
    }
}

/// A field that two people changed, each in another way.
#[derive(Clone, Debug)]
pub struct Three {
    pub field: &'static Field,
    pub mine: String,
    pub theirs: String,
}

/// What becomes of a record's fields.
#[derive(Clone, Debug, Default)]
pub struct Merge {
    /// The fields that were sent, as they will be.
    pub result: Values,
    /// Those that somebody has to decide about first.
    pub conflicts: Vec<Three>,
    /// Who changed them meanwhile.
    pub who: String,
    changed: Vec<(&'static Field, String, String)>,
}

impl Merge {
    /// The same without conflicts with oneself: a form that saves while somebody types is made on what the person
    /// saved from it before. `entries` is the record's history, newest first.
    #[must_use]
    pub fn settled(mut self, sent: &Sent, me: AccountId, entries: &[Entry]) -> Self {
        let base = sent.base();
        let since = |name: &str| -> Option<&Entry> {
            for entry in entries {
                let Some(changed) = entry.changed().into_iter().find(|changed| changed.name == name) else {
                    continue;
                };
                if entry.account != Some(me) {
                    return Some(entry);
                }
                if base.get(name).is_some_and(|base| *base == changed.before) {
                    return None;
                }
            }
            None
        };
        let mut who = None;
        self.conflicts.retain(|three| {
            let other = since(three.field.name);
            who = who.take().or_else(|| other.and_then(|entry| entry.who.clone()));
            other.is_some()
        });
        self.who = who.unwrap_or_else(|| "Somebody".to_owned());
        self
    }

    /// Whether nothing is left to do.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        self.changed.is_empty()
    }

    /// Whether that field becomes another.
    #[must_use]
    pub fn changes(&self, name: &str) -> bool {
        self.changed.iter().any(|(field, ..)| field.name == name)
    }

    /// The record's fields with the changes made.
    #[must_use]
    pub fn applied(&self, theirs: &Values) -> Values {
        let mut values = theirs.clone();
        values.extend(self.result.iter().map(|(name, text)| (*name, text.clone())));
        values
    }

    /// The details of the event: `{"field": {"before": …, "after": …}}`, with `null` for what is not known.
    #[must_use]
    pub fn details(&self) -> serde_json::Value {
        let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        self.changed
            .iter()
            .map(|(field, before, after)| {
                (field.name.to_owned(), json!({"before": known(before), "after": known(after)}))
            })
            .collect::<serde_json::Map<_, _>>()
            .into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::editing::Widget;

    static FIELDS: [Field; 3] = [
        Field { name: "words", label: "Words", hint: "", widget: Widget::Line },
        Field { name: "types", label: "Types", hint: "", widget: Widget::Choices(&[("a", "A"), ("b", "B")]) },
        Field { name: "first", label: "First", hint: "", widget: Widget::Flag },
    ];

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn sent(base: &str, mine: &str) -> Sent {
        Sent::read(&FIELDS, &pairs(&[("base_words", base), ("words", mine)])).unwrap()
    }

    fn theirs(words: &str) -> Values {
        [("words", words.to_owned())].into()
    }

    #[test]
    fn what_only_one_side_changed_is_taken_from_that_side() {
        assert_eq!(sent("a", "b").merge(&theirs("a")).result["words"], "b");
        assert_eq!(sent("a", "a").merge(&theirs("c")).result["words"], "c");
        assert!(sent("a", "a").merge(&theirs("c")).is_unchanged());
    }

    #[test]
    fn what_both_changed_alike_is_no_conflict() {
        let merge = sent("a", "b").merge(&theirs("b"));
        assert!(merge.is_unchanged() && merge.conflicts.is_empty());
    }

    #[test]
    fn what_both_changed_is_a_conflict_preset_to_ones_own_text() {
        let merge = sent("a", "b").merge(&theirs("c"));
        assert_eq!(merge.conflicts.len(), 1);
        assert_eq!(merge.result["words"], "b");
        assert_eq!(merge.details(), json!({"words": {"before": "c", "after": "b"}}));
    }

    #[test]
    fn unticked_boxes_are_a_change_too() {
        let form = pairs(&[("base_types", "a, b"), ("types", "b"), ("base_first", "yes")]);
        let merge = Sent::read(&FIELDS, &form)
            .unwrap()
            .merge(&[("types", "a, b".into()), ("first", "yes".into())].into());
        assert_eq!(
            merge.details(),
            json!({"types": {"before": "a, b", "after": "b"}, "first": {"before": "yes", "after": null}})
        );
    }

    #[test]
    fn a_form_says_what_it_was_made_on() {
        assert!(Sent::read(&FIELDS, &pairs(&[("words", "b")])).is_err());
        assert!(Sent::read(&FIELDS, &pairs(&[("stage", "published")])).is_err());
    }

    fn entry(account: AccountId, before: &str, after: &str) -> Entry {
        Entry {
            id: crate::id::EventId::new(),
            at: time::OffsetDateTime::UNIX_EPOCH,
            who: Some("Rita".to_owned()),
            account: Some(account),
            action: "claim.edit".to_owned(),
            entity: "claim".to_owned(),
            entity_id: uuid::Uuid::nil(),
            details: json!({"words": {"before": before, "after": after}}),
        }
    }

    #[test]
    fn nobody_is_in_conflict_with_oneself() {
        let (me, other) = (AccountId::new(), AccountId::new());
        let sent = sent("a", "abc");
        let conflicts =
            |entries: &[Entry]| sent.merge(&theirs("ab")).settled(&sent, me, entries).conflicts.len();
        assert_eq!(conflicts(&[entry(me, "a", "ab")]), 0);
        assert_eq!(conflicts(&[entry(me, "ax", "ab"), entry(me, "a", "ax"), entry(other, "", "a")]), 0);
        assert_eq!(conflicts(&[entry(me, "x", "ab"), entry(other, "a", "x")]), 1);
        assert_eq!(conflicts(&[entry(other, "a", "ab")]), 1);
        let merge = sent.merge(&theirs("ab")).settled(&sent, me, &[entry(other, "a", "ab")]);
        assert_eq!(merge.who, "Rita");
    }

    proptest! {
        #[test]
        fn no_text_gets_lost(base in "[ab]{0,2}", mine in "[ab]{0,2}", theirs_text in "[ab]{0,2}") {
            let merge = sent(&base, &mine).merge(&theirs(&theirs_text));
            let result = &merge.result["words"];
            if merge.conflicts.is_empty() {
                prop_assert!(mine == base || *result == mine);
                prop_assert!(theirs_text == base || *result == theirs_text);
            } else {
                prop_assert_eq!(&merge.conflicts[0].mine, &mine);
                prop_assert_eq!(&merge.conflicts[0].theirs, &theirs_text);
            }
        }
    }
}
