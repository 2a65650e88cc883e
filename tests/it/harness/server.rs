//! The real application on a port and a database of its own.

use std::{
    net::{SocketAddr, TcpListener},
    sync::{Once, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use actix_web::{HttpServer, dev::ServerHandle, rt::System};
use factdesk::{
    accounts::{hashing, password::Password},
    app::{State, app},
    audit::signing::SigningKey,
    auth::{Role, session},
    base_url::BaseUrl,
    blobs::Storage,
    errands::Errands,
    evidence::outside::Archives,
    fetch::{Allowed, Fetcher},
    id::AccountId,
    isolated::Isolated,
    jobs,
    mail::Mail,
};
use reqwest::Url;
use sqlx::{AssertSqlSafe, Connection, PgPool, postgres::PgPoolOptions};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Browser, Bucket, Fixture, Smtp,
    cluster::{APP, OWNER, TEMPLATE, connect_as},
};

/// What only some servers have.
#[derive(Default)]
struct Extras {
    /// Where letters are handed over.
    smtp: Option<String>,
    /// What signs heads of the record.
    key: Option<SigningKey>,
    /// The archives outside that sources may be handed to.
    archives: Archives,
}

/// A server, until it is dropped.
pub struct Server {
    address: SocketAddr,
    database: String,
    owner: PgPool,
    app: PgPool,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts one with an empty, migrated database.
    pub async fn start() -> Self {
        Self::start_allowing("").await
    }

    /// The same, and it may fetch from these networks, as the setting has them.
    pub async fn start_allowing(networks: &str) -> Self {
        Self::begin(Some(networks.parse().unwrap()), Extras::default()).await
    }

    /// The same as [`Self::start`], with a mail server.
    pub async fn start_mailing(smtp: &Smtp) -> Self {
        Self::begin(Some(Allowed::default()), Extras { smtp: Some(smtp.url()), ..Extras::default() }).await
    }

    /// One that leaves jobs to others.
    pub async fn start_idle() -> Self {
        Self::begin(None, Extras::default()).await
    }

    /// One that signs heads of the record.
    pub async fn start_signing(key: SigningKey) -> Self {
        Self::begin(Some(Allowed::default()), Extras { key: Some(key), ..Extras::default() }).await
    }

    /// One that may fetch from these networks, and hands sources to archives outside.
    pub async fn start_handing_on(networks: &str, archives: Archives) -> Self {
        Self::begin(Some(networks.parse().unwrap()), Extras { archives, ..Extras::default() }).await
    }

    async fn begin(works: Option<Allowed>, extras: Extras) -> Self {
        keep_bytes_outside();
        let database = format!("test_{}", Uuid::new_v4().simple());
        let mut postgres = sqlx::PgConnection::connect_with(&connect_as(OWNER, "postgres")).await.unwrap();
        let create = format!("CREATE DATABASE {database} TEMPLATE {TEMPLATE} STRATEGY file_copy");
        sqlx::query(AssertSqlSafe(create)).execute(&mut postgres).await.unwrap();
        postgres.close().await.unwrap();

        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (send, started) = mpsc::channel();
        let name = database.clone();
        let thread = std::thread::spawn(move || {
            System::new().block_on(serve(listener, &name, works, extras, &send));
        });
        let handle = started.recv().expect("the server starts");
        let pool =
            |role| PgPoolOptions::new().max_connections(4).connect_lazy_with(connect_as(role, &database));
        Self { address, owner: pool(OWNER), app: pool(APP), database, handle, thread: Some(thread) }
    }

    /// The whole address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The address of the database for another process, as its owner.
    pub fn database_url(&self) -> String {
        let socket = connect_as(OWNER, &self.database).get_socket().expect("it is on a socket").clone();
        format!("postgres://{OWNER}@localhost/{}?host={}", self.database, socket.display())
    }

    /// The database, as its owner.
    pub fn owner_pool(&self) -> &PgPool {
        &self.owner
    }

    /// The database as the server's own role, for trying what the server must not be able to do.
    pub fn app_pool(&self) -> &PgPool {
        &self.app
    }

    /// A browser that nobody has signed in with.
    pub fn visitor(&self) -> Browser {
        Browser::new(&self.url(""))
    }

    /// The desk of that name, made with a member for each role if it is not there.
    pub async fn desk(&self, slug: &str) -> Fixture {
        Fixture::get_or_make(&self.owner, slug).await
    }

    /// A browser signed in as the member of the desk `demo` that has this role.
    pub async fn sign_in(&self, role: Role) -> Browser {
        self.sign_in_at("demo", role).await
    }

    /// A browser signed in as a desk's member that has this role.
    pub async fn sign_in_at(&self, desk: &str, role: Role) -> Browser {
        let account = self.desk(desk).await.member(role);
        self.sign_in_as(account).await
    }

    /// Gives an account a password, so that one can sign in with it on the page.
    pub async fn set_password(&self, account: AccountId, password: &str) {
        let hash = hashing::hash(Password::typed(password)).await.unwrap();
        sqlx::query("INSERT INTO credentials (account_id, password_hash, changed_at) VALUES ($1, $2, now())")
            .bind(account)
            .bind(hash)
            .execute(&self.owner)
            .await
            .unwrap();
    }

    /// How many rows there are, by a query that counts them.
    pub async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.owner).await.unwrap()
    }

    /// A browser signed in with an account.
    pub async fn sign_in_as(&self, account: AccountId) -> Browser {
        let mut conn = self.owner.acquire().await.unwrap();
        let token = session::begin(&mut conn, account, "a test", OffsetDateTime::now_utc()).await.unwrap();
        let browser = self.visitor();
        let base = BaseUrl::new(&self.url("").parse().unwrap());
        browser.set_cookie(&token.cookie(&base).to_string());
        browser
    }
}

