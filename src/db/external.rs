//! A database that somebody else runs.

use std::{io, str::FromStr, time::Duration};

use sqlx::{
    AssertSqlSafe, ConnectOptions, Executor, PgConnection, PgPool, error::DatabaseError,
    postgres::PgConnectOptions,
};
use tokio::time::{Instant, sleep};
use tracing::{info, warn};
use url::Url;

use super::{
    APP_ROLE, OLDEST_POSTGRES, StartError,
    cluster::binaries::Version,
    migrations,
    pool::{self, Login},
    self_test,
};

/// How often a database that does not answer is tried.
const TRY_EVERY: Duration = Duration::from_millis(250);

/// Opens the database at `url`, after migrating it over `direct` as its owner.
///
/// # Errors
/// [`StartError`], which says what is wrong with the URL, the server or the rights.
pub async fn open(
    url: &str,
    direct: &str,
    patience: Duration,
) -> Result<(PgPool, PgConnectOptions), StartError> {
    let app = Endpoint::parse("DATABASE_URL", url)?;
    let owner = if direct == url { app.clone() } else { Endpoint::parse("DATABASE_DIRECT_URL", direct)? };
    let mut connection = owner.wait(patience).await?;
    let facts = Facts::gather(&mut connection).await?;
    facts.check()?;
    // Whoever has nothing to migrate needs no right to.
    if migrations::missing(&mut connection).await? > 0 {
        facts.check_rights()?;
        make_app_role(&mut connection, &facts, app.options.get_username()).await?;
        migrations::run(&mut connection).await?;
    }
    drop(connection);

    // A connection outside the pool says what is wrong; the pool would only run out of time.
    let mut connection = app.wait(patience).await?;
    let user = app.options.get_username();
    let login = if user == APP_ROLE { Login::AppWithLimits } else { Login::Other };
    if login == Login::AppWithLimits {
        limit_app_role(&mut connection).await?;
    } else {
        let become_app = connection.execute(AssertSqlSafe(format!("SET ROLE {APP_ROLE}"))).await;
        become_app.map_err(unless_denied(user, "act as the role factdesk_app", &grant_to(user)))?;
    }
    drop(connection);
    let pool = pool::open(app.options, login, None);
    self_test::run(&pool).await?;
    Ok((pool, owner.options))
}

/// Where a database is, and which setting says so.
#[derive(Clone)]
struct Endpoint {
    setting: &'static str,
    options: PgConnectOptions,
}

impl Endpoint {
    fn parse(setting: &'static str, url: &str) -> Result<Self, StartError> {
        let wrong = |reason: String| StartError::Url { setting, reason };
        let parsed = Url::parse(url).map_err(|error| wrong(error.to_string()))?;
        if !matches!(parsed.scheme(), "postgres" | "postgresql") {
            return Err(wrong(format!("it starts with {}:", parsed.scheme())));
        }
        let options = PgConnectOptions::from_str(url).map_err(|error| match error {
            sqlx::Error::Configuration(reason) => wrong(reason.to_string()),
            other => wrong(other.to_string()),
        })?;
        Ok(Self { setting, options })
    }

    /// Connects, however long the server takes to come up, within limits.
    async fn wait(&self, patience: Duration) -> Result<PgConnection, StartError> {
        let begun = Instant::now();
        let mut told = false;
        loop {
            match self.options.connect().await {
                Ok(connection) => return Ok(connection),
                Err(error) if is_passing(&error) && begun.elapsed() < patience => {
                    if !told {
                        told = true;
                        info!(
                            patience_s = patience.as_secs(),
                            "waiting for the database at {}: {error}",
                            self.server()
                        );
                    }
                    sleep(TRY_EVERY).await;
                }
                Err(error) => return Err(self.explain(error)),
            }
        }
    }

    fn explain(&self, error: sqlx::Error) -> StartError {
        let (setting, server, user) = (self.setting, self.server(), self.options.get_username().to_owned());
        let code = error.as_database_error().and_then(DatabaseError::code).unwrap_or_default().into_owned();
        let words = error.as_database_error().map(|cause| cause.message().to_owned()).unwrap_or_default();
        match (code.as_str(), &error) {
            ("3D000", _) => StartError::NoDatabase {
                setting,
                server,
                name: self.options.get_database().unwrap_or(&user).to_owned(),
                user,
            },
            ("", sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_)) => {
                StartError::Unreachable { setting, server, source: error }
            }
            // Class 28: the password, or what the server's pg_hba.conf says. 42501: no right to connect.
            ("28P01" | "28000" | "42501" | "53300", _) => {
                StartError::Refused { setting, server, user, reason: words }
            }
            _ => StartError::from(error),
        }
    }

    fn server(&self) -> String {
        match self.options.get_socket() {
            Some(folder) => folder.display().to_string(),
            None => format!("{}:{}", self.options.get_host(), self.options.get_port()),
        }
    }
}

/// Whether a failure to connect is what one sees while a server comes up.
fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => matches!(
            error.kind(),
            io::ErrorKind::ConnectionRefused
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::NotFound
                | io::ErrorKind::TimedOut
                | io::ErrorKind::UnexpectedEof
        ),
        // cannot_connect_now
        sqlx::Error::Database(cause) => cause.code().as_deref() == Some("57P03"),
        _ => false,
    }
}

