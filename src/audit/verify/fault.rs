//! What can be wrong with a record, in words.

use std::fmt;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::audit::head::Pin;
use crate::id::EventId;

/// What an event says of itself now, to find it by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    pub id: EventId,
    pub action: String,
    pub entity: String,
    pub entity_id: Uuid,
    pub at: OffsetDateTime,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, action, entity, entity_id, at } = self;
        write!(f, "event {id} ({action} of the {entity} {entity_id}, {at})")
    }
}

/// A place where a record is not what it was when it was sealed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// This event was changed, or took another's place.
    Changed { event: Told, seal: i64 },
    /// This event was not there when its batch was sealed.
    Added { event: Told, seal: i64 },
    /// An event that was sealed is gone: which one, where it stood, and what is left before it.
    Gone { seal: i64, place: usize, id: Option<EventId>, after: Option<EventId> },
    /// This event stands where no batch vouches for it and none will.
    Stray(Told),
    /// The batch itself was changed, or does not follow the one before.
    Seal(i64),
    /// Batches at the end of the chain are gone, or its end was moved.
    End { found: i64, expected: i64 },
    /// A head that was noted elsewhere is not in this chain: it was written anew, or cut off.
    Pinned { noted: Pin, found: Option<Pin> },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { event, seal } => {
                write!(f, "{event} is not what was sealed in batch {seal}: it was changed or swapped")
            }
            Self::Added { event, seal } => write!(f, "{event} was added to batch {seal} after it was sealed"),
            Self::Gone { seal, place, id, after } => {
                match id {
                    Some(id) => write!(f, "event {id}, number {place} of batch {seal}, is gone; it stood ")?,
                    None => write!(f, "event number {place} of batch {seal} is gone; it stood ")?,
                }
                match after {
                    Some(event) => write!(f, "after event {event}"),
                    None => f.write_str("at the beginning"),
                }
            }
            Self::Stray(event) => write!(f, "{event} was added where no batch vouches for it"),
            Self::Seal(number) => {
                write!(f, "batch {number} was changed, removed, or does not follow the one before it")
            }
            Self::End { found, expected } => {
                write!(f, "the chain ends with batch {found}, but batch {expected} was its end")
            }
            Self::Pinned { noted, found: Some(found) } => {
                write!(
                    f,
                    "the head {noted} was noted elsewhere, but here it is {found}: the record was written anew"
                )
            }
            Self::Pinned { noted, found: None } => {
                write!(
                    f,
                    "the head {noted} was noted elsewhere, but this record does not reach it: its end is gone"
                )
            }
        }
    }
}
