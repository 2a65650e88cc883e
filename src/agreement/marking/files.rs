//! What was found, to take away.

use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use serde_json::{Value, json};

use super::page::{Asked, read};
use super::{CATEGORIES, Text};
use crate::agreement::files::{csv, json_lines};
use crate::auth::Authorized;
use crate::auth::permission::ReadDesk;
use crate::db::Pool;
use crate::error::Result;

/// The matrix of who sees a claim where: a row a sentence, a column a person.
#[get("/{desk}/agreement/marking.csv")]
pub async fn sentences(
    member: Authorized<ReadDesk>,
    asked: Query<Asked>,
    pool: Pool,
) -> Result<HttpResponse> {
    let (texts, raters) = read(&pool, member.desk.id, &asked).await?;
    let mut rows = vec![["article", "version", "start", "end"].map(str::to_owned).to_vec()];
    rows[0].extend(raters.iter().map(|rater| rater.handle.clone()));
    for text in &texts {
        for ((start, end), cells) in text.judged() {
            let mut row =
                vec![text.article.to_string(), text.number.to_string(), start.to_string(), end.to_string()];
            row.resize(4 + raters.len(), String::new());
            for cell in cells {
                CATEGORIES[usize::from(cell.code)].clone_into(&mut row[4 + cell.rater as usize]);
            }
            rows.push(row);
        }
    }
    csv(&rows)
}

/// The table of sentences as `factdesk text agreement` reads it.
#[get("/{desk}/agreement/marking.jsonl")]
pub async fn lines(member: Authorized<ReadDesk>, asked: Query<Asked>, pool: Pool) -> Result<HttpResponse> {
    let (texts, raters) = read(&pool, member.desk.id, &asked).await?;
    let row = |cells: Vec<crate::reviews::agreement::Cell>| {
        let mut row = vec![None; raters.len()];
        for cell in cells {
            row[cell.rater as usize] = Some(CATEGORIES[usize::from(cell.code)]);
        }
        row
    };
    let rows: Vec<_> = texts.iter().flat_map(Text::judged).map(|(_, cells)| row(cells)).collect();
    let line = json!({
        "name": "sentences", "level": "nominal", "category_order": CATEGORIES, "ratings": rows,
    });
    json_lines(&[line])
}

/// The words that those marked who went through texts alone, as `factdesk text unitizing` reads them.
#[get("/{desk}/agreement/marking-words.jsonl")]
pub async fn marked(member: Authorized<ReadDesk>, asked: Query<Asked>, pool: Pool) -> Result<HttpResponse> {
    let (texts, _) = read(&pool, member.desk.id, &asked).await?;
    json_lines(&[words(&texts)])
}

fn words(texts: &[Text]) -> Value {
    let text = |text: &Text| {
        let alone = text.readers.iter().filter(|reader| reader.is_alone());
        let observers: Vec<Vec<_>> = alone
            .map(|reader| reader.claims.iter().map(|((start, end), _)| (start, end, "claim")).collect())
            .collect();
        json!({ "length": text.length, "observers": observers })
    };
    json!({ "name": "words", "texts": texts.iter().map(text).collect::<Vec<_>>() })
}
