//! The page that shows what changed between two versions of an article.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get, web};
use askama::Template;
use serde::Deserialize;
use sqlx::PgPool;

use crate::articles::versions::store::Numbered;
use crate::articles::{self, Article, texts, versions};
use crate::auth::Viewer;
use crate::claims::Stage;
use crate::claims::carry::background;
use crate::claims::carry::compare::{Cutter, Extents, Place, Run, Side, compared};
use crate::claims::marks::{Mark, drawn};
use crate::db::Pool;
use crate::error::{Error, Result};
use crate::id::ArticleId;
use crate::text::Document;
use crate::text::diff::{Change, Comparison, PieceKind, Row};
use crate::text::document::Kind;
use crate::text::offsets::Extent;
use crate::web::{Shell, page, see_other};

/// So many unchanged paragraphs in a row are folded away, but for those beside what changed.
const FOLDED_MIN: usize = 5;

/// How the comparison is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Asked {
    /// `inline` for one column; otherwise side by side where there is room.
    view: String,
}

/// Which two versions; for the form that asks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    old: i32,
    new: i32,
    #[serde(default)]
    view: String,
}

#[derive(Template)]
#[template(path = "versions/compare.html")]
struct ComparePage {
    shell: Shell,
    article: Article,
    old: Numbered,
    new: Numbered,
    /// The latest version's number.
    latest: i32,
    extents: Extents,
    inline: bool,
    lang: String,
    parts: Vec<Part>,
}

impl ComparePage {
    fn path(&self) -> String {
        articles::path(&self.shell, self.article.id)
    }

    fn here(&self) -> String {
        format!("{}/versions/{}/compare/{}", self.path(), self.old.number, self.new.number)
    }
}

/// Lines, folded away or not.
struct Part {
    folded: bool,
    lines: Vec<Line>,
}

/// A row as it is printed.
struct Line {
    number: usize,
    change: Change,
    /// The row where it stood or stands, and whether that is further up.
    other: Option<(usize, bool)>,
    kind: &'static str,
    /// For the two columns.
    old: Cell,
    new: Cell,
    /// For one column; nothing where that is the new side, or else the old one.
    both: Cell,
}

impl Line {
    /// What is said of it before its words.
    const fn label(&self) -> &'static str {
        match (self.change, self.other) {
            (Change::Same, _) => "",
            (Change::Edited, _) => "Changed",
            (Change::Added, _) => "Added",
            (Change::Removed, _) => "Removed",
            (Change::MovedHere, Some((_, true))) => "Moved here from further up",
            (Change::MovedHere, _) => "Moved here from further down",
            (Change::MovedAway, Some((_, true))) => "Moved further up",
            (Change::MovedAway, _) => "Moved further down",
        }
    }

    const fn code(&self) -> &'static str {
        match self.change {
            Change::Same => "same",
            Change::Edited => "edited",
            Change::Added => "added",
            Change::Removed => "removed",
            Change::MovedHere | Change::MovedAway => "moved",
        }
    }
}

/// What one side of a row says, if it has anything to say.
type Cell = Option<Vec<Bit>>;

/// Words that are alike, with what is drawn around and behind them.
struct Bit {
    kind: PieceKind,
    text: String,
    /// Whether what is added or removed begins and ends with it: it is one, however many marks end in it.
    opens: bool,
    closes: bool,
    /// The classes of the mark that covers them.
    class: Option<String>,
    refs: Vec<Ref>,
}

/// A number behind the last words of a mark.
struct Ref {
    number: u32,
    href: String,
    label: String,
    class: String,
}

/// Leads the form to the address of the comparison.
#[get("/{desk}/articles/{article}/versions/compare")]
pub async fn choose(
    viewer: Viewer,
    at: Path<(String, ArticleId)>,
    chosen: Query<Chosen>,
    pool: Pool,
) -> Result<HttpResponse> {
    readable(&pool, &viewer, at.1).await?;
    let view = if chosen.view == "inline" { "?view=inline" } else { "" };
    let path = articles::path(&Shell::new(&viewer), at.1);
    Ok(see_other(&format!("{path}/versions/{}/compare/{}{view}", chosen.old, chosen.new)))
}

