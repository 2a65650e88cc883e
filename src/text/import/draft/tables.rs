//! Tables that only lay out a page.

use crate::text::document::{Block, Cell, Kind};

/// How many paragraphs one cell may hold before its table counts as page layout.
const CELL_PARAGRAPHS_MAX: usize = 4;

/// Makes paragraphs of tables that only lay out a page: those with one cell, or with an article in a cell.
pub(super) fn dissolve_layout_tables(blocks: &mut [Block]) {
    let cell = |block: &Block| {
        if let Kind::Cell(cell) = block.kind { Some(cell) } else { None }
    };
    let same_table = |a: &Block, b: &Block| cell(a).map(|cell| cell.table) == cell(b).map(|cell| cell.table);
    for table in blocks.chunk_by_mut(same_table) {
        let is_together =
            |a: &Block, b: &Block| matches!((cell(a), cell(b)), (Some(a), Some(b)) if Cell::is_with(a, b));
        let mut cells = table.chunk_by(is_together).map(<[Block]>::len);
        let lays_out = match (cells.next(), cells.next()) {
            (Some(_), None) => true,
            (first, second) => {
                first.into_iter().chain(second).chain(cells).any(|size| size > CELL_PARAGRAPHS_MAX)
            }
        };
        if lays_out {
            for block in table.iter_mut().filter(|block| cell(block).is_some()) {
                block.kind = Kind::Paragraph;
            }
        }
    }
}
