//! Taking the steps of the demo's course, as the accounts that are named and with the functions that pages use.

mod grouping;
mod judging;
mod training;

use std::collections::HashMap;

use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::content::{
    Appearance, Article, ArticleFile, At, Claim, Content, Format, Incoming, Quote, Revision,
};
use super::course::{ADDS_ARTICLES, Step};
use super::team::Team;
use crate::agents;
use crate::articles::intake::{How, Received};
use crate::articles::pages::upload;
use crate::articles::versions::NewVersion;
use crate::articles::{self, NewArticle, details, intake};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{AddArticle, MarkClaim, SortClaim};
use crate::claims::appearance::{Described, FIELDS};
use crate::claims::carry;
use crate::claims::marks::{NewMark, write::Marked, write::mark_in};
use crate::claims::{self, CLAIM, ClaimFields};
use crate::editing::{Sent, Values};
use crate::error::{Error, Result};
use crate::id::{AppearanceId, ArticleId, ClaimId, IntakeId, SourceId, VersionId};
use crate::text::Document;
use crate::text::selector::{LocateError, Passage, locate};
use crate::web::problems::Problems;

/// The demo's desk: who works there, and under which id things are kept that the content names by a key.
#[derive(Debug)]
pub struct Book {
    content: &'static Content,
    team: Team,
    articles: HashMap<&'static str, Kept>,
    claims: HashMap<&'static str, ClaimId>,
    sources: HashMap<&'static str, SourceId>,
}

#[derive(Debug)]
struct Kept {
    article: ArticleId,
    version: VersionId,
    document: Document,
}

impl Book {
    /// The ids of everything that comes up in these steps, in their order.
    ///
    /// # Errors
    /// [`Error::Internal`] when an article cannot be read.
    pub fn new(content: &'static Content, team: Team, steps: &[(OffsetDateTime, Step)]) -> Result<Self> {
        let mut book =
            Self { content, team, articles: HashMap::new(), claims: HashMap::new(), sources: HashMap::new() };
        for (_, step) in steps {
            match step {
                Step::AddArticle(article) => {
                    let kept = Kept {
                        article: ArticleId::new(),
                        version: VersionId::new(),
                        document: document(article.file, article.format)?,
                    };
                    book.articles.insert(&article.key, kept);
                }
                Step::Mark(claim) => {
                    book.claims.insert(&claim.key, ClaimId::new());
                }
                Step::Cite(_, _, evidence) => {
                    book.sources.entry(&evidence.source).or_insert_with(SourceId::new);
                }
                _ => {}
            }
        }
        Ok(book)
    }

    /// Takes a step.
    ///
    /// # Errors
    /// What the step fails with.
    pub async fn take(&self, conn: &mut PgConnection, at: OffsetDateTime, step: Step) -> Result<()> {
        match step {
            Step::AddArticle(article) => {
                let by = self.team.member::<AddArticle>(ADDS_ARTICLES, at)?;
                self.add(conn, &by, article).await
            }
            Step::Revise(revision) => {
                let by = self.team.member::<AddArticle>(ADDS_ARTICLES, at)?;
                self.revise(conn, &by, revision).await
            }
            Step::TakeIn(incoming) => {
                let by = self.team.member::<AddArticle>(ADDS_ARTICLES, at)?;
                take_in(conn, &by, incoming).await
            }
            Step::Mark(claim) => self.mark(conn, &self.team.member(claim.marked_by, at)?, claim).await,
            Step::AddAppearance(claim, index) => {
                let by = self.team.member(claim.marked_by, at)?;
                self.add_appearance(conn, &by, claim, &claim.appearances[index]).await
            }
            Step::Decline(claim, by, reason, note) => {
                let by = self.team.member::<SortClaim>(by, at)?;
                claims::store::decline(conn, &by, self.claims[&*claim.key], reason, Some(note)).await
            }
            Step::Join(claim, by, of) => {
                let by = self.team.member::<SortClaim>(by, at)?;
                claims::store::join(conn, &by, self.claims[&*claim.key], self.claims[of]).await.map(drop)
            }
            Step::WriteGuidelines(written) => self.write_guidelines(conn, at, written).await,
            Step::AddTraining(training) => self.add_training(conn, at, training).await,
            _ => self.judge(conn, at, step).await,
        }
    }

