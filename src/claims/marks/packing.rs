//! Compressing a page whose longest part is compressed already: the parts are put together as one gzip stream.
//!
//! A deflate stream that was flushed ends on a whole byte and looks back at nothing before it, so streams can be laid
//! end to end (RFC 1951, section 3.2.3; zlib's manual on `Z_FULL_FLUSH`), and the check sums of parts give that of the
//! whole.

use crc32fast::Hasher;
use flate2::{Compress, Compression, FlushCompress, Status};

/// What gzip begins with: deflate, no name, no time, unknown system (RFC 1952, section 2.3).
const HEAD: [u8; 10] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255];
/// An empty last block.
const END: [u8; 2] = [3, 0];

/// Kept parts are compressed once and sent often.
const KEPT: Compression = Compression::new(5);
/// Parts that are made for one answer.
const ONCE: Compression = Compression::fast();

/// A part of a page, plain and compressed.
#[derive(Debug)]
pub struct Packed {
    pub plain: String,
    deflated: Vec<u8>,
    sum: Hasher,
}

impl Packed {
    /// Compresses a part that is kept.
    #[must_use]
    pub fn new(plain: String) -> Self {
        let deflated = deflate(plain.as_bytes(), KEPT);
        Self { sum: sum(plain.as_bytes()), deflated, plain }
    }

    /// How much room it takes, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.plain.len() + self.deflated.len()
    }
}

/// A part of an answer.
#[derive(Debug)]
pub enum Part<'a> {
    Fresh(&'a str),
    Kept(&'a Packed),
}

/// The parts as one text.
#[must_use]
pub fn plain(parts: &[Part<'_>]) -> String {
    parts
        .iter()
        .map(|part| match part {
            Part::Fresh(text) => text,
            Part::Kept(packed) => packed.plain.as_str(),
        })
        .collect()
}

/// The parts as one gzip stream.
#[must_use]
pub fn gzip(parts: &[Part<'_>]) -> Vec<u8> {
    let mut whole = HEAD.to_vec();
    let mut check = Hasher::new();
    let mut length = 0_usize;
    for part in parts {
        match part {
            Part::Fresh(text) => {
                whole.extend_from_slice(&deflate(text.as_bytes(), ONCE));
                check.combine(&sum(text.as_bytes()));
                length += text.len();
            }
            Part::Kept(packed) => {
                whole.extend_from_slice(&packed.deflated);
                check.combine(&packed.sum);
                length += packed.plain.len();
            }
        }
    }
    whole.extend_from_slice(&END);
    whole.extend_from_slice(&check.finalize().to_le_bytes());
    // The length modulo 2³², as the format has it.
    whole.extend_from_slice(&length.to_le_bytes()[..4]);
    whole
}

fn sum(bytes: &[u8]) -> Hasher {
    let mut hasher = Hasher::new();
    hasher.update(bytes);
    hasher
}

/// The bytes as deflate blocks of which none is the last, up to a whole byte.
fn deflate(bytes: &[u8], level: Compression) -> Vec<u8> {
    let mut stream = Compress::new(level, false);
    let mut deflated = Vec::with_capacity(bytes.len() / 3 + 64);
    let mut read = 0;
    loop {
        deflated.reserve(4096);
        let status = stream.compress_vec(&bytes[read..], &mut deflated, FlushCompress::Full);
        read = usize::try_from(stream.total_in()).unwrap_or(bytes.len());
        let has_room = deflated.len() < deflated.capacity();
        // Room that was left over means that nothing waits to be written.
        if !matches!(status, Ok(Status::Ok | Status::BufError)) || (read == bytes.len() && has_room) {
            return deflated;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;
    use proptest::prelude::*;

    use super::*;

    fn unpack(bytes: &[u8]) -> String {
        let mut text = String::new();
        GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
        text
    }

    proptest! {
        #[test]
        fn parts_unpack_to_the_whole(texts in prop::collection::vec("[ab é🌍<>]{0,300}", 0..6), times in 1_usize..200) {
            let texts: Vec<String> = texts.into_iter().map(|text| text.repeat(times)).collect();
            let kept: Vec<Packed> = texts.iter().cloned().map(Packed::new).collect();
            let parts: Vec<Part<'_>> = texts
                .iter()
                .zip(&kept)
                .enumerate()
                .map(|(n, (text, kept))| if n % 2 == 0 { Part::Kept(kept) } else { Part::Fresh(text) })
                .collect();
            prop_assert_eq!(plain(&parts), texts.concat());
            prop_assert_eq!(unpack(&gzip(&parts)), texts.concat());
        }
    }
}
