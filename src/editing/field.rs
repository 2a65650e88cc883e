//! The fields of a record, as texts.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;

/// A record's fields: name and text, empty where it is not known.
pub type Values = BTreeMap<&'static str, String>;

/// How a field is typed in.
#[derive(Clone, Copy, Debug)]
pub enum Widget {
    /// One line of text.
    Line,
    /// A day of the calendar, as in `2026-03-14`.
    Day,
    /// Any number of lines.
    Text,
    /// One of these codes.
    Pick(&'static [(&'static str, &'static str)]),
    /// One of these codes, or none when it is not known.
    Choice(&'static [(&'static str, &'static str)]),
    /// Any of these codes; as text they are parted by a comma and a blank.
    Choices(&'static [(&'static str, &'static str)]),
    /// Any of the things that the form offers; as text, their ids parted by a comma and a blank, in the order of the ids.
    Offered,
    /// `yes`, or nothing.
    Flag,
}

/// One field of a record.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in the database, in forms and in JSON.
    pub name: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// What helps to fill it in; may be empty.
    pub hint: &'static str,
    pub widget: Widget,
}

impl Field {
    /// The one spelling of what was typed: normal form C, line breaks as LF, no blanks around, known codes in their order.
    #[must_use]
    pub fn tidy(&self, typed: &str) -> String {
        let text: String = typed.replace("\r\n", "\n").nfc().collect();
        match self.widget {
            Widget::Line | Widget::Day | Widget::Pick(_) | Widget::Choice(_) => {
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            }
            Widget::Text => {
                let lines: Vec<_> = text.lines().map(str::trim_end).collect();
                lines.join("\n").trim().to_owned()
            }
            Widget::Choices(choices) => {
                let mut codes: Vec<_> =
                    text.split(',').map(str::trim).filter(|code| !code.is_empty()).collect();
                codes.sort_by_key(|code| choices.iter().position(|(known, _)| known == code));
                codes.dedup();
                codes.join(", ")
            }
            Widget::Offered => {
                let mut ids: Vec<_> = text.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
                ids.sort_unstable();
                ids.dedup();
                ids.join(", ")
            }
            Widget::Flag => if text.trim().is_empty() { "" } else { "yes" }.to_owned(),
        }
    }

    /// Whether it is typed in by ticking boxes.
    pub(super) fn is_of_boxes(&self) -> bool {
        matches!(self.widget, Widget::Choices(_) | Widget::Offered | Widget::Flag)
    }

    /// A value in the words for people.
    #[must_use]
    pub fn words(&self, value: &str) -> String {
        let label = |choices: &[(&str, &'static str)], code: &str| {
            choices
                .iter()
                .find(|(known, _)| *known == code)
                .map_or(code.to_owned(), |(_, label)| (*label).to_owned())
        };
        match self.widget {
            Widget::Pick(choices) | Widget::Choice(choices) => label(choices, value),
            Widget::Choices(choices) => {
                value.split(", ").map(|code| label(choices, code)).collect::<Vec<_>>().join(", ")
            }
            _ => value.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHOICES: &[(&str, &str)] = &[("one", "the first"), ("two", "the second")];

    fn field(widget: Widget) -> Field {
        Field { name: "field", label: "Field", hint: "", widget }
    }

    #[test]
    fn what_is_typed_has_one_spelling() {
        assert_eq!(field(Widget::Line).tidy("  a \r\n b\u{a0}c "), "a b c");
        assert_eq!(field(Widget::Line).tidy("e\u{301}"), "é");
        assert_eq!(field(Widget::Text).tidy("\r\na  \r\n\r\nb\n"), "a\n\nb");
        assert_eq!(field(Widget::Choices(CHOICES)).tidy("two,one, two ,"), "one, two");
        assert_eq!(field(Widget::Offered).tidy("b, a,b ,"), "a, b");
        assert_eq!(field(Widget::Flag).tidy("on"), "yes");
        assert_eq!(field(Widget::Flag).tidy(" "), "");
    }

    #[test]
    fn codes_are_told_in_words() {
        assert_eq!(field(Widget::Choices(CHOICES)).words("one, two"), "the first, the second");
        assert_eq!(field(Widget::Choice(CHOICES)).words("two"), "the second");
        assert_eq!(field(Widget::Choice(CHOICES)).words(""), "");
    }
}
