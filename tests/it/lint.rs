//! Rules of the source itself that no compiler checks.

use std::{
    fs,
    path::{Path, PathBuf},
};

fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root).unwrap().to_owned(), text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no .{ending}");
    found
}

/// The source outside of `src/db`, which alone may put statements together: for roles, settings and databases.
fn source() -> Vec<(PathBuf, String)> {
    files("src", "rs").into_iter().filter(|(path, _)| !path.starts_with("src/db")).collect()
}

#[test]
fn no_template_prints_unescaped() {
    for (path, text) in files("templates", "html") {
        let dense: String = text.split_whitespace().collect();
        for forbidden in ["|safe", "|e(\"none\")", "|escape(\"none\")", "{%filtersafe"] {
            assert!(!dense.contains(forbidden), "{} has {forbidden}", path.display());
        }
    }
    for (path, text) in source() {
        for forbidden in ["escape = \"none\"", "Safe(", "MaybeSafe", "ext = \"txt\", escape"] {
            let known = ["AssertSqlSafe(", "AssertUnwindSafe("];
            let found = text
                .lines()
                .any(|line| line.contains(forbidden) && !known.iter().any(|known| line.contains(known)));
            assert!(!found, "{} has {forbidden}", path.display());
        }
    }
}

#[test]
fn no_page_has_inline_script_or_style() {
    for (path, text) in files("templates", "html") {
        for (number, line) in text.lines().enumerate() {
            let inline = line.contains(" style=")
                || line.contains("<style")
                || line.contains(" onclick=")
                || line.contains("javascript:")
                || (line.contains("<script")
                    && !line.contains(" src=")
                    && !line.contains("application/ld+json"));
            assert!(!inline, "{}:{}: {line}", path.display(), number + 1);
        }
    }
}

#[test]
fn no_statement_is_put_together_from_text() {
    for (path, text) in source() {
        for forbidden in
            ["AssertSqlSafe", "raw_sql(", "QueryBuilder", "sqlx::query(", "query_as(", "query_scalar("]
        {
            assert!(!text.contains(forbidden), "{} has {forbidden}", path.display());
        }
    }
}

#[test]
fn every_change_runs_in_a_unit_of_work() {
    for (path, text) in source() {
        for (begin, _) in text.match_indices("sqlx::query") {
            let statement = text[begin..].split(";\n").next().unwrap_or_default();
            let changes =
                ["INSERT INTO", "UPDATE ", "DELETE FROM"].iter().any(|word| statement.contains(word));
            let run = statement.rsplit_once('"').map_or(statement, |(_, after)| after);
            let on_a_pool = [".execute(", ".fetch_one(", ".fetch_optional(", ".fetch_all(", ".fetch("]
                .iter()
                .filter_map(|call| run.split_once(call))
                .any(|(_, argument)| {
                    argument.split(')').next().is_some_and(|argument| argument.contains("pool"))
                });
            let line = text[..begin].lines().count();
            assert!(!(changes && on_a_pool), "{}:{line} changes the database outside of one", path.display());
        }
        for begin in ["pool.begin()", "conn.begin()", "connection.begin()", "db.begin()", "tx.begin()"] {
            assert!(!text.contains(begin), "{} begins a transaction of its own", path.display());
        }
    }
}