    async fn add(
        &self,
        conn: &mut PgConnection,
        by: &Authorized<AddArticle>,
        article: &Article,
    ) -> Result<()> {
        let kept = &self.articles[&*article.key];
        let checked = details::check(&article.typed(self.content)).map_err(|problems| wrong(&problems))?;
        let mut new = NewArticle::new(checked.known(None), kept.document.clone(), article.format.into());
        new.id = kept.article;
        new.version = kept.version;
        let change = audit::record(conn, by, "article.add", "article", new.id, &new.event()).await?;
        let (name, kind) = self.content.named(&article.publisher)?;
        new.known.publisher = Some(agents::store::find_or_create(conn, by, &name, kind).await?);
        articles::store::create(conn, by, &change, &new).await
    }

    async fn revise(
        &self,
        conn: &mut PgConnection,
        by: &Authorized<AddArticle>,
        revision: &Revision,
    ) -> Result<()> {
        let new = NewVersion::new(document(revision.file, revision.format)?, revision.format.into());
        carry::add_version(conn, by, self.articles[&*revision.article].article, &new).await.map(drop)
    }

    async fn mark(&self, conn: &mut PgConnection, by: &Authorized<MarkClaim>, claim: &Claim) -> Result<()> {
        let id = self.claims[&*claim.key];
        let appearance = &claim.appearances[0];
        let sent = Sent::first(&CLAIM, &claim.typed())?;
        let fields = ClaimFields::parse(&sent.mine()).map_err(|problems| wrong(&problems))?;
        let At::Passage(quote) = &appearance.at else {
            let change =
                audit::record(conn, by, "claim.create", "claim", id, &sent.merge(&Values::new()).details())
                    .await?;
            claims::store::create(conn, by, &change, id, &fields).await?;
            return self.add_appearance(conn, by, claim, appearance).await;
        };
        let marked = Marked { claim: id, appearance: AppearanceId::new() };
        let (new, mut details) = self.new_mark(quote, marked, &claim.claim_reviewed)?;
        details["claim_reviewed"] = json!(new.claim_reviewed);
        let language = details::check(&self.article(quote).typed(self.content))
            .map_err(|problems| wrong(&problems))?
            .language;
        let first = ClaimFields {
            claim_reviewed: new.claim_reviewed.clone(),
            language: Some(language),
            claim_types: Vec::new(),
            topics: Vec::new(),
        };
        let change = audit::record(conn, by, "claim.mark", "claim", id, &details).await?;
        claims::store::create(conn, by, &change, id, &first).await?;
        mark_in(conn, by, &change, marked, &new).await?;
        self.describe(conn, by, marked, appearance).await?;

        let marked = claims::store::get(conn, by.desk.id, id).await?;
        let details = sent.merge(&marked.values()).details();
        let change = audit::record(conn, by, "claim.edit", "claim", id, &details).await?;
        claims::store::update(conn, by, &change, id, marked.row_version, &fields).await
    }

    async fn add_appearance(
        &self,
        conn: &mut PgConnection,
        by: &Authorized<MarkClaim>,
        claim: &Claim,
        appearance: &Appearance,
    ) -> Result<()> {
        let marked = Marked { claim: self.claims[&*claim.key], appearance: AppearanceId::new() };
        if let At::Passage(quote) = &appearance.at {
            let (new, details) = self.new_mark(quote, marked, &claim.claim_reviewed)?;
            let change = audit::record(conn, by, "appearance.mark", "claim", marked.claim, &details).await?;
            mark_in(conn, by, &change, marked, &new).await?;
            return self.describe(conn, by, marked, appearance).await;
        }
        let sent = Sent::first(&FIELDS, &appearance.typed(self.content))?;
        let described = Described::parse(&sent.mine(), true).map_err(|problems| wrong(&problems))?;
        self.know_speakers(conn, by, appearance).await?;
        let details = sent.merge(&Values::new()).details();
        let change =
            audit::record(conn, by, "appearance.add", "appearance", marked.appearance, &details).await?;
        claims::store::insert_address(conn, by, &change, marked.claim, marked.appearance, &described).await
    }

