//! Word documents (DOCX) to blocks: what Word shows with all changes accepted and no comments.
//!
//! The format is ECMA-376, part 1, section 17: <https://ecma-international.org/publications-and-standards/standards/ecma-376/>.

mod body;
mod package;
mod styles;
mod xml;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::draft::{Context, Draft};
use super::{Found, ImportError, Imported, language_tag, line};
use crate::text::dates::PartialDate;
use crate::text::document::{Kind, ListItem};
use body::{Body, Parts};
use package::Package;
use styles::{Lists, Styles, links};
use xml::{Step, walk};

/// Imports a Word document.
///
/// # Errors
/// [`ImportError`], which tells a locked file, a damaged one and one that swells apart.
pub fn from_docx(bytes: &[u8]) -> Result<Imported, ImportError> {
    let mut package = Package::open(bytes)?;
    let main = main_part(&mut package)?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let beside = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let document = package.part(&main)?.ok_or(ImportError::WordBroken)?;
    let mut parts = Parts::default();
    if let Some(part) = package.part(&beside("styles.xml"))? {
        parts.styles = Styles::read(&part)?;
    }
    if let Some(part) = package.part(&beside("numbering.xml"))? {
        parts.lists = Lists::read(&part)?;
    }
    let name = main.rsplit('/').next().unwrap_or_default();
    if let Some(part) = package.part(&beside(&format!("_rels/{name}.rels")))? {
        parts.links = links(&part)?;
    }
    let mut found = match package.part("docProps/core.xml")? {
        Some(part) => properties(&part)?,
        None => Found::default(),
    };

    let mut draft = Draft::default();
    let mut body = Body::new(&mut parts, &mut draft);
    walk(&document, |step| body.take(step))?;
    let (notes, title) = (std::mem::take(&mut body.notes), body.title);
    draft.end_block();
    if !notes.is_empty()
        && let Some(part) = package.part(&beside("footnotes.xml"))?
    {
        write_notes(&part, &notes, &mut parts, &mut draft)?;
    }
    let document = draft.finish(found.language.clone())?;
    let title = title.and_then(|number| document.slice(document.blocks().get(number)?.extent()));
    found.title = title.and_then(line).or(found.title);
    Ok(Imported { document, found, surroundings: BTreeSet::new() })
}

/// The name of the part that holds the text.
fn main_part(package: &mut Package<'_>) -> Result<String, ImportError> {
    let mut main = None;
    if let Some(part) = package.part("_rels/.rels")? {
        walk(&part, |step| {
            if let Step::Start(element) = step
                && element.attribute("Type").is_some_and(|kind| kind.ends_with("/officeDocument"))
            {
                main = element.attribute("Target").map(|target| target.trim_start_matches('/').to_owned());
            }
            Ok(())
        })?;
    }
    Ok(main.unwrap_or_else(|| "word/document.xml".to_owned()))
}

/// What the author's program wrote down about the document.
fn properties(part: &str) -> Result<Found, ImportError> {
    let mut found = Found::default();
    let mut open = String::new();
    let mut text = String::new();
    walk(part, |step| {
        match step {
            Step::Start(element) => {
                element.name().clone_into(&mut open);
                text.clear();
            }
            Step::Text(more) => text.push_str(&more),
            Step::End(name) if name == open => match name.as_str() {
                "title" => found.title = line(&text),
                "creator" => found.author = line(&text).filter(|author| author.chars().count() <= 150),
                "language" => found.language = language_tag(&text),
                "created" => found.published = PartialDate::of_timestamp(&text),
                "modified" => found.modified = PartialDate::of_timestamp(&text),
                _ => {}
            },
            Step::End(_) => {}
        }
        Ok(())
    })?;
    Ok(found)
}

/// Writes the footnotes that the text refers to, in its order, after it.
fn write_notes(
    part: &str,
    order: &[String],
    parts: &mut Parts,
    draft: &mut Draft,
) -> Result<(), ImportError> {
    let mut notes: Vec<(usize, String)> = Vec::new();
    let mut words = Draft::default();
    let mut body = Body::new(parts, &mut words);
    let mut open: Option<(usize, String)> = None;
    walk(part, |step| {
        match &step {
            Step::Start(element) if element.name() == "footnote" => {
                let id = element.attribute("id");
                open =
                    order.iter().position(|known| Some(known) == id.as_ref()).map(|at| (at, String::new()));
            }
            Step::Text(text) => {
                if let Some((_, note)) = &mut open
                    && body.is_in_text()
                {
                    note.push_str(text);
                }
            }
            Step::End(name) if name == "p" => {
                if let Some((_, note)) = &mut open {
                    note.push(' ');
                }
            }
            Step::End(name) if name == "footnote" => notes.extend(open.take()),
            _ => {}
        }
        body.take(step)
    })?;
    notes.sort_by_key(|(at, _)| *at);
    for (at, note) in notes {
        let number = u32::try_from(at + 1).ok();
        let kind = Kind::ListItem(ListItem { depth: 0, number, continues: false });
        draft.write(&note, || Context { kind, quote: 0 });
        draft.end_block();
    }
    Ok(())
}
