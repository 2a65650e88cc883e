//! The pages about agreement: their figures, what counts in them, and what does not.

use factdesk::auth::Role;
use factdesk::id::{AccountId, AssessmentId, ClaimId, RoundId};
use factdesk::policies::{Mode, Rules};
use factdesk::reviews::agreement::filter::{answer, unitized};
use serde_json::Value;
use uuid::Uuid;

use crate::findings::Reading;
use crate::harness::{Browser, Page};
use crate::reviews::{World, claim, event};

/// Rounds that several people rated, written past the rules that guard them: the rules have tests of their own.
struct Judged {
    world: World,
    policy: Uuid,
    scale_version: Uuid,
}

/// How a round is written.
struct Round<'a> {
    mode: &'a str,
    state: &'a str,
    outcome: Option<&'a str>,
    days_ago: i32,
    /// Who gave what, in this order; one who gave twice replaced the first.
    given: &'a [(Role, &'a str)],
}

const CLOSED: Round<'static> =
    Round { mode: "blind", state: "drafting", outcome: Some("false"), days_ago: 3, given: &[] };

impl Judged {
    async fn new() -> Self {
        let world = World::new().await;
        let owner = world.server.owner_pool();
        let blind = Rules { mode: Mode::Blind, people: 2, ..Rules::default() };
        world.desk.adopt(owner, &blind).await;
        let policy = sqlx::query_scalar("SELECT policy_id FROM desks WHERE id = $1");
        let policy = policy.bind(world.desk.id).fetch_one(owner).await.unwrap();
        let scale = sqlx::query_scalar(
            "SELECT v.id FROM desks d JOIN scale_versions v ON v.desk_id = d.id AND v.scale_id = d.scale_id
             WHERE d.id = $1",
        );
        let scale_version = scale.bind(world.desk.id).fetch_one(owner).await.unwrap();
        Self { world, policy, scale_version }
    }

    /// Writes a round about a claim of its own.
    async fn round(&self, words: &str, topics: &[&str], round: Round<'_>) -> (ClaimId, RoundId) {
        let (owner, desk) = (self.world.server.owner_pool(), &self.world.desk);
        let (claim, id) = (claim(owner, desk).await, RoundId::new());
        let event = event(owner, desk).await;
        let mut tx = owner.begin().await.unwrap();
        sqlx::query("SET LOCAL session_replication_role = replica").execute(&mut *tx).await.unwrap();
        sqlx::query("UPDATE claims SET claim_reviewed = $2, topics = $3 WHERE id = $1")
            .bind(claim)
            .bind(words)
            .bind(topics)
            .execute(&mut *tx)
            .await
            .unwrap();
        sqlx::query(
            "INSERT INTO rounds (desk_id, id, claim_id, number, kind, mode, policy_id, scale_version_id, state, judged,
                                 created_by, created_at, event_id)
             VALUES ($1, $2, $3, 1, 'initial', $4, $5, $6, $7, $8, $9, now(), $10)",
        )
        .bind(desk.id)
        .bind(id)
        .bind(claim)
        .bind(round.mode)
        .bind(self.policy)
        .bind(self.scale_version)
        .bind(round.state)
        .bind(round.outcome.is_some())
        .bind(desk.member(Role::Editor))
        .bind(event)
        .execute(&mut *tx)
        .await
        .unwrap();
        let mut last: Vec<(AccountId, AssessmentId)> = Vec::new();
        for (role, rating) in round.given {
            let (reviewer, assessment) = (desk.member(*role), AssessmentId::new());
            let before = last.iter().find(|(who, _)| *who == reviewer).map(|(_, before)| *before);
            last.insert(0, (reviewer, assessment));
            sqlx::query(
                "INSERT INTO assessments (desk_id, id, round_id, claim_id, draft_version, reviewer_id, kind,
                                          scale_version_id, rating_code, rationale, confidence, supersedes, created_at,
                                          event_id)
                 VALUES ($1, $2, $3, $4, 1, $5, 'rating', $6, $7, 'Because.', 'high', $8,
                         now() - make_interval(days => $9), $10)",
            )
            .bind(desk.id)
            .bind(assessment)
            .bind(id)
            .bind(claim)
            .bind(reviewer)
            .bind(self.scale_version)
            .bind(rating)
            .bind(before)
            .bind(round.days_ago)
            .bind(event)
            .execute(&mut *tx)
            .await
            .unwrap();
        }
        if let Some(outcome) = round.outcome {
            sqlx::query(
                "INSERT INTO round_outcomes (desk_id, round_id, scale_version_id, rating_code, how, tally, created_by,
                                             created_at, event_id)
                 VALUES ($1, $2, $3, $4, 'unanimous', '{}', $5, now() - make_interval(days => $6), $7)",
            )
            .bind(desk.id)
            .bind(id)
            .bind(self.scale_version)
            .bind(outcome)
            .bind(desk.member(Role::Editor))
            .bind(round.days_ago)
            .bind(event)
            .execute(&mut *tx)
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
        (claim, id)
    }

    /// Twelve closed rounds, of which one is rated by one person only.
    async fn twelve(&self) {
        use Role::{Editor as E, FactChecker as F, Reviewer as R};
        let given: [&[(Role, &str)]; 12] = [
            &[(F, "false"), (R, "false"), (E, "false")],
            &[(F, "false"), (R, "true")],
            &[(F, "true"), (R, "true"), (E, "true")],
            &[(F, "mostly_true"), (R, "true")],
            &[(F, "half_true"), (E, "half_true")],
            &[(F, "half_true"), (R, "mostly_false"), (E, "unsubstantiated")],
            &[(R, "false"), (E, "false")],
            &[(F, "true"), (R, "true")],
            &[(F, "false"), (R, "mostly_false"), (E, "false")],
            &[(R, "half_true"), (E, "half_true")],
            &[(F, "unsubstantiated"), (R, "unsubstantiated")],
            &[(E, "true")],
        ];
        for (number, given) in given.iter().enumerate() {
            let topics: &[&str] = if number % 2 == 0 { &["Ports"] } else { &["Ships & crews"] };
            let days_ago = if number < 6 { 3 } else { 400 };
            self.round(&format!("Claim {number}"), topics, Round { days_ago, given, ..CLOSED }).await;
        }
    }

    async fn show(&self, browser: &Browser, query: &str) -> Page {
        let page = browser.get(&format!("/demo/agreement{query}")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        page
    }
}