    /// Says who said the marked words, when, where and how.
    async fn describe(
        &self,
        conn: &mut PgConnection,
        by: &Authorized<MarkClaim>,
        marked: Marked,
        appearance: &Appearance,
    ) -> Result<()> {
        self.know_speakers(conn, by, appearance).await?;
        let was = claims::store::appearance(conn, by.desk.id, marked.claim, marked.appearance).await?;
        let merge = Sent::first(&FIELDS, &appearance.typed(self.content))?.merge(&was.values());
        let described =
            Described::parse(&merge.applied(&was.values()), false).map_err(|problems| wrong(&problems))?;
        let change =
            audit::record(conn, by, "appearance.edit", "appearance", was.id, &merge.details()).await?;
        claims::store::update_appearance(conn, by, &change, &was, &described).await
    }

    /// Speakers are found by their name; the form takes one that is new for a person, which not all are.
    async fn know_speakers(
        &self,
        conn: &mut PgConnection,
        by: &Authorized<MarkClaim>,
        appearance: &Appearance,
    ) -> Result<()> {
        for speaker in &appearance.speakers {
            let (name, kind) = self.content.named(&speaker.agent)?;
            agents::store::find_or_create(conn, by, &name, kind).await?;
        }
        Ok(())
    }

    /// The mark of a quote, and what its event says.
    fn new_mark(
        &self,
        quote: &Quote,
        marked: Marked,
        claim_reviewed: &str,
    ) -> Result<(NewMark, serde_json::Value)> {
        let kept = &self.articles[&*quote.article];
        let passage = passage(&kept.document, quote)?;
        let new = NewMark::new(
            kept.article,
            kept.version,
            &kept.document,
            &passage,
            Some(claim_reviewed),
            Some(marked.claim),
        )
        .map_err(Error::internal)?;
        let details = json!({
            "appearance": marked.appearance,
            "article": kept.article,
            "version": kept.version,
            "start": passage.start(),
            "end": passage.end(),
            "claim_reviewed": null,
        });
        Ok((new, details))
    }

    fn article(&self, quote: &Quote) -> &'static Article {
        super::course::article(self.content, &quote.article)
    }
}

/// The article's text, as it would be read from an upload, with the headline put back: claims are in it.
fn document(file: ArticleFile, format: Format) -> Result<Document> {
    let mut imported = intake::import(file.read(), format.into(), None)
        .map_err(|error| Error::internal(error.to_string()))?;
    imported.keep_headline();
    Ok(imported.article())
}

/// A file comes in as if it were chosen in the form.
async fn take_in(conn: &mut PgConnection, by: &Authorized<AddArticle>, incoming: &Incoming) -> Result<()> {
    let mut received = Received::new(How::File, incoming.file.read(), by.now);
    received.file_name = Some(incoming.file.name().to_owned());
    let refused = intake::read(&received).err();
    upload::note(conn, by, IntakeId::new(), &received, refused, &Values::new()).await
}

fn passage(document: &Document, quote: &Quote) -> Result<Passage> {
    match locate(document.text(), &quote.exact) {
        Ok(passage) => Ok(passage),
        Err(LocateError::Ambiguous(mut hits)) if quote.nth <= hits.len() => {
            Ok(hits.swap_remove(quote.nth - 1).passage)
        }
        Err(error) => Err(Error::internal(format!("{}: {error}", quote.exact))),
    }
}

/// The sample content breaks a rule of a form, which tests rule out.
fn wrong(problems: &Problems) -> Error {
    let words: Vec<_> =
        problems.iter().map(|problem| format!("{}: {}", problem.field, problem.words)).collect();
    Error::internal(words.join("; "))
}

impl From<Format> for articles::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Html => Self::Html,
            Format::Markdown => Self::Markdown,
            Format::Text => Self::Text,
        }
    }
}
