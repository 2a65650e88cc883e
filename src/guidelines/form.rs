//! The form over a desk's guidelines.

use serde::Deserialize;

use super::store::Guidelines;
use crate::web::problems::Problems;

/// How long the title may be, in code points; the database says the same.
pub const TITLE_MAX: usize = 200;
/// How long the text may be, in code points; the database says the same.
pub const TEXT_MAX: usize = 100_000;

/// What somebody wants the guidelines to say.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuidelinesForm {
    /// The version that it was made on; 0 for the first one.
    pub version: i32,
    pub title: String,
    pub text: String,
}

impl GuidelinesForm {
    /// The form over guidelines as they are; a blank one when there are none.
    #[must_use]
    pub fn of(now: Option<&Guidelines>) -> Self {
        now.map_or_else(Self::default, |now| Self {
            version: now.number,
            title: now.title.clone(),
            text: now.text.clone(),
        })
    }

    /// The same with one spelling: line breaks as LF, no blanks around.
    #[must_use]
    pub fn tidy(self) -> Self {
        let text = self.text.replace("\r\n", "\n");
        let lines: Vec<_> = text.lines().map(str::trim_end).collect();
        Self {
            version: self.version,
            title: self.title.split_whitespace().collect::<Vec<_>>().join(" "),
            text: lines.join("\n").trim().to_owned(),
        }
    }

    /// What is wrong with which field.
    #[must_use]
    pub fn problems(&self) -> Problems {
        let mut problems = Problems::default();
        if self.title.is_empty() || self.title.chars().count() > TITLE_MAX {
            problems.add("title", format!("Give the guidelines a title of at most {TITLE_MAX} characters."));
        }
        if self.text.is_empty() {
            problems.add("text", "Write down what to go by.");
        } else if self.text.chars().count() > TEXT_MAX {
            problems.add("text", "The text is longer than 100,000 characters.");
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_told_at_its_field() {
        let form = GuidelinesForm { title: " ".into(), text: "\r\n".into(), version: 0 }.tidy();
        assert!(form.problems().of("title").is_some() && form.problems().of("text").is_some());
        let whole =
            GuidelinesForm { title: "How we  rate".into(), text: "Read. \r\nRate.\r\n".into(), version: 1 };
        let whole = whole.tidy();
        assert_eq!((whole.title.as_str(), whole.text.as_str()), ("How we rate", "Read.\nRate."));
        assert!(whole.problems().is_empty());
    }
}
