//! What is said about arguments that cannot be used.

use std::{env, process::ExitCode};

use clap::{
    CommandFactory, Error,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::Cli;

/// Prints help, or what is wrong: for a bad value also the environment variable that it came from.
pub fn explain(error: &Error) -> ExitCode {
    // Fails when the output is closed, and then there is nobody to tell.
    let _ = error.print();
    let is_bad_value = matches!(error.kind(), ErrorKind::ValueValidation | ErrorKind::InvalidValue);
    if is_bad_value && let Some(variable) = variable_of(error) {
        eprintln!("\nThe value came from the environment variable {variable}.");
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(1))
}

/// The variable that a bad value came from; none when it was given as a flag.
fn variable_of(error: &Error) -> Option<String> {
    let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let flag = argument.split_whitespace().next()?;
    let was_given = env::args().any(|given| given == flag || given.starts_with(&format!("{flag}=")));
    let command = Cli::command();
    let found = command
        .get_arguments()
        .find(|known| known.get_long().is_some_and(|long| flag.strip_prefix("--") == Some(long)))?;
    let variable = found.get_env()?.to_str()?;
    (!was_given && env::var_os(variable).is_some()).then(|| variable.to_owned())
}
