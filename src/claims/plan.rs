//! How urgent a claim is, and by when the desk wants to be done with it.

use time::Date;
use time::macros::format_description;

use crate::codes::codes;
use crate::editing::{Field, Values, Widget};
use crate::web::problems::Problems;

codes! {
    /// How urgent a claim is, the most urgent first.
    Priority {
        Urgent = "urgent", "urgent";
        High = "high", "high";
        Normal = "normal", "normal";
        Low = "low", "low";
    }
}

/// What can be planned of a claim.
pub static PLAN: [Field; 2] = [
    Field { name: "priority", label: "Priority", hint: "", widget: Widget::Pick(Priority::CHOICES) },
    Field { name: "due_on", label: "Due", hint: "May be empty.", widget: Widget::Day },
];

/// A claim's place in the desk's work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Plan {
    pub priority: Priority,
    /// The day on which the desk wants to be done.
    pub due_on: Option<Date>,
}

impl Plan {
    /// The plan as texts.
    #[must_use]
    pub fn values(&self) -> Values {
        [
            ("priority", self.priority.as_str().to_owned()),
            ("due_on", self.due_on.map_or_else(String::new, written)),
        ]
        .into()
    }

    /// Reads the fields.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn parse(values: &Values) -> Result<Self, Problems> {
        let text = |name: &str| values.get(name).map_or("", String::as_str);
        let mut problems = Problems::default();
        let priority = Priority::parse(text("priority"));
        if priority.is_none() {
            problems.add("priority", "Choose how urgent it is.");
        }
        let due_on = Some(text("due_on"))
            .filter(|text| !text.is_empty())
            .map(|text| Date::parse(text, format_description!("[year]-[month]-[day]")));
        if matches!(due_on, Some(Err(_))) {
            problems.add("due_on", "Write the day as year, month and day, as in 2026-03-14.");
        }
        let plan =
            Self { priority: priority.unwrap_or(Priority::Normal), due_on: due_on.and_then(Result::ok) };
        problems.unless(plan)
    }
}

fn written(day: Date) -> String {
    day.format(format_description!("[year]-[month]-[day]")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_plan_reads_back_from_its_texts() {
        for due_on in [None, Some(date!(2026 - 12 - 01))] {
            let plan = Plan { priority: Priority::High, due_on };
            assert_eq!(Plan::parse(&plan.values()).unwrap(), plan);
        }
    }

    #[test]
    fn what_cannot_be_planned_is_told_at_its_field() {
        let values = [("priority", "at once".to_owned()), ("due_on", "tomorrow".to_owned())].into();
        let problems = Plan::parse(&values).unwrap_err();
        assert!(problems.of("priority").is_some() && problems.of("due_on").is_some());
    }
}