/// Two versions compared. Readers see the marks of public claims, in articles that have any.
#[get("/{desk}/articles/{article}/versions/{number}/compare/{with}")]
pub async fn show(
    viewer: Viewer,
    at: Path<(String, ArticleId, i32, i32)>,
    asked: Query<Asked>,
    pool: Pool,
) -> Result<HttpResponse> {
    let (_, id, number, with) = at.into_inner();
    let article = readable(&pool, &viewer, id).await?;
    let desk = viewer.desk.id;
    let conn = &mut *pool.acquire().await?;
    let old = versions::store::numbered(conn, desk, id, number).await?;
    let new = versions::store::numbered(conn, desk, id, with).await?;
    let latest = versions::store::latest(conn, desk, id).await?.number;
    let old_text = texts::get(&pool, desk, old.id).await?;
    let new_text = texts::get(&pool, desk, new.id).await?;
    let comparison = compared((old.id, old_text.clone()), (new.id, new_text.clone())).await?;
    let member = viewer.is_member();
    let sides = Sides {
        slug: viewer.desk.slug.clone(),
        numbers: (old.number, new.number),
        old_marks: drawn(&pool, desk, old.id, member).await?,
        new_marks: drawn(&pool, desk, new.id, member).await?,
        old: old_text.clone(),
        new: new_text.clone(),
    };
    let (extents, parts) = web::block(move || {
        let extents = Extents::of(&comparison, &sides.old, &sides.new);
        (extents, sides.parts(&comparison))
    })
    .await
    .map_err(Error::internal)?;
    let shown = ComparePage {
        shell: Shell::new(&viewer),
        lang: article.lang().to_owned(),
        article,
        old,
        new,
        latest,
        extents,
        inline: asked.view == "inline",
        parts,
    };
    page(StatusCode::OK, &shown)
}

/// The article, if the viewer may read all of its versions.
///
/// # Errors
/// [`Error::NotFound`].
pub(super) async fn readable(pool: &PgPool, viewer: &Viewer, article: ArticleId) -> Result<Article> {
    let found = articles::store::get(pool, viewer.desk.id, article).await?;
    if !viewer.is_member()
        && !background::is_public(&mut *pool.acquire().await?, viewer.desk.id, article).await?
    {
        return Err(Error::NotFound("article"));
    }
    Ok(found)
}

/// Both versions with their marks.
struct Sides {
    slug: String,
    numbers: (i32, i32),
    old: Arc<Document>,
    new: Arc<Document>,
    old_marks: Vec<Mark>,
    new_marks: Vec<Mark>,
}

impl Sides {
    fn parts(&self, comparison: &Comparison) -> Vec<Part> {
        let (old, new) = (places(&self.old_marks), places(&self.new_marks));
        let cutter = Cutter::new(&self.old, &self.new, &old, &new);
        let kept: HashSet<_> = self.new_marks.iter().map(|mark| mark.appearance).collect();
        let carried: Vec<bool> = self.old_marks.iter().map(|mark| kept.contains(&mark.appearance)).collect();
        let lines = comparison.rows.iter().enumerate().map(|(number, row)| {
            let (old, new, both) = self.cells(&cutter, row, &carried);
            let (document, blocks) =
                if row.new.is_empty() { (&self.old, &row.old) } else { (&self.new, &row.new) };
            Line {
                number,
                change: row.change,
                other: row.other.map(|other| (other, other < number)),
                kind: kind(document, blocks),
                old,
                new,
                both,
            }
        });
        fold(lines.collect())
    }

    /// The old side, the new side, and both in one.
    fn cells(&self, cutter: &Cutter<'_>, row: &Row, carried: &[bool]) -> (Cell, Cell, Cell) {
        let bits = |side| self.bits(cutter.runs(&row.pieces, side), side, carried);
        match row.change {
            Change::Same => {
                let both = cutter.runs(&row.pieces, Side::Both);
                // One column shows the new side; the old one's marks only where they went nowhere.
                let lost = both.iter().any(|run| run.old.iter().any(|mark| !carried[*mark]));
                (Some(bits(Side::Old)), Some(bits(Side::New)), lost.then(|| bits(Side::Both)))
            }
            Change::Edited => (Some(bits(Side::Old)), Some(bits(Side::New)), Some(bits(Side::Both))),
            Change::Added => (None, Some(bits(Side::New)), None),
            Change::Removed => (Some(bits(Side::Old)), None, None),
            Change::MovedHere => (None, Some(bits(Side::New)), Some(bits(Side::Both))),
            Change::MovedAway => {
                let blocks = self.old.blocks();
                let extent = Extent::new(blocks[row.old.start].start, blocks[row.old.end - 1].end);
                let runs = cutter.whole(extent, Side::Old, PieceKind::Same);
                (Some(self.bits(runs, Side::Old, carried)), None, None)
            }
        }
    }

