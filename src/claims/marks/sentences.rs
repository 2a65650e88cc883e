//! The list of an article's sentences: marked without a script, or by keys; and what somebody finds in those that they do
//! not mark.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use sqlx::PgPool;

use super::Mark;
use super::read::{self, Look};
use crate::articles::{self, Article, texts};
use crate::claims::findings::{self, Finding, Found};
use crate::error::{Error, Result};
use crate::id::{ClaimId, FindingId, VersionId};
use crate::text::render::{SentenceItem, sentence_list};
use crate::web::{Shell, page};

/// Whether what others marked is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sight {
    All,
    Alone,
}

impl Sight {
    /// The list as its address names it.
    pub fn parse(mode: &str) -> Option<Self> {
        match mode {
            "sentences" => Some(Self::All),
            "alone" => Some(Self::Alone),
            _ => None,
        }
    }

    const fn mode(self) -> &'static str {
        match self {
            Self::All => "sentences",
            Self::Alone => "alone",
        }
    }
}

#[derive(Template)]
#[template(path = "claims/sentences.html")]
struct SentencesPage<'a> {
    shell: Shell,
    article: &'a Article,
    version: VersionId,
    sight: Sight,
    claim: Option<ClaimId>,
    direction: &'static str,
    sentences: Vec<Sentence<'a>>,
    /// The finding that there is no claim in the rest.
    rest: Option<FindingId>,
}

impl SentencesPage<'_> {
    fn is_alone(&self) -> bool {
        self.sight == Sight::Alone
    }

    fn path(&self) -> String {
        articles::path(&self.shell, self.article.id)
    }
}

/// A sentence that can be marked, and what is marked and found in it.
struct Sentence<'a> {
    /// 1, 2, 3 … of the text.
    number: usize,
    item: SentenceItem<'a>,
    /// The end of the next one, when it is in the same block.
    next_end: Option<i32>,
    marks: Vec<(u32, ClaimId)>,
    /// Whether the person marked words of it.
    is_own: bool,
    /// What the person found in words of it.
    found: Vec<Found>,
}

impl Sentence<'_> {
    /// Whether there is something that others marked and the person has not judged.
    fn can_agree(&self) -> bool {
        !self.marks.is_empty() && !self.is_own && self.found.is_empty()
    }
}

/// The list. In the order of the text; without what others marked, if the person is to find alone.
pub async fn show(pool: &PgPool, look: &Look, sight: Sight, claim: Option<ClaimId>) -> Result<HttpResponse> {
    let desk = look.viewer.desk.id;
    let account = look.viewer.person.as_ref().ok_or(Error::SignIn)?.account;
    let document = texts::get(pool, desk, look.version).await?;
    let own = findings::own_marks(pool, desk, look.version, account).await?;
    let found = findings::own(pool, desk, look.version, account).await?;
    let mut marks = read::drawn(pool, desk, look.version, true).await?;
    if sight == Sight::Alone {
        marks.retain(|mark| own.contains(&mark.appearance));
    }
    let items = sentence_list(&document);
    let mut reached = 0;
    let mut open: Vec<&Mark> = Vec::new();
    let sentences = items.iter().enumerate().map(|(place, item)| {
        // Marks come by their start, sentences too: each is looked at once, and as long as it goes on.
        while let Some(mark) = marks.get(reached).filter(|mark| mark.start < item.end) {
            open.push(mark);
            reached += 1;
        }
        open.retain(|mark| mark.end > item.start);
        let block = |at: i32| document.block_at(at.unsigned_abs());
        let next_end = items
            .get(place + 1)
            .filter(|following| block(following.start) == block(item.start))
            .map(|following| following.end);
        let touches = |(start, end): (i32, i32)| start < item.end && end > item.start;
        Sentence {
            number: place + 1,
            item: *item,
            next_end,
            marks: open.iter().map(|mark| (mark.number, mark.claim)).collect(),
            is_own: open.iter().any(|mark| own.contains(&mark.appearance)),
            found: found.iter().filter(|one| one.range.is_some_and(touches)).cloned().collect(),
        }
    });
    let page_of_sentences = SentencesPage {
        shell: Shell::new(&look.viewer),
        article: &look.article,
        version: look.version,
        sight,
        claim,
        direction: document.direction().as_str(),
        sentences: sentences.collect(),
        rest: found.iter().find(|one| one.finding == Finding::Rest).map(|one| one.id),
    };
    page(StatusCode::OK, &page_of_sentences)
}
