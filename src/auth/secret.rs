//! Secrets that this server hands out: in a cookie, in a link. The database keeps only what cannot be turned back.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// 32 bytes from the operating system, in hex. It is never printed by accident: `Debug` hides it.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// [`Error::Internal`] when the operating system has no randomness.
    pub fn new() -> Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
        Ok(Self(hex(&bytes)))
    }

    /// The secret in a text, if it looks like one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| Self(text.to_owned()))
    }

    /// What its holder gets.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the database keeps.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }

    /// Something that only who has the secret can work out, for one purpose.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> String {
        let hash = Sha256::new().chain_update(purpose).chain_update([0]).chain_update(self.0.as_bytes());
        hex(&hash.finalize())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_reads_back_and_no_other_text_is_one() {
        let secret = Secret::new().unwrap();
        assert_eq!(Secret::parse(secret.expose()).unwrap().hash(), secret.hash());
        for text in ["", "short", &"g".repeat(64), &"a".repeat(63), &"é".repeat(32)] {
            assert!(Secret::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_secret_is_not_printed() {
        let secret = Secret::new().unwrap();
        assert!(!format!("{secret:?}").contains(secret.expose()));
    }
}
