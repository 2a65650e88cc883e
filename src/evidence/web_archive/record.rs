//! Records of WARC 1.1 (ISO 28500:2017): <https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/>.

use std::io::{self, Write as _};

use actix_web::http::StatusCode;
use flate2::Compression;
use flate2::write::GzEncoder;
use time::{OffsetDateTime, UtcOffset};
use uuid::Uuid;

use super::sha256;

/// A kept copy and how it came.
#[derive(Clone, Debug)]
pub struct Copy {
    pub id: Uuid,
    /// The address that answered; of a file that a person handed in, a name of its own.
    pub address: String,
    /// The status of the answer; `None` when there was no answer, but a file.
    pub status: Option<u16>,
    /// The headers of the answer.
    pub headers: Vec<(String, String)>,
    pub media_type: String,
    pub received_at: OffsetDateTime,
    /// SHA-256 of the bytes.
    pub sha256: Vec<u8>,
    /// What the source is called.
    pub title: Option<String>,
    /// The record with the same bytes that stands before it.
    pub same_as: Option<Earlier>,
}

/// A record to which another refers.
#[derive(Clone, Debug)]
pub struct Earlier {
    pub id: Uuid,
    pub address: String,
    pub received_at: OffsetDateTime,
}

/// A record as it was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// A gzip member.
    pub member: Vec<u8>,
    /// Its kind, as the index names it.
    pub media_type: String,
}

/// What a whole file says of itself.
///
/// # Errors
/// Never: there is nothing outside of memory that could fail.
pub(super) fn about(title: &str, file: &str, at: OffsetDateTime) -> io::Result<Vec<u8>> {
    let software = concat!("Factdesk/", env!("CARGO_PKG_VERSION"));
    let fields = format!(
        "software: {software}\r\nformat: WARC File Format 1.1\r\nconformsTo: \
         http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\ndescription: {}\r\n",
        line(title)
    );
    let mut head = Head::new("warcinfo", Uuid::now_v7(), at);
    head.field("WARC-Filename", file);
    head.field("Content-Type", "application/warc-fields");
    head.member(fields.as_bytes(), &[])
}

/// Writes a copy. An answer is a `response`, or a `revisit` when the same bytes stand in the file already; a file is a
/// `resource`.
///
/// # Errors
/// Never: there is nothing outside of memory that could fail.
pub fn write(copy: &Copy, bytes: &[u8]) -> io::Result<Written> {
    let digest = super::labelled(&copy.sha256);
    let (kind, answer) = match (copy.status, &copy.same_as) {
        (Some(status), None) => ("response", answer(copy, status)),
        (Some(status), Some(_)) => ("revisit", answer(copy, status)),
        (None, None) => ("resource", String::new()),
        (None, Some(_)) => ("revisit", String::new()),
    };
    let mut head = Head::new(kind, copy.id, copy.received_at);
    head.field("WARC-Target-URI", &copy.address);
    head.field("WARC-Payload-Digest", &digest);
    if copy.status.is_some() {
        head.field("Content-Type", "application/http;msgtype=response");
    } else if copy.same_as.is_none() {
        head.field("Content-Type", &line(&copy.media_type));
    }
    if let Some(earlier) = &copy.same_as {
        head.field("WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest");
        head.field("WARC-Refers-To", &format!("<urn:uuid:{}>", earlier.id));
        head.field("WARC-Refers-To-Target-URI", &earlier.address);
        head.field("WARC-Refers-To-Date", &date(earlier.received_at));
        let member = head.member(answer.as_bytes(), &[])?;
        return Ok(Written { member, media_type: "warc/revisit".to_owned() });
    }
    let member = head.member(answer.as_bytes(), bytes)?;
    Ok(Written { member, media_type: copy.media_type.clone() })
}

/// The head of an answer over HTTP. The bytes are kept unpacked and in one piece: headers that say otherwise are kept under
/// another name, as `warcio` and others do.
fn answer(copy: &Copy, status: u16) -> String {
    let reason =
        StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
    let mut head = format!("HTTP/1.1 {status} {reason}\r\n");
    for (name, value) in &copy.headers {
        let name = line(name);
        let is_of_transfer = ["content-encoding", "transfer-encoding", "content-length"]
            .iter()
            .any(|transfer| name.eq_ignore_ascii_case(transfer));
        let renamed = if is_of_transfer { "X-Archive-Orig-" } else { "" };
        head.extend([renamed, &name, ": ", &line(value), "\r\n"]);
    }
    head.push_str("\r\n");
    head
}

/// The text without anything that would end its line.
fn line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

/// A time as both formats write it; WARC 1.1 takes fractions of a second, but not all readers do.
pub(super) fn date(at: OffsetDateTime) -> String {
    let at = at.to_offset(UtcOffset::UTC);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// The named fields of a record.
struct Head(String);

impl Head {
    fn new(kind: &str, id: Uuid, at: OffsetDateTime) -> Self {
        let mut head = Self("WARC/1.1\r\n".to_owned());
        head.field("WARC-Type", kind);
        head.field("WARC-Record-ID", &format!("<urn:uuid:{id}>"));
        head.field("WARC-Date", &date(at));
        head
    }

    fn field(&mut self, name: &str, value: &str) {
        self.0.extend([name, ": ", value, "\r\n"]);
    }

    /// The record as a gzip member of its own, so that a reader can begin at any.
    fn member(mut self, start: &[u8], rest: &[u8]) -> io::Result<Vec<u8>> {
        if rest.is_empty() {
            self.field("WARC-Block-Digest", &sha256(start));
        }
        self.field("Content-Length", &(start.len() + rest.len()).to_string());
        let mut packer = GzEncoder::new(Vec::with_capacity(rest.len() / 3 + 1_024), Compression::default());
        packer.write_all(self.0.as_bytes())?;
        packer.write_all(b"\r\n")?;
        packer.write_all(start)?;
        packer.write_all(rest)?;
        packer.write_all(b"\r\n\r\n")?;
        packer.finish()
    }
}
