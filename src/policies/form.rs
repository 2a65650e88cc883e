//! The form of a policy.

use serde::{Deserialize, Serialize};

use super::{ContactRule, Mode, Policy, RequiredField, Rules, SOURCES_MAX};
use crate::web::problems::Problems;

/// What was typed. Of the numbers only those of the chosen way count.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyForm {
    /// The number of the policy that was changed.
    pub number: i32,
    #[serde(default)]
    pub mode: String,
    #[serde(default)]
    pub approvals: String,
    #[serde(default)]
    pub assessors: String,
    #[serde(default)]
    pub voters: String,
    #[serde(default)]
    pub majority: String,
    #[serde(default)]
    pub min_sources: String,
    #[serde(default)]
    pub need_archived: Option<String>,
    #[serde(default)]
    pub contact_rule: String,
    #[serde(default)]
    pub required_fields: Vec<String>,
    #[serde(default)]
    pub authors_apart: Option<String>,
    #[serde(default)]
    pub dissent_notes: Option<String>,
}

impl PolicyForm {
    /// The form that shows a policy as it is.
    #[must_use]
    pub fn of(policy: Option<&Policy>) -> Self {
        let rules = policy.map(|policy| policy.rules.clone()).unwrap_or_default();
        let of = |mode, usual: i16| if rules.mode == mode { rules.people } else { usual }.to_string();
        let flag = |on: bool| on.then(|| "on".to_owned());
        Self {
            number: policy.map_or(0, |policy| policy.number),
            mode: rules.mode.as_str().to_owned(),
            approvals: of(Mode::SecondPerson, 1),
            assessors: of(Mode::Blind, 3),
            voters: of(Mode::Panel, 3),
            majority: rules.majority.unwrap_or(2).to_string(),
            min_sources: rules.min_sources.to_string(),
            need_archived: flag(rules.need_archived),
            contact_rule: rules.contact_rule.as_str().to_owned(),
            required_fields: rules.required_fields.iter().map(|field| field.as_str().to_owned()).collect(),
            authors_apart: flag(rules.authors_apart),
            dissent_notes: flag(rules.dissent_notes),
        }
    }

    /// What the form says.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn parse(&self) -> Result<Rules, Problems> {
        let mut problems = Problems::default();
        let mode = Mode::parse(&self.mode).unwrap_or_else(|| {
            problems.add("mode", "Choose one of the ways of deciding.");
            Mode::SecondPerson
        });
        let mut number = |field: &'static str, typed: &str, (least, most): (i16, i16)| {
            let number = typed.trim().parse().ok().filter(|number| (least..=most).contains(number));
            number.unwrap_or_else(|| {
                problems.add(field, format!("Give a number from {least} to {most}."));
                least
            })
        };
        let people = match mode {
            Mode::Single => 1,
            Mode::SecondPerson => number("approvals", &self.approvals, mode.people()),
            Mode::Blind => number("assessors", &self.assessors, mode.people()),
            Mode::Panel => number("voters", &self.voters, mode.people()),
        };
        let majority =
            (mode == Mode::Panel).then(|| number("majority", &self.majority, (people / 2 + 1, people)));
        let min_sources = number("min_sources", &self.min_sources, (0, SOURCES_MAX));
        let contact_rule = ContactRule::parse(&self.contact_rule).unwrap_or_else(|| {
            problems.add("contact_rule", "Choose what is to be done.");
            ContactRule::Never
        });
        if self.required_fields.iter().any(|code| RequiredField::parse(code).is_none()) {
            problems.add("required_fields", "Choose among these.");
        }
        let known = |field: &&RequiredField| self.required_fields.iter().any(|code| code == field.as_str());
        problems.unless(Rules {
            mode,
            people,
            majority,
            min_sources,
            need_archived: self.need_archived.is_some(),
            contact_rule,
            required_fields: RequiredField::ALL.iter().filter(known).copied().collect(),
            authors_apart: self.authors_apart.is_some(),
            dissent_notes: self.dissent_notes.is_some(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PolicyId;

    #[test]
    fn a_policy_reads_back_from_its_form() {
        for mode in Mode::ALL {
            let (people, majority) = match mode {
                Mode::Single => (1, None),
                Mode::SecondPerson => (2, None),
                Mode::Blind => (4, None),
                Mode::Panel => (5, Some(3)),
            };
            let rules = Rules {
                mode: *mode,
                people,
                majority,
                min_sources: 2,
                contact_rule: ContactRule::Block,
                required_fields: vec![RequiredField::Speaker, RequiredField::Topics],
                dissent_notes: true,
                ..Rules::default()
            };
            let policy = Policy { id: PolicyId::new(), number: 3, rules };
            assert_eq!(PolicyForm::of(Some(&policy)).parse().unwrap(), policy.rules);
        }
    }

    #[test]
    fn a_majority_is_more_than_half() {
        let form = |voters: &str, majority: &str| PolicyForm {
            mode: "panel".into(),
            voters: voters.into(),
            majority: majority.into(),
            ..PolicyForm::of(None)
        };
        assert!(form("4", "3").parse().is_ok());
        assert!(form("4", "2").parse().unwrap_err().of("majority").is_some());
        assert!(form("4", "5").parse().unwrap_err().of("majority").is_some());
        assert!(form("2", "2").parse().unwrap_err().of("voters").is_some());
    }
}
