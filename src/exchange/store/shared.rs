//! What many claims have in common: agents, articles, sources, scales, accounts. Each is read once.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::rc::Rc;

use sqlx::PgConnection;
use time::Date;

use crate::agents;
use crate::error::{Error, Result};
use crate::evidence::{Access, SourceClass, SourceMedium};
use crate::exchange::record::{Agent, Article, Source};
use crate::id::{AccountId, AgentId, ArticleId, DeskId, ScaleVersionId, SourceId, VersionId};
use crate::scales::{self, Scale};
use crate::text::dates::PartialDate;

/// So many of a kind are kept at most, so that an export's memory does not grow with the desk.
const KEPT: usize = 5_000;

/// What was read already.
#[derive(Debug, Default)]
pub(super) struct Shared {
    agents: HashMap<AgentId, Rc<Agent>>,
    articles: HashMap<VersionId, Rc<Article>>,
    sources: HashMap<SourceId, Rc<Source>>,
    scales: HashMap<ScaleVersionId, Rc<Scale>>,
    accounts: HashMap<AccountId, String>,
}

impl Shared {
    /// Reads the agents that are not known yet; a merged one as the one that stands for it.
    pub(super) async fn read_agents(
        &mut self,
        conn: &mut PgConnection,
        desk: DeskId,
        wanted: impl Iterator<Item = AgentId>,
    ) -> Result<()> {
        let missing = missing(&mut self.agents, wanted);
        if missing.is_empty() {
            return Ok(());
        }
        let rows = sqlx::query!(
            r#"
            SELECT a.id AS "asked: AgentId", b.id AS "id: AgentId", b.kind AS "kind: agents::Kind", b.name, b.description,
                   b.same_as
            FROM agents a JOIN agents b ON b.desk_id = a.desk_id AND b.id = coalesce(a.merged_into, a.id)
            WHERE a.desk_id = $1 AND a.id = ANY($2)
            "#,
            desk as _,
            missing as _,
        )
        .fetch_all(conn)
        .await?;
        for row in rows {
            let agent = Agent {
                id: row.id,
                kind: row.kind,
                name: row.name,
                description: row.description,
                same_as: row.same_as,
            };
            self.agents.insert(row.asked, Rc::new(agent));
        }
        Ok(())
    }

    /// Reads the articles of the versions that are not known yet.
    pub(super) async fn read_articles(
        &mut self,
        conn: &mut PgConnection,
        desk: DeskId,
        wanted: impl Iterator<Item = VersionId>,
    ) -> Result<()> {
        let missing = missing(&mut self.articles, wanted);
        if missing.is_empty() {
            return Ok(());
        }
        let rows = sqlx::query!(
            r#"
            SELECT v.id AS "version_id: VersionId", v.number, encode(v.body_sha256, 'hex') AS "sha256!",
                   a.id AS "id: ArticleId", a.url, a.title, a.byline, a.publisher_id AS "publisher: AgentId", a.language,
                   a.published_from, a.published_to, a.published_precision
            FROM article_versions v JOIN articles a ON a.desk_id = v.desk_id AND a.id = v.article_id
            WHERE v.desk_id = $1 AND v.id = ANY($2)
            "#,
            desk as _,
            missing as _,
        )
        .fetch_all(&mut *conn)
        .await?;
        self.read_agents(conn, desk, rows.iter().filter_map(|row| row.publisher)).await?;
        for row in rows {
            let article = Article {
                id: row.id,
                url: row.url,
                title: row.title,
                byline: row.byline,
                publisher: row.publisher.map(|id| self.agent(id)).transpose()?,
                language: row.language,
                published: date(row.published_from, row.published_to, &row.published_precision)?,
                version_id: row.version_id,
                version: row.number,
                sha256: row.sha256,
            };
            self.articles.insert(row.version_id, Rc::new(article));
        }
        Ok(())
    }

