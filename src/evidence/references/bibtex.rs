//! A reference for `BibTeX`: <https://ctan.org/pkg/bibtex>.

use super::{Author, Reference};

/// The reference as one entry with its key.
#[must_use]
pub(super) fn entry(reference: &Reference) -> String {
    let kind = reference.kind();
    let publisher = reference.publisher.as_deref();
    let word = kind.bibtex(publisher.is_some());
    let mut entry = format!("@{word}{{{},\n", reference.key());
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            entry.extend(["  ", name, " = {", &value, "},\n"]);
        }
    };
    let authors: Vec<String> = reference.authors.iter().map(name).collect();
    put("author", Some(authors.join(" and ")));
    // The braces keep capitals, which many styles would take away.
    put("title", reference.title.as_deref().map(|title| format!("{{{}}}", escaped(title))));
    let at = match word {
        "article" => "journal",
        "techreport" => "institution",
        "misc" if kind.is_part() => "howpublished",
        _ => "publisher",
    };
    put(at, publisher.map(escaped));
    let (from, to, _) = reference.published.columns();
    let iso = reference.published.to_iso().unwrap_or_default();
    put("year", from.map(|from| from.year().to_string()));
    // A month is given where it is known, and `BibTeX` has no days.
    let month =
        from.filter(|from| to.is_some_and(|to| (to.year(), to.month()) == (from.year(), from.month())));
    put("month", month.map(|from| u8::from(from.month()).to_string()));
    put("date", Some(iso));
    put("doi", reference.doi.as_deref().map(verbatim));
    put("isbn", reference.isbn.clone());
    put("url", reference.url.as_deref().map(verbatim));
    put("urldate", reference.kept.map(|day| day.to_string()));
    put("langid", reference.language.as_deref().map(escaped));
    put("note", reference.archived.as_deref().map(|at| format!("Archived at {}", escaped(at))));
    entry.push_str("}\n\n");
    entry
}

fn name(author: &Author) -> String {
    match author {
        Author::Person { family, given } => format!("{}, {}", escaped(family), escaped(given)),
        // In braces it is one name, whatever words it has.
        Author::Name(name) => format!("{{{}}}", escaped(name)),
    }
}

/// Words so that TeX prints them as they are.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            // A brace that has no partner would end the field, escaped or not.
            '{' => escaped.push_str("\\textbraceleft{}"),
            '}' => escaped.push_str("\\textbraceright{}"),
            '&' | '%' | '$' | '#' | '_' => escaped.extend(['\\', character]),
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}

/// An address, which is not read as TeX; only what would end the field is written otherwise.
fn verbatim(address: &str) -> String {
    let mut written = String::with_capacity(address.len());
    for character in address.chars() {
        match character {
            '{' => written.push_str("%7B"),
            '}' => written.push_str("%7D"),
            '\\' => written.push_str("%5C"),
            character => written.push(character),
        }
    }
    written
}
