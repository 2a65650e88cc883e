//! What is wrong with a form, field by field, for the summary above it and for the fields themselves.

use std::borrow::Cow;

use crate::error::Error;

/// One thing that is wrong, and the id of the field it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    pub field: Cow<'static, str>,
    pub words: Cow<'static, str>,
}

/// Everything that is wrong with a form. `templates/web/_problems.html` prints the summary.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Adds one.
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, words: impl Into<Cow<'static, str>>) {
        self.0.push(Problem { field: field.into(), words: words.into() });
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// What is wrong with the field of that id.
    #[must_use]
    pub fn of(&self, field: impl AsRef<str>) -> Option<&str> {
        self.0.iter().find(|problem| problem.field == field.as_ref()).map(|problem| &*problem.words)
    }

    /// The value, when nothing is wrong.
    ///
    /// # Errors
    /// The problems.
    pub fn unless<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// For answers that have no form to show them in.
impl From<Problems> for Error {
    fn from(problems: Problems) -> Self {
        let words: Vec<&str> = problems.iter().map(|problem| &*problem.words).collect();
        Self::invalid(words.join(" "))
    }
}
