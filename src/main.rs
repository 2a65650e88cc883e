//! The program; see [`factdesk::cli`].

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    factdesk::cli::main()
}
