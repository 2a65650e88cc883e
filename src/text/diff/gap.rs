//! The best way to pair the tokens of two short stretches, in order.

use super::tokens::Token;

/// What it costs to leave tokens unpaired, however many. A pair in between must be worth more, so that "of" is not
/// found again in what was written anew …
pub(in crate::text) const GAP: i32 = 6;

/// … but in a few words it is.
pub(in crate::text) const SMALL_GAP: i32 = 1;

/// What it is worth that a pair follows directly on another.
const FOLLOWS: i32 = 2;

/// How many cells of a table are filled for one gap at most.
pub(in crate::text) const CELLS_MAX: usize = 1 << 16;

const NEVER: i32 = i32::MIN / 2;

/// Pairs tokens that read alike, by the places in the two lists, ascending in both. Global alignment with affine gaps
/// (Gotoh 1982, <https://doi.org/10.1016/0022-2836(82)90398-9>) in which one gap takes from both lists.
pub(in crate::text) fn pair(old: &[Token], new: &[Token], gap: i32) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    // Bits: 1 the pair comes from a pair; 2 the gap comes from a pair; 4 … of the row above.
    let mut came = vec![0_u8; (old.len() + 1) * width];
    let mut paired = vec![NEVER; width];
    let mut gapped = vec![-gap; width];
    paired[0] = 0;
    gapped[0] = NEVER;
    if width > 1 {
        came[1] = 2;
    }
    for (row, old_token) in (1..).zip(old) {
        let (mut diagonal_paired, mut diagonal_gapped) = (paired[0], gapped[0]);
        paired[0] = NEVER;
        gapped[0] = -gap;
        came[row * width] = if row == 1 { 2 | 4 } else { 4 };
        for (column, new_token) in (1..).zip(new) {
            let mut bits = 0;
            let pairing = if old_token.id == new_token.id {
                let worth = i32::from(old_token.weight);
                if diagonal_paired + FOLLOWS >= diagonal_gapped {
                    bits |= 1;
                    worth + FOLLOWS + diagonal_paired
                } else {
                    worth + diagonal_gapped
                }
            } else {
                NEVER
            };
            let (above, left) = (paired[column] - gap, paired[column - 1] - gap);
            let (above_gap, left_gap) = (gapped[column], gapped[column - 1]);
            let best = above.max(left).max(above_gap).max(left_gap);
            bits |= if best == above_gap {
                4
            } else if best == left_gap {
                0
            } else if best == above {
                2 | 4
            } else {
                2
            };
            (diagonal_paired, diagonal_gapped) = (paired[column], gapped[column]);
            paired[column] = pairing;
            gapped[column] = best;
            came[row * width + column] = bits;
        }
    }
    let mut pairs = Vec::new();
    let (mut row, mut column) = (old.len(), new.len());
    let mut is_pair = paired[column] >= gapped[column];
    while row > 0 || column > 0 {
        let bits = came[row * width + column];
        if is_pair {
            pairs.push((row - 1, column - 1));
            row -= 1;
            column -= 1;
            is_pair = bits & 1 != 0;
        } else {
            is_pair = bits & 2 != 0;
            if bits & 4 != 0 {
                row -= 1;
            } else {
                column -= 1;
            }
        }
    }
    pairs.reverse();
    pairs
}
