//! What somebody wants fields to be.

use std::collections::BTreeMap;

use super::field::{Field, Values, Widget};
use crate::error::{Error, Result};

/// What somebody wants fields to be, and what they were when the person began.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    pub(super) changes: Vec<Change>,
}

#[derive(Clone, Debug)]
pub(super) struct Change {
    pub field: &'static Field,
    pub base: String,
    pub mine: String,
}

impl Sent {
    /// Reads the fields of a form: each `name` comes with a `base_name`, the text that the form was made on.
    ///
    /// # Errors
    /// [`Error::Malformed`] when a field is not of this record, or does not come with its base.
    pub fn read(fields: &'static [Field], pairs: &[(String, String)]) -> Result<Self> {
        let mut mine: BTreeMap<&str, String> = BTreeMap::new();
        let mut base: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, value) in pairs {
            let known = |name: &str| fields.iter().find(|field| field.name == name);
            if let Some(field) = known(name) {
                mine.entry(field.name)
                    .and_modify(|text| {
                        if matches!(field.widget, Widget::Choices(_) | Widget::Offered) {
                            text.push(',');
                        } else {
                            text.clear();
                        }
                        text.push_str(value);
                    })
                    .or_insert_with(|| value.clone());
            } else if let Some(field) = name.strip_prefix("base_").and_then(known) {
                base.insert(field.name, value);
            } else {
                return Err(Error::Malformed(format!("This form has no field {name:?}.").into()));
            }
        }
        let mut changes = Vec::new();
        for field in fields {
            let typed = mine.remove(field.name);
            match (base.get(field.name), typed) {
                // Of boxes that can be ticked, a form sends the ticked ones only.
                (Some(base), typed) if typed.is_some() || field.is_of_boxes() => {
                    changes.push(Change {
                        field,
                        base: field.tidy(base),
                        mine: field.tidy(&typed.unwrap_or_default()),
                    });
                }
                (None, Some(_)) => {
                    let words = format!("The form does not say what {:?} was before.", field.name);
                    return Err(Error::Malformed(words.into()));
                }
                _ => {}
            }
        }
        Ok(Self { changes })
    }

    /// Reads the fields of a form for something new.
    ///
    /// # Errors
    /// [`Error::Malformed`] when a field is not of this record.
    pub fn first(fields: &'static [Field], pairs: &[(String, String)]) -> Result<Self> {
        let bases = fields.iter().map(|field| (format!("base_{}", field.name), String::new()));
        let given = pairs.iter().filter(|(name, _)| !name.starts_with("base_")).cloned();
        // What was not sent was left empty.
        let is_missing = |field: &&Field| !pairs.iter().any(|(name, _)| name == field.name);
        let missing = fields.iter().filter(is_missing).map(|field| (field.name.to_owned(), String::new()));
        Self::read(fields, &bases.chain(given).chain(missing).collect::<Vec<_>>())
    }

    /// The wish that a field should be `mine` where it was `base`.
    pub fn push(&mut self, field: &'static Field, base: &str, mine: &str) {
        self.changes.push(Change { field, base: field.tidy(base), mine: field.tidy(mine) });
    }

    /// What was typed.
    #[must_use]
    pub fn mine(&self) -> Values {
        self.changes.iter().map(|change| (change.field.name, change.mine.clone())).collect()
    }

    /// What the form was made on.
    #[must_use]
    pub fn base(&self) -> Values {
        self.changes.iter().map(|change| (change.field.name, change.base.clone())).collect()
    }
}
