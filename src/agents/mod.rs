//! Agents: those who speak and publish. They are found again by their name, and doubles are merged.

mod api;
mod name;
mod pages;
pub mod store;

use actix_web::web::ServiceConfig;

use crate::auth::Permission;
use crate::auth::permission::{AddArticle, CiteEvidence, MarkClaim};
use crate::codes::codes;
use crate::editing::{Field, Values, Widget};
use crate::id::{AgentId, EventId};
use crate::text::address::SafeUrl;
use crate::web::problems::Problems;

pub use name::{Name, NameError, key};

codes! {
    /// What an agent is.
    Kind {
        Person = "person", "person";
        Organisation = "organisation", "organisation";
        Outlet = "outlet", "outlet";
        Collective = "collective", "group without a form";
        Anonymous = "anonymous", "somebody whose name is not known";
        AiSystem = "ai_system", "AI system";
    }
}

/// A permission whose holder names speakers or publishers, and so may create agents.
pub trait NamesAgents: Permission {}
impl NamesAgents for AddArticle {}
impl NamesAgents for MarkClaim {}
impl NamesAgents for CiteEvidence {}

/// An agent of a desk.
#[derive(Clone, Debug)]
pub struct Agent {
    pub id: AgentId,
    pub kind: Kind,
    pub name: String,
    pub description: String,
    /// Pages about the same one elsewhere, Wikidata first of all.
    pub same_as: Vec<String>,
    /// The agent that stands for this one since they were merged.
    pub merged_into: Option<AgentId>,
    pub row_version: i32,
    /// The last change.
    pub event: EventId,
}

/// What can be edited of an agent.
pub static FIELDS: [Field; 4] = [
    Field {
        name: "name",
        label: "Name",
        hint: "As it is written most often. Speakers are found again by it.",
        widget: Widget::Line,
    },
    Field { name: "kind", label: "Kind", hint: "", widget: Widget::Pick(Kind::CHOICES) },
    Field {
        name: "description",
        label: "Description",
        hint: "What tells this one from others of a like name.",
        widget: Widget::Text,
    },
    Field {
        name: "same_as",
        label: "Elsewhere",
        hint: "Addresses of pages about the same one, one a line. A Wikidata number such as Q42 is enough.",
        widget: Widget::Text,
    },
];

/// An agent's fields, each as it may be stored.
#[derive(Clone, Debug)]
pub struct Described {
    pub name: Name,
    pub kind: Kind,
    pub description: String,
    pub same_as: Vec<String>,
}

impl Agent {
    /// The agent's fields as texts.
    #[must_use]
    pub fn values(&self) -> Values {
        [
            ("name", self.name.clone()),
            ("kind", self.kind.as_str().to_owned()),
            ("description", self.description.clone()),
            ("same_as", self.same_as.join("\n")),
        ]
        .into()
    }
}

impl Described {
    /// Reads the fields.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn parse(values: &Values) -> Result<Self, Problems> {
        let text = |name: &str| values.get(name).map_or("", String::as_str);
        let mut problems = Problems::default();
        let name = Name::parse(text("name")).map_err(|error| problems.add("name", error.to_string())).ok();
        let kind = Kind::parse(text("kind"));
        if kind.is_none() {
            problems.add("kind", "Choose what kind it is.".to_owned());
        }
        let description = text("description").to_owned();
        if description.chars().count() > 2_000 {
            problems.add("description", "The description is longer than 2,000 characters.".to_owned());
        }
        let mut same_as = Vec::new();
        for line in text("same_as").lines().map(str::trim).filter(|line| !line.is_empty()) {
            match address(line) {
                Ok(address) if !same_as.contains(&address) => same_as.push(address),
                Ok(_) => {}
                Err(words) => problems.add("same_as", format!("{line}: {words}")),
            }
        }
        if same_as.len() > 20 {
            problems.add("same_as", "Give at most 20 addresses.".to_owned());
        }
        match (name, kind) {
            (Some(name), Some(kind)) if problems.is_empty() => Ok(Self { name, kind, description, same_as }),
            _ => Err(problems),
        }
    }
}

fn address(line: &str) -> Result<String, String> {
    if line
        .strip_prefix('Q')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    {
        return Ok(format!("https://www.wikidata.org/wiki/{line}"));
    }
    SafeUrl::parse(line).map(|url| url.as_str().to_owned()).map_err(|error| error.to_string())
}

/// The addresses of this capability.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(pages::list)
        .service(pages::show)
        .service(pages::save)
        .service(pages::undo)
        .service(pages::merger)
        .service(pages::separation)
        .service(api::list)
        .service(api::show);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(same_as: &str) -> Values {
        [("name", "Ada".to_owned()), ("kind", "person".to_owned()), ("same_as", same_as.to_owned())].into()
    }

    #[test]
    fn a_wikidata_number_is_enough() {
        let described = Described::parse(&values("Q7259\nexample.org/ada\nQ7259")).unwrap();
        assert_eq!(described.same_as, ["https://www.wikidata.org/wiki/Q7259", "https://example.org/ada"]);
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let problems = Described::parse(&[("same_as", "javascript:alert(1)".to_owned())].into()).unwrap_err();
        let fields: Vec<_> = problems.iter().map(|problem| &*problem.field).collect();
        assert_eq!(fields, ["name", "kind", "same_as"]);
    }
}
