//! A reference as RIS, which most programs that manage references read:
//! <https://refdb.sourceforge.net/manual-0.9.6/sect1-ris-format.html>.

use super::{Author, Reference};

/// The reference as one record, its lines ended as the format wants them.
#[must_use]
pub(super) fn record(reference: &Reference) -> String {
    let kind = reference.kind();
    let mut record = String::new();
    let mut put = |tag: &str, value: Option<&str>| {
        if let Some(value) = value {
            // A line is a field, so a value has none of its own.
            let value: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            record.extend([tag, "  - ", &value, "\r\n"]);
        }
    };
    put("TY", Some(kind.ris()));
    put("ID", Some(&reference.key()));
    for author in &reference.authors {
        match author {
            Author::Person { family, given } => put("AU", Some(&format!("{family}, {given}"))),
            Author::Name(name) => put("AU", Some(name)),
        }
    }
    put("TI", reference.title.as_deref());
    put(if kind.is_part() { "T2" } else { "PB" }, reference.publisher.as_deref());
    let (from, to, _) = reference.published.columns();
    if let Some((from, to)) = from.zip(to) {
        put("PY", Some(&from.year().to_string()));
        let (month, day) = (u8::from(from.month()), from.day());
        let date = if from == to {
            format!("{}/{month:02}/{day:02}/", from.year())
        } else if (from.year(), from.month()) == (to.year(), to.month()) {
            format!("{}/{month:02}//", from.year())
        } else {
            format!("{}///", from.year())
        };
        put("DA", Some(&date));
    }
    put("LA", reference.language.as_deref());
    put("DO", reference.doi.as_deref());
    put("SN", reference.isbn.as_deref());
    put("UR", reference.address().as_deref());
    let kept =
        reference.kept.map(|day| format!("{}/{:02}/{:02}/", day.year(), u8::from(day.month()), day.day()));
    put("Y2", kept.as_deref());
    put("N1", reference.archived.as_ref().map(|at| format!("Archived at {at}")).as_deref());
    put("ER", Some(""));
    record.push_str("\r\n");
    record
}
