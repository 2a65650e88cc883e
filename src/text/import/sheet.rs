//! Tables of comma-separated values to blocks.

use super::draft::{Context, Draft};
use super::{Found, ImportError, Imported};
use crate::text::document::{Cell, Kind, TABLE_COLUMNS_MAX};

/// What may stand between two values.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Imports a table. What separates its values is what does so most regularly; the first row is taken for its header when
/// no number stands in it.
///
/// # Errors
/// [`ImportError`] when there is no text or one of the limits is passed.
pub fn from_csv(text: &str) -> Result<Imported, ImportError> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut draft = Draft::default();
    let mut has_header = false;
    for (row, record) in reader.records().enumerate() {
        // A reader of strings fails at nothing but what is no UTF-8.
        let record = record.map_err(|_| ImportError::NotText)?;
        if row == 0 {
            has_header = record.iter().all(|value| value.trim().parse::<f64>().is_err());
        }
        for (column, value) in record.iter().enumerate() {
            let place = u16::try_from(row).ok().zip(u16::try_from(column).ok());
            let kind = match place.filter(|(_, column)| *column < TABLE_COLUMNS_MAX) {
                Some((row, column)) => {
                    Kind::Cell(Cell { table: 0, row, column, header: has_header && row == 0 })
                }
                None => Kind::Paragraph,
            };
            draft.write(value, || Context { kind, quote: 0 });
            draft.end_block();
        }
        if draft.has_failed() {
            break;
        }
    }
    let document = draft.finish(None)?;
    Ok(Imported { document, found: Found::default(), surroundings: [].into() })
}

/// The one that stands equally often, and at least once, in most of the first lines.
fn delimiter(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().take(20).collect();
    let regularity = |delimiter: &u8| {
        let count = |line: &&str| line.matches(char::from(*delimiter)).count();
        let counts: Vec<usize> = lines.iter().map(count).collect();
        let first = counts.first().copied().unwrap_or_default();
        if first == 0 { 0 } else { counts.iter().filter(|count| **count == first).count() }
    };
    // Of equals the first, which is the commonest.
    DELIMITERS.into_iter().rev().max_by_key(regularity).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<(u16, u16, bool, String)> {
        let document = from_csv(text).unwrap().document;
        let cell = |block: &crate::text::document::Block| match block.kind {
            Kind::Cell(cell) => {
                Some((cell.row, cell.column, cell.header, document.slice(block.extent()).unwrap().to_owned()))
            }
            _ => None,
        };
        document.blocks().iter().filter_map(cell).collect()
    }

    #[test]
    fn values_are_cells_with_their_places() {
        let table = cells("town,people\n\"Arrelmouth, old\",\"4,100\"\nPellcombe,900\n");
        assert_eq!(table[0], (0, 0, true, "town".to_owned()));
        assert_eq!(table[2], (1, 0, false, "Arrelmouth, old".to_owned()));
        assert_eq!(table[5], (2, 1, false, "900".to_owned()));
        assert_eq!(cells("1;2\n3;4,5\n")[3], (1, 1, false, "4,5".to_owned()));
    }

    #[test]
    fn nothing_is_empty() {
        assert_eq!(from_csv(",,\n,,\n").unwrap_err(), ImportError::Empty);
    }
}
