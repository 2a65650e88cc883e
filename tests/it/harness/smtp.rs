//! A mail server that keeps the letters it gets, and refuses some when told to.

use std::fmt::Write as _;
use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

/// A letter as it came.
#[derive(Clone, Debug)]
pub struct Letter {
    pub to: String,
    /// Headers and text, with the transfer encoding undone.
    pub text: String,
}

#[derive(Default)]
struct Desk {
    letters: Vec<Letter>,
    /// What the next letters are answered with instead of being taken.
    refusals: Vec<&'static str>,
    asked: usize,
}

pub struct Smtp {
    port: u16,
    desk: Arc<Mutex<Desk>>,
}

impl Smtp {
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let desk = Arc::<Mutex<Desk>>::default();
        let its = desk.clone();
        // It ends with the test program.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let desk = its.clone();
                // A client that goes away is its own affair.
                std::thread::spawn(move || drop(serve(stream, &desk)));
            }
        });
        Self { port, desk }
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Answers the next letters so, one after the other.
    pub fn refuse(&self, answers: &[&'static str]) {
        self.desk.lock().unwrap().refusals = answers.iter().rev().copied().collect();
    }

    /// How many letters were offered.
    pub fn asked(&self) -> usize {
        self.desk.lock().unwrap().asked
    }

    pub fn letters(&self) -> Vec<Letter> {
        self.desk.lock().unwrap().letters.clone()
    }

    /// The letters once there are so many.
    pub async fn wait_for(&self, count: usize) -> Vec<Letter> {
        for _ in 0..400 {
            let letters = self.letters();
            if letters.len() >= count {
                return letters;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("only {} of {count} letters came", self.letters().len());
    }
}

fn serve(stream: TcpStream, desk: &Mutex<Desk>) -> std::io::Result<()> {
    let mut out = stream.try_clone()?;
    let mut lines = BufReader::new(stream).lines();
    out.write_all(b"220 test\r\n")?;
    let mut to = String::new();
    while let Some(line) = lines.next() {
        let line = line?;
        let command = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match command.as_str() {
            "EHLO" | "HELO" => "250-test\r\n250 8BITMIME",
            "RCPT" => {
                line.split_once('<').unwrap().1.split_once('>').unwrap().0.clone_into(&mut to);
                let mut desk = desk.lock().unwrap();
                desk.asked += 1;
                desk.refusals.pop().unwrap_or("250 ok")
            }
            "DATA" => {
                out.write_all(b"354 go on\r\n")?;
                let mut raw = String::new();
                for line in lines.by_ref() {
                    let line = line?;
                    if line == "." {
                        break;
                    }
                    raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                    raw.push('\n');
                }
                let text = readable(&raw);
                desk.lock().unwrap().letters.push(Letter { to: to.clone(), text });
                "250 taken"
            }
            "QUIT" => {
                out.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            _ => "250 ok",
        };
        out.write_all(answer.as_bytes())?;
        out.write_all(b"\r\n")?;
    }
    Ok(())
}

/// Undoes what mail does to text.
fn readable(raw: &str) -> String {
    let message = mail_parser::MessageParser::default().parse(raw.as_bytes()).expect("it is a letter");
    let mut headers = String::new();
    for (name, value) in message.headers_raw().filter(|(name, _)| *name != "Subject") {
        writeln!(headers, "{name}:{}", value.trim_end()).unwrap();
    }
    format!(
        "Subject: {}\n{headers}\n{}",
        message.subject().unwrap_or_default(),
        message.body_text(0).unwrap_or_default()
    )
}
