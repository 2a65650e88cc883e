//! What goes to a process and comes back: a head in JSON, and bytes.

use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A head and the bytes it is about. On the wire: the head's length in four bytes (the highest first), the head, the
/// bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<T> {
    pub head: T,
    pub bytes: Vec<u8>,
}

impl Message<()> {
    /// The message as it goes over the wire.
    ///
    /// # Errors
    /// When the head is no JSON or longer than 4 GiB.
    pub fn write(head: &impl Serialize, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let head = serde_json::to_vec(head)?;
        let length = u32::try_from(head.len()).map_err(io::Error::other)?;
        Ok([&length.to_be_bytes()[..], &head, bytes].concat())
    }
}

impl<T: DeserializeOwned> Message<T> {
    /// Reads a message; `None` when it is none.
    #[must_use]
    pub fn read(wire: &[u8]) -> Option<Self> {
        let (length, rest) = wire.split_first_chunk::<4>()?;
        let (head, bytes) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        Some(Self { head: serde_json::from_slice(head).ok()?, bytes: bytes.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_reads_back_the_same() {
        let wire = Message::write(&("head", 7), b"\0bytes").unwrap();
        let read: Message<(String, u8)> = Message::read(&wire).unwrap();
        assert_eq!(read, Message { head: ("head".to_owned(), 7), bytes: b"\0bytes".to_vec() });
    }

    #[test]
    fn what_is_cut_or_another_is_none() {
        let wire = Message::write(&"head", b"").unwrap();
        for end in 0..wire.len() {
            assert!(Message::<String>::read(&wire[..end]).is_none(), "{end}");
        }
        assert!(Message::<u8>::read(&wire).is_none());
        assert!(Message::<String>::read(b"\xff\xff\xff\xff\"head\"").is_none());
    }
}
