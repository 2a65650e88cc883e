//! Fetching: from sites that behave badly, and from where nothing may be fetched.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use factdesk::{
    fetch::{Allowed, Fetched, Fetcher, Outcome, Reason, Request, Validators, Wanted, client},
    isolated::Isolated,
};

use crate::harness::{Answer, Stranger};

fn request(address: &str) -> Request {
    Request { address: address.to_owned(), wanted: Wanted::Article, have: Validators::default() }
}

fn fetcher(allowed: &str) -> Fetcher {
    Fetcher::new(Arc::new(Isolated::new(env!("CARGO_BIN_EXE_factdesk"))), allowed.parse().unwrap())
}

async fn fetch(site: &Stranger, path: &str) -> Result<Fetched, Reason> {
    fetcher(&site.allowed()).fetch(request(&site.url(path))).await
}

async fn refusal(site: &Stranger, path: &str) -> Option<Reason> {
    fetch(site, path).await.err()
}

#[actix_web::test]
async fn a_page_comes_with_what_its_sender_said() {
    let site = Stranger::start();
    site.put(
        "/news",
        Answer::new("Text/HTML; Charset=\"windows-1251\"", "<p>Words")
            .with("etag", "\"1\"")
            .with("last-modified", "Wed, 25 Nov 2026 10:00:00 GMT")
            .with("set-cookie", "a=b"),
    );

    let Ok(Fetched::New(head, bytes)) = fetch(&site, "/news").await else { panic!("it is there") };

    assert_eq!(bytes, b"<p>Words");
    assert_eq!(
        (head.status, head.media_type.as_str(), head.charset.as_deref()),
        (200, "text/html", Some("windows-1251"))
    );
    assert_eq!(head.final_address.as_str(), site.url("/news"));
    assert_eq!(head.validators.etag.as_deref(), Some("\"1\""));
    assert!(head.headers.iter().any(|(name, _)| name == "last-modified"));
    assert!(head.headers.iter().all(|(name, _)| name != "set-cookie"));
}

#[actix_web::test]
async fn what_is_here_already_is_not_sent_again() {
    let site = Stranger::start();
    site.put("/news", Answer::new("text/html", "<p>Words").with("etag", "\"1\""));
    let mut again = request(&site.url("/news"));
    again.have.etag = Some("\"1\"".to_owned());
    let fetcher = fetcher(&site.allowed());

    assert!(matches!(fetcher.fetch(again.clone()).await, Ok(Fetched::NotModified)));
    again.have.etag = Some("\"2\"".to_owned());
    assert!(matches!(fetcher.fetch(again).await, Ok(Fetched::New(..))));
    // One that says so without having been asked is broken.
    site.put("/news", Answer::status(304));
    assert_eq!(refusal(&site, "/news").await, Some(Reason::Failing));
}

#[actix_web::test]
async fn each_way_to_behave_badly_has_its_plain_reason_and_ends_soon() {
    let site = Stranger::start();
    for (path, reason) in [
        ("/endless", Reason::Endless),
        ("/long-head", Reason::TooLarge),
        ("/endless-head", Reason::Failing),
        ("/huge", Reason::TooLarge),
        ("/bomb", Reason::Endless),
        ("/broken-gzip", Reason::Failing),
        ("/cut-gzip", Reason::Failing),
        ("/cut", Reason::Failing),
        ("/garbage", Reason::Failing),
        ("/hang-up", Reason::Failing),
        ("/loop", Reason::Circles),
        ("/hops/5", Reason::Circles),
        ("/nowhere", Reason::Failing),
        ("/type/image/png", Reason::Unsuitable),
        ("/type/application/zip", Reason::Unsuitable),
        ("/type/text/css", Reason::Unsuitable),
        ("/type/application/rss+xml", Reason::Unsuitable),
        ("/untyped", Reason::Unsuitable),
        ("/empty", Reason::Unsuitable),
        ("/status/404", Reason::Missing),
        ("/status/410", Reason::Missing),
        ("/status/401", Reason::SignIn),
        ("/status/403", Reason::Denied),
        ("/status/429", Reason::Busy),
        ("/status/451", Reason::Denied),
        ("/status/500", Reason::Failing),
        ("/status/503", Reason::Failing),
        ("/status/418", Reason::Failing),
        ("/status/206", Reason::Failing),
        ("/to/302/file:///etc/passwd", Reason::NotAllowed),
    ] {
        let begun = Instant::now();
        assert_eq!(refusal(&site, path).await, Some(reason), "{path}");
        assert!(begun.elapsed() < Duration::from_secs(9), "{path} took {:?}", begun.elapsed());
    }
    for path in ["/page", "/hops/4", "/type/application/pdf", "/type/text/plain"] {
        assert!(matches!(fetch(&site, path).await, Ok(Fetched::New(..))), "{path}");
    }
}

#[actix_web::test]
async fn ten_seconds_are_all_the_time_there_is() {
    let site = Stranger::start();
    let begun = Instant::now();

    let (drip, head, silence) =
        tokio::join!(refusal(&site, "/drip"), refusal(&site, "/dripping-head"), refusal(&site, "/silence"));

    assert_eq!([drip, head, silence], [Some(Reason::TooSlow); 3]);
    assert!(begun.elapsed() > Duration::from_secs(9) && begun.elapsed() < Duration::from_secs(14));
}

#[actix_web::test]
async fn where_nobody_is_nothing_is_fetched() {
    let closed = {
        let site = Stranger::start();
        site.address
    };
    let fetcher = fetcher(&closed.to_string());

    let refused = fetcher.fetch(request(&format!("http://{closed}/"))).await.err();
    let unknown = fetcher.fetch(request("http://no-such-name.invalid/")).await.err();

    assert_eq!([refused, unknown], [Some(Reason::Unreachable); 2]);
}

