//! The fetching itself, in a process of its own.

use std::net::{IpAddr, SocketAddr};

use reqwest::header::{
    ACCEPT, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED, LOCATION, SET_COOKIE,
};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use tokio::time::timeout;

use super::resolve::{self, Nothing};
use super::{
    Allowed, BODY_MAX, HEAD_MAX, Head, IN_ALL, Order, Outcome, REDIRECTS_MAX, Reason, Request, Target,
    Validators, Wanted,
};
use crate::isolated::Message;

/// Who asks, and where to read what it does.
const USER_AGENT: &str = concat!(
    "Factdesk/",
    env!("CARGO_PKG_VERSION"),
    " (fact-checking; fetches a page when a person asks for it)"
);

/// Fetches what is asked for.
///
/// # Panics
/// When the system cannot start a runtime, which ends the process.
#[must_use]
pub fn answer(order: &Message<Order>) -> Message<Outcome> {
    // The first in this process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a process can wait");
    let Order { request, allowed } = &order.head;
    let (head, bytes) = runtime.block_on(fetch(request, allowed, resolve::by_the_system));
    // A look-up of a name that still waits is not waited for.
    runtime.shutdown_background();
    Message { head, bytes }
}

/// Fetches an address, its names looked up by `look_up`.
pub async fn fetch<L>(request: &Request, allowed: &Allowed, look_up: L) -> (Outcome, Vec<u8>)
where
    L: AsyncFn(String) -> std::io::Result<Vec<IpAddr>>,
{
    match timeout(IN_ALL, hops(request, allowed, &look_up)).await {
        Ok(Ok(fetched)) => fetched,
        Ok(Err(reason)) => (Outcome::Refused(reason), Vec::new()),
        Err(_) => (Outcome::Refused(Reason::TooSlow), Vec::new()),
    }
}

async fn hops<L>(request: &Request, allowed: &Allowed, look_up: &L) -> Result<(Outcome, Vec<u8>), Reason>
where
    L: AsyncFn(String) -> std::io::Result<Vec<IpAddr>>,
{
    let mut target = Target::parse(&request.address, allowed)?;
    for _ in 0..=REDIRECTS_MAX {
        let addresses = resolve::addresses(&target, allowed, look_up).await?;
        let response = ask(&target, &addresses, request).await?;
        match response.status() {
            StatusCode::OK => return body(&target, response, request.wanted).await,
            StatusCode::NOT_MODIFIED if request.have != Validators::default() => {
                return Ok((Outcome::NotModified, Vec::new()));
            }
            StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT => {
                let location = text(response.headers(), &LOCATION).ok_or(Reason::Failing)?;
                target = target.follow(&location, allowed)?;
            }
            status => return Err(reason(status)),
        }
    }
    Err(Reason::Failing)
}

fn reason(status: StatusCode) -> Reason {
    match status.as_u16() {
        401 | 402 | 403 | 407 | 429 | 451 => Reason::Denied,
        404 | 410 => Reason::Missing,
        _ => Reason::Failing,
    }
}

/// Asks once, at the addresses that were judged and nowhere else: without proxies, cookies, credentials, or a referrer.
async fn ask(target: &Target, addresses: &[SocketAddr], request: &Request) -> Result<Response, Reason> {
    let url = target.url();
    let mut client = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .user_agent(USER_AGENT)
        .pool_max_idle_per_host(0)
        .dns_resolver(Nothing)
        .resolve_to_addrs(url.host_str().unwrap_or_default(), addresses);
    if url.scheme() == "http" {
        // Certificates play no part, so that none are needed on the machine.
        client = client.tls_certs_only([]);
    }
    let client = client.build().map_err(|_| Reason::Unreachable)?;
    let mut asked = client.get(url).header(ACCEPT, accept(request.wanted));
    for (name, value) in
        [(IF_NONE_MATCH, &request.have.etag), (IF_MODIFIED_SINCE, &request.have.last_modified)]
    {
        if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
            asked = asked.header(name, value);
        }
    }
    let response = asked.send().await.map_err(|error| {
        // One that answers with something else than HTTP is there, but of no use.
        if error.is_connect() { Reason::Unreachable } else { Reason::Failing }
    })?;
    let head: usize =
        response.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if head > HEAD_MAX { Err(Reason::TooLarge) } else { Ok(response) }
}

fn accept(wanted: Wanted) -> &'static str {
    match wanted {
        Wanted::Article => "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.8",
        Wanted::Feed => {
            "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,text/xml;q=0.9,text/html;q=0.5"
        }
    }
}

/// Whether an answer of that type is of use.
fn suits(wanted: Wanted, media_type: &str) -> bool {
    let page = matches!(media_type, "text/html" | "application/xhtml+xml" | "text/plain");
    match wanted {
        Wanted::Article => page || media_type == "application/pdf",
        Wanted::Feed => {
            page || media_type.ends_with("+xml")
                || matches!(
                    media_type,
                    "application/xml"
                        | "text/xml"
                        | "application/feed+json"
                        | "application/json"
                        | "application/gzip"
                        | "application/x-gzip"
                )
        }
    }
}

async fn body(target: &Target, mut response: Response, wanted: Wanted) -> Result<(Outcome, Vec<u8>), Reason> {
    let (media_type, charset) = content_type(response.headers());
    if !suits(wanted, &media_type) {
        return Err(Reason::Unsuitable);
    }
    if response
        .content_length()
        .is_some_and(|length| usize::try_from(length).is_ok_and(|length| length > BODY_MAX))
    {
        return Err(Reason::TooLarge);
    }
    let head = Head {
        final_address: target.safe().ok_or(Reason::Failing)?,
        status: response.status().as_u16(),
        media_type,
        charset,
        headers: headers(response.headers()),
        validators: Validators {
            etag: text(response.headers(), &ETAG),
            last_modified: text(response.headers(), &LAST_MODIFIED),
        },
    };
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| Reason::Failing)? {
        if bytes.len() + chunk.len() > BODY_MAX {
            return Err(Reason::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    if bytes.is_empty() { Err(Reason::Unsuitable) } else { Ok((Outcome::Fetched(head), bytes)) }
}

/// Media type and `charset` of an answer.
fn content_type(headers: &HeaderMap) -> (String, Option<String>) {
    let declared = text(headers, &CONTENT_TYPE).unwrap_or_default();
    let mut parts = declared.split(';');
    let media_type = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty() && value.len() <= 100)
            .then(|| value.to_owned())
    });
    (media_type.chars().take(200).collect(), charset)
}

fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let kept = headers.iter().filter(|(name, _)| *name != SET_COOKIE);
    kept.map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    })
    .collect()
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
