//! A bucket that speaks as much S3 as the server needs, and takes nothing that is not signed as it should be
//! (<https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html>).

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use ring::hmac;
use sha2::{Digest as _, Sha256};

const KEY: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const REGION: &str = "eu-test-1";

#[derive(Debug, Default)]
struct Shared {
    objects: Mutex<BTreeMap<String, Vec<u8>>>,
    /// What was answered with something else than success.
    refused: Mutex<Vec<String>>,
}

/// The bucket `facts`, for as long as the process runs.
#[derive(Clone, Debug)]
pub struct Bucket {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Bucket {
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
        let address = listener.local_addr().expect("it listens");
        let bucket = Self { address, shared: Arc::default() };
        let its = bucket.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let its = its.clone();
                thread::spawn(move || while its.answer(&stream).is_some() {});
            }
        });
        bucket
    }

    /// The way to it, as the environment has it.
    pub fn settings(&self) -> Vec<(String, String)> {
        self.settings_with(SECRET)
    }

    pub fn settings_with(&self, secret: &str) -> Vec<(String, String)> {
        [
            ("AWS_ENDPOINT", format!("http://{}", self.address).as_str()),
            ("AWS_ALLOW_HTTP", "true"),
            // Each test has a runtime of its own, and a connection ends with that in which it was made.
            ("AWS_POOL_MAX_IDLE_PER_HOST", "0"),
            ("AWS_REGION", REGION),
            ("AWS_ACCESS_KEY_ID", KEY),
            ("AWS_SECRET_ACCESS_KEY", secret),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// The names of all objects, with the bucket's before.
    pub fn names(&self) -> Vec<String> {
        self.shared.objects.lock().unwrap().keys().cloned().collect()
    }

    /// Changes what an object holds, as a broken disk would.
    pub fn spoil(&self, name: &str, bytes: &[u8]) {
        self.shared.objects.lock().unwrap().insert(name.to_owned(), bytes.to_vec());
    }

    /// What it refused, in words.
    pub fn refused(&self) -> Vec<String> {
        self.shared.refused.lock().unwrap().clone()
    }

    /// Answers one request of a connection; nothing when it is over.
    fn answer(&self, stream: &TcpStream) -> Option<()> {
        let mut lines = BufReader::new(stream);
        let mut head = String::new();
        while lines.read_line(&mut head).ok()? > 2 {}
        let mut parts = head.split([' ', '\r']);
        let (method, path) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        if method.is_empty() {
            return None;
        }
        let headers: BTreeMap<String, String> = head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        lines.read_exact(&mut body).ok()?;
        let (status, answer) = match verify(&method, &path, &headers, &body) {
            Err(words) => {
                self.shared.refused.lock().unwrap().push(words);
                (403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>".to_vec())
            }
            Ok(()) => self.act(&method, &path, body),
        };
        let mut stream = stream;
        let length = answer.len();
        let tag = "etag: \"1\"\r\nlast-modified: Wed, 25 Nov 2026 10:00:00 GMT\r\n";
        write!(stream, "HTTP/1.1 {status} So\r\n{tag}content-length: {length}\r\n\r\n").ok()?;
        if method != "HEAD" {
            stream.write_all(&answer).ok()?;
        }
        Some(())
    }

    fn act(&self, method: &str, path: &str, body: Vec<u8>) -> (u16, Vec<u8>) {
        let mut objects = self.shared.objects.lock().unwrap();
        match (method, objects.get(path)) {
            ("PUT", _) if path.starts_with("/facts/") => {
                objects.insert(path.to_owned(), body);
                (200, Vec::new())
            }
            ("GET" | "HEAD", Some(object)) => (200, object.clone()),
            ("GET" | "HEAD", None) => (404, b"<Error><Code>NoSuchKey</Code></Error>".to_vec()),
            _ => (405, Vec::new()),
        }
    }
}

/// Whether a request is signed by whoever knows the secret, over all that it says.
fn verify(method: &str, path: &str, headers: &BTreeMap<String, String>, body: &[u8]) -> Result<(), String> {
    let header = |name: &str| headers.get(name).map(String::as_str).ok_or(format!("there is no {name}"));
    let said = header("authorization")?.strip_prefix("AWS4-HMAC-SHA256 ").ok_or("another way of signing")?;
    let part = |name: &str| {
        let mut parts =
            said.split(", ").flat_map(|part| part.split(',')).filter_map(|part| part.trim().split_once('='));
        parts.find(|(key, _)| *key == name).map(|(_, value)| value).ok_or(format!("there is no {name}"))
    };
    let (at, content) = (header("x-amz-date")?, header("x-amz-content-sha256")?);
    let day = at.get(..8).ok_or("no day")?;
    let scope = format!("{day}/{REGION}/s3/aws4_request");
    if part("Credential")? != format!("{KEY}/{scope}") {
        return Err(format!("signed for something else: {}", part("Credential")?));
    }
    if content != hex(&Sha256::digest(body)) {
        return Err("the body is another".to_owned());
    }
    let signed = part("SignedHeaders")?;
    for needed in ["host", "x-amz-content-sha256", "x-amz-date"] {
        if !signed.split(';').any(|name| name == needed) {
            return Err(format!("{needed} is not signed"));
        }
    }
    let mut canonical = String::new();
    for name in signed.split(';') {
        let _ = writeln!(canonical, "{name}:{}", header(name)?);
    }
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let request = format!("{method}\n{path}\n{query}\n{canonical}\n{signed}\n{content}");
    let to_sign = format!("AWS4-HMAC-SHA256\n{at}\n{scope}\n{}", hex(&Sha256::digest(request.as_bytes())));
    let mut key = format!("AWS4{SECRET}").into_bytes();
    for step in [day, REGION, "s3", "aws4_request"] {
        key = sign(&key, step);
    }
    if part("Signature")? == hex(&sign(&key, &to_sign)) {
        Ok(())
    } else {
        Err("the signature is another".to_owned())
    }
}

fn sign(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
