//! Which ratings a page is about, as its address says.

use serde::Deserialize;
use time::macros::format_description;
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time};
use url::form_urlencoded::Serializer;

use crate::codes::codes;
use crate::error::{Error, Result};
use crate::id::{RoundId, ScaleId};

codes! {
    /// In what kind of rounds ratings were given.
    Rounds {
        Blind = "blind", "Blind rounds";
        Panel = "panel", "Panels";
    }
}

/// The address, as it was typed or sent by the form: what is empty is not asked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Asked {
    scale: String,
    rounds: String,
    topic: String,
    from: String,
    to: String,
    a: String,
    b: String,
    after: String,
}

/// Which ratings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filter {
    /// The desk's own scale when none is chosen.
    pub scale: Option<ScaleId>,
    pub rounds: Rounds,
    pub topic: Option<String>,
    /// The first and the last day of the decisions, UTC.
    pub from: Option<Date>,
    pub to: Option<Date>,
    /// The handles of two people.
    pub pair: Option<[String; 2]>,
    /// The round behind which the list of disagreements goes on.
    pub after: Option<RoundId>,
}

impl Asked {
    /// What is asked.
    ///
    /// # Errors
    /// [`Error::Malformed`] when a part of it cannot be read.
    pub fn filter(&self) -> Result<Filter> {
        let unreadable = || Error::Malformed("This address cannot be read.".into());
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let day = |text: &str| given(text).map(|text| parse(&text).ok_or_else(unreadable)).transpose();
        Ok(Filter {
            scale: given(&self.scale).map(|id| id.parse().map_err(|_| unreadable())).transpose()?,
            rounds: match given(&self.rounds) {
                Some(code) => Rounds::parse(&code).ok_or_else(unreadable)?,
                None => Rounds::Blind,
            },
            topic: given(&self.topic),
            from: day(&self.from)?,
            to: day(&self.to)?,
            pair: given(&self.a).zip(given(&self.b)).map(|(a, b)| [a, b]),
            after: given(&self.after).map(|id| id.parse().map_err(|_| unreadable())).transpose()?,
        })
    }
}

impl Filter {
    /// When decisions begin to be asked for, and when they end to be.
    pub fn period(&self) -> (Option<OffsetDateTime>, Option<OffsetDateTime>) {
        let midnight = |day: Date| PrimitiveDateTime::new(day, Time::MIDNIGHT).assume_utc();
        (self.from.map(midnight), self.to.map(|day| midnight(day) + Duration::DAY))
    }

    /// The query of an address that asks for the same.
    pub fn query(&self) -> String {
        let mut query = Serializer::new(String::from("?"));
        query.append_pair("rounds", self.rounds.as_str());
        if let Some(scale) = self.scale {
            query.append_pair("scale", &scale.to_string());
        }
        if let Some(topic) = &self.topic {
            query.append_pair("topic", topic);
        }
        for (name, day) in [("from", self.from), ("to", self.to)] {
            if let Some(day) = day {
                query.append_pair(name, &iso(day));
            }
        }
        if let Some([a, b]) = &self.pair {
            query.append_pair("a", a).append_pair("b", b);
        }
        if let Some(after) = self.after {
            query.append_pair("after", &after.to_string());
        }
        query.finish()
    }

    /// The same in rounds of another kind.
    pub fn in_rounds(&self, rounds: Rounds) -> String {
        Self { rounds, after: None, ..self.clone() }.query()
    }

    /// The same of another topic.
    pub fn of_topic(&self, topic: &str) -> String {
        Self { topic: Some(topic.to_owned()), after: None, ..self.clone() }.query()
    }

    /// The same of other days.
    pub fn of_days(&self, from: Date, to: Date) -> String {
        Self { from: Some(from), to: Some(to), after: None, ..self.clone() }.query()
    }

    /// The same of two people.
    pub fn of_pair(&self, a: &str, b: &str) -> String {
        Self { pair: Some([a.to_owned(), b.to_owned()]), after: None, ..self.clone() }.query()
    }

    /// The same of everybody.
    pub fn of_all(&self) -> String {
        Self { pair: None, after: None, ..self.clone() }.query()
    }

    /// The list of disagreements behind a round.
    pub fn behind(&self, round: RoundId) -> String {
        Self { after: Some(round), ..self.clone() }.query()
    }

    /// A day for a date field; empty for none.
    pub fn written(day: Option<Date>) -> String {
        day.map(iso).unwrap_or_default()
    }
}

fn parse(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

/// As in `2026-03-14`.
pub fn iso(day: Date) -> String {
    day.format(format_description!("[year]-[month]-[day]")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    #[test]
    fn an_address_can_be_read_back() {
        let filter = Filter {
            scale: Some(ScaleId::new()),
            rounds: Rounds::Panel,
            topic: Some("Häfen & Schiffe".into()),
            from: Some(date!(2026 - 03 - 01)),
            to: Some(date!(2026 - 03 - 31)),
            pair: Some(["ana".into(), "ben.b".into()]),
            after: None,
        };
        let query = filter.query();
        let asked: Asked = serde_html_form::from_str(query.trim_start_matches('?')).unwrap();
        assert_eq!(asked.filter().unwrap(), filter);
    }

    #[test]
    fn what_is_empty_is_not_asked_and_what_cannot_be_read_is_refused() {
        let asked: Asked = serde_html_form::from_str("scale=&topic=+&from=&a=ana").unwrap();
        let filter = asked.filter().unwrap();
        assert_eq!((filter.scale, filter.topic.as_ref(), filter.pair.as_ref()), (None, None, None));
        for query in ["from=yesterday", "scale=1", "rounds=second_person", "after=x"] {
            let asked: Asked = serde_html_form::from_str(query).unwrap();
            assert!(asked.filter().is_err(), "{query}");
        }
    }

    #[test]
    fn the_last_day_is_asked_for_to_its_end() {
        let asked: Asked = serde_html_form::from_str("from=2026-03-01&to=2026-03-31").unwrap();
        let period = asked.filter().unwrap().period();
        assert_eq!(period, (Some(datetime!(2026-03-01 0:00 UTC)), Some(datetime!(2026-04-01 0:00 UTC))));
    }
}
