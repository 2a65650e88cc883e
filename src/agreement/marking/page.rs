//! The page about marking.

use actix_web::http::StatusCode;
use actix_web::web::{self, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use sqlx::PgPool;

use super::{Range, Text, sentences, store};
use crate::agreement::chart::Intervals;
use crate::agreement::lines::{EQUALITY, Line, lines};
use crate::agreement::study::Rater;
use crate::articles::{self, texts};
use crate::auth::Authorized;
use crate::auth::permission::{ReadDesk, ReadDrafts};
use crate::db::Pool;
use crate::error::{Error, Result};
use crate::id::{ArticleId, DeskId};
use crate::reviews::agreement::bootstrap::{self, Interval, resamples};
use crate::reviews::agreement::{Cell, Coefficient, Ratings};
use crate::web::paging::PAGE;
use crate::web::{Shell, page};

/// How many pairs the page lists.
const PAIRS_MAX: usize = 50;

/// Whose findings count.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Asked {
    /// `alone` for those who went through a text without seeing what others marked.
    of: String,
}

impl Asked {
    /// Whether only those count who went through a text alone.
    pub fn is_alone(&self) -> bool {
        self.of == "alone"
    }
}

#[derive(Template)]
#[template(path = "agreement/marking.html")]
struct MarkingPage {
    shell: Shell,
    may_read_ratings: bool,
    is_alone: bool,
    raters: Vec<Rater>,
    report: Report,
    overall: Option<Intervals>,
    disagreements: Vec<Disagreement>,
}

/// What is said of the texts.
struct Report {
    /// By sentence.
    lines: Vec<Line>,
    resamples: usize,
    sentences: usize,
    pairs: Vec<Pair>,
    /// |uα and how sure it is, and over how many texts.
    unitizing: Unitizing,
    texts: Vec<Judged>,
}

struct Unitizing {
    value: Option<f64>,
    interval: Option<Interval>,
    texts: usize,
}

impl Unitizing {
    fn line(&self) -> Line {
        // Printed as the other α are.
        Line {
            coefficient: Coefficient::AlphaNominal,
            value: self.value,
            interval: self.interval,
            items: self.texts,
        }
    }
}

struct Pair {
    names: [String; 2],
    lines: Vec<Line>,
}

/// A text with how far those agree who judged it.
struct Judged {
    article: ArticleId,
    name: String,
    number: i32,
    readers: usize,
    alone: usize,
    lines: Vec<Line>,
    unitizing: Line,
}

/// A sentence on which people disagree.
struct Disagreement {
    article: ArticleId,
    number: i32,
    words: String,
    cells: Vec<Cell>,
}

impl MarkingPage {
    /// Where a file is that has what the page is about.
    fn file(&self, name: &str) -> String {
        format!("{}?of={}", self.shell.path(name), if self.is_alone { "alone" } else { "all" })
    }

    fn article(&self, article: &ArticleId) -> String {
        articles::path(&self.shell, *article)
    }

    /// Those who see a claim, or none, in a sentence.
    fn names<'a>(&'a self, one: &'a Disagreement, code: u16) -> impl Iterator<Item = &'a str> {
        let cells = one.cells.iter().filter(move |cell| cell.code == code);
        cells.filter_map(|cell| self.raters.get(cell.rater as usize).map(|rater| rater.name.as_str()))
    }
}

/// How far people agree on what a claim is.
#[get("/{desk}/agreement/marking")]
pub async fn show(member: Authorized<ReadDesk>, asked: Query<Asked>, pool: Pool) -> Result<HttpResponse> {
    let desk = member.desk.id;
    let (texts, raters) = read(&pool, desk, &asked).await?;
    let count = raters.len();
    let names: Vec<String> = raters.iter().map(|rater| rater.name.clone()).collect();
    let (report, differing) =
        web::block(move || (report(&texts, &names), differing(&texts))).await.map_err(Error::internal)?;
    debug_assert!(differing.iter().flat_map(|(_, _, cells)| cells).all(|cell| (cell.rater as usize) < count));
    let mut disagreements = Vec::with_capacity(differing.len());
    for (text, range, cells) in differing {
        let document = texts::get(&pool, desk, text.version).await?;
        let extent = crate::text::offsets::Extent::new(range.0.unsigned_abs(), range.1.unsigned_abs());
        disagreements.push(Disagreement {
            article: text.article,
            number: text.number,
            words: document.slice(extent).unwrap_or_default().to_owned(),
            cells,
        });
    }
    let label = |line: &Line| line.coefficient.label().to_owned();
    let words = report.unitizing.line();
    let words = ("Krippendorff’s |uα, of the words marked".to_owned(), &words);
    let template = MarkingPage {
        shell: Shell::new(&member.viewer()),
        may_read_ratings: member.may::<ReadDrafts>(),
        is_alone: asked.is_alone(),
        overall: Intervals::of(report.lines.iter().map(|line| (label(line), line)).chain([words])),
        raters,
        report,
        disagreements,
    };
    page(StatusCode::OK, &template)
}

