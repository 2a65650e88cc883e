//! What the form of a report carries to show that a person has it open: signed, with the time, for one claim, good for one
//! report. It stands in for a puzzle, and for a session, which readers do not have.

use ring::hmac;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::id::ClaimId;

/// Nobody reads and fills in the form in less.
pub const LEAST: Duration = Duration::seconds(3);
/// How long a form may stay open.
pub const MOST: Duration = Duration::hours(24);

/// The key that tickets are signed with.
#[derive(Clone, Debug)]
pub struct Key(hmac::Key);

impl Key {
    /// The key with these 32 bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }
}

/// A form that was handed out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ticket {
    claim: ClaimId,
    /// Tells this form from all others.
    form: Uuid,
    /// Seconds since 1970.
    issued: i64,
}

/// Why a form is not taken; `Display` is for the person who sent it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TicketError {
    #[error("This form is not one of ours. Please send it again from here.")]
    Forged,
    #[error("That was very quick. Please read it over once, then send it again.")]
    TooFast,
    #[error("This form was open for more than a day. Please send it again from here.")]
    TooOld,
}

impl Ticket {
    /// A new one, for a form about a claim.
    #[must_use]
    pub fn issue(claim: ClaimId, now: OffsetDateTime) -> Self {
        Self { claim, form: Uuid::now_v7(), issued: now.unix_timestamp() }
    }

    /// As the form carries it.
    #[must_use]
    pub fn signed(&self, key: &Key) -> String {
        let tag = hmac::sign(&key.0, self.text().as_bytes());
        format!("{}.{}.{}", self.issued, self.form.simple(), hex(tag.as_ref()))
    }

    /// Reads what a form carried.
    ///
    /// # Errors
    /// Why it is not taken. One that came too fast is still good.
    pub fn read(text: &str, claim: ClaimId, key: &Key, now: OffsetDateTime) -> Result<Self, TicketError> {
        let mut parts = text.split('.');
        let (Some(issued), Some(form), Some(tag), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(TicketError::Forged);
        };
        let issued = issued.parse().map_err(|_| TicketError::Forged)?;
        let form = Uuid::try_parse(form).map_err(|_| TicketError::Forged)?;
        let ticket = Self { claim, form, issued };
        let tag = unhex(tag).ok_or(TicketError::Forged)?;
        hmac::verify(&key.0, ticket.text().as_bytes(), &tag).map_err(|_| TicketError::Forged)?;
        let age = Duration::seconds(now.unix_timestamp().saturating_sub(issued));
        if age < LEAST {
            return Err(TicketError::TooFast);
        }
        if age > MOST { Err(TicketError::TooOld) } else { Ok(ticket) }
    }

    /// What tells this form from all others.
    #[must_use]
    pub fn form(&self) -> Uuid {
        self.form
    }

    /// The secret in the address of the reader's own page: the same each time the form is sent.
    ///
    /// # Errors
    /// Never: it is a secret by its form.
    pub fn tracking(&self, key: &Key) -> Result<crate::auth::secret::Secret> {
        let tag = hmac::sign(&key.0, format!("tracking\0{}", self.form).as_bytes());
        crate::auth::secret::Secret::parse(&hex(tag.as_ref())).ok_or_else(|| Error::internal("no secret"))
    }

    fn text(&self) -> String {
        format!("report\0{}\0{}\0{}", self.claim, self.form, self.issued)
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || text.len() != 64 {
        return None;
    }
    (0..32).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_taken_for_its_claim_within_a_day_and_not_at_once() {
        let (key, claim) = (Key::new(&[7; 32]), ClaimId::new());
        let now = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000);
        let ticket = Ticket::issue(claim, now);
        let text = ticket.signed(&key);
        let read = |claim, after| Ticket::read(&text, claim, &key, now + after);
        assert_eq!(read(claim, LEAST), Ok(ticket));
        assert_eq!(read(claim, MOST), Ok(ticket));
        assert_eq!(read(claim, Duration::seconds(2)), Err(TicketError::TooFast));
        assert_eq!(read(claim, Duration::seconds(-9)), Err(TicketError::TooFast));
        assert_eq!(read(claim, MOST + Duration::seconds(1)), Err(TicketError::TooOld));
        assert_eq!(read(ClaimId::new(), LEAST), Err(TicketError::Forged));
        assert_eq!(Ticket::read(&text, claim, &Key::new(&[8; 32]), now + LEAST), Err(TicketError::Forged));
    }

    #[test]
    fn nothing_but_what_we_signed_is_a_ticket() {
        let (key, claim) = (Key::new(&[7; 32]), ClaimId::new());
        let now = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000);
        let text = Ticket::issue(claim, now).signed(&key);
        let later =
            text.replacen(&now.unix_timestamp().to_string(), &(now.unix_timestamp() - 9).to_string(), 1);
        let short = &text[..text.len() - 2];
        for wrong in ["", ".", "..", "1.2.3", later.as_str(), short, "é.é.é", &format!("{text}.1")] {
            let read = Ticket::read(wrong, claim, &key, now + LEAST);
            assert_eq!(read, Err(TicketError::Forged), "{wrong}");
        }
    }

    #[test]
    fn the_secret_of_a_form_is_its_own_and_does_not_change() {
        let (key, claim) = (Key::new(&[7; 32]), ClaimId::new());
        let (one, other) = (
            Ticket::issue(claim, OffsetDateTime::UNIX_EPOCH),
            Ticket::issue(claim, OffsetDateTime::UNIX_EPOCH),
        );
        let secret = |ticket: &Ticket| ticket.tracking(&key).unwrap().expose().to_owned();
        assert_eq!(secret(&one), secret(&one));
        assert_ne!(secret(&one), secret(&other));
        assert!(!one.signed(&key).contains(&secret(&one)));
    }
}
