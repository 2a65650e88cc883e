//! Some blocks of an article, printed anew for a script that shows what changed.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use askama::filters::HtmlSafe;
use serde::Deserialize;

use super::drawing::Drawing;
use super::read;
use super::sheet::Sight;
use crate::articles::texts;
use crate::auth::session::SessionToken;
use crate::db::Pool;
use crate::error::Result;
use crate::id::ArticleId;
use crate::text::Document;
use crate::text::document::{Block, Kind};
use crate::web::page;

/// Which blocks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Their ids with commas between, as in `b3,b4`.
    ids: String,
    /// The number of the version that is read; the latest when there is none.
    version: Option<i32>,
}

/// What was printed by our own writers, which escape everything.
struct Printed(String);

impl HtmlSafe for Printed {}

impl std::fmt::Display for Printed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Template)]
#[template(path = "claims/_blocks.html")]
struct Blocks {
    text: Printed,
    items: Printed,
}

/// The blocks, and the claims in them.
#[get("/{desk}/articles/{article}/blocks")]
pub async fn anew(
    request: HttpRequest,
    at: Path<(String, ArticleId)>,
    asked: Query<Asked>,
    pool: Pool,
) -> Result<HttpResponse> {
    let token = SessionToken::of(&request);
    let look = read::look(&pool, &at.0, token.as_ref(), at.1, asked.version).await?;
    let desk = &look.viewer.desk;
    let document = texts::get(&pool, desk.id, look.version).await?;
    let sight = Sight::of(&look);
    let marks = read::drawn(&pool, desk.id, look.version, sight != Sight::Reader).await?;
    let wanted = wanted(&document, &asked.ids);
    let drawing =
        Drawing { document: &document, marks: &marks, desk: &desk.slug, sentences: sight.can_mark() };
    let shown = marks.iter().filter(|mark| {
        let (start, end) = (mark.start.unsigned_abs(), mark.end.unsigned_abs());
        let first = document.block_at(start);
        let last = document.block_at(end.saturating_sub(1));
        (first..=last).any(|block| wanted.get(block) == Some(&true))
    });
    let items = Printed(drawing.items(shown));
    page(StatusCode::OK, &Blocks { text: Printed(drawing.blocks(&wanted)), items })
}

/// For each block whether it is to be printed: those that were asked for, and those that share an element with them.
fn wanted(document: &Document, ids: &str) -> Vec<bool> {
    let blocks = document.blocks();
    let mut wanted = vec![false; blocks.len()];
    let numbers = ids.split(',').filter_map(|id| id.trim().strip_prefix('b')?.parse::<usize>().ok());
    for number in numbers.filter(|number| *number < blocks.len()) {
        let mut first = number;
        while first > 0 && goes_on(&blocks[first - 1], &blocks[first]) {
            first -= 1;
        }
        let mut last = number;
        while last + 1 < blocks.len() && stands_in(&blocks[first], &blocks[last + 1]) {
            last += 1;
        }
        wanted[first..=last].fill(true);
    }
    wanted
}

/// Whether a block is another paragraph of the item or cell before it.
fn goes_on(before: &Block, block: &Block) -> bool {
    match (&before.kind, &block.kind) {
        (Kind::Cell(before), Kind::Cell(cell)) => before.is_with(*cell),
        (Kind::ListItem(_), Kind::ListItem(item)) => item.continues,
        _ => false,
    }
}

/// Whether a later block stands inside the element of an item or cell.
fn stands_in(outer: &Block, block: &Block) -> bool {
    match (&outer.kind, &block.kind) {
        (Kind::Cell(outer), Kind::Cell(cell)) => outer.is_with(*cell),
        (Kind::ListItem(outer), Kind::ListItem(item)) => {
            item.depth > outer.depth || (item.depth == outer.depth && item.continues)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::import::from_html;

    fn asked(html: &str, ids: &str) -> Vec<usize> {
        let document = from_html(html, None).unwrap().document;
        let wanted = wanted(&document, ids);
        (0..wanted.len()).filter(|block| wanted[*block]).collect()
    }

    #[test]
    fn blocks_that_share_an_element_come_together() {
        let list = "<p>a<ul><li>b<ul><li>c<li>d</ul><li>e</ul><p>f";
        assert_eq!(asked(list, "b0"), [0]);
        assert_eq!(asked(list, "b1"), [1, 2, 3]);
        assert_eq!(asked(list, "b2"), [2]);
        assert_eq!(asked(list, "b4,b5,b99,x"), [4, 5]);
        let cells = "<table><tr><td><p>a<p>b<td>c<tr><td>d<td>e</table>";
        assert_eq!(asked(cells, "b1"), [0, 1]);
        assert_eq!(asked(cells, "b2"), [2]);
    }
}
