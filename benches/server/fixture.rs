//! What the measurements work on: a desk, somebody signed in, articles, marks.

use std::path::Path;
use std::time::Duration;

use factdesk::articles::{self, Format, Known, NewArticle};
use factdesk::audit::record;
use factdesk::auth::permission::AddArticle;
use factdesk::auth::{Viewer, session};
use factdesk::config::Config;
use factdesk::db::{Db, unit_of_work};
use factdesk::id::{AccountId, DeskId};
use factdesk::text::import::from_plain;
use sqlx::PgPool;
use time::OffsetDateTime;

/// Sentences an article is made of; each is one mark.
const SENTENCES: usize = 250;

pub struct Fixture {
    pub db: Db,
    pub desk: DeskId,
    pub cookie: String,
    pub csrf: String,
    viewer: Viewer,
}

/// An article: its addresses and where its sentences are.
pub struct Article {
    pub id: String,
    pub version: String,
    pub sentences: Vec<(u32, u32, String)>,
}

impl Fixture {
    /// Makes the desk in the database of the server that runs on the data folder.
    pub async fn make(data: &Path) -> Self {
        let config = config(data);
        let db = Db::open(&config, Duration::ZERO).await.expect("the server's database");
        let pool = db.pool().clone();
        let (desk, account, now) = (DeskId::new(), AccountId::new(), OffsetDateTime::now_utc());
        sqlx::query("INSERT INTO desks (id, slug, name, created_at) VALUES ($1, 'bench', 'Bench', $2)")
            .bind(desk)
            .bind(now)
            .execute(&pool)
            .await
            .expect("a desk");
        sqlx::query(
            "INSERT INTO accounts (id, handle, display_name, created_at) VALUES ($1, 'bench', 'Bench', $2)",
        )
        .bind(account)
        .bind(now)
        .execute(&pool)
        .await
        .expect("an account");
        sqlx::query("INSERT INTO memberships (desk_id, account_id, roles, created_at) VALUES ($1, $2, '{editor}', $3)")
            .bind(desk)
            .bind(account)
            .bind(now)
            .execute(&pool)
            .await
            .expect("a membership");
        let mut conn = pool.acquire().await.expect("a connection");
        let token = session::begin(&mut conn, account, "bench", now).await.expect("a session");
        drop(conn);
        let viewer = Viewer::of(&pool, "bench", Some(token.clone())).await.expect("somebody signed in");
        let base = factdesk::base_url::BaseUrl::new(&"http://bench".parse().expect("an address"));
        let cookie = token.cookie(&base);
        let cookie = format!("{}={}", cookie.name(), cookie.value());
        Self { db, desk, cookie, csrf: token.csrf(), viewer }
    }

    pub fn pool(&self) -> &PgPool {
        self.db.pool()
    }

    /// Lets PostgreSQL settle, as it does by itself after a while.
    pub async fn settle(&self) {
        use sqlx::ConnectOptions as _;
        let owner = (*self.pool().connect_options()).clone().username("factdesk_owner");
        let mut owner = owner.connect().await.expect("the owner of a private cluster needs no password");
        sqlx::raw_sql("VACUUM ANALYZE").execute(&mut owner).await.expect("statistics");
    }

    /// Adds an article of some 4,000 words.
    pub async fn article(&self, name: &str) -> Article {
        let paragraphs: Vec<String> = (0..SENTENCES / 5)
            .map(|paragraph| (0..5).map(|n| sentence(paragraph * 5 + n)).collect::<Vec<_>>().join(" "))
            .collect();
        let document = from_plain(&paragraphs.join("\n\n")).expect("a text").document;
        let text: Vec<char> = document.text().chars().collect();
        let sentences = document
            .blocks()
            .iter()
            .flat_map(|block| block.sentences.iter())
            .map(|at| (at.start, at.end, text[at.start as usize..at.end as usize].iter().collect()))
            .collect();
        let known = Known { title: Some(name.to_owned()), language: "en".to_owned(), ..Known::default() };
        let new = NewArticle::new(known, document, Format::Text);
        let (id, version) = (new.id.to_string(), new.version.to_string());
        let by = self.viewer.clone().authorize::<AddArticle>().expect("an editor");
        unit_of_work(self.pool(), async move |tx| {
            let change = record(tx, &by, "article.add", "article", new.id, &new.event()).await?;
            articles::store::create(tx, &by, &change, &new).await
        })
        .await
        .expect("an article");
        Article { id, version, sentences }
    }
}

fn sentence(n: usize) -> String {
    format!(
        "“The {n}th reservoir holds {} million litres …,” councillor Ana Ferro said in Riverton on Tuesday.",
        n * 7 + 3
    )
}

fn config(data: &Path) -> Config {
    use clap::Parser as _;
    let data = data.to_str().expect("a path in UTF-8");
    factdesk::cli::Cli::parse_from(["factdesk", "--data", data]).config
}
