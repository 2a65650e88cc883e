//! Signatures of heads: Ed25519, in the lines of <https://c2sp.org/signed-note>.

use std::fmt;
use std::fs;
use std::path::Path;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};
use sha2::{Digest, Sha256};

use super::base64;

/// What stands before an Ed25519 key in its `SubjectPublicKeyInfo`: <https://www.rfc-editor.org/rfc/rfc8410#section-4>.
const SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// The kind of signature in a key's number.
const ED25519_KIND: u8 = 1;

/// The key that a server signs heads with, and the name it signs as.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    name: String,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("name", &self.name).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// The key in a file, as `openssl genpkey -algorithm ed25519` writes it.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn load(file: &Path, name: &str) -> Result<Self, String> {
        let pem = fs::read_to_string(file).map_err(|error| error.to_string())?;
        Self::from_pem(&pem, name)
    }

    /// The key in a text: PKCS #8 in PEM.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn from_pem(pem: &str, name: &str) -> Result<Self, String> {
        const RULE: &str =
            "expected a private Ed25519 key, as `openssl genpkey -algorithm ed25519` writes it";
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| RULE)?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der.secret_pkcs8_der()).map_err(|_| RULE)?;
        Ok(Self { pair, name: name.to_owned() })
    }

    /// The key with which its signatures are checked.
    ///
    /// # Panics
    /// Never: such a key has 32 bytes.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.pair.public_key().as_ref().try_into().expect("an Ed25519 key has 32 bytes"))
    }

    /// The line of signature for a text.
    #[must_use]
    pub fn sign(&self, text: &str) -> String {
        let id = self.public().id(&self.name);
        let signature = self.pair.sign(text.as_bytes());
        format!("— {} {}", self.name, base64::encode(&[&id[..], signature.as_ref()].concat()))
    }
}

/// The key with which signatures are checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// The key in a file, as `openssl pkey -pubout` writes it.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn load(file: &Path) -> Result<Self, String> {
        Self::from_pem(&fs::read_to_string(file).map_err(|error| error.to_string())?)
    }

    /// The key in a text: `SubjectPublicKeyInfo` in PEM.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn from_pem(pem: &str) -> Result<Self, String> {
        let der = SubjectPublicKeyInfoDer::from_pem_slice(pem.as_bytes()).ok();
        let bytes = der.as_ref().and_then(|der| der.strip_prefix(&SPKI_PREFIX));
        let key = bytes.and_then(|bytes| bytes.try_into().ok());
        key.map(Self).ok_or_else(|| "expected a public Ed25519 key in PEM".to_owned())
    }

    /// The key as [`Self::from_pem`] reads it.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let der = [&SPKI_PREFIX[..], &self.0].concat();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", base64::encode(&der))
    }

    /// The number by which a signature says which key it is from.
    fn id(&self, name: &str) -> [u8; 4] {
        let hash = Sha256::new()
            .chain_update(name)
            .chain_update([b'\n', ED25519_KIND])
            .chain_update(self.0)
            .finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// Whether this line is this key's signature of the text.
    fn has_signed(&self, text: &str, line: &str) -> bool {
        let Some((name, encoded)) = line.strip_prefix("— ").and_then(|line| line.split_once(' ')) else {
            return false;
        };
        let Some(bytes) = base64::decode(encoded) else { return false };
        let Some((id, signature)) = bytes.split_first_chunk::<4>() else { return false };
        *id == self.id(name)
            && UnparsedPublicKey::new(&ED25519, self.0).verify(text.as_bytes(), signature).is_ok()
    }
}

/// Whether one of the keys has signed the text, by one of these lines.
#[must_use]
pub fn is_signed(text: &str, signatures: &str, keys: &[PublicKey]) -> bool {
    signatures.lines().any(|line| keys.iter().any(|key| key.has_signed(text, line)))
}