/// The texts that two people or more have judged, with those whose findings count.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn read(pool: &PgPool, desk: DeskId, asked: &Asked) -> Result<(Vec<Text>, Vec<Rater>)> {
    let (mut texts, raters) = store::read(pool, desk).await?;
    if asked.is_alone() {
        for text in &mut texts {
            text.readers.retain(super::Reader::is_alone);
        }
        texts.retain(|text| text.readers.len() > 1);
    }
    Ok((texts, raters))
}

fn report(texts: &[Text], names: &[String]) -> Report {
    let ratings = sentences(texts, names.len());
    let draws = resamples(ratings.given());
    let judged = |text: &Text| {
        let ratings = sentences(std::slice::from_ref(text), names.len());
        let (value, interval) = bootstrap::unitizing(&[text.in_common()], 1);
        Judged {
            article: text.article,
            name: text.name.clone(),
            number: text.number,
            readers: text.readers.len(),
            alone: text.alone(),
            lines: lines(&ratings, &[Coefficient::AlphaNominal, Coefficient::Percent], draws),
            unitizing: Unitizing { value, interval, texts: 1 }.line(),
        }
    };
    let alone: Vec<_> = texts.iter().filter(|text| text.alone() > 1).map(Text::in_common).collect();
    let (value, interval) = bootstrap::unitizing(&alone, 1);
    Report {
        lines: lines(&ratings, &EQUALITY, draws),
        resamples: draws,
        sentences: ratings.compared(),
        pairs: pairs(&ratings, names, draws),
        unitizing: Unitizing { value, interval, texts: alone.len() },
        texts: texts.iter().map(judged).collect(),
    }
}

fn pairs(ratings: &Ratings, names: &[String], draws: usize) -> Vec<Pair> {
    let numbers = 0..u32::try_from(names.len()).unwrap_or(u32::MAX);
    let both = numbers.clone().flat_map(|a| numbers.clone().skip(a as usize + 1).map(move |b| [a, b]));
    let mut both: Vec<([u32; 2], Ratings)> = both
        .map(|pair| (pair, ratings.of_pair(pair)))
        .filter(|(_, ratings)| ratings.compared() > 0)
        .collect();
    both.sort_by_key(|(_, ratings)| usize::MAX - ratings.compared());
    both.truncate(PAIRS_MAX);
    let wanted = [Coefficient::Percent, Coefficient::Cohen, Coefficient::Scott];
    let pair = |(pair, ratings): ([u32; 2], Ratings)| Pair {
        names: pair.map(|number| names[number as usize].clone()),
        lines: lines(&ratings, &wanted, draws),
    };
    both.into_iter().map(pair).collect()
}

/// The sentences on which people are split most evenly, the newest texts first.
fn differing(texts: &[Text]) -> Vec<(Text, Range, Vec<Cell>)> {
    let mut differing: Vec<(usize, &Text, Range, Vec<Cell>)> = texts
        .iter()
        .flat_map(|text| text.judged().map(move |(range, cells)| (text, range, cells)))
        .filter_map(|(text, range, cells)| {
            let claims = cells.iter().filter(|cell| cell.code == 1).count();
            let fewer = claims.min(cells.len() - claims);
            (fewer > 0).then(|| (fewer * 1000 / cells.len(), text, range, cells))
        })
        .collect();
    differing.sort_by_key(|(share, ..)| usize::MAX - share);
    let short = |text: &Text| Text { sentences: Vec::new(), readers: Vec::new(), ..text.clone() };
    differing.into_iter().take(PAGE).map(|(_, text, range, cells)| (short(text), range, cells)).collect()
}