/// The first table of coefficients: names, values, intervals, items.
fn table(page: &Page) -> Vec<[String; 4]> {
    let names = page.select("section[aria-labelledby=overall] tbody th");
    let cells = page.select("section[aria-labelledby=overall] tbody td");
    names
        .into_iter()
        .zip(cells.chunks(3))
        .map(|(name, row)| {
            let [value, interval, items] = row else { panic!("a row has three cells") };
            [name, value.clone(), interval.clone(), items.clone()]
        })
        .collect()
}

fn lines(page: &Page) -> Vec<Value> {
    assert_eq!(page.status, 200, "{}", page.text);
    page.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A coefficient as pages print it.
fn printed(value: &Value) -> String {
    value.as_f64().map_or("not defined".into(), |value| format!("{value:.3}").replace('-', "−"))
}

#[actix_web::test]
async fn the_figures_are_those_of_the_command_line() {
    let judged = Judged::new().await;
    judged.twelve().await;
    let auditor = judged.world.server.sign_in(Role::Auditor).await;

    let page = judged.show(&auditor, "").await;

    let taken = lines(&auditor.get("/demo/agreement/ratings.jsonl").await);
    let [equality, distance] = taken.as_slice() else { panic!("two tables: {taken:?}") };
    let measured = |table: &Value| answer(&serde_json::from_value(table.clone()).unwrap())["values"].clone();
    let (equality, distance) = (measured(equality), measured(distance));
    let table = table(&page);
    let of = |name: &str| table.iter().find(|row| row[0] == name).unwrap().clone();
    for (name, value, items) in [
        ("Krippendorff’s α, nominal", &equality["krippendorff_alpha_nominal"], "11"),
        ("Krippendorff’s α, ordinal", &distance["krippendorff_alpha_ordinal"], "10"),
        ("Krippendorff’s α, interval", &distance["krippendorff_alpha_interval"], "10"),
        ("Krippendorff’s α, ratio", &distance["krippendorff_alpha_ratio"], "10"),
        ("Fleiss’ κ", &equality["fleiss_kappa"], "11"),
        ("Gwet’s AC1", &equality["gwet_ac1"], "11"),
        ("Brennan and Prediger’s κ", &equality["brennan_prediger"], "11"),
    ] {
        let [_, shown, interval, shown_items] = of(name);
        assert_eq!((shown, shown_items.as_str()), (printed(value), items), "{name}");
        assert!(interval.contains(" to "), "{name}: {interval}");
    }
    assert!(of("Equal pairs of ratings")[1].ends_with(" %"));
    assert_eq!(page.select(".facts dd"), ["11", "27", "3"]);
    // Drawn, with the numbers as a table beneath.
    assert_eq!(page.select("section[aria-labelledby=overall] svg circle").len(), 8);
    assert!(page.has("svg[role=img][aria-label]"));
    assert!(page.text.contains("drawn anew 1000 times") && page.text.contains("seed 1"));
    assert_eq!(page.text, judged.show(&auditor, "").await.text, "the same each time");
}

#[actix_web::test]
async fn pairs_topics_months_and_confusions_are_tables() {
    let judged = Judged::new().await;
    judged.twelve().await;
    let editor = judged.world.server.sign_in(Role::Editor).await;

    let page = judged.show(&editor, "").await;
    let pairs = page.select("section[aria-labelledby=pairs] tbody th");
    assert_eq!(pairs.len(), 3, "{pairs:?}");
    assert!(pairs[0].contains("Fact-checker of demo") && pairs[0].contains("Reviewer of demo"), "{pairs:?}");
    assert_eq!(page.select("section[aria-labelledby=topics] tbody th"), ["Ports", "Ships & crews"]);
    assert_eq!(page.select("section[aria-labelledby=months] tbody th").len(), 2);
    let sum: f64 = page
        .select("section[aria-labelledby=confusion] tbody td")
        .iter()
        .map(|cell| cell.parse::<f64>().unwrap())
        .sum();
    assert!((sum - 26.0).abs() < 0.1, "each of the 26 ratings that are compared counts once: {sum}");

    let link = page.attribute("section[aria-labelledby=pairs] tbody a", "href").unwrap();
    let two = judged.show(&editor, &link).await;
    let names: Vec<String> = table(&two).into_iter().map(|[name, ..]| name).collect();
    assert!(names.contains(&"Cohen’s κ".to_owned()) && names.contains(&"Scott’s π".to_owned()), "{names:?}");
    assert_eq!(two.select(".facts dd"), ["8", "16", "2"]);
    assert!(!two.has("section[aria-labelledby=pairs]"));
    let topic = page.attribute("section[aria-labelledby=topics] tbody tr:nth-child(2) a", "href").unwrap();
    let ships = judged.show(&editor, &topic).await;
    assert_eq!(ships.one("option[selected]:not(#scale option)"), "Ships & crews");
    assert_eq!(ships.select(".facts dd")[0], "5");
    let month = page.attribute("section[aria-labelledby=months] tbody a", "href").unwrap();
    assert_eq!(judged.show(&editor, &month).await.select(".facts dd")[0], "6");
}

#[actix_web::test]
async fn what_people_disagree_on_most_comes_first_and_opens_the_claim() {
    let judged = Judged::new().await;
    judged.twelve().await;
    let (claim, _) = judged
        .round(
            "Not decided",
            &[],
            Round {
                state: "adjudicating",
                outcome: None,
                given: &[(Role::Reviewer, "true"), (Role::Editor, "false"), (Role::FactChecker, "true")],
                ..CLOSED
            },
        )
        .await;
    let editor = judged.world.server.sign_in(Role::Editor).await;

    let page = judged.show(&editor, "").await;

    let titles = page.select("section[aria-labelledby=disagreements] .title");
    assert_eq!(titles, ["Claim 1", "Not decided", "Claim 5", "Claim 3", "Claim 8"]);
    let second = "section[aria-labelledby=disagreements] li:nth-child(2)";
    assert_eq!(page.attribute(&format!("{second} a"), "href").unwrap(), format!("/demo/claims/{claim}"));
    let given = page.one(&format!("{second} .meta"));
    assert!(given.contains("Reviewer of demo: True") && given.contains("Editor of demo: False"), "{given}");
    assert!(given.contains("waits for an adjudicator"), "{given}");
}

#[actix_web::test]
async fn nothing_of_an_open_blind_round_counts_or_shows() {
    let judged = Judged::new().await;
    let given: &[(Role, &str)] = &[(Role::Reviewer, "true"), (Role::Editor, "false")];
    for state in ["in_review", "drafting", "void"] {
        judged.round("A secret", &["Secrets"], Round { state, outcome: None, given, ..CLOSED }).await;
    }
    let editor = judged.world.server.sign_in(Role::Editor).await;

    for path in ["", "/ratings.csv", "/ratings.jsonl", "/marking"] {
        let page = editor.get(&format!("/demo/agreement{path}")).await;
        assert_eq!(page.status, 200);
        assert!(!page.text.to_lowercase().contains("secret"), "{path}: {}", page.text);
        assert!(!page.text.contains("reviewer.demo") && !page.text.contains("Reviewer of"), "{path}");
    }
    assert!(judged.show(&editor, "").await.has(".empty"));
}

#[actix_web::test]
async fn only_the_last_rating_counts_and_none_of_who_left_it_to_others() {
    let judged = Judged::new().await;
    let given: &[(Role, &str)] = &[
        (Role::Reviewer, "true"),
        (Role::Editor, "false"),
        (Role::FactChecker, "half_true"),
        (Role::Reviewer, "false"),
    ];
    let (claim, round) = judged.round("Replaced", &[], Round { given, ..CLOSED }).await;
    let owner = judged.world.server.owner_pool();
    let recusal = "INSERT INTO recusals (desk_id, claim_id, account_id, reason, created_at, event_id)
                   VALUES ($1, $2, $3, 'A friend.', now() - interval '9 days', $4)";
    sqlx::query(recusal)
        .bind(judged.world.desk.id)
        .bind(claim)
        .bind(judged.world.desk.member(Role::FactChecker))
        .bind(event(owner, &judged.world.desk).await)
        .execute(owner)
        .await
        .unwrap();
    // An outcome that was carried over to another round is no other one.
    let (_, carried) = judged.round("Carried", &[], Round { given: &[], ..CLOSED }).await;
    let mut tx = owner.begin().await.unwrap();
    sqlx::query("SET LOCAL session_replication_role = replica").execute(&mut *tx).await.unwrap();
    let carry = "UPDATE round_outcomes SET carried_from = $2 WHERE round_id = $1";
    sqlx::query(carry).bind(carried).bind(round).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let editor = judged.world.server.sign_in(Role::Editor).await;

    let matrix = editor.get("/demo/agreement/ratings.csv").await;

    assert!(matrix.header("content-type").starts_with("text/csv"));
    let rows: Vec<Vec<&str>> = matrix.text.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 2, "{}", matrix.text);
    assert_eq!(&rows[0][..4], ["claim", "round", "decided_at", "outcome"]);
    let (id, round) = (claim.to_string(), round.to_string());
    assert_eq!((rows[1][0], rows[1][1], rows[1][3]), (id.as_str(), round.as_str(), "false"));
    assert_eq!(rows[1][4..], ["false", "false"]);
    let mut handles = rows[0][4..].to_vec();
    handles.sort_unstable();
    assert_eq!(handles, ["editor.demo", "reviewer.demo"]);
}