/// Where all servers of this process keep bytes, when that is to be elsewhere than in the database: `bucket` or `folder`.
fn keep_bytes_outside() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let (place, settings) = match std::env::var("FACTDESK_TEST_BLOBS").as_deref() {
            Ok("bucket") => ("s3://facts/copies".to_owned(), Bucket::start().settings()),
            Ok("folder") => {
                let folder = std::env::temp_dir().join(format!("factdesk-copies-{}", std::process::id()));
                (folder.display().to_string(), Vec::new())
            }
            _ => return,
        };
        let storage = Storage::at(&place.parse().unwrap(), settings).unwrap();
        storage.expect("it is outside").install();
    });
}

async fn serve(
    listener: TcpListener,
    database: &str,
    works: Option<Allowed>,
    extras: Extras,
    started: &mpsc::Sender<ServerHandle>,
) {
    let base: Url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let mail = extras.smtp.map_or_else(Mail::default, |url| {
        Mail::new(&url, "Factdesk <factdesk@facts.example>", &base).unwrap()
    });
    let isolated = Isolated::new(env!("CARGO_BIN_EXE_factdesk"));
    let mut state = State::with(&base, isolated, works.clone().unwrap_or_default())
        .mailing(mail.clone())
        .handing_to(extras.archives.clone());
    if let Some(key) = extras.key {
        state.sign_heads(key);
    }
    state.db.set(
        PgPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(Duration::from_secs(5))
            .connect_lazy_with(connect_as(APP, database)),
    );
    let pool = state.db.get().unwrap().clone();
    let errands =
        Errands::new(pool.clone(), Fetcher::clone(&state.fetcher)).mailing(mail).handing_to(extras.archives);
    // Dropped at the end, and so are the jobs at work.
    let _workers = works.map(|_| jobs::start(pool, errands));
    let server = HttpServer::new(move || app(&state))
        .workers(1)
        .disable_signals()
        .shutdown_timeout(1)
        .listen(listener)
        .unwrap()
        .run();
    started.send(server.handle()).unwrap();
    server.await.unwrap();
    let mut postgres = sqlx::PgConnection::connect_with(&connect_as(OWNER, "postgres")).await.unwrap();
    let drop = format!("DROP DATABASE {database} WITH (FORCE)");
    sqlx::query(AssertSqlSafe(drop)).execute(&mut postgres).await.unwrap();
}

impl Drop for Server {
    fn drop(&mut self) {
        // The command is on its way once this returns; its answer is the end of the thread.
        drop(self.handle.stop(false));
        let ended = self.thread.take().expect("it is dropped once").join();
        if !std::thread::panicking() {
            ended.unwrap_or_else(|_| panic!("the server of {} panicked", self.database));
        }
    }
}
