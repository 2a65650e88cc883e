//! The process's own side: limits first, then the request, then the answer.

use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use serde::de::DeserializeOwned;

use super::{Limits, Message, Work};

/// Does one piece of work: the request from standard input, the answer to standard output. What fails ends the process,
/// and whoever started it says so.
#[must_use]
pub fn main(work: Work) -> ExitCode {
    let limits = Limits::of(work);
    if limits.apply().is_err() {
        return ExitCode::FAILURE;
    }
    // The server answers people meanwhile; where this cannot be said, it is only slower.
    let _ = rustix::process::nice(5);
    // For when nobody is left who would end it.
    std::thread::spawn(move || {
        std::thread::sleep(limits.wall);
        std::process::exit(1);
    });
    let mut request = Vec::new();
    let answer = match std::io::stdin().lock().read_to_end(&mut request) {
        Ok(_) => answer(work, &request),
        Err(_) => None,
    };
    match answer {
        Some(answer) if std::io::stdout().lock().write_all(&answer).is_ok() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn answer(work: Work, request: &[u8]) -> Option<Vec<u8>> {
    match work {
        Work::Fetch | Work::FetchSource => by(request, crate::fetch::client::answer),
        Work::Read => by(request, crate::articles::intake::answer),
        Work::ReadSource => by(request, crate::evidence::copies::answer),
        Work::Call => by(request, crate::fetch::call::answer),
        Work::Cite => by(request, crate::evidence::references::answer),
    }
}

/// The answer of a function from message to message.
fn by<Q: DeserializeOwned, A: serde::Serialize>(
    request: &[u8],
    work: impl FnOnce(&Message<Q>) -> Message<A>,
) -> Option<Vec<u8>> {
    let answer = work(&Message::read(request)?);
    Message::write(&answer.head, &answer.bytes).ok()
}
