//! `factdesk account`.

use std::time::Duration;

use clap::Subcommand;
use sqlx::PgPool;

use crate::{
    accounts::{admin, setup},
    base_url::BaseUrl,
    config::Config,
    db::Db,
    error,
};

/// What can be done to accounts by whoever runs the server.
#[derive(Clone, Debug, Subcommand)]
pub enum Account {
    /// Print a one-time link that makes an account and a desk of its own
    ///
    /// The server prints one by itself when it starts without any account. The link is good for 24 hours; using one ends
    /// all others.
    SetupLink,

    /// Print a one-time link with which somebody who has lost their password sets a new one
    ///
    /// The link is good for one hour. Give it to nobody else: it signs in as them. Their other sessions end with it.
    PasswordLink {
        /// The name the person signs in with.
        handle: String,
    },

    /// Keep somebody from signing in, and end their sessions
    ///
    /// What they did stays, with their name. To take away what they may do at one desk, an admin of the desk removes them
    /// there.
    Disable {
        /// The name the person signs in with.
        handle: String,
    },

    /// Let somebody sign in again who was disabled
    Enable {
        /// The name the person signs in with.
        handle: String,
    },

    /// Take from an account all that says who it was, for ever
    ///
    /// Its names, password, sessions and roles go. What the person did stays, under a pseudonym, and every record of changes
    /// stays whole. It cannot be taken back. What others wrote about the person is not touched.
    Erase {
        /// The name the person signs in with.
        handle: String,
    },

    /// Look after somebody's sessions
    #[command(subcommand)]
    Sessions(Sessions),
}

/// What can be done to sessions.
#[derive(Clone, Debug, Subcommand)]
pub enum Sessions {
    /// End all sessions of an account, wherever they are
    End {
        /// The name the person signs in with.
        handle: String,
    },
}

/// Opens the database, also beside a running server, and does it.
pub async fn run(config: &Config, what: &Account) -> Result<(), Box<dyn std::error::Error>> {
    let db = Db::open(config, Duration::ZERO).await?;
    let outcome = act(db.pool(), &BaseUrl::new(&config.base_url()), what).await;
    db.close().await;
    println!("{}", outcome?);
    Ok(())
}

async fn act(pool: &PgPool, base: &BaseUrl, what: &Account) -> error::Result<String> {
    match what {
        Account::SetupLink => setup::another_link(pool, base).await,
        Account::PasswordLink { handle } => admin::password_link(pool, base, handle).await,
        Account::Disable { handle } => {
            let ended = admin::disable(pool, handle).await?;
            Ok(format!("{handle} cannot sign in any more; {ended} sessions ended."))
        }
        Account::Enable { handle } => {
            admin::enable(pool, handle).await?;
            Ok(format!("{handle} can sign in again."))
        }
        Account::Erase { handle } => {
            let name = admin::erase(pool, handle).await?;
            Ok(format!("{handle} is {name} from now on."))
        }
        Account::Sessions(Sessions::End { handle }) => {
            let ended = admin::end_sessions(pool, handle).await?;
            Ok(format!("{ended} sessions of {handle} ended."))
        }
    }
}
