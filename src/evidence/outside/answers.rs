//! What archives outside answer.

use serde::Deserialize;

use super::{Provider, Why};
use crate::fetch::call::Answered;
use crate::text::address::SafeUrl;

/// How far a copy is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Wait,
    Kept(SafeUrl),
    Failed(Why),
}

#[derive(Deserialize)]
struct Taken {
    job_id: Option<String>,
    guid: Option<String>,
    status_ext: Option<String>,
}

/// The number under which an archive works on what it was handed.
///
/// # Errors
/// [`Why`] it does not.
pub fn receipt(provider: Provider, answer: &Answered) -> Result<String, Why> {
    let taken: Taken = read(answer)?;
    let number = match provider {
        Provider::Perma => taken.guid,
        _ => taken.job_id,
    };
    // It becomes part of an address.
    let number = number.filter(|number| {
        (1..=200).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    });
    number.ok_or_else(|| taken.status_ext.as_deref().map_or(Why::OddAnswer, reason))
}

#[derive(Deserialize)]
struct Progress {
    status: Option<String>,
    #[serde(rename = "status_ext")]
    failure: Option<String>,
    timestamp: Option<String>,
    original_url: Option<String>,
    #[serde(default)]
    captures: Vec<Capture>,
}

#[derive(Deserialize)]
struct Capture {
    role: String,
    status: String,
}

/// How far the copy with that receipt is.
#[must_use]
pub fn outcome(provider: Provider, receipt: &str, answer: &Answered) -> Step {
    let progress: Progress = match read(answer) {
        Ok(progress) => progress,
        Err(why) => return Step::Failed(why),
    };
    if provider == Provider::Perma {
        let primary = progress.captures.iter().find(|capture| capture.role == "primary");
        return match primary.map(|capture| capture.status.as_str()) {
            Some("success") => kept(&format!("https://perma.cc/{receipt}")),
            Some("failed") => Step::Failed(Why::NoAccess),
            _ => Step::Wait,
        };
    }
    match (progress.status.as_deref(), progress.timestamp, progress.original_url) {
        (Some("success"), Some(at), Some(url)) if at.bytes().all(|byte| byte.is_ascii_digit()) => {
            kept(&format!("https://web.archive.org/web/{at}/{url}"))
        }
        (Some("pending"), ..) => Step::Wait,
        (Some("error"), ..) => Step::Failed(progress.failure.as_deref().map_or(Why::Failed, reason)),
        _ => Step::Failed(Why::OddAnswer),
    }
}

fn kept(address: &str) -> Step {
    match SafeUrl::parse(address) {
        Ok(address) if address.as_str().chars().count() <= 2_000 => Step::Kept(address),
        _ => Step::Failed(Why::OddAnswer),
    }
}

fn read<T: for<'a> Deserialize<'a>>(answer: &Answered) -> Result<T, Why> {
    match answer.status {
        200..=299 => serde_json::from_slice(&answer.body).map_err(|_| Why::OddAnswer),
        401 | 403 => Err(Why::KeyRefused),
        402 | 429 => Err(Why::LimitReached),
        400 | 404 | 422 => Err(Why::NoAccess),
        _ => Err(Why::Failed),
    }
}

/// The words of “Save Page Now”.
fn reason(code: &str) -> Why {
    match code {
        "error:too-many-daily-captures"
        | "error:too-many-requests"
        | "error:user-session-limit"
        | "error:celery" => Why::LimitReached,
        "error:internal-server-error"
        | "error:browsing-timeout"
        | "error:capture-location-error"
        | "error:gateway-timeout"
        | "error:service-unavailable" => Why::Failed,
        _ => Why::NoAccess,
    }
}
