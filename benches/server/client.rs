//! A client that costs little: one connection, requests one after the other.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

pub struct Client {
    stream: BufReader<TcpStream>,
    cookie: String,
    csrf: String,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub etag: Option<String>,
    pub body: Vec<u8>,
}

impl Client {
    pub fn new(address: SocketAddr, cookie: String, csrf: String) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("a socket");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a socket");
        Self { stream: BufReader::with_capacity(256 * 1024, stream), cookie, csrf }
    }

    pub fn get(&mut self, path: &str, headers: &str) -> Answer {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: bench\r\nCookie: {}\r\n{headers}\r\n", self.cookie);
        self.send(request.as_bytes())
    }

    pub fn post_json(&mut self, path: &str, body: &str) -> Answer {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: bench\r\nCookie: {}\r\nX-CSRF-Token: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.cookie,
            self.csrf,
            body.len(),
        );
        self.send(request.as_bytes())
    }

    fn send(&mut self, request: &[u8]) -> Answer {
        self.stream.get_mut().write_all(request).expect("the server reads");
        let mut answer = Answer { status: 0, etag: None, body: Vec::new() };
        let (mut length, mut chunked) = (0, false);
        let mut line = String::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line).expect("the server answers");
            let text = line.trim_end();
            if answer.status == 0 {
                answer.status =
                    text.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status line");
                continue;
            }
            let Some((name, value)) = text.split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().expect("a length"),
                "transfer-encoding" => chunked = value == "chunked",
                "etag" => answer.etag = Some(value.to_owned()),
                _ => {}
            }
        }
        if chunked {
            self.read_chunks(&mut answer.body);
        } else if answer.status != 304 {
            answer.body.resize(length, 0);
            self.stream.read_exact(&mut answer.body).expect("the whole body");
        }
        answer
    }

    fn read_chunks(&mut self, body: &mut Vec<u8>) {
        let mut line = String::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line).expect("a chunk");
            let length = usize::from_str_radix(line.trim_end(), 16).expect("a chunk's length");
            let start = body.len();
            body.resize(start + length + 2, 0);
            self.stream.read_exact(&mut body[start..]).expect("the whole chunk");
            body.truncate(start + length);
            if length == 0 {
                return;
            }
        }
    }
}