#[actix_web::test]
async fn panels_are_kept_apart_from_blind_rounds_and_desks_from_each_other() {
    let judged = Judged::new().await;
    let given: &[(Role, &str)] = &[(Role::Reviewer, "true"), (Role::Editor, "false")];
    judged.round("Voted", &[], Round { mode: "panel", given, ..CLOSED }).await;
    let editor = judged.world.server.sign_in(Role::Editor).await;
    assert!(judged.show(&editor, "").await.has(".empty"));
    let panel = judged.show(&editor, "?rounds=panel").await;
    assert_eq!(panel.select(".facts dd")[0], "1");
    assert!(panel.text.contains("A panel reads the draft"));

    let other = judged.world.server.sign_in_at("other", Role::Editor).await;
    assert!(other.get("/other/agreement?rounds=panel").await.has(".empty"));
    assert_eq!(other.get("/demo/agreement").await.status, 404);
    for wrong in [format!("?scale={}", RoundId::new()), "?a=nobody&b=reviewer.demo".to_owned()] {
        assert_eq!(editor.get(&format!("/demo/agreement{wrong}")).await.status, 404, "{wrong}");
    }
    assert_eq!(editor.get("/demo/agreement?from=soon").await.status, 400);
}

#[actix_web::test]
async fn agreement_on_what_a_claim_is_is_measured_by_sentence_and_by_words() {
    let reading = Reading::new().await;
    let annotator = reading.server.sign_in(Role::Annotator).await;
    let editor = reading.server.sign_in(Role::Editor).await;
    let quote = "“We handled 3.1\u{a0}million tonnes 🌍,” she said on Monday.";
    let never = "The café owners said: “We will never go.”";
    assert!(annotator.get("/demo/agreement/marking").await.has(".empty"));

    // Both go through the text alone; one sees two claims and the other one, of fewer words.
    reading.find(&annotator, &[("mode", "alone"), ("seen", &reading.at(quote))]).await;
    reading.find(&annotator, &[("mode", "alone"), ("seen", &reading.at(never))]).await;
    reading.find(&annotator, &[("mode", "alone"), ("rest", "yes")]).await;
    reading.article.mark(&editor, "3.1\u{a0}million tonnes").await;
    reading.find(&editor, &[("mode", "alone"), ("rest", "yes")]).await;

    let page = annotator.get("/demo/agreement/marking").await;
    assert_eq!(page.status, 200, "{}", page.text);
    let sentences = page.select(".facts dd")[0].clone();
    let line = &lines(&annotator.get("/demo/agreement/marking.jsonl").await)[0];
    let values = answer(&serde_json::from_value(line.clone()).unwrap())["values"].clone();
    assert_eq!(line["ratings"].as_array().unwrap().len().to_string(), sentences);
    let cells = page.select("section[aria-labelledby=sentences] tbody td");
    assert_eq!(cells[0], printed(&values["krippendorff_alpha_nominal"]));
    let words = &lines(&annotator.get("/demo/agreement/marking-words.jsonl").await)[0];
    let words = unitized(&serde_json::from_value(words.clone()).unwrap())["values"].clone();
    assert_eq!(cells[cells.len() - 3], printed(&words["krippendorff_u_alpha_binary"]));
    assert_eq!(cells[cells.len() - 1], "1");
    let differ = page.select("section[aria-labelledby=disagreements] .title");
    assert_eq!(differ, [never]);
    let who = page.one("section[aria-labelledby=disagreements] .meta");
    assert!(who.contains("a claim: Annotator of demo") && who.contains("no claim: Editor of demo"), "{who}");
    let matrix = annotator.get("/demo/agreement/marking.csv?of=alone").await;
    assert_eq!(matrix.text.lines().count(), 1 + line["ratings"].as_array().unwrap().len());
    let differ = matrix.text.lines().filter(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        cells[4] != cells[5] && cells[4].ends_with("claim") && cells[5].ends_with("claim")
    });
    assert_eq!(differ.count(), 1, "{}", matrix.text);
}

#[actix_web::test]
async fn who_saw_the_marks_of_others_is_not_taken_to_have_found_alone() {
    let reading = Reading::new().await;
    let annotator = reading.server.sign_in(Role::Annotator).await;
    let editor = reading.server.sign_in(Role::Editor).await;
    reading.article.mark(&annotator, "3.1\u{a0}million tonnes").await;
    reading.find(&annotator, &[("rest", "yes")]).await;
    reading.find(&editor, &[("rest", "yes")]).await;

    let all = editor.get("/demo/agreement/marking").await;
    let count: usize = all.select(".facts dd")[0].parse().unwrap();
    let line = &lines(&editor.get("/demo/agreement/marking.jsonl").await)[0];
    let rows = line["ratings"].as_array().unwrap();
    assert_eq!(rows.len(), count + 1, "of the marked sentence the second has said nothing");
    assert!(editor.get("/demo/agreement/marking?of=alone").await.has(".empty"));
    let cells = all.select("section[aria-labelledby=sentences] tbody td");
    assert_eq!(cells[cells.len() - 3], "not defined");
}
