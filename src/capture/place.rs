//! Where a page goes: to a new article, to the next version of one, or to a text that is here.

use std::sync::Arc;

use super::form::Captured;
use super::store;
use super::take::{self, Cut};
use crate::agents;
use crate::articles::details::{self, Checked};
use crate::articles::intake::{Reading, Received};
use crate::articles::store::{Twin, find_twin};
use crate::articles::versions::{Bytes, NewVersion};
use crate::articles::{NewArticle, snapshots, texts};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::claims::carry;
use crate::db::Pool;
use crate::error::Result;
use crate::id::{ArticleId, VersionId};
use crate::text::Document;
use crate::text::address::{SafeUrl, url_key};
use crate::text::import::Found;
use crate::text::selector::{LocateError, Passage};

/// What a page became, before it is stored.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) article: ArticleId,
    pub(super) version: VersionId,
    pub(super) document: Arc<Document>,
    /// The language of the article.
    pub(super) language: String,
    /// The selected words in it; nothing when none were.
    pub(super) passage: Option<Result<Passage, LocateError>>,
    step: Step,
}

#[derive(Clone, Debug)]
enum Step {
    /// It is an article of its own.
    Add(Box<NewArticle>, Checked),
    /// It is the next version of one.
    Revise(Box<NewVersion>),
    /// It is here as it is.
    Stay,
}

impl Place {
    /// Finds out what the page is.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub(super) async fn find(
        pool: &Pool,
        by: &Authorized<AddArticle>,
        captured: &Captured,
        reading: &Reading,
        received: &Received,
    ) -> Result<Self> {
        let imported = &reading.imported;
        let selected = captured.selected.as_ref();
        let cut = take::cut(&imported.document, &imported.surroundings, selected);
        let details = known(captured, &imported.found);
        let Some(twin) = twin(pool, by, &cut, imported.article(), details.url.as_ref()).await? else {
            return Ok(Self::new_article(details, cut, reading));
        };
        let version = store::latest(pool, by.desk.id, twin.id).await?;
        let before = texts::get(pool, by.desk.id, version).await?;
        // The text that is kept decides which of the page's blocks are the article, as long as nothing else changed.
        let cut = match take::left_out_before(&before, &imported.document, &imported.article()) {
            Some(left_out) => take::cut(&imported.document, &left_out, selected),
            None => cut,
        };
        let language = details.language;
        if cut.document.text() == before.text() {
            let (passage, step) = (cut.passage, Step::Stay);
            return Ok(Self { article: twin.id, version, document: before, language, passage, step });
        }
        let mut new = NewVersion::new(cut.document.clone(), reading.format);
        new.charset.clone_from(&reading.charset);
        new.bytes = Some(Bytes::Received(received.clone()));
        let (version, step) = (new.id, Step::Revise(Box::new(new)));
        let document = Arc::new(cut.document);
        Ok(Self { article: twin.id, version, document, language, passage: cut.passage, step })
    }

    fn new_article(details: Checked, cut: Cut, reading: &Reading) -> Self {
        let mut new = NewArticle::new(details.clone().known(None), cut.document.clone(), reading.format);
        new.charset.clone_from(&reading.charset);
        Self {
            article: new.id,
            version: new.version,
            document: Arc::new(cut.document),
            language: details.language.clone(),
            passage: cut.passage,
            step: Step::Add(Box::new(new), details),
        }
    }

    /// Whether there is anything to store of the text.
    pub(super) fn is_new(&self) -> bool {
        !matches!(self.step, Step::Stay)
    }

    /// Stores the text and the bytes that it was read from.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub(super) async fn store(
        self,
        conn: &mut sqlx::PgConnection,
        by: &Authorized<AddArticle>,
        received: &Received,
    ) -> Result<()> {
        match self.step {
            Step::Stay => Ok(()),
            Step::Revise(new) => {
                carry::add_version(conn, by, self.article, &new).await?;
                Ok(())
            }
            Step::Add(mut new, details) => {
                let change = audit::record(conn, by, "article.add", "article", new.id, &new.event()).await?;
                new.known.publisher = match &details.publisher {
                    Some(name) => {
                        Some(agents::store::find_or_create(conn, by, name, agents::Kind::Outlet).await?)
                    }
                    None => None,
                };
                new.snapshot = Some(snapshots::keep(conn, by, &change, received).await?);
                crate::articles::store::create(conn, by, &change, &new).await
            }
        }
    }
}

/// The article that is here with this text, or with this address.
async fn twin(
    pool: &Pool,
    by: &Authorized<AddArticle>,
    cut: &Cut,
    article: Document,
    address: Option<&SafeUrl>,
) -> Result<Option<Twin>> {
    let found = find_twin(pool, by.desk.id, cut.document.text(), address).await?;
    if found.is_some() || article.text() == cut.document.text() {
        return Ok(found);
    }
    find_twin(pool, by.desk.id, article.text(), None).await
}

/// What is known about the article: what does not fit is left out, because nobody is there to mend it.
fn known(captured: &Captured, found: &Found) -> Checked {
    let mut found = found.clone();
    let seen = captured.address.as_ref();
    // A page may call another address its own, but only one of its own site.
    let own = found.address.take().filter(|own| seen.is_none_or(|seen| is_same_site(own, seen)));
    let address = own.as_ref().or(seen).map(|address| url_key(address).address);
    found.title = found.title.or_else(|| Some(captured.title.clone()));
    let mut values = [("url", address.map(|address| address.as_str().to_owned()).unwrap_or_default())].into();
    details::fill(&mut values, &found);
    loop {
        match details::check(&values) {
            Ok(checked) => return checked,
            Err(problems) => {
                for problem in &problems {
                    values.remove(&*problem.field);
                }
            }
        }
    }
}

/// Whether two addresses are of one site: of the same host, but for what names its version for telephones.
fn is_same_site(one: &SafeUrl, other: &SafeUrl) -> bool {
    let site = |url: &SafeUrl| {
        let host = url.host().to_ascii_lowercase();
        let prefixes = ["www.", "m.", "amp.", "mobile."];
        prefixes.iter().find_map(|prefix| host.strip_prefix(prefix)).unwrap_or(&host).to_owned()
    };
    site(one) == site(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> SafeUrl {
        SafeUrl::parse(text).unwrap()
    }

    fn address(seen: &str, own: &str) -> String {
        let captured =
            Captured { page: bytes(), address: Some(url(seen)), title: "Title".to_owned(), selected: None };
        let found = Found { address: Some(url(own)), ..Found::default() };
        known(&captured, &found).url.unwrap().as_str().to_owned()
    }

    fn bytes() -> actix_web::web::Bytes {
        actix_web::web::Bytes::new()
    }

    #[test]
    fn a_page_speaks_for_its_own_site_only() {
        let canonical = "https://www.courier.example/news/1";
        assert_eq!(address("https://m.courier.example/news/1?utm_source=x", canonical), canonical);
        assert_eq!(address("https://evil.example/a?fbclid=1", canonical), "https://evil.example/a");
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let captured = Captured { page: bytes(), address: None, title: "t".repeat(600), selected: None };
        let found = Found { author: Some("Runa Feldt".to_owned()), ..Found::default() };
        let known = known(&captured, &found);
        assert_eq!((known.title, known.byline.as_deref()), (None, Some("Runa Feldt")));
    }
}