/// What one has to know of a server, in one question.
struct Facts {
    version: i32,
    user: String,
    database: String,
    encoding: String,
    is_read_only: bool,
    may_create_tables: bool,
    has_app_role: bool,
    unsafe_settings: String,
}

impl Facts {
    async fn gather(connection: &mut PgConnection) -> sqlx::Result<Self> {
        sqlx::query_as!(
            Self,
            r#"
            SELECT
                current_setting('server_version_num')::int4 AS "version!",
                current_user::text AS "user!",
                current_database()::text AS "database!",
                current_setting('server_encoding') AS "encoding!",
                pg_is_in_recovery() AS "is_read_only!",
                coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS "may_create_tables!",
                EXISTS (SELECT FROM pg_roles WHERE rolname = 'factdesk_app') AS "has_app_role!",
                (
                    SELECT coalesce(string_agg(name, ', ' ORDER BY name), '') FROM pg_settings
                    WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'
                ) AS "unsafe_settings!"
            "#
        )
        .fetch_one(connection)
        .await
    }

    fn check(&self) -> Result<(), StartError> {
        let version = Version::from_number(self.version);
        if version.major < OLDEST_POSTGRES {
            return Err(StartError::ServerTooOld { version, minimum: OLDEST_POSTGRES });
        }
        if self.encoding != "UTF8" {
            let (name, encoding) = (self.database.clone(), self.encoding.clone());
            return Err(StartError::Encoding { name, encoding });
        }
        if self.is_read_only {
            return Err(StartError::ReadOnly);
        }
        if !self.unsafe_settings.is_empty() {
            warn!(
                "the database has switched off what keeps acknowledged changes through a crash: {}",
                self.unsafe_settings
            );
        }
        Ok(())
    }

    fn check_rights(&self) -> Result<(), StartError> {
        if self.user == APP_ROLE {
            return Err(StartError::NotMigrated);
        }
        if !self.may_create_tables {
            return Err(StartError::MissingRight {
                user: self.user.clone(),
                action: "create tables",
                remedy: format!("ALTER DATABASE {} OWNER TO {};", quoted(&self.database), quoted(&self.user)),
            });
        }
        Ok(())
    }
}

/// Makes the server's own role and lets `user`, who the pool's connections arrive as, become it.
async fn make_app_role(owner: &mut PgConnection, facts: &Facts, user: &str) -> Result<(), StartError> {
    if !facts.has_app_role {
        let remedy = format!("CREATE ROLE {APP_ROLE} NOLOGIN; {}", grant_to(user));
        let created = owner.execute(AssertSqlSafe(format!("CREATE ROLE {APP_ROLE} NOLOGIN"))).await;
        match created {
            // Another replica may have been faster.
            Err(error) if !has_code(&error, &["42710", "23505"]) => {
                return Err(unless_denied(&facts.user, "create the role factdesk_app", &remedy)(error));
            }
            _ => {}
        }
    }
    if user == APP_ROLE {
        return Ok(());
    }
    // Since version 16, who creates a role is its member without being allowed to become it.
    let may_become = sqlx::query_scalar!(
        r#"
        SELECT pg_has_role($1::text::name, 'factdesk_app', CASE WHEN $2::int4 < 160000 THEN 'MEMBER' ELSE 'SET' END)
            AS "may_become!"
        "#,
        user,
        facts.version,
    )
    .fetch_one(&mut *owner)
    .await?;
    if !may_become {
        let granted = owner.execute(AssertSqlSafe(grant_to(user))).await;
        granted.map_err(unless_denied(&facts.user, "let anybody act as factdesk_app", &grant_to(user)))?;
    }
    Ok(())
}

/// Gives the server's own role, which may log in, its limits. It may do so itself; they hold from the next login on.
async fn limit_app_role(app: &mut PgConnection) -> Result<(), StartError> {
    for (setting, limit) in pool::LIMITS {
        let current = sqlx::query_scalar!(r#"SELECT current_setting($1) AS "current!""#, setting)
            .fetch_one(&mut *app)
            .await?;
        if current != limit {
            let alter = format!("ALTER ROLE {APP_ROLE} SET {setting} = '{limit}'");
            if let Err(error) = app.execute(AssertSqlSafe(alter)).await {
                warn!("the role {APP_ROLE} keeps its {setting} of {current}: {error}");
            }
        }
    }
    Ok(())
}

fn grant_to(user: &str) -> String {
    format!("GRANT {APP_ROLE} TO {};", quoted(user))
}

/// A name as SQL takes it, whatever is in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn unless_denied(user: &str, action: &'static str, remedy: &str) -> impl FnOnce(sqlx::Error) -> StartError {
    let (user, remedy) = (user.to_owned(), remedy.to_owned());
    move |error| {
        if has_code(&error, &["42501"]) {
            StartError::MissingRight { user, action, remedy }
        } else {
            StartError::from(error)
        }
    }
}

fn has_code(error: &sqlx::Error, codes: &[&str]) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.is_some_and(|code| codes.contains(&&*code))
}
