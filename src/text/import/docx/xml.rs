//! Reading XML by its elements' own names, whatever their prefixes.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::text::import::ImportError;

/// One step through a document.
pub(super) enum Step<'a> {
    Start(Element<'a>),
    End(String),
    Text(String),
}

/// The start of an element. An empty element has a start and an end.
pub(super) struct Element<'a>(BytesStart<'a>);

impl Element<'_> {
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The value of the first attribute of that name.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let found = self
            .0
            .attributes()
            .filter_map(Result::ok)
            .find(|one| one.key.local_name().into_inner() == name)?;
        // A value with an entity that XML does not know is taken as it stands.
        let value = found.normalized_value(XmlVersion::Implicit1_0);
        Some(value.map_or_else(|_| found.value.to_string(), |value| value.to_string()))
    }

    /// The value of `w:val`.
    pub(super) fn value(&self) -> Option<String> {
        self.attribute("val")
    }

    /// Whether a property that is on or off is on.
    pub(super) fn is_on(&self) -> bool {
        !matches!(self.value().as_deref(), Some("0" | "false" | "off" | "none"))
    }
}

/// Goes through a document.
///
/// # Errors
/// [`ImportError::WordBroken`] when it is none, and what `take` fails with.
pub(super) fn walk(
    document: &str,
    mut take: impl FnMut(Step<'_>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let mut reader = Reader::from_str(document.trim_start_matches('\u{FEFF}'));
    reader.config_mut().expand_empty_elements = true;
    loop {
        match reader.read_event().map_err(|_| ImportError::WordBroken)? {
            Event::Start(start) => take(Step::Start(Element(start)))?,
            Event::End(end) => take(Step::End(end.local_name().into_inner().to_owned()))?,
            Event::Text(text) => take(Step::Text(text.xml10_content().into_owned()))?,
            Event::CData(text) => take(Step::Text(text.xml10_content().into_owned()))?,
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().ok().flatten();
                let named = || {
                    quick_xml::escape::resolve_xml_entity(&reference.clone().into_inner()).map(str::to_owned)
                };
                if let Some(text) = character.map(String::from).or_else(named) {
                    take(Step::Text(text))?;
                }
            }
            Event::Eof => return Ok(()),
            // No document of Word has one: an entity that stands for others can swell.
            Event::DocType(_) => return Err(ImportError::Swells),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}
