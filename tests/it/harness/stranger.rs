//! A site that behaves as badly as sites do, on a port of its own.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use flate2::{Compression, write::GzEncoder};
use rustls::{
    ServerConfig, ServerConnection,
    pki_types::{CertificateDer, PrivatePkcs8KeyDer},
};

/// What is answered at a path that a test has put something at.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub media_type: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn new(media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, media_type: media_type.to_owned(), headers: Vec::new(), body: body.into() }
    }

    pub fn status(status: u16) -> Self {
        Self { status, ..Self::new("text/html", "<p>What stands behind this is nobody's business.") }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

#[derive(Debug, Default)]
struct Shared {
    answers: Mutex<BTreeMap<String, Answer>>,
    asked: Mutex<Vec<String>>,
    stopped: AtomicBool,
}

/// The site, until it is dropped.
#[derive(Debug)]
pub struct Stranger {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

impl Stranger {
    pub fn start() -> Self {
        Self::at("127.0.0.1")
    }

    /// One that listens at that address of this machine.
    pub fn at(host: &str) -> Self {
        let (listener, address, shared) = begin(host);
        let site = shared.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if site.stopped.load(Ordering::SeqCst) {
                    return;
                }
                let site = site.clone();
                thread::spawn(move || site.answer(stream));
            }
        });
        Self { address, shared }
    }

    /// One that speaks TLS, with a certificate that it made itself.
    pub fn start_with_own_certificate() -> Self {
        let (listener, address, shared) = begin("127.0.0.1");
        let key = PrivatePkcs8KeyDer::from(include_bytes!("tls/key.der").to_vec());
        let certificate = CertificateDer::from(include_bytes!("tls/certificate.der").to_vec());
        let tls = ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .expect("there are versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key.into())
            .expect("key and certificate fit");
        let (site, tls) = (shared.clone(), Arc::new(tls));
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                if site.stopped.load(Ordering::SeqCst) {
                    return;
                }
                let mut conversation = ServerConnection::new(tls.clone()).expect("it is set up");
                // Whoever trusts it would get this far.
                if conversation.complete_io(&mut stream).is_ok() {
                    site.asked.lock().unwrap().push("it was trusted".to_owned());
                }
            }
        });
        Self { address, shared }
    }

    /// What allows this site and nothing else to be fetched from.
    pub fn allowed(&self) -> String {
        self.address.to_string()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Answers so at a path from now on.
    pub fn put(&self, path: &str, answer: Answer) {
        self.shared.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// The heads of all requests that came, in order.
    pub fn asked(&self) -> Vec<String> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// How often a path was asked for.
    pub fn times(&self, path: &str) -> usize {
        self.asked().iter().filter(|head| head.split(' ').nth(1) == Some(path)).count()
    }
}

fn begin(host: &str) -> (TcpListener, SocketAddr, Arc<Shared>) {
    let listener = TcpListener::bind((host, 0)).expect("there is a free port");
    let address = listener.local_addr().expect("it listens");
    (listener, address, Arc::default())
}

impl Drop for Stranger {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // So that it looks.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    /// What it fails with is that the client has gone, which is what clients should do here.
    fn answer(&self, mut stream: TcpStream) {
        let mut head = String::new();
        let mut lines = BufReader::new(stream.try_clone().expect("a connection has two ends"));
        while lines.read_line(&mut head).is_ok_and(|read| read > 2) {}
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        self.asked.lock().unwrap().push(head.clone());
        let found = self.answers.lock().unwrap().get(&path).cloned();
        let _ = match found {
            Some(found) => put(&mut stream, &head, &found),
            None => misbehave(&mut stream, &path, &head),
        };
        let _ = stream.shutdown(std::net::Shutdown::Write);
        // What else the client says is heard to its end, so that it gets the answer and no reset.
        let _ = stream.set_read_timeout(Some(Duration::from_millis(200)));
        let _ = stream.take(1024).read_to_end(&mut Vec::new());
    }
}

fn put(stream: &mut TcpStream, head: &str, answer: &Answer) -> std::io::Result<()> {
    let is_here = answer.headers.iter().any(|(name, value)| {
        let asks = match name.as_str() {
            "etag" => "if-none-match",
            "last-modified" => "if-modified-since",
            _ => return false,
        };
        head.lines().any(|line| line.eq_ignore_ascii_case(&format!("{asks}: {value}")))
    });
    let status = if is_here { 304 } else { answer.status };
    write!(stream, "HTTP/1.1 {status} So\r\nconnection: close\r\ncontent-type: {}\r\n", answer.media_type)?;
    for (name, value) in &answer.headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    if is_here {
        return write!(stream, "\r\n");
    }
    write!(stream, "content-length: {}\r\n\r\n", answer.body.len())?;
    stream.write_all(&answer.body)
}

const PAGE: &str =
    "<!doctype html><title>The bridge</title><h1>The bridge</h1><p>The bridge opened on Monday.</p>";

fn misbehave(stream: &mut TcpStream, path: &str, head: &str) -> std::io::Result<()> {
    let html = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/html; charset=utf-8\r\n";
    let (first, rest) = path[1..].split_once('/').unwrap_or((&path[1..], ""));
    match first {
        "page" => write!(stream, "{html}content-length: {}\r\n\r\n{PAGE}", PAGE.len()),
        "drip" => {
            write!(stream, "{html}content-length: 1000\r\n\r\n")?;
            drip(stream)
        }
        "dripping-head" => {
            write!(stream, "HTTP/1.1 200 OK\r\nx-slow: ")?;
            drip(stream)
        }
        "silence" => {
            thread::sleep(Duration::from_secs(30));
            Ok(())
        }
        "endless" => {
            write!(stream, "{html}\r\n<p>")?;
            loop {
                stream.write_all(&[b'a'; 16_384])?;
            }
        }
        "endless-head" => {
            write!(stream, "HTTP/1.1 200 OK\r\nx-long: ")?;
            loop {
                stream.write_all(&[b'a'; 16_384])?;
            }
        }
        "long-head" => {
            write!(stream, "{html}")?;
            for number in 0..20 {
                write!(stream, "x-{number}: {}\r\n", "a".repeat(5_000))?;
            }
            write!(stream, "content-length: 3\r\n\r\n<p>")
        }
        "loop" => redirect(stream, if rest == "again" { "/loop" } else { "/loop/again" }, 302),
        "hops" => match rest.parse::<u32>() {
            Ok(left) if left > 0 => redirect(stream, &format!("/hops/{}", left - 1), 301),
            _ => write!(stream, "{html}content-length: {}\r\n\r\n{PAGE}", PAGE.len()),
        },
        // The code, and where to: the scheme's slashes are in the path as they are.
        "to" => {
            let (code, location) = rest.split_once('/').expect("a code and an address");
            redirect(stream, location, code.parse().expect("a code"))
        }
        "nowhere" => write!(stream, "HTTP/1.1 302 Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"),
        "huge" => {
            write!(stream, "{html}content-length: 5000001\r\n\r\n")?;
            stream.write_all(&vec![b'a'; 5_000_001])
        }
        // Half a gigabyte, and it says so.
        "giant" => {
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/pdf\r\ncontent-length: 500000000\r\n\r\n%PDF-1.7\n"
            )?;
            loop {
                stream.write_all(&[b'a'; 16_384])?;
            }
        }
        "bomb" => {
            let packed = zeros(64);
            write!(stream, "{html}content-encoding: gzip\r\ncontent-length: {}\r\n\r\n", packed.len())?;
            stream.write_all(&packed)
        }
        "broken-gzip" => write!(stream, "{html}content-encoding: gzip\r\ncontent-length: 9\r\n\r\nno gzip ."),
        "cut" => write!(stream, "{html}content-length: 1000\r\n\r\n<p>"),
        "cut-gzip" => {
            let packed = zeros(1);
            write!(stream, "{html}content-encoding: gzip\r\n\r\n")?;
            stream.write_all(&packed[..packed.len() / 2])
        }
        "type" => write!(
            stream,
            "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: {rest}\r\ncontent-length: {}\r\n\r\n{PAGE}",
            PAGE.len()
        ),
        "untyped" => write!(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 3\r\n\r\n<p>"),
        "empty" => write!(stream, "{html}content-length: 0\r\n\r\n"),
        "garbage" => write!(stream, "SSH-2.0-OpenSSH_9.6\r\n"),
        "hang-up" => Ok(()),
        "status" => write!(
            stream,
            "HTTP/1.1 {rest} So\r\nconnection: close\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\nsecret"
        ),
        "echo" => write!(
            stream,
            "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/plain\r\nset-cookie: a=b\r\ncontent-length: {}\r\n\r\n{head}",
            head.len()
        ),
        _ => write!(stream, "HTTP/1.1 404 No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"),
    }
}

fn redirect(stream: &mut TcpStream, location: &str, code: u16) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 {code} On\r\nconnection: close\r\nset-cookie: a=b\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"
    )
}

/// For thirty seconds.
fn drip(stream: &mut TcpStream) -> std::io::Result<()> {
    for _ in 0..60 {
        stream.write_all(b"a")?;
        stream.flush()?;
        thread::sleep(Duration::from_millis(500));
    }
    Ok(())
}

/// So many megabytes of zeros, packed.
fn zeros(megabytes: usize) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..megabytes {
        packer.write_all(&vec![0; 1_000_000]).expect("memory takes it");
    }
    packer.finish().expect("memory takes it")
}
