//! Who said something, and as what: a list that is written one a line, `name; role or office`.

use crate::agents::{Name, key};
use crate::id::AgentId;
use crate::web::problems::Problems;

/// Somebody who made a claim in one appearance.
#[derive(Clone, Debug)]
pub struct Speaker {
    pub agent: AgentId,
    pub name: String,
    /// Role or office at that time.
    pub office: Option<String>,
}

/// A speaker as somebody typed it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    pub name: Name,
    pub office: Option<String>,
}

/// How many speakers an appearance may have.
const MAX: usize = 20;
/// How long an office may be, in code points; the database says the same.
const OFFICE_MAX: usize = 200;

/// The speakers as text, one a line.
#[must_use]
pub fn written(speakers: &[Speaker]) -> String {
    let lines: Vec<_> = speakers
        .iter()
        .map(|speaker| line(&speaker.name, speaker.office.as_deref().unwrap_or_default()))
        .collect();
    lines.join("\n")
}

/// A speaker's line; nothing without a name.
#[must_use]
pub fn line(name: &str, office: &str) -> String {
    let (name, office) = (one_line(name), one_line(office));
    match (name.is_empty(), office.is_empty()) {
        (true, true) => String::new(),
        (_, true) => name,
        _ => format!("{name}; {office}"),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads the lines.
///
/// # Errors
/// What is wrong with the field `speakers`.
pub fn parse(text: &str) -> Result<Vec<Named>, Problems> {
    let mut problems = Problems::default();
    let mut speakers: Vec<Named> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (name, office) = line.split_once(';').unwrap_or((line, ""));
        let office = Some(one_line(office)).filter(|office| !office.is_empty());
        let name = match Name::parse(name) {
            Ok(name) => name,
            Err(error) => {
                problems.add(
                    "speakers",
                    if office.is_some() { format!("“{line}”: {error}") } else { error.to_string() },
                );
                continue;
            }
        };
        if office.as_ref().is_some_and(|office| office.chars().count() > OFFICE_MAX) {
            problems.add("speakers", format!("{name}: the role is longer than {OFFICE_MAX} characters."));
        } else if speakers.iter().any(|known| key(known.name.as_str()) == name.key()) {
            problems.add("speakers", format!("{name} is named twice."));
        } else {
            speakers.push(Named { name, office });
        }
    }
    if speakers.len() > MAX {
        problems.add("speakers", format!("Name at most {MAX} speakers."));
    }
    problems.unless(speakers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_read_as_they_are_written() {
        let speakers = parse("Dana Whitcombe; Mayor of Ellery; acting\n\n Nora  Field ").unwrap();
        assert_eq!(speakers[0].office.as_deref(), Some("Mayor of Ellery; acting"));
        assert_eq!(speakers[1], Named { name: Name::parse("Nora Field").unwrap(), office: None });
        let again: Vec<_> = speakers
            .iter()
            .map(|speaker| line(speaker.name.as_str(), speaker.office.as_deref().unwrap_or_default()))
            .collect();
        assert_eq!(parse(&again.join("\n")), Ok(speakers));
    }

    #[test]
    fn nobody_speaks_twice_in_one_place() {
        assert!(parse("O’Neill\nO'Neill; Minister").is_err());
        assert!(parse("; Minister").is_err());
        assert_eq!(parse(" \n"), Ok(vec![]));
    }
}