#[actix_web::test]
async fn a_site_that_speaks_no_tls_is_not_reached_over_it() {
    let site = Stranger::start();
    let fetcher = fetcher(&site.allowed());

    let refused = fetcher.fetch(request(&format!("https://{}/page", site.address))).await.err();

    assert_eq!(refused, Some(Reason::Unreachable));
}

#[actix_web::test]
async fn a_site_that_nobody_vouches_for_is_not_trusted() {
    let site = Stranger::start_with_own_certificate();
    let fetcher = fetcher(&site.allowed());

    let refused = fetcher.fetch(request(&format!("https://{}/page", site.address))).await.err();

    assert_eq!(refused, Some(Reason::Insecure));
    assert_eq!(site.asked(), [""; 0]);
}

#[actix_web::test]
async fn nobody_is_led_inside() {
    let inside = Stranger::at("127.0.0.2");
    let site = Stranger::start();
    let port = inside.address.port();
    let mut tries = Vec::new();
    for code in [301, 302, 303, 307, 308] {
        for address in [
            format!("http://127.0.0.2:{port}/page"),
            format!("http://127.2:{port}/page"),
            format!("http://2130706434:{port}/page"),
            format!("http://0x7f000002:{port}/page"),
            format!("http://0177.0.0.2:{port}/page"),
            format!("http://[::ffff:127.0.0.2]:{port}/page"),
            format!("//127.0.0.2:{port}/page"),
            format!("http://user@127.0.0.2:{port}/page"),
            "http://169.254.169.254/latest/meta-data/".to_owned(),
            "http://10.0.0.1/".to_owned(),
        ] {
            tries.push(format!("/to/{code}/{address}"));
        }
    }
    for path in &tries {
        assert_eq!(refusal(&site, path).await, Some(Reason::NotAllowed), "{path}");
    }
    let straight = fetcher(&site.allowed()).fetch(request(&inside.url("/page"))).await.err();
    assert_eq!(straight, Some(Reason::NotAllowed));
    assert_eq!(inside.asked(), [""; 0]);
    assert_eq!(site.asked().len(), tries.len());
}

#[actix_web::test]
async fn nothing_of_ours_goes_along() {
    let site = Stranger::start();
    let Ok(Fetched::New(_, bytes)) = fetch(&site, &format!("/to/302/{}", site.url("/echo"))).await else {
        panic!("it is there")
    };
    let head = String::from_utf8(bytes).unwrap().to_ascii_lowercase();

    assert_eq!(site.times("/echo"), 1);
    assert!(head.contains("user-agent: factdesk/"), "{head}");
    for absent in ["cookie", "authorization", "referer", "x-forwarded", "proxy", "origin"] {
        assert!(!head.contains(absent), "{head}");
    }
}

/// A name whose addresses are others each time it is asked for is connected to at the one that was judged.
#[actix_web::test]
async fn a_name_that_moves_inside_between_two_looks_gains_nothing() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let outside = Stranger::start();
    let port = outside.address.port();
    let inside = std::net::TcpListener::bind(("127.0.0.2", port)).unwrap();
    inside.set_nonblocking(true).unwrap();
    let allowed: Allowed = outside.allowed().parse().unwrap();
    let looks = AtomicUsize::new(0);
    for _ in 0..200 {
        let before = looks.load(Ordering::SeqCst);
        let (outcome, _) =
            client::fetch(&request(&format!("http://moves.example:{port}/page")), &allowed, async |name| {
                assert_eq!(name, "moves.example");
                let last =
                    if (looks.fetch_add(1, Ordering::SeqCst) - before).is_multiple_of(2) { 1 } else { 2 };
                Ok(vec![IpAddr::from([127, 0, 0, last])])
            })
            .await;
        assert!(matches!(outcome, Outcome::Fetched(_)), "{outcome:?}");
    }
    assert_eq!(looks.load(Ordering::SeqCst), 200);
    assert!(inside.accept().is_err(), "it was connected to");
}

#[actix_web::test]
async fn one_address_inside_spoils_a_name() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let outside = Stranger::start();
    let allowed: Allowed = outside.allowed().parse().unwrap();
    let address = format!("http://two.example:{}/page", outside.address.port());
    let (outcome, _) = client::fetch(&request(&address), &allowed, async |_| {
        Ok(vec![IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 2])])
    })
    .await;

    assert_eq!(outcome, Outcome::Refused(Reason::NotAllowed));
    assert_eq!(outside.asked(), [""; 0]);
}

#[actix_web::test]
async fn a_proxy_of_the_environment_is_not_used() {
    let (site, proxy) = (Stranger::start(), Stranger::start());
    let order = serde_json::json!({"request": request(&site.url("/page")), "allowed": site.allowed()});
    let message = factdesk::isolated::Message::write(&order, b"").unwrap();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_factdesk"))
        .args(["isolated", "fetch"])
        .env("http_proxy", proxy.url(""))
        .env("HTTP_PROXY", proxy.url(""))
        .env("ALL_PROXY", proxy.url(""))
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &message).unwrap();

    let output = child.wait_with_output().unwrap();

    let answer: factdesk::isolated::Message<Outcome> =
        factdesk::isolated::Message::read(&output.stdout).unwrap();
    assert!(matches!(answer.head, Outcome::Fetched(_)), "{answer:?}");
    assert_eq!(proxy.asked(), [""; 0]);
}
