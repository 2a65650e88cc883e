//! What was measured, as a page of the documentation.

use std::fmt::Write as _;

use crate::median;
use crate::process::Cpu;

#[derive(Default)]
pub struct Report {
    figures: Vec<Figure>,
    notes: Vec<String>,
}

/// One row: what was done, what it took, what was to be reached.
pub struct Figure {
    what: String,
    value: f64,
    /// The server's and PostgreSQL's part.
    parts: Option<(f64, f64)>,
    unit: &'static str,
    /// NaN: nothing was to be reached.
    reach: f64,
    more_is_better: bool,
}

impl Figure {
    pub fn new(what: &str, value: f64, unit: &'static str, reach: f64) -> Self {
        Self { what: what.to_owned(), value, parts: None, unit, reach, more_is_better: false }
    }

    pub fn at_least(what: &str, value: f64, unit: &'static str, reach: f64) -> Self {
        Self { more_is_better: true, ..Self::new(what, value, unit, reach) }
    }

    /// CPU milliseconds of one action.
    pub fn split(what: &str, runs: &[Cpu], reach: f64) -> Self {
        Self::of_runs(what, runs, 1000.0, "ms", reach)
    }

    /// CPU seconds of one action.
    pub fn split_s(what: &str, runs: &[Cpu], reach: f64) -> Self {
        Self::of_runs(what, runs, 1.0, "s", reach)
    }

    fn of_runs(what: &str, runs: &[Cpu], factor: f64, unit: &'static str, reach: f64) -> Self {
        let middle = |part: fn(&Cpu) -> f64| median(runs.iter().map(|cpu| part(cpu) * factor).collect());
        let parts = Some((middle(|cpu| cpu.server), middle(|cpu| cpu.postgres)));
        Self { parts, ..Self::new(what, middle(|cpu| cpu.total()), unit, reach) }
    }
}

impl Report {
    pub fn add(&mut self, figure: Figure) {
        let parts = figure
            .parts
            .map(|(server, postgres)| format!(" ({server:.3} + {postgres:.3})"))
            .unwrap_or_default();
        println!("{}: {:.3} {}{parts}", figure.what, figure.value, figure.unit);
        self.figures.push(figure);
    }

    pub fn note(&mut self, note: &str) {
        println!("{note}");
        self.notes.push(note.to_owned());
    }

    /// Writes the measured part of `docs/performance.md`: what stands below its marker.
    pub fn write(&self) {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/performance.md");
        let page = std::fs::read_to_string(path).expect("the page is there");
        let marker = "<!-- measured: written by `cargo bench --bench server` -->\n";
        let (before, rest) = page.split_once(marker).expect("the page has its marker");
        let after =
            rest.split_once("<!-- end of what is measured -->").expect("the page has its end marker").1;
        let page = format!("{before}{marker}{}<!-- end of what is measured -->{after}", self.table());
        std::fs::write(path, page).expect("the page can be written");
    }

    fn table(&self) -> String {
        let mut table = String::from(
            "\n| action | measured | of it server + PostgreSQL | to reach | reached |\n| --- | --- | --- | --- | --- |\n",
        );
        for Figure { what, value, parts, unit, reach, more_is_better } in &self.figures {
            let parts =
                parts.map(|(server, postgres)| format!("{server:.3} + {postgres:.3}")).unwrap_or_default();
            let (sign, reached) =
                if *more_is_better { ("≥", value >= reach) } else { ("≤", value <= reach) };
            let (reach, reached) = match (reach.is_nan(), reached) {
                (true, _) => (String::new(), String::new()),
                (false, true) => (format!("{sign} {reach} {unit}"), "yes".to_owned()),
                (false, false) => {
                    (format!("{sign} {reach} {unit}"), format!("no: {:.2} times it", value / reach))
                }
            };
            let _ = writeln!(table, "| {what} | {value:.3} {unit} | {parts} | {reach} | {reached} |");
        }
        table.push('\n');
        for note in &self.notes {
            let _ = writeln!(table, "- {note}");
        }
        table
    }
}
