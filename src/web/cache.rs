//! What may be kept by whom, and whether it is still good.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use time::macros::format_description;

/// What is the same for everybody may be kept by everybody, for a minute; after that it is shown once more while it is
/// asked for again.
pub const PUBLIC: &str = "public, max-age=60, stale-while-revalidate=600";

/// Names an answer by everything that it was made from. Compressed or not it means the same, so it is weak.
#[must_use]
pub fn etag<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digits =
        hash.finalize().iter().take(12).fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    format!("W/\"{digits}\"")
}

/// Whether whoever asks has this answer already (RFC 9110, section 13.1.2).
#[must_use]
pub fn is_known(request: &HttpRequest, etag: &str) -> bool {
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    request
        .headers()
        .get_all(header::IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim() == "*" || strong(tag) == strong(etag))
}

/// Tells caches how to keep an answer that is the same for everybody.
pub fn keep(answer: &mut HttpResponseBuilder, etag: &str, changed: Option<OffsetDateTime>) {
    answer.insert_header((header::CACHE_CONTROL, PUBLIC)).insert_header((header::ETAG, etag));
    if let Some(changed) = changed {
        answer.insert_header((header::LAST_MODIFIED, http_date(changed)));
    }
}

/// Says that what whoever asks has is still good.
#[must_use]
pub fn unchanged(etag: &str) -> HttpResponse {
    let mut answer = HttpResponse::NotModified();
    keep(&mut answer, etag, None);
    answer.finish()
}

/// As in `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
fn http_date(at: OffsetDateTime) -> String {
    let format = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    at.to_offset(time::UtcOffset::UTC).format(format).expect("a time has all these parts")
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn an_answer_is_known_by_any_of_its_names() {
        let etag = etag(["a", "b"]);
        let asked =
            |value: &str| TestRequest::get().insert_header(("if-none-match", value)).to_http_request();
        assert!(is_known(&asked(&etag), &etag));
        assert!(is_known(&asked(&format!("\"x\", {}", etag.trim_start_matches("W/"))), &etag));
        assert!(is_known(&asked("*"), &etag));
        assert!(!is_known(&asked("\"x\""), &etag));
        assert!(!is_known(&TestRequest::get().to_http_request(), &etag));
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(etag(["ab", "c"]), etag(["a", "bc"]));
    }

    #[test]
    fn times_are_written_as_http_has_them() {
        assert_eq!(http_date(datetime!(1994-11-06 09:49:37 +1)), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
