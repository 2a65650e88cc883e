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
use super::robots::{self, Robots};
use super::walls::{has_signed_in_wall, is_insecure, may_be_kept};
use super::{
    Allowed, HEAD_MAX, Head, Order, Outcome, REDIRECTS_MAX, Reason, Request, Target, Validators, Wanted,
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
    let Order { request, allowed } = &order.head;
    let (head, bytes) = by_itself(fetch(request, allowed, resolve::by_the_system));
    Message { head, bytes }
}

/// Does what a process of its own is there for.
///
/// # Panics
/// When the system cannot start a runtime, which ends the process.
pub(super) fn by_itself<T>(work: impl Future<Output = T>) -> T {
    // The first in this process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a process can wait");
    let done = runtime.block_on(work);
    // A look-up of a name that still waits is not waited for.
    runtime.shutdown_background();
    done
}

/// Fetches an address, its names looked up by `look_up`.
pub async fn fetch<L>(request: &Request, allowed: &Allowed, look_up: L) -> (Outcome, Vec<u8>)
where
    L: AsyncFn(String) -> std::io::Result<Vec<IpAddr>>,
{
    match timeout(request.wanted.in_all(), hops(request, allowed, &look_up)).await {
        Ok(Ok(fetched)) => fetched,
        Ok(Err(reason)) => (Outcome::Refused(reason), Vec::new()),
        Err(_) => (Outcome::Refused(Reason::TooSlow), Vec::new()),
    }
}

async fn hops<L>(request: &Request, allowed: &Allowed, look_up: &L) -> Result<(Outcome, Vec<u8>), Reason>
where
    L: AsyncFn(String) -> std::io::Result<Vec<IpAddr>>,
{
    let first = Target::parse(&request.address, allowed)?;
    let mut target = first.clone();
    let mut seen = Vec::new();
    let mut rules: Option<(String, Robots)> = None;
    for _ in 0..=REDIRECTS_MAX {
        if seen.contains(&target) {
            return Err(Reason::Circles);
        }
        let addresses = resolve::addresses(&target, allowed, look_up).await?;
        if request.wanted == Wanted::Source {
            let origin = target.origin();
            if rules.as_ref().is_none_or(|(of, _)| *of != origin) {
                rules = Some((origin, rules_of(&target, allowed, look_up).await?));
            }
            if rules.as_ref().is_some_and(|(_, rules)| !rules.allows(&target.url())) {
                return Err(Reason::Robots);
            }
        }
        let response = ask(&target, &addresses, request).await?;
        match response.status() {
            StatusCode::OK if request.wanted == Wanted::Source => {
                if has_signed_in_wall(&first.url(), &target.url()) {
                    return Err(Reason::SignIn);
                }
                if !may_be_kept(response.headers()) {
                    return Err(Reason::NoArchive);
                }
                return body(&target, response, request.wanted).await;
            }
            StatusCode::OK => return body(&target, response, request.wanted).await,
            StatusCode::NOT_MODIFIED if request.have != Validators::default() => {
                return Ok((Outcome::NotModified, Vec::new()));
            }
            status if leads_on(status) => {
                let next = follow(&target, &response, allowed)?;
                seen.push(std::mem::replace(&mut target, next));
            }
            status => return Err(reason(status)),
        }
    }
    Err(Reason::Circles)
}