    fn bits(&self, runs: Vec<Run>, side: Side, carried: &[bool]) -> Vec<Bit> {
        // In one column, words on both sides carry the new marks, and of the old ones those that are on them only.
        let shows =
            |run: &Run, mark: usize| side == Side::Old || run.kind == PieceKind::Removed || !carried[mark];
        let kinds: Vec<_> = runs.iter().map(|run| run.kind).collect();
        runs.into_iter()
            .enumerate()
            .map(|(at, run)| {
                let old =
                    run.old.iter().filter(|mark| shows(&run, **mark)).map(|mark| &self.old_marks[*mark]);
                let covering: Vec<&Mark> =
                    old.chain(run.new.iter().map(|mark| &self.new_marks[*mark])).collect();
                let ends = run.old_ends.iter().filter(|mark| shows(&run, **mark));
                let mut refs: Vec<Ref> =
                    ends.map(|mark| self.reference(&self.old_marks[*mark], self.numbers.0)).collect();
                refs.extend(
                    run.new_ends.iter().map(|mark| self.reference(&self.new_marks[*mark], self.numbers.1)),
                );
                let class = covering.last().map(|mark| {
                    let depth = covering.len().min(4);
                    let depth = if depth > 1 { format!("n{depth} ") } else { String::new() };
                    format!("{depth}{}", rating_class(mark))
                });
                Bit {
                    kind: run.kind,
                    text: run.text,
                    opens: at == 0 || kinds[at - 1] != run.kind,
                    closes: kinds.get(at + 1) != Some(&run.kind),
                    class,
                    refs,
                }
            })
            .collect()
    }

    fn reference(&self, mark: &Mark, version: i32) -> Ref {
        let state = match &mark.rating {
            Some(_) if mark.stage == Stage::Retracted => "Retracted",
            Some(rating) => &rating.label,
            None => mark.stage.label(),
        };
        Ref {
            number: mark.number,
            href: crate::claims::address(&self.slug, mark.claim),
            label: format!("Claim {} in version {version}: {state}", mark.number),
            class: rating_class(mark),
        }
    }
}

fn rating_class(mark: &Mark) -> String {
    let rating = mark.rating.as_ref();
    rating.map(|rating| format!("{} {}", rating.shape.class(), rating.colour.class())).unwrap_or_default()
}

fn places(marks: &[Mark]) -> Vec<Place> {
    marks
        .iter()
        .map(|mark| Place { start: mark.start.unsigned_abs(), end: mark.end.unsigned_abs() })
        .collect()
}

/// What the blocks of a row are.
fn kind(document: &Document, blocks: &Range<usize>) -> &'static str {
    match document.blocks().get(blocks.start).map(|block| &block.kind) {
        Some(Kind::Heading(_)) => "heading",
        Some(Kind::ListItem(_)) => "item",
        _ => "text",
    }
}

/// Folds long runs of what is the same.
fn fold(lines: Vec<Line>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut same: Vec<Line> = Vec::new();
    let count = lines.len();
    for (place, line) in lines.into_iter().enumerate() {
        let is_same = line.change == Change::Same;
        if is_same {
            same.push(line);
            if place + 1 < count {
                continue;
            }
            unfold(&mut parts, std::mem::take(&mut same), true);
            continue;
        }
        unfold(&mut parts, std::mem::take(&mut same), false);
        open(&mut parts).push(line);
    }
    parts
}

/// Adds unchanged lines: many of them folded, but for the first and the last where something else is beside.
fn unfold(parts: &mut Vec<Part>, mut same: Vec<Line>, is_end: bool) {
    if same.len() < FOLDED_MIN {
        open(parts).append(&mut same);
        return;
    }
    let is_begin = parts.is_empty();
    let last = if is_end { None } else { same.pop() };
    let rest = same.split_off(usize::from(!is_begin));
    open(parts).append(&mut same);
    parts.push(Part { folded: true, lines: rest });
    parts.push(Part { folded: false, lines: last.into_iter().collect() });
}

fn open(parts: &mut Vec<Part>) -> &mut Vec<Line> {
    if parts.last().is_none_or(|part| part.folded) {
        parts.push(Part { folded: false, lines: Vec::new() });
    }
    let last = parts.len() - 1;
    &mut parts[last].lines
}
