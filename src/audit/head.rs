//! The head of a chain: what to note elsewhere, and the text in which it is published.

use std::fmt;
use std::str::FromStr;

use sqlx::PgConnection;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::chain::{BEGINNING, Hash};
use super::signing::{self, PublicKey, SigningKey};
use super::store;
use crate::error::{Error, Result};
use crate::id::DeskId;

/// A batch and its hash, as in `17:5f…`: what to note of a chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pin {
    pub number: i64,
    pub hash: Hash,
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, hex(&self.hash))
    }
}

impl FromStr for Pin {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const RULE: &str = "a head is written as batch:hash, with 64 hexadecimal digits of hash";
        let (number, hash) = text.trim().split_once(':').ok_or(RULE)?;
        let number = number.parse().ok().filter(|number| *number >= 0).ok_or(RULE)?;
        Ok(Self { number, hash: unhex(hash).ok_or(RULE)? })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

fn unhex(text: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(hash)
}

/// A batch as it is told to the world.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    pub desk: DeskId,
    pub pin: Pin,
    /// When the batch was sealed; nothing before the first one.
    pub sealed_at: Option<OffsetDateTime>,
}

/// What the text begins with.
const FIRST_LINE: &str = "factdesk record head 1";

impl Head {
    /// The end of a desk's chain.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub async fn latest(conn: &mut PgConnection, desk: DeskId) -> Result<Self> {
        let number = store::head(&mut *conn, desk).await?.map_or(0, |head| head.number);
        Self::of(conn, desk, number).await
    }

    /// A batch of a desk's chain.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that number.
    pub async fn of(conn: &mut PgConnection, desk: DeskId, number: i64) -> Result<Self> {
        if number == 0 {
            return Ok(Self { desk, pin: Pin { number, hash: BEGINNING }, sealed_at: None });
        }
        let (hash, sealed_at) = store::seal(conn, desk, number).await?.ok_or(Error::NotFound("batch"))?;
        let hash = hash.as_slice().try_into().map_err(Error::internal)?;
        Ok(Self { desk, pin: Pin { number, hash }, sealed_at: Some(sealed_at) })
    }

    /// The text that is signed: the same for ever for one batch.
    fn text(&self) -> String {
        let sealed =
            self.sealed_at.and_then(|at| at.format(&Rfc3339).ok()).unwrap_or_else(|| "never".to_owned());
        let Pin { number, hash } = &self.pin;
        format!("{FIRST_LINE}\ndesk {}\nbatch {number}\nhash {}\nsealed {sealed}\n", self.desk, hex(hash))
    }

    /// The text with a line of signature, as <https://c2sp.org/signed-note> has it.
    #[must_use]
    pub fn note(&self, key: Option<&SigningKey>) -> String {
        let text = self.text();
        match key {
            Some(key) => format!("{text}\n{}\n", key.sign(&text)),
            None => text,
        }
    }

    /// Reads what [`Self::note`] wrote. With `keys`, one of them has to have signed it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(note: &str, keys: &[PublicKey]) -> std::result::Result<Self, String> {
        let note = note.replace("\r\n", "\n");
        let (text, signatures) = match note.split_once("\n\n") {
            Some((text, signatures)) => (format!("{text}\n"), signatures),
            None => (note.clone(), ""),
        };
        let head = Self::parse(&text).ok_or("it is no head of a record")?;
        if !keys.is_empty() && !signing::is_signed(&text, signatures, keys) {
            return Err("none of the keys has signed it as it stands".to_owned());
        }
        Ok(head)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next() != Some(FIRST_LINE) {
            return None;
        }
        let mut field = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
        let desk = field("desk")?.parse().ok()?;
        let number = field("batch")?.parse().ok()?;
        let hash = unhex(field("hash")?)?;
        let sealed_at = match field("sealed")? {
            "never" => None,
            at => Some(OffsetDateTime::parse(at, &Rfc3339).ok()?),
        };
        let head = Self { desk, pin: Pin { number, hash }, sealed_at };
        // Nothing more, and nothing spelled otherwise: the text is what was signed.
        (head.text() == text).then_some(head)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    // The first key of RFC 8032, section 7.1, as `openssl genpkey` and `openssl pkey -pubout` write keys.
    const SECRET: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
    const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";

    fn head() -> Head {
        Head {
            desk: Uuid::from_u128(7).into(),
            pin: Pin { number: 17, hash: [0xAB; 32] },
            sealed_at: Some(datetime!(2026-11-26 09:00:00.25 UTC)),
        }
    }

    fn key() -> SigningKey {
        SigningKey::from_pem(SECRET, "facts.example.org").unwrap()
    }

    #[test]
    fn a_pin_can_be_read_back() {
        let pin = head().pin;
        assert_eq!(pin.to_string().parse(), Ok(pin));
        for other in
            ["", "17", "-1:ab", "17:ab", &format!("x:{}", "a".repeat(64)), &format!("1:{}", "é".repeat(32))]
        {
            assert!(other.parse::<Pin>().is_err(), "{other}");
        }
    }

    #[test]
    fn a_note_is_a_text_with_its_signature() {
        let note = head().note(Some(&key()));
        insta::assert_snapshot!(note, @r"
        factdesk record head 1
        desk 00000000-0000-0000-0000-000000000007
        batch 17
        hash abababababababababababababababababababababababababababababababab
        sealed 2026-11-26T09:00:00.25Z

        — facts.example.org eJpzybo1kGGwR3C/M4GhCYpwa4e8xl7gJwknh3ht19x/3Sit5NUTYmvLbypSmKnqY0ep43T9OaFYRbqB2Pn0/ucYwQg=
        ");
        assert_eq!(Head::read(&note, &[]), Ok(head()));
        assert_eq!(Head::read(&note, &[PublicKey::from_pem(PUBLIC).unwrap()]), Ok(head()));
        assert_eq!(Head::read(&note.replace('\n', "\r\n"), &[key().public()]), Ok(head()));
        assert_eq!(key().public().to_pem(), PUBLIC);
    }

    #[test]
    fn what_was_changed_or_signed_by_another_is_refused() {
        let note = head().note(Some(&key()));
        let keys = [key().public()];
        assert!(Head::read(&note.replace("batch 17", "batch 18"), &keys).is_err());
        assert!(Head::read(&note.replace("batch 17", "batch 017"), &[]).is_err());
        assert!(Head::read(&head().note(None), &keys).is_err());
        assert_eq!(Head::read(&head().note(None), &[]), Ok(head()));
        let other = PublicKey::from_pem(
            "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n",
        );
        assert!(Head::read(&note, &[other.unwrap()]).is_err());
    }

    #[test]
    fn the_head_of_an_empty_record_is_a_note_too() {
        let head = Head { pin: Pin { number: 0, hash: BEGINNING }, sealed_at: None, ..head() };
        assert_eq!(Head::read(&head.note(None), &[]), Ok(head));
    }
}
