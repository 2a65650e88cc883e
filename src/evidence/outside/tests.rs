use url::Url;

use super::*;
use crate::fetch::call::Answered;

fn says(status: u16, body: &str) -> Answered {
    Answered { status, body: body.as_bytes().to_vec() }
}

fn archives(wayback: Option<&str>, perma: Option<&str>) -> Archives {
    let url = |url: &str| url.parse::<Url>().unwrap();
    Archives::new((&url("https://web.archive.org/"), wayback), (&url("https://api.perma.cc/"), perma))
}

#[test]
fn without_a_key_nothing_is_handed_on() {
    let none = archives(None, Some(" "));
    assert_eq!(none.providers().count(), 0);
    let both: Vec<_> = archives(Some("a:b"), Some("c")).providers().collect();
    assert_eq!(both, [Provider::Wayback, Provider::Perma]);
}

#[test]
fn a_key_is_not_in_what_is_logged() {
    let archives = archives(Some("open:sesame"), Some("sesame"));
    let call = archives.get(Provider::Wayback).unwrap().hand_on("https://example.org/?a=1&b", None);
    assert!(!format!("{archives:?} {call:?}").contains("sesame"));
}

#[test]
fn each_archive_is_asked_in_its_own_way() {
    let archives = archives(Some("open:sesame"), Some("key"));
    let wayback = archives.get(Provider::Wayback).unwrap();
    let call = wayback.hand_on("https://example.org/?a=1&b", None);
    assert_eq!(call.address(), "https://web.archive.org/save");
    assert_eq!(call.body(), Some("url=https%3A%2F%2Fexample.org%2F%3Fa%3D1%26b&skip_first_archive=1"));
    assert_eq!(wayback.look("spn2-1").address(), "https://web.archive.org/save/status/spn2-1");
    let perma = archives.get(Provider::Perma).unwrap();
    let call = perma.hand_on("https://example.org/", Some("A \"page\""));
    assert_eq!(call.address(), "https://api.perma.cc/v1/archives/");
    assert_eq!(call.body(), Some(r#"{"title":"A \"page\"","url":"https://example.org/"}"#));
    assert_eq!(perma.look("AB12-CD34").address(), "https://api.perma.cc/v1/archives/AB12-CD34/");
}

#[test]
fn a_receipt_is_a_number_and_nothing_else() {
    let wayback = |status, body| receipt(Provider::Wayback, &says(status, body));
    assert_eq!(wayback(200, r#"{"url":"x","job_id":"spn2-9f"}"#), Ok("spn2-9f".to_owned()));
    assert_eq!(receipt(Provider::Perma, &says(201, r#"{"guid":"AB12-CD34"}"#)), Ok("AB12-CD34".to_owned()));
    for (status, body, why) in [
        (200, r#"{"job_id":"../../elsewhere"}"#, Why::OddAnswer),
        (200, r#"{"status":"error","status_ext":"error:too-many-daily-captures"}"#, Why::LimitReached),
        (200, r#"{"status":"error","status_ext":"error:blocked-url"}"#, Why::NoAccess),
        (200, "<html>", Why::OddAnswer),
        (401, "", Why::KeyRefused),
        (429, "", Why::LimitReached),
        (503, "", Why::Failed),
    ] {
        assert_eq!(wayback(status, body), Err(why), "{status} {body}");
    }
}

#[test]
fn an_outcome_is_where_the_copy_is_or_why_there_is_none() {
    let wayback = |body| outcome(Provider::Wayback, "spn2-1", &says(200, body));
    assert_eq!(wayback(r#"{"status":"pending"}"#), Step::Wait);
    let kept = wayback(
        r#"{"status":"success","timestamp":"20261126050607","original_url":"https://example.org/a"}"#,
    );
    let address = "https://web.archive.org/web/20261126050607/https://example.org/a";
    assert_eq!(kept, Step::Kept(SafeUrl::parse(address).unwrap()));
    assert_eq!(wayback(r#"{"status":"error","status_ext":"error:not-found"}"#), Step::Failed(Why::NoAccess));
    assert_eq!(
        wayback(r#"{"status":"success","timestamp":"x\ny","original_url":"https://example.org/a"}"#),
        Step::Failed(Why::OddAnswer)
    );
    let perma = |status: &str| {
        let body = format!(r#"{{"guid":"AB12-CD34","captures":[{{"role":"primary","status":"{status}"}}]}}"#);
        outcome(Provider::Perma, "AB12-CD34", &says(200, &body))
    };
    assert_eq!(perma("pending"), Step::Wait);
    assert_eq!(perma("failed"), Step::Failed(Why::NoAccess));
    assert_eq!(perma("success"), Step::Kept(SafeUrl::parse("https://perma.cc/AB12-CD34").unwrap()));
}

#[test]
fn the_archive_of_an_address_is_known_by_its_host() {
    for (address, provider) in [
        ("https://web.archive.org/web/2026/https://example.org", Provider::Wayback),
        ("https://perma.cc/AB12-CD34", Provider::Perma),
        ("https://archive.example.org/1", Provider::Other),
    ] {
        assert_eq!(Provider::of(&SafeUrl::parse(address).unwrap()), provider);
    }
}