fn leads_on(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn follow(target: &Target, response: &Response, allowed: &Allowed) -> Result<Target, Reason> {
    let location = text(response.headers(), &LOCATION).ok_or(Reason::Failing)?;
    target.follow(&location, allowed)
}

/// What a site asks of programs. One that does not say allows all; one that fails at saying it is asked again later
/// (RFC 9309 section 2.3.1).
async fn rules_of<L>(site: &Target, allowed: &Allowed, look_up: &L) -> Result<Robots, Reason>
where
    L: AsyncFn(String) -> std::io::Result<Vec<IpAddr>>,
{
    let mut target = site.follow("/robots.txt", allowed)?;
    let request = Request { address: String::new(), wanted: Wanted::Source, have: Validators::default() };
    for _ in 0..=robots::REDIRECTS_MAX {
        let addresses = resolve::addresses(&target, allowed, look_up).await?;
        let mut response = ask(&target, &addresses, &request).await?;
        match response.status() {
            StatusCode::OK => {
                let mut bytes = Vec::new();
                // What stands further down does not count.
                while bytes.len() < robots::BYTES_MAX
                    && let Some(chunk) = response.chunk().await.map_err(|_| Reason::Failing)?
                {
                    bytes.extend_from_slice(&chunk);
                }
                return Ok(Robots::read(&bytes));
            }
            status if leads_on(status) => match follow(&target, &response, allowed) {
                Ok(next) => target = next,
                Err(_) => return Ok(Robots::default()),
            },
            StatusCode::TOO_MANY_REQUESTS => return Err(Reason::Busy),
            status if status.is_server_error() => return Err(Reason::Failing),
            _ => return Ok(Robots::default()),
        }
    }
    Ok(Robots::default())
}

fn reason(status: StatusCode) -> Reason {
    match status.as_u16() {
        401 | 407 => Reason::SignIn,
        402 | 403 | 451 => Reason::Denied,
        404 | 410 => Reason::Missing,
        429 => Reason::Busy,
        _ => Reason::Failing,
    }
}

/// What asks at the addresses that were judged and nowhere else: without proxies, cookies, credentials, or a referrer.
pub(super) fn client(target: &Target, addresses: &[SocketAddr]) -> Result<Client, Reason> {
    let url = target.url();
    let mut client = Client::builder()
        .no_proxy()
        .http1_only()
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
    client.build().map_err(|_| Reason::Unreachable)
}

/// Asks once.
async fn ask(target: &Target, addresses: &[SocketAddr], request: &Request) -> Result<Response, Reason> {
    let mut asked = client(target, addresses)?.get(target.url()).header(ACCEPT, accept(request.wanted));
    for (name, value) in
        [(IF_NONE_MATCH, &request.have.etag), (IF_MODIFIED_SINCE, &request.have.last_modified)]
    {
        if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
            asked = asked.header(name, value);
        }
    }
    let response = asked.send().await.map_err(|error| {
        if is_insecure(&error) {
            Reason::Insecure
        } else if error.is_connect() {
            Reason::Unreachable
        } else {
            // One that answers with something else than HTTP is there, but of no use.
            Reason::Failing
        }
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
        Wanted::Source => "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.5",
    }
}

/// Whether an answer of that type is of use.
fn suits(wanted: Wanted, media_type: &str) -> bool {
    let page = matches!(media_type, "text/html" | "application/xhtml+xml" | "text/plain");
    match wanted {
        Wanted::Article => page || media_type == "application/pdf",
        // What the bytes are is seen from them; sound and films are too long to be kept.
        Wanted::Source => {
            media_type.is_empty()
                || ["text/", "image/"].iter().any(|kind| media_type.starts_with(kind))
                || ["+xml", "+json"].iter().any(|kind| media_type.ends_with(kind))
                || SOURCES.contains(&media_type)
        }
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

/// Types of documents that are kept besides text and pictures. Servers that do not know better send the last two.
const SOURCES: [&str; 11] = [
    "application/pdf",
    "application/x-pdf",
    "application/json",
    "application/xml",
    "application/csv",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/msword",
    "message/rfc822",
    "application/octet-stream",
    "binary/octet-stream",
];

async fn body(target: &Target, mut response: Response, wanted: Wanted) -> Result<(Outcome, Vec<u8>), Reason> {
    let (media_type, charset) = content_type(response.headers());
    if !suits(wanted, &media_type) {
        return Err(Reason::Unsuitable);
    }
    let length = response.content_length();
    let most = wanted.most();
    if length.is_some_and(|length| usize::try_from(length).is_ok_and(|length| length > most)) {
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
        if bytes.len() + chunk.len() > most {
            return Err(if length.is_some() { Reason::TooLarge } else { Reason::Endless });
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
