//! Bytes as they came in.

use actix_web::web::Bytes;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::codes::codes;
use crate::text::address::SafeUrl;

/// How much one file or answer may have, in bytes.
pub const FILE_BYTES_MAX: usize = 10_000_000;

codes! {
    /// On which way something came in.
    How {
        Url = "url", "fetched";
        File = "file", "file";
        Browser = "browser", "sent from a browser";
        Feed = "feed", "from a feed";
        Paste = "paste", "pasted";
    }
}

/// Bytes as they came in, and what their sender said of them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Received {
    pub bytes: Bytes,
    /// As it was declared, without parameters.
    pub media_type: Option<String>,
    /// As it was declared.
    pub charset: Option<String>,
    /// Without its folders.
    pub file_name: Option<String>,
    /// The address that was asked for.
    pub address: Option<SafeUrl>,
    /// The address that answered, after redirects.
    pub final_address: Option<SafeUrl>,
    /// The status of the answer.
    pub status: Option<u16>,
    /// The headers of the answer.
    pub headers: Vec<(String, String)>,
    pub received_at: OffsetDateTime,
    pub how: How,
}

impl Received {
    /// Bytes of which nothing else is known.
    #[must_use]
    pub fn new(how: How, bytes: impl Into<Bytes>, received_at: OffsetDateTime) -> Self {
        Self {
            bytes: bytes.into(),
            media_type: None,
            charset: None,
            file_name: None,
            address: None,
            final_address: None,
            status: None,
            headers: Vec::new(),
            received_at,
            how,
        }
    }

    /// What a reader needs to know besides the bytes.
    #[must_use]
    pub fn said(&self) -> Said {
        Said {
            media_type: self.media_type.clone(),
            charset: self.charset.clone(),
            file_name: self.file_name.clone(),
            page: self.final_address.clone().or_else(|| self.address.clone()),
        }
    }
}

/// What the sender of bytes said of them, as far as reading them depends on it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Said {
    pub media_type: Option<String>,
    pub charset: Option<String>,
    pub file_name: Option<String>,
    /// The address that links in a page are relative to.
    pub page: Option<SafeUrl>,
}
