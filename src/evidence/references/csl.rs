//! A reference as CSL-JSON, the form in which programs that manage references hand them to each other:
//! <https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html>.

use serde_json::{Map, Value, json};
use time::Date;

use super::{Author, Reference};
use crate::text::dates::{PartialDate, Precision};

/// The reference as one item. What is not known has no field.
#[must_use]
pub(super) fn item(reference: &Reference) -> Map<String, Value> {
    let kind = reference.kind();
    let mut item = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            item.insert(name.to_owned(), value);
        }
    };
    let text = |text: &Option<String>| text.clone().map(Value::String);
    put("id", Some(json!(reference.key())));
    put("type", Some(json!(kind.csl())));
    put("title", text(&reference.title));
    let authors: Vec<Value> = reference.authors.iter().map(name).collect();
    put("author", (!authors.is_empty()).then_some(Value::Array(authors)));
    put(if kind.is_part() { "container-title" } else { "publisher" }, text(&reference.publisher));
    put("issued", parts(reference.published).map(|parts| json!({ "date-parts": parts })));
    put("language", text(&reference.language));
    put("DOI", text(&reference.doi));
    put("ISBN", text(&reference.isbn));
    put("URL", text(&reference.url));
    put("accessed", reference.kept.map(|day| json!({ "date-parts": [of_day(day)] })));
    put("archive_location", text(&reference.archived));
    item
}

fn name(author: &Author) -> Value {
    match author {
        Author::Person { family, given } => json!({ "family": family, "given": given }),
        Author::Name(name) => json!({ "literal": name }),
    }
}

/// A date as far as it is known; a period as its two ends.
fn parts(date: PartialDate) -> Option<Value> {
    let (from, to, precision) = date.columns();
    let (from, to) = from.zip(to)?;
    Some(match precision {
        Precision::Day => json!([of_day(from)]),
        Precision::Month => json!([[from.year(), u8::from(from.month())]]),
        Precision::Year => json!([[from.year()]]),
        Precision::Range => json!([of_day(from), of_day(to)]),
        Precision::Unknown => return None,
    })
}

fn of_day(day: Date) -> Value {
    json!([day.year(), u8::from(day.month()), day.day()])
}
