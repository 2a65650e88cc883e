//! A database that somebody else runs: what is wrong with it is said in words that help.

use std::{fs, path::PathBuf, time::Duration};

use clap::Parser;
use factdesk::{
    cli::Cli,
    db::{Db, StartError, cluster::Throwaway},
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, Row};

/// A PostgreSQL server of a test's own.
struct Server {
    running: Throwaway,
    owner: PgConnection,
}

impl Server {
    async fn start() -> Self {
        let running = Throwaway::start().await.unwrap();
        let owner = running.cluster.owner().connect().await.unwrap();
        Self { running, owner }
    }

    fn socket(&self) -> PathBuf {
        self.running.cluster.owner().get_socket().unwrap().clone()
    }

    fn url(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@localhost/{database}?host={}", self.socket().display())
    }

    async fn run(&mut self, statements: &[&str]) {
        for statement in statements {
            self.owner.execute(AssertSqlSafe(*statement)).await.unwrap();
        }
    }

    async fn stop(self) {
        self.owner.close().await.unwrap();
        self.running.stop().await;
    }
}

async fn open(url: &str) -> Result<Db, StartError> {
    let cli = Cli::try_parse_from(["factdesk", "--database-url", url, "--database-direct-url", ""]).unwrap();
    Db::open(&cli.config, Duration::ZERO).await
}

async fn refusal(url: &str) -> String {
    match open(url).await {
        Ok(_) => panic!("{url} is opened"),
        Err(error) => error.to_string(),
    }
}

#[actix_web::test]
async fn a_wrong_url_is_named_without_its_password() {
    for url in ["mysql://me:secret@localhost/facts", "facts", "postgres://me:secret@localhost:port/facts"] {
        let said = refusal(url).await;

        assert!(said.starts_with("DATABASE_URL is not a PostgreSQL URL"), "{said}");
        assert!(!said.contains("secret"), "{said}");
    }
}

#[actix_web::test]
async fn a_server_that_does_not_answer_is_named() {
    let said = refusal("postgres://me:secret@127.0.0.1:9/facts").await;

    assert!(said.starts_with("PostgreSQL at 127.0.0.1:9 (DATABASE_URL) does not answer"), "{said}");
    assert!(!said.contains("secret"), "{said}");
}

#[actix_web::test]
async fn a_missing_database_is_named_with_the_statement_that_makes_it() {
    let server = Server::start().await;

    let said = refusal(&server.url("factdesk_owner", "facts")).await;

    assert!(said.contains("CREATE DATABASE facts OWNER factdesk_owner;"), "{said}");
    server.stop().await;
}

#[actix_web::test]
async fn a_refused_password_is_said() {
    let mut server = Server::start().await;
    let rules = server.socket().parent().unwrap().join("data/pg_hba.conf");
    let trusted = fs::read_to_string(&rules).unwrap();
    fs::write(&rules, format!("local all guarded scram-sha-256\n{trusted}")).unwrap();
    server.run(&["CREATE ROLE guarded LOGIN PASSWORD 'right'", "SELECT pg_reload_conf()"]).await;
    tokio::time::sleep(Duration::from_millis(300)).await;

    let said = refusal(&server.url("guarded:wrong", "factdesk")).await;

    assert!(said.contains("refuses user \"guarded\": password authentication failed"), "{said}");
    server.stop().await;
}

#[actix_web::test]
async fn a_database_that_cannot_hold_every_text_is_refused() {
    let mut server = Server::start().await;
    server.run(&["CREATE DATABASE old ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"]).await;

    let said = refusal(&server.url("factdesk_owner", "old")).await;

    assert!(said.starts_with("The database \"old\" is encoded in LATIN1"), "{said}");
    server.stop().await;
}

