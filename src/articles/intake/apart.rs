//! Reading in a process of its own, which whatever a stranger made cannot hurt.

use super::{Reading, Received, Refused, Said, read_bytes};
use crate::isolated::{Broken, Isolated, Message, Work};

/// Reads what came in, in a process of its own.
///
/// # Errors
/// [`Refused`], in words for the person who sent it; also when the process took too long or ended.
pub async fn read_apart(isolated: &Isolated, received: &Received) -> Result<Reading, Refused> {
    let answered =
        isolated.run::<Result<Reading, Refused>>(Work::Read, &received.said(), &received.bytes).await;
    match answered {
        Ok(answer) => answer.head,
        Err(Broken::TooSlow) => Err(Refused::TookTooLong),
        Err(Broken::Crashed(_)) => Err(Refused::Unreadable),
        Err(broken @ Broken::Unavailable(_)) => {
            tracing::error!(error = &broken as &dyn std::error::Error, "a file could not be read");
            Err(Refused::Unreadable)
        }
    }
}

/// The process's side.
#[must_use]
pub fn answer(sent: &Message<Said>) -> Message<Result<Reading, Refused>> {
    Message { head: read_bytes(&sent.head, &sent.bytes), bytes: Vec::new() }
}
