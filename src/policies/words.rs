//! A policy in words.

use super::{ContactRule, Mode, Rules};

impl Rules {
    /// How many equal ratings decide.
    #[must_use]
    pub fn carries(&self) -> i16 {
        self.majority.unwrap_or(self.people)
    }

    /// How it is decided, in a sentence.
    #[must_use]
    pub fn decided(&self) -> String {
        match (self.mode, self.people) {
            (Mode::Single, _) => "One person may decide alone.".to_owned(),
            (Mode::SecondPerson, 1) => "A second person approves each verdict.".to_owned(),
            (Mode::SecondPerson, people) => {
                format!("{people} people approve each verdict, besides its drafter.")
            }
            (Mode::Blind, people) => format!(
                "{people} people assess each claim without seeing each other’s ratings. An adjudicator decides where they differ."
            ),
            (Mode::Panel, people) => format!(
                "A panel of {people} votes on each verdict; {} equal votes carry. An adjudicator decides where there is no majority.",
                self.carries()
            ),
        }
    }

    /// What it asks for besides, a sentence each.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        let mut asked = Vec::new();
        match self.min_sources {
            0 => {}
            1 => {
                asked
                    .push("At least one source has a known publisher, or the draft says why not.".to_owned());
            }
            count => asked.push(format!(
                "The sources come from at least {count} publishers, or the draft says why fewer."
            )),
        }
        if self.need_archived {
            asked.push("Every cited address has a kept copy, or the draft says why not.".to_owned());
        }
        match self.contact_rule {
            ContactRule::Never => {}
            ContactRule::Warn => {
                asked.push("Whoever made the claim should be asked for a comment.".to_owned());
            }
            ContactRule::Block => asked.push(
                "Whoever made the claim is asked for a comment before the review, or the log says why not."
                    .to_owned(),
            ),
        }
        if !self.required_fields.is_empty() {
            let fields: Vec<_> = self.required_fields.iter().map(|field| field.label()).collect();
            asked.push(format!("Of each claim has to be known: {}.", fields.join(", ")));
        }
        if self.mode == Mode::Blind && self.authors_apart {
            asked.push("Who marked a claim does not assess it.".to_owned());
        }
        if self.mode.is_rated_by_several() && self.dissent_notes {
            asked.push("Readers see the notes of those who rated otherwise, without their names.".to_owned());
        }
        asked
    }
}