#[actix_web::test]
async fn each_missing_right_is_said_with_the_statement_that_gives_it() {
    let mut server = Server::start().await;
    server.run(&["DROP ROLE factdesk_app", "CREATE ROLE \"some one\" LOGIN", "CREATE DATABASE facts"]).await;
    let url = &server.url("some%20one", "facts");
    let mut remedies = Vec::new();

    let db = loop {
        match open(url).await {
            Ok(db) => break db,
            Err(StartError::MissingRight { remedy, user, .. }) => {
                assert_eq!(user, "some one");
                for statement in remedy.split_inclusive(';') {
                    server.run(&[statement]).await;
                }
                remedies.push(remedy);
            }
            Err(other) => panic!("{other}"),
        }
    };

    assert_eq!(
        remedies,
        [
            "ALTER DATABASE \"facts\" OWNER TO \"some one\";",
            "CREATE ROLE factdesk_app NOLOGIN; GRANT factdesk_app TO \"some one\";",
        ]
    );
    db.close().await;
    server.stop().await;
}

#[actix_web::test]
async fn every_connection_has_the_servers_role_and_its_limits() {
    let mut server = Server::start().await;
    server
        .run(&[
            "DROP ROLE factdesk_app",
            "CREATE ROLE maker LOGIN CREATEROLE",
            "CREATE DATABASE facts OWNER maker",
        ])
        .await;
    let db = open(&server.url("maker", "facts")).await.unwrap();

    let row = sqlx::query(
        "SELECT current_user::text, current_setting('statement_timeout'), current_setting('lock_timeout'),
                current_setting('idle_in_transaction_session_timeout')",
    )
    .fetch_one(db.pool())
    .await
    .unwrap();

    let found: Vec<String> = (0..4).map(|column| row.get(column)).collect();
    assert_eq!(found, ["factdesk_app", "5s", "2s", "10s"]);
    let refused = sqlx::query("CREATE TABLE mine (n integer)").execute(db.pool()).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().as_deref(), Some("42501"));
    db.close().await;
    server.stop().await;
}

#[actix_web::test]
async fn the_servers_role_can_log_in_itself_once_somebody_has_migrated() {
    let mut server = Server::start().await;
    let said = refusal(&server.url("factdesk_app", "factdesk")).await;
    assert!(said.starts_with("The database has to be migrated by its owner first"), "{said}");
    open(&server.url("factdesk_owner", "factdesk")).await.unwrap().close().await;
    server.run(&["ALTER DATABASE factdesk SET statement_timeout = '1min'"]).await;

    let db = open(&server.url("factdesk_app", "factdesk")).await.unwrap();

    let found: (String, String) =
        sqlx::query_as("SELECT current_user::text, current_setting('statement_timeout')")
            .fetch_one(db.pool())
            .await
            .unwrap();
    assert_eq!(found, ("factdesk_app".to_owned(), "5s".to_owned()));
    db.close().await;
    server.stop().await;
}

#[actix_web::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let mut server = Server::start().await;
    let url = &server.url("factdesk_owner", "factdesk");
    open(url).await.unwrap().close().await;
    open(url).await.unwrap().close().await;

    server.run(&["UPDATE _sqlx_migrations SET checksum = '' WHERE version = (SELECT max(version) FROM _sqlx_migrations)"]).await;
    let changed = refusal(url).await;
    server
        .run(&["INSERT INTO _sqlx_migrations VALUES (99991231235959, 'from the future', now(), true, '', 0)"])
        .await;
    server.run(&["DELETE FROM _sqlx_migrations WHERE checksum = '' AND version < 99991231235959"]).await;
    let newer = refusal(url).await;

    assert!(changed.starts_with("The database could not be migrated"), "{changed}");
    assert!(newer.contains("written by a newer Factdesk (it has migration 99991231235959"), "{newer}");
    server.stop().await;
}

#[actix_web::test]
async fn a_throwaway_database_leaves_nothing() {
    let server = Server::start().await;
    let root = server.socket().ancestors().nth(2).unwrap().to_owned();
    assert!(root.exists());

    server.stop().await;

    assert!(!root.exists());
}
