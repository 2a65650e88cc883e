//! A WACZ: a ZIP with the WARC, its index, the list of pages, and the hash of each:
//! <https://specs.webrecorder.net/wacz/1.1.1/>.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use zip::result::ZipResult;
use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};
use zip::{CompressionMethod, DateTime};

use super::record::{Copy, Written, about, date};
use super::{Form, index, labelled, sha256};

const WARC: &str = "data.warc.gz";

/// A file under way: what is written is taken from it a piece at a time. Of each copy only its lines in the index and in the
/// list of pages stay in memory.
pub struct Package {
    title: String,
    at: OffsetDateTime,
    out: Taken,
    /// `None` for a plain WARC.
    zip: Option<ZipWriter<StreamWriter<Taken>>>,
    /// How many bytes of the WARC are written, and their hash so far.
    offset: u64,
    hash: Sha256,
    index: Vec<String>,
    pages: Vec<Value>,
}

impl std::fmt::Debug for Package {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Package")
            .field("title", &self.title)
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}

/// Where bytes wait until they are taken.
#[derive(Clone, Default)]
struct Taken(Arc<Mutex<Vec<u8>>>);

impl Taken {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Taken {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn options(method: CompressionMethod) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(method)
        .last_modified_time(DateTime::default())
        .large_file(true)
}

impl Package {
    /// Begins a file under a title.
    ///
    /// # Errors
    /// Never: there is nothing outside of memory that could fail.
    pub fn begin(form: Form, title: &str, at: OffsetDateTime) -> io::Result<Self> {
        let out = Taken::default();
        let mut zip = None;
        if form == Form::Wacz {
            let mut writer = ZipWriter::new_stream(out.clone());
            // Readers take records out of the middle, so what is packed already is stored as it is.
            writer.start_file(format!("archive/{WARC}"), options(CompressionMethod::Stored))?;
            zip = Some(writer);
        }
        let mut package = Self {
            title: title.to_owned(),
            at,
            out,
            zip,
            offset: 0,
            hash: Sha256::new(),
            index: Vec::new(),
            pages: Vec::new(),
        };
        package.put(&about(title, WARC, at)?)?;
        Ok(package)
    }

    fn put(&mut self, member: &[u8]) -> io::Result<()> {
        match &mut self.zip {
            Some(zip) => zip.write_all(member)?,
            None => self.out.write_all(member)?,
        }
        self.hash.update(member);
        self.offset += member.len() as u64;
        Ok(())
    }

    /// Adds a record.
    ///
    /// # Errors
    /// Never: there is nothing outside of memory that could fail.
    pub fn add(&mut self, copy: &Copy, written: &Written) -> io::Result<()> {
        if self.zip.is_some() {
            self.index.push(index::entry(copy, written, WARC, self.offset));
            self.pages.push(json!({
                "id": copy.id,
                "url": copy.address,
                "ts": date(copy.received_at),
                "title": copy.title,
            }));
        }
        self.put(&written.member)
    }

    /// What was written since it was asked for the last time.
    #[must_use]
    pub fn take(&self) -> Vec<u8> {
        self.out.take()
    }

    /// Ends the file, and gives what is left of it.
    ///
    /// # Errors
    /// Never: there is nothing outside of memory that could fail.
    pub fn end(mut self) -> io::Result<Vec<u8>> {
        if let Some(mut zip) = self.zip.take() {
            self.close(&mut zip)?;
            zip.finish()?;
        }
        Ok(self.out.take())
    }

    fn close(&mut self, zip: &mut ZipWriter<StreamWriter<Taken>>) -> ZipResult<()> {
        self.index.sort_unstable();
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        for line in &self.index {
            packed.write_all(line.as_bytes())?;
        }
        let index = packed.finish()?;
        zip.start_file("indexes/index.cdx.gz", options(CompressionMethod::Stored))?;
        zip.write_all(&index)?;

        let header = json!({ "format": "json-pages-1.0", "id": "pages", "title": self.title });
        let mut pages = Vec::new();
        for line in std::iter::once(&header).chain(&self.pages) {
            serde_json::to_writer(&mut pages, line).map_err(io::Error::from)?;
            pages.push(b'\n');
        }
        zip.start_file("pages/pages.jsonl", options(CompressionMethod::Deflated))?;
        zip.write_all(&pages)?;

        let part = |path: &str, hash: String, bytes: u64| {
            let name = path.rsplit('/').next().unwrap_or(path);
            json!({ "name": name, "path": path, "hash": hash, "bytes": bytes })
        };
        let warc = part(
            &format!("archive/{WARC}"),
            labelled(&std::mem::take(&mut self.hash).finalize()),
            self.offset,
        );
        let package = json!({
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": self.title,
            "created": date(self.at),
            "software": concat!("Factdesk/", env!("CARGO_PKG_VERSION")),
            "resources": [
                warc,
                part("indexes/index.cdx.gz", sha256(&index), index.len() as u64),
                part("pages/pages.jsonl", sha256(&pages), pages.len() as u64),
            ],
        });
        let package = serde_json::to_vec_pretty(&package).map_err(io::Error::from)?;
        zip.start_file("datapackage.json", options(CompressionMethod::Deflated))?;
        zip.write_all(&package)?;
        let digest = json!({ "path": "datapackage.json", "hash": sha256(&package) });
        zip.start_file("datapackage-digest.json", options(CompressionMethod::Deflated))?;
        zip.write_all(digest.to_string().as_bytes())?;
        Ok(())
    }
}
