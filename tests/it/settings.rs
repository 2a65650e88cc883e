//! The settings: one table for people, and bad values that are named.

use std::{fs, process::Command};

use clap::CommandFactory;
use factdesk::cli::Cli;

fn factdesk() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_factdesk"));
    command.env_clear();
    command
}

fn said(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn the_table_in_the_documentation_is_the_programs_own() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/settings.md");
    let text = fs::read_to_string(path).unwrap();
    let (before, rest) = text.split_once("<!-- settings -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- end -->\n").unwrap();

    let current = format!(
        "{before}<!-- settings -->\n{}<!-- end -->\n{after}",
        factdesk::config::table(&Cli::command())
    );

    if text != current {
        fs::write(path, current).unwrap();
        panic!("docs/settings.md was out of date; it has been written anew");
    }
}

#[test]
fn a_bad_value_stops_the_start_and_is_named() {
    let from_variable = said(factdesk().env("FACTDESK_LISTEN", "everywhere"));
    let from_flag = said(factdesk().args(["migrate", "--base-url", "facts.example.org/path"]));
    let format = said(factdesk().env("FACTDESK_LOG_FORMAT", "xml"));

    assert!(from_variable.contains("'everywhere' for '--listen <ADDRESS:PORT>'"), "{from_variable}");
    assert!(from_variable.contains("came from the environment variable FACTDESK_LISTEN"), "{from_variable}");
    assert!(from_flag.contains("'facts.example.org/path' for '--base-url <URL>'"), "{from_flag}");
    assert!(!from_flag.contains("environment variable"), "{from_flag}");
    assert!(format.contains("[possible values: text, json]"), "{format}");
    assert!(format.contains("FACTDESK_LOG_FORMAT"), "{format}");
}

#[test]
fn an_address_in_use_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();

    let said = said(factdesk().env("FACTDESK_LISTEN", &address));

    assert!(said.starts_with(&format!("factdesk: Cannot listen on {address} (FACTDESK_LISTEN): ")), "{said}");
}

#[test]
fn the_health_check_fails_where_nobody_listens() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();

    let said = said(factdesk().arg("healthcheck").env("FACTDESK_LISTEN", &free));

    assert!(said.starts_with(&format!("factdesk: The server at {free} does not answer")), "{said}");
}

#[test]
fn every_command_and_setting_has_its_help() {
    let mut program = Cli::command();
    program.build();

    for command in std::iter::once(&program).chain(program.get_subcommands()) {
        if command.get_name() != "help" {
            assert!(command.get_long_about().or(command.get_about()).is_some(), "{}", command.get_name());
        }
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "{} --{}", command.get_name(), argument.get_id());
        }
    }
}
