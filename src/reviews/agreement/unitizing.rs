//! Krippendorff's α for those who cut a text into units of their own: uα and |uα, the coefficients of which stretches are
//! marked, and as what. Source: K. Krippendorff, Y. Mathet, S. Bouvry, A. Widlöcher, On the reliability of unitizing textual
//! continua: further developments, Quality & Quantity 50 (2016), <https://doi.org/10.1007/s11135-015-0266-1>; K.
//! Krippendorff, Content Analysis, 4th edition (2019), section 12.6.

use std::ops::Range;

/// A marked stretch: code points, half-open, and which value it was given, from 0 on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    pub range: Range<u32>,
    pub value: usize,
}

/// A text that several have gone through from its beginning to its end.
#[derive(Clone, Debug, Default)]
pub struct Continuum {
    /// Code points.
    pub length: u32,
    /// What each of them marked.
    pub observers: Vec<Vec<Unit>>,
}

/// What observers of texts have in common, as lengths. Those of several texts are added up: then people need not have gone
/// through the same ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Lengths {
    /// How many values there are, with one more for what is not marked, which comes first.
    values: usize,
    /// The lengths over which one gave this value (row) and another that one (column), both ways round.
    shared: Vec<f64>,
    /// What a unit has in common with itself: that is not to be expected from chance, and left out.
    own: Vec<f64>,
}

impl Lengths {
    /// Nothing in common yet, over so many values.
    #[must_use]
    pub fn none(values: usize) -> Self {
        let values = values + 1;
        Self { values, shared: vec![0.0; values * values], own: vec![0.0; values] }
    }

    /// What the observers of a text have in common; nothing for fewer than two.
    #[must_use]
    pub fn of(continuum: &Continuum, values: usize) -> Self {
        let mut lengths = Self::none(values);
        if continuum.observers.len() < 2 {
            return lengths;
        }
        let sections: Vec<Vec<Section>> =
            continuum.observers.iter().map(|units| sections(continuum.length, units)).collect();
        let others: f64 = sections.iter().skip(1).map(|_| 1.0).sum();
        for (place, one) in sections.iter().enumerate() {
            for section in one {
                // A stretch that is not marked is no unit: each of its points stands for itself.
                let own = if section.value == 0 { section.length() } else { section.length().powi(2) };
                lengths.own[section.value] += own;
            }
            for other in &sections[place + 1..] {
                lengths.compare(one, other, 1.0 / others);
            }
        }
        lengths
    }

    /// Adds what two observers have in common, both ways round. The sections of both go through the whole text.
    fn compare(&mut self, one: &[Section], other: &[Section], share: f64) {
        let (mut a, mut b) = (0, 0);
        while let (Some(first), Some(second)) = (one.get(a), other.get(b)) {
            let begin = first.range.start.max(second.range.start);
            let end = first.range.end.min(second.range.end);
            let length = share * f64::from(end.saturating_sub(begin));
            self.shared[first.value * self.values + second.value] += length;
            self.shared[second.value * self.values + first.value] += length;
            a += usize::from(first.range.end == end);
            b += usize::from(second.range.end == end);
        }
    }

    /// Adds those of another text, as often as it counts.
    pub fn add(&mut self, other: &Self, times: f64) {
        for (sum, one) in self.shared.iter_mut().zip(&other.shared) {
            *sum += one * times;
        }
        for (sum, one) in self.own.iter_mut().zip(&other.own) {
            *sum += one * times;
        }
    }

    /// uα: whether the same stretches are marked, and as the same. `None` when nothing could have been different.
    #[must_use]
    pub fn nominal(&self) -> Option<f64> {
        self.alpha(|a, b| a == b)
    }

    /// |uα: whether the same stretches are marked, as whatever.
    #[must_use]
    pub fn binary(&self) -> Option<f64> {
        self.alpha(|a, b| (a == 0) == (b == 0))
    }

    fn alpha(&self, is_same: impl Fn(usize, usize) -> bool) -> Option<f64> {
        let of_values: Vec<f64> =
            self.shared.chunks_exact(self.values).map(|row| row.iter().sum::<f64>()).collect();
        let all: f64 = of_values.iter().sum();
        let own: f64 = self.own.iter().sum();
        let (mut observed, mut expected) = (0.0, 0.0);
        for a in 0..self.values {
            for b in (0..self.values).filter(|b| !is_same(a, *b)) {
                observed += self.shared[a * self.values + b];
                expected += of_values[a] * of_values[b];
            }
        }
        let ratio = observed / (expected * all / (all * all - own));
        ratio.is_finite().then_some(1.0 - ratio)
    }
}

/// A stretch of the text that one observer gave a value, or left unmarked: value 0.
struct Section {
    range: Range<u32>,
    value: usize,
}

impl Section {
    fn length(&self) -> f64 {
        f64::from(self.range.end - self.range.start)
    }
}

/// The whole text as sections. Units of one observer that overlap are one when they have the same value; else the later one
/// begins where the earlier ends, because every point has one value.
fn sections(length: u32, units: &[Unit]) -> Vec<Section> {
    let mut units: Vec<&Unit> = units.iter().collect();
    units.sort_by_key(|unit| (unit.range.start, unit.range.end));
    let mut sections: Vec<Section> = Vec::with_capacity(units.len() * 2 + 1);
    let mut reached = 0;
    for unit in units {
        let (start, end) = (unit.range.start.min(length), unit.range.end.min(length));
        match sections.last_mut() {
            Some(last) if last.value == unit.value + 1 && start < last.range.end => {
                last.range.end = last.range.end.max(end);
            }
            _ => {
                if start > reached {
                    sections.push(Section { range: reached..start, value: 0 });
                }
                let start = start.max(reached);
                if end > start {
                    sections.push(Section { range: start..end, value: unit.value + 1 });
                }
            }
        }
        reached = reached.max(end);
    }
    if reached < length {
        sections.push(Section { range: reached..length, value: 0 });
    }
    sections
}