    /// Reads the sources that are not known yet; a merged one as the one that stands for it. It is as confidential as
    /// either.
    pub(super) async fn read_sources(
        &mut self,
        conn: &mut PgConnection,
        desk: DeskId,
        wanted: impl Iterator<Item = SourceId>,
    ) -> Result<()> {
        let missing = missing(&mut self.sources, wanted);
        if missing.is_empty() {
            return Ok(());
        }
        let rows = sqlx::query!(
            r#"
            SELECT c.id AS "asked: SourceId", s.id AS "id: SourceId", s.url, s.title, s.publisher_id AS "publisher: AgentId",
                   s.authors, s.published_from, s.published_to, s.published_precision, s.modified_from, s.modified_to,
                   s.modified_precision, s.language, s.doi, s.isbn, s.canonical_url, s.class AS "class: SourceClass",
                   s.medium AS "medium: SourceMedium",
                   CASE WHEN c.access = 'confidential' THEN c.access ELSE s.access END AS "access!: Access",
                   s.independence, s.interest, s.description
            FROM sources c JOIN sources s ON s.desk_id = c.desk_id AND s.id = coalesce(c.merged_into, c.id)
            WHERE c.desk_id = $1 AND c.id = ANY($2)
            "#,
            desk as _,
            missing as _,
        )
        .fetch_all(&mut *conn)
        .await?;
        self.read_agents(conn, desk, rows.iter().filter_map(|row| row.publisher)).await?;
        for row in rows {
            let source = Source {
                id: row.id,
                url: row.url,
                title: row.title,
                publisher: row.publisher.map(|id| self.agent(id)).transpose()?,
                authors: row.authors,
                published: date(row.published_from, row.published_to, &row.published_precision)?,
                modified: date(row.modified_from, row.modified_to, &row.modified_precision)?,
                language: row.language,
                doi: row.doi,
                isbn: row.isbn,
                canonical_url: row.canonical_url,
                class: row.class,
                medium: row.medium,
                access: row.access,
                independence: row.independence,
                interest: row.interest,
                description: row.description,
            };
            self.sources.insert(row.asked, Rc::new(source));
        }
        Ok(())
    }

    /// Reads the names of the accounts that are not known yet.
    pub(super) async fn read_accounts(
        &mut self,
        conn: &mut PgConnection,
        wanted: impl Iterator<Item = AccountId>,
    ) -> Result<()> {
        let missing = missing(&mut self.accounts, wanted);
        if missing.is_empty() {
            return Ok(());
        }
        let rows = sqlx::query!(
            r#"SELECT id AS "id: AccountId", handle FROM accounts WHERE id = ANY($1)"#,
            missing as _
        )
        .fetch_all(conn)
        .await?;
        self.accounts.extend(rows.into_iter().map(|row| (row.id, row.handle)));
        Ok(())
    }

    /// Reads the scales that are not known yet.
    pub(super) async fn read_scales(
        &mut self,
        conn: &mut PgConnection,
        desk: DeskId,
        wanted: impl Iterator<Item = ScaleVersionId>,
    ) -> Result<()> {
        for version in missing(&mut self.scales, wanted) {
            let scale = scales::version(&mut *conn, desk, version).await?;
            self.scales.insert(version, Rc::new(scale));
        }
        Ok(())
    }

    pub(super) fn agent(&self, id: AgentId) -> Result<Rc<Agent>> {
        known(&self.agents, id)
    }

    pub(super) fn article(&self, version: VersionId) -> Result<Rc<Article>> {
        known(&self.articles, version)
    }

    pub(super) fn source(&self, id: SourceId) -> Result<Rc<Source>> {
        known(&self.sources, id)
    }

    pub(super) fn scale(&self, version: ScaleVersionId) -> Result<Rc<Scale>> {
        known(&self.scales, version)
    }

    pub(super) fn account(&self, id: AccountId) -> Option<String> {
        self.accounts.get(&id).cloned()
    }
}

/// Those of the wanted that are not there. Before there are too many, all are let go: what is in use stays with who
/// uses it.
fn missing<K: Copy + Eq + Hash, V>(known: &mut HashMap<K, V>, wanted: impl Iterator<Item = K>) -> Vec<K> {
    let wanted: HashSet<K> = wanted.collect();
    if known.len() + wanted.len() > KEPT {
        known.clear();
    }
    wanted.into_iter().filter(|id| !known.contains_key(id)).collect()
}

/// Foreign keys say that everything wanted is there.
fn known<K: Copy + Eq + Hash, V>(known: &HashMap<K, Rc<V>>, id: K) -> Result<Rc<V>> {
    known.get(&id).cloned().ok_or_else(|| Error::internal("a row points at none"))
}

/// The date that three columns hold.
pub(super) fn date(from: Option<Date>, to: Option<Date>, precision: &str) -> Result<PartialDate> {
    let precision = precision.parse().map_err(Error::internal)?;
    PartialDate::from_columns(from, to, precision).map_err(Error::internal)
}
