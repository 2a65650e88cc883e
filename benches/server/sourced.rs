//! A claim with many sources: the page on which members work, and the one that readers get.

use std::time::Instant;

use crate::client::Client;
use crate::fixture::Fixture;
use crate::floor;
use crate::process::Process;
use crate::report::{Figure, Report};
use crate::{cpu_runs, median};

/// How many sources the claim cites.
const SOURCES: usize = 200;
/// What a page takes at most, in milliseconds.
const REACH: f64 = 50.0;

/// Measures both pages of one of the published claims that the desk has.
pub async fn measure(server: &Process, fixture: &Fixture, client: &mut Client, report: &mut Report) {
    let claim = prepare(fixture).await;
    fixture.settle().await;
    for (who, query) in [("member", ""), ("reader", "?as=reader")] {
        let page = format!("/bench/claims/{claim}{query}");
        let answer = client.get(&page, "");
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        let shown = String::from_utf8_lossy(&answer.body).matches("<li id=\"evidence-").count();
        assert_eq!(shown, SOURCES, "every source is on the page");
        let runs = cpu_runs(server, 100, |_| assert_eq!(client.get(&page, "").status, 200));
        report.add(Figure::split(&format!("a claim's page with 200 sources, for a {who}"), &runs, REACH));
        let begun: Vec<f64> = (0..100)
            .map(|_| {
                let begun = Instant::now();
                client.get(&page, "");
                begun.elapsed().as_secs_f64() * 1000.0
            })
            .collect();
        report.add(Figure::new("the same, from the request to the last byte", median(begun), "ms", REACH));
        report.note(&format!(
            "The {who}'s page with 200 sources is {:.1} KiB of HTML.",
            answer.body.len() as f64 / 1024.0
        ));
    }
}

/// Gives one claim 200 sources of 40 publishers, 20 questions with an answer each, and 10 sets.
async fn prepare(fixture: &Fixture) -> String {
    let statements = include_str!("sourced.sql").replace("{desk}", &fixture.desk.to_string());
    floor::fill(fixture.pool(), &statements).await;
    let claim: uuid::Uuid = sqlx::query_scalar(
        "SELECT claim_id FROM evidence WHERE desk_id = $1 GROUP BY claim_id ORDER BY count(*) DESC LIMIT 1",
    )
    .bind(fixture.desk)
    .fetch_one(fixture.pool())
    .await
    .expect("a claim");
    claim.to_string()
}
