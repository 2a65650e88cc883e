//! Spreadsheets run a cell that begins like a formula; such a cell gets an apostrophe, which they take as "this is text"
//! (<https://owasp.org/www-community/attacks/CSV_Injection>).

/// What a formula begins with, also in full width.
const BEGINNINGS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// Whether a spreadsheet could run the cell. A number is none, and a cell that already has apostrophes before a formula
/// gets one more, so that taking the first away gives the cell as it was.
pub(super) fn is_needed(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(BEGINNINGS) && !is_number(cell)
}

/// The cell as text.
pub(super) fn guarded(cell: &str) -> String {
    format!("'{cell}")
}

fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    digits.starts_with(|first: char| first.is_ascii_digit()) && digits.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What an import does.
    fn taken_away(cell: &str) -> &str {
        match cell.strip_prefix('\'') {
            Some(rest) if rest.trim_start_matches('\'').starts_with(BEGINNINGS) && !is_number(rest) => rest,
            _ => cell,
        }
    }

    #[test]
    fn formulas_are_guarded_and_numbers_and_words_are_not() {
        for formula in
            ["=1+1", "+44 20", "-5 % jobs", "@SUM(A1)", "\tx", "\r", "＝1", "－x", "'=1", "-", "-inf"]
        {
            assert!(is_needed(formula), "{formula}");
        }
        for harmless in ["", "-5", "+4.5", "-1e3", "'tis", "1=1", "a-b", "“=”"] {
            assert!(!is_needed(harmless), "{harmless}");
        }
    }

    proptest! {
        #[test]
        fn what_is_guarded_comes_back_as_it_was(cell in "['=+\\-@\ta1＝ ]{0,6}") {
            let written = if is_needed(&cell) { guarded(&cell) } else { cell.clone() };
            prop_assert_eq!(taken_away(&written), cell);
        }
    }
}
