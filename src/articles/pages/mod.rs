//! The pages about articles. The reading page belongs to claims, because it shows them.

pub mod blocks;
pub mod edit;
pub mod list;
pub mod new;
pub mod upload;

use super::details::FIELDS;
use crate::editing::{Field, Values};
use crate::web::problems::Problems;

/// A field about an article in a form.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub field: &'static Field,
    pub value: String,
    pub problem: Option<String>,
}

/// All fields about an article.
#[must_use]
pub fn drawn(values: &Values, problems: &Problems) -> Vec<Drawn> {
    FIELDS
        .iter()
        .map(|field| Drawn {
            field,
            value: values.get(field.name).cloned().unwrap_or_default(),
            problem: problems.of(field.name).map(str::to_owned),
        })
        .collect()
}
