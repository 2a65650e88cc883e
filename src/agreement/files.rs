//! The raw ratings, to take away: as a table, and as what `factdesk text agreement` reads.

use actix_web::http::header;
use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use csv::{Terminator, WriterBuilder};
use serde_json::{Value, json};

use super::filter::Asked;
use super::pages::{chosen, scales, study};
use super::study::Study;
use crate::auth::Authorized;
use crate::auth::permission::ReadDrafts;
use crate::db::Pool;
use crate::error::{Error, Result};
use crate::exchange::csv::cell;
use crate::reviews::agreement::Level;
use crate::web::clock::iso;

/// The matrix of who rated what how: a row a round, a column a person.
#[get("/{desk}/agreement/ratings.csv")]
pub async fn table(member: Authorized<ReadDrafts>, asked: Query<Asked>, pool: Pool) -> Result<HttpResponse> {
    let study = read(&member, &asked, &pool).await?;
    let mut rows = vec![["claim", "round", "decided_at", "outcome"].map(str::to_owned).to_vec()];
    rows[0].extend(study.raters.iter().map(|rater| rater.handle.clone()));
    for rated in &study.rounds {
        let code = |number: u16| study.categories[usize::from(number)].code.clone();
        let mut row = vec![
            rated.claim.to_string(),
            rated.round.to_string(),
            iso(rated.at),
            rated.outcome.map(code).unwrap_or_default(),
        ];
        row.resize(4 + study.raters.len(), String::new());
        for given in &rated.cells {
            row[4 + given.rater as usize] = code(given.code);
        }
        rows.push(row);
    }
    csv(&rows)
}

/// The tables that the page measures, so that anybody can check its figures.
#[get("/{desk}/agreement/ratings.jsonl")]
pub async fn tables(member: Authorized<ReadDrafts>, asked: Query<Asked>, pool: Pool) -> Result<HttpResponse> {
    let study = read(&member, &asked, &pool).await?;
    let mut lines = vec![equality(&study)];
    lines.extend(distance(&study));
    json_lines(&lines)
}

async fn read(member: &Authorized<ReadDrafts>, asked: &Asked, pool: &Pool) -> Result<Study> {
    let filter = asked.filter()?;
    let conn = &mut *pool.acquire().await?;
    let scale = chosen(&scales(conn, member.desk.id).await?, &filter)?;
    study(conn, member.desk.id, scale.as_ref(), &filter).await
}

fn equality(study: &Study) -> Value {
    let codes: Vec<&str> = study.categories.iter().map(|category| category.code.as_str()).collect();
    let rows = rows(study, |code| Some(json!(codes[usize::from(code)])));
    json!({ "name": "equality", "level": Level::Nominal, "category_order": codes, "ratings": rows })
}

/// The table of distances: numbers where the scale has them, else its order. None for a scale without order.
fn distance(study: &Study) -> Option<Value> {
    let ordered = study.ordered([])?;
    let worth = |code: u16| study.categories[usize::from(code)].worth;
    let (order, rows) = if ordered.level() == Level::Ratio {
        (json!(ordered.worth()), rows(study, |code| worth(code).map(|worth| json!(worth))))
    } else {
        let order: Vec<usize> = (0..study.categories.len()).collect();
        (json!(order), rows(study, |code| Some(json!(code))))
    };
    Some(json!({ "name": "distance", "level": ordered.level(), "category_order": order, "ratings": rows }))
}

fn rows(study: &Study, value: impl Fn(u16) -> Option<Value>) -> Vec<Vec<Option<Value>>> {
    let row = |rated: &super::study::Rated| {
        let mut row = vec![None; study.raters.len()];
        for given in &rated.cells {
            row[given.rater as usize] = value(given.code);
        }
        row
    };
    study.rounds.iter().map(row).collect()
}

/// Answers with a table (RFC 4180), whose cells no spreadsheet runs as formulas.
///
/// # Errors
/// [`Error::Internal`] when it cannot be written.
pub fn csv(rows: &[Vec<String>]) -> Result<HttpResponse> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(|text| cell(text))).map_err(Error::internal)?;
    }
    let bytes = writer.into_inner().map_err(|error| Error::internal(error.into_error()))?;
    Ok(attached("text/csv; charset=utf-8").body(bytes))
}

/// Answers with a line for each value.
///
/// # Errors
/// [`Error::Internal`] when it cannot be written.
pub fn json_lines(lines: &[Value]) -> Result<HttpResponse> {
    let mut body = Vec::new();
    for line in lines {
        serde_json::to_writer(&mut body, line).map_err(Error::internal)?;
        body.push(b'\n');
    }
    Ok(attached("application/jsonl; charset=utf-8").body(body))
}

fn attached(kind: &str) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CONTENT_DISPOSITION, "attachment"))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"));
    response
}

#[cfg(test)]
mod tests {
    use super::super::study::tests::study;
    use super::*;
    use crate::reviews::agreement::filter::answer;
    use crate::scales::Kind;

    #[test]
    fn what_is_taken_away_measures_as_the_page_does() {
        let numbers = [Some(5.0), Some(3.0), Some(1.0), None];
        let rounds: [&[i32]; 5] = [&[0, 0, 1], &[2, 2, 3], &[1, 0, -1], &[0, 2, 0], &[2, 1, -1]];
        let study = study(Kind::Ordinal, &numbers, &rounds);
        let nominal = crate::reviews::agreement::measure(&study.nominal(&study.rounds));
        let ordered = crate::reviews::agreement::measure(&study.ordered(&study.rounds).unwrap());

        let measured = |line: Value| answer(&serde_json::from_value(line).unwrap())["values"].clone();
        let equality = measured(equality(&study));
        assert_eq!(equality["gwet_ac1"], json!(nominal.gwet_ac1));
        assert_eq!(equality["krippendorff_alpha_nominal"], json!(nominal.krippendorff_alpha_nominal));
        let distance = measured(distance(&study).unwrap());
        assert_eq!(distance["krippendorff_alpha_ordinal"], json!(ordered.krippendorff_alpha_ordinal));
        assert_eq!(distance["krippendorff_alpha_ratio"], json!(ordered.krippendorff_alpha_ratio));
    }

    #[test]
    fn a_scale_with_order_only_gives_its_ranks() {
        let study = study(Kind::Ordinal, &[None, None], &[&[0, 1], &[1, 1]]);
        let line = distance(&study).unwrap();
        assert_eq!((&line["level"], &line["ratings"]), (&json!("ordinal"), &json!([[0, 1], [1, 1]])));
    }
}
