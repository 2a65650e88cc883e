//! Bytes as they came, once for a desk and found by their hash: in the database, or in storage outside of it.

mod storage;
mod store;

pub use storage::{Place, Storage, Unusable};
pub use store::{get, put};

use std::io::{self, Read as _, Write as _};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// How much is kept as one, in bytes.
pub const BLOB_MAX: usize = 20_000_000;

/// What bytes are found again by.
#[must_use]
pub fn hash(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// The bytes as one gzip member (RFC 1952).
///
/// # Errors
/// Never: there is nothing outside of memory that could fail.
pub fn pack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::with_capacity(bytes.len() / 4 + 64), Compression::default());
    packer.write_all(bytes)?;
    packer.finish()
}

/// The bytes that were packed; never more than are kept as one.
///
/// # Errors
/// When they are not what was packed.
pub fn unpack(packed: &[u8]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(packed).take(BLOB_MAX as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > BLOB_MAX {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_the_same() {
        for bytes in [b"x".to_vec(), vec![0; 100_000], (0..=255).collect()] {
            let packed = pack(&bytes).unwrap();
            assert_eq!(unpack(&packed).unwrap(), bytes);
            assert_eq!(packed[packed.len() - 4..], u32::try_from(bytes.len()).unwrap().to_le_bytes());
        }
    }

    #[test]
    fn a_bomb_or_a_damaged_member_is_refused() {
        let bomb = pack(&vec![0; BLOB_MAX + 1]).unwrap();
        assert!(bomb.len() < 40_000);
        assert!(unpack(&bomb).is_err());
        let mut damaged = pack(b"words words words").unwrap();
        damaged[12] ^= 0xFF;
        assert!(unpack(&damaged).is_err());
    }
}
