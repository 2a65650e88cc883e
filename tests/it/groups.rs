//! Sets of evidence, questions and answers over HTTP; who stands behind what is cited; evidence as of the claim's date.

use factdesk::auth::Role;
use factdesk::id::EvidenceId;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Browser, Page};
use crate::reviews::{World, event, evidence, taken};

const SECTION: &str = "#part-groups";

async fn page(world: &World, browser: &Browser) -> Page {
    browser.get(&format!("/demo/claims/{}", world.claim)).await
}

/// The claim's first piece of evidence, which [`World`] begins with.
async fn first(world: &World) -> EvidenceId {
    sqlx::query_scalar("SELECT id FROM evidence WHERE claim_id = $1 ORDER BY id LIMIT 1")
        .bind(world.claim)
        .fetch_one(world.server.owner_pool())
        .await
        .unwrap()
}

/// The id of the last one in a table.
async fn last(world: &World, table: &'static str) -> Uuid {
    let query = match table {
        "sets" => "SELECT id FROM evidence_sets ORDER BY id DESC LIMIT 1",
        "questions" => "SELECT id FROM questions ORDER BY id DESC LIMIT 1",
        _ => "SELECT id FROM answers ORDER BY id DESC LIMIT 1",
    };
    sqlx::query_scalar(query).fetch_one(world.server.owner_pool()).await.unwrap()
}

async fn ask(world: &World, browser: &Browser, question: &str) -> Uuid {
    taken(&browser.post_form(&world.path("questions"), &[("question", question)]).await);
    last(world, "questions").await
}

async fn answer(world: &World, browser: &Browser, question: Uuid, fields: &[(&str, &str)]) -> Page {
    browser.post_form(&world.path(&format!("questions/{question}/answers")), fields).await
}

/// Makes a source say when it was published.
async fn publish_source(world: &World, of: EvidenceId, date: &str) {
    let event = event(world.server.owner_pool(), &world.desk).await;
    sqlx::query(
        "UPDATE sources SET published_from = $2::text::date, published_to = $2::text::date, published_precision = 'day',
                event_id = $3
         WHERE id = (SELECT source_id FROM evidence WHERE id = $1)",
    )
    .bind(of)
    .bind(date)
    .bind(event)
    .execute(world.server.owner_pool())
    .await
    .unwrap();
}

/// Says that the claim was made on a day.
async fn said(world: &World, browser: &Browser, day: &str) {
    let place = [("url", "https://social.example/1"), ("said", day)];
    taken(&browser.post_form(&world.path("appearances"), &place).await);
}

#[actix_web::test]
async fn a_question_has_answers_of_each_kind_and_each_rests_on_what_it_needs() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let cited = first(&world).await.to_string();
    let question = ask(&world, &checker, "How many tonnes did the harbour handle in 2023?").await;

    let tables = [("kind", "extractive"), ("answer", "2,913,400 t"), ("evidence", &*cited)];
    taken(&answer(&world, &checker, question, &tables).await);
    let own = [("kind", "abstractive"), ("answer", "About 2.9 million"), ("evidence", &*cited)];
    taken(&answer(&world, &checker, question, &own).await);
    let no =
        [("kind", "boolean"), ("is_yes", "no"), ("explanation", "2.9 is not 3.1."), ("evidence", &*cited)];
    taken(&answer(&world, &checker, question, &no).await);
    let open = [("kind", "unanswerable"), ("explanation", "The office keeps no figures by ship.")];
    taken(&answer(&world, &checker, question, &open).await);

    let page = page(&world, &checker).await;
    assert_eq!(
        page.select(&format!("{SECTION} .asked")),
        ["How many tonnes did the harbour handle in 2023?"]
    );
    assert_eq!(
        page.select(&format!("{SECTION} .answered .chip")),
        ["In the words of the source", "In our own words", "Yes or no", "It cannot be answered"]
    );
    assert_eq!(page.select(&format!("{SECTION} .answered blockquote")), ["2,913,400 t"]);
    assert_eq!(page.select(&format!("{SECTION} .from a")), ["Yearly tables"; 3]);
    assert_eq!(page.attribute(&format!("{SECTION} .from a"), "href").unwrap(), format!("#evidence-{cited}"));

    for (fields, field) in [
        (vec![("kind", "extractive"), ("evidence", &*cited)], "answer"),
        (vec![("kind", "abstractive"), ("answer", "Kept.")], "evidence"),
        (vec![("kind", "boolean"), ("is_yes", "yes"), ("evidence", &*cited)], "explanation"),
        (vec![("kind", "unanswerable"), ("evidence", &*cited)], "evidence"),
        (vec![("answer", "Kept."), ("evidence", &*cited)], "kind"),
    ] {
        let refused = answer(&world, &checker, question, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(refused.has(&format!("#new-answer-{field}[aria-invalid]")), "{field}: {}", refused.text);
    }
    let refused = answer(&world, &checker, question, &[("kind", "abstractive"), ("answer", "Kept.")]).await;
    assert_eq!(refused.one("#new-answer-answer"), "Kept.");
    let foreign = Uuid::now_v7().to_string();
    let foreign = [("kind", "abstractive"), ("answer", "x"), ("evidence", &*foreign)];
    assert_eq!(answer(&world, &checker, question, &foreign).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn questions_stand_in_the_order_that_members_give_them() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let one = ask(&world, &checker, "One?").await;
    ask(&world, &checker, "Two?").await;
    ask(&world, &checker, "Three?").await;
    let order = format!("{SECTION} .asked");
    let to = |to: &'static str| [("to", to)];
    let move_one = world.path(&format!("questions/{one}/position"));
    taken(&checker.post_form(&move_one, &to("down")).await);
    assert_eq!(page(&world, &checker).await.select(&order), ["Two?", "One?", "Three?"]);
    taken(&checker.post_form(&move_one, &to("down")).await);
    assert_eq!(checker.post_form(&move_one, &to("down")).await.status, StatusCode::CONFLICT);
    assert_eq!(page(&world, &checker).await.select(&order), ["Two?", "Three?", "One?"]);

    let history = checker.get(&world.path("history")).await;
    let undo = history.attribute("ol.history [name=event]", "value").unwrap();
    taken(&checker.post_form(&world.path("undo"), &[("event", &undo)]).await);
    assert_eq!(page(&world, &checker).await.select(&order), ["Two?", "One?", "Three?"]);
}

#[actix_web::test]
async fn evidence_counts_together_in_as_many_sets_as_it_belongs_to() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let one = first(&world).await.to_string();
    let other = evidence(world.server.owner_pool(), &world.desk, world.claim).await.to_string();
    let form = checker.get(&world.path("sets/new")).await;
    assert_eq!(form.select("[name=evidence]").len(), 2);

    let alone = [("label", "Alone"), ("evidence", &*one)];
    let refused = checker.post_form(&world.path("sets"), &alone).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.has(&format!("[name=evidence][value='{one}'][checked]")), "{}", refused.text);
    for label in ["Both years", "Office and union"] {
        let set = [("label", label), ("evidence", &*one), ("evidence", &*other), ("note", "One is no rise.")];
        taken(&checker.post_form(&world.path("sets"), &set).await);
    }
    let page = page(&world, &checker).await;
    assert_eq!(page.select(&format!("{SECTION} .sets .asked")), ["Both years", "Office and union"]);
    assert_eq!(page.select(&format!("{SECTION} .sets .from a")).len(), 4);

    // The evidence goes only when the sets let it go.
    let removal = world.path(&format!("evidence/{one}/removal"));
    let refused = checker.post_form(&removal, &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("Change or remove the set first."), "{}", refused.text);
    for _ in 0..2 {
        let id: Uuid = sqlx::query_scalar("SELECT id FROM evidence_sets WHERE removed_at IS NULL LIMIT 1")
            .fetch_one(world.server.owner_pool())
            .await
            .unwrap();
        taken(&checker.post_form(&world.path(&format!("sets/{id}/removal")), &[]).await);
    }
    taken(&checker.post_form(&removal, &[]).await);
    let restored = world.path(&format!("sets/{}/restoration", last(&world, "sets").await));
    assert_eq!(checker.post_form(&restored, &[]).await.status, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn what_two_change_in_other_ways_is_shown_to_both_by_name() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let editor = world.server.sign_in(Role::Editor).await;
    let one = first(&world).await.to_string();
    let other = evidence(world.server.owner_pool(), &world.desk, world.claim).await.to_string();
    let third = evidence(world.server.owner_pool(), &world.desk, world.claim).await.to_string();
    let base = format!("{one}, {other}");
    let set = [("label", "Both"), ("evidence", &*one), ("evidence", &*other)];
    taken(&checker.post_form(&world.path("sets"), &set).await);
    let address = world.path(&format!("sets/{}", last(&world, "sets").await));

    let all = [("base_evidence", &*base), ("evidence", &*one), ("evidence", &*other), ("evidence", &*third)];
    taken(&checker.post_form(&address, &all).await);
    let two = [("base_evidence", &*base), ("evidence", &*one), ("evidence", &*third)];
    let conflict = editor.post_form(&address, &two).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    let choices = conflict.select("label.choice");
    assert_eq!(choices[0], "Yours: Yearly tables; Yearly tables");
    assert_eq!(choices[1], "Theirs: Yearly tables; Yearly tables; Yearly tables");
    // What only one of them changed is merged.
    let label = [("base_label", "Both"), ("label", "All three")];
    taken(&editor.post_form(&address, &label).await);
    let shown = checker.get(&address).await;
    assert_eq!(shown.select("dl.pairs dd"), ["All three", "Yearly tables; Yearly tables; Yearly tables"]);
    assert!(shown.select("ol.history li").len() == 3, "{}", shown.text);
}

#[actix_web::test]
async fn a_change_is_in_the_history_can_be_taken_back_and_is_part_of_versions() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let cited = first(&world).await.to_string();
    let question = ask(&world, &checker, "How many tonnes?").await;
    let fields = [("kind", "abstractive"), ("answer", "2.9 million"), ("evidence", &*cited)];
    taken(&answer(&world, &checker, question, &fields).await);
    let history = checker.get(&world.path("history")).await;
    let version = history.attribute("ol.history a[href*='/history/']", "href").unwrap();
    let address = world.path(&format!("answers/{}", last(&world, "answers").await));
    let edit = [("base_answer", "2.9 million"), ("answer", "3 million")];
    taken(&checker.post_form(&address, &edit).await);

    let history = checker.get(&world.path("history")).await;
    let did = history.one("ol.history");
    for words in ["asked a question", "answered a question", "changed an answer", "Yearly tables"] {
        assert!(did.contains(words), "{words}: {did}");
    }
    let event = history.attribute("ol.history [name=event]", "value").unwrap();
    taken(&checker.post_form(&world.path("undo"), &[("event", &event)]).await);
    assert!(page(&world, &checker).await.one(SECTION).contains("2.9 million"));

    // Another way back: the version after the answer was given.
    let edit = [("base_answer", "2.9 million"), ("answer", "4 million")];
    taken(&checker.post_form(&address, &edit).await);
    taken(&checker.post_form(&world.path(&format!("questions/{question}/removal")), &[]).await);
    assert!(!page(&world, &checker).await.has(&format!("{SECTION} .questions")));
    let then = checker.get(&version).await;
    assert!(then.text.contains("How many tonnes?") && then.text.contains("Yearly tables"), "{}", then.text);
    let seen = then.attribute("[name=seen]", "value").unwrap();
    let document = then.document();
    let parts: Vec<_> =
        document.select("[name=parts]").iter().filter_map(|part| part.attr("value")).collect();
    assert_eq!(parts.len(), 2);
    let form = [("seen", &*seen), ("parts", &*parts[0]), ("parts", &*parts[1])];
    taken(&checker.post_form(&format!("{version}/restoration"), &form).await);
    assert!(page(&world, &checker).await.one(SECTION).contains("2.9 million"));
}

#[actix_web::test]
async fn questions_and_sets_stand_still_with_what_is_cited() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let question = ask(&world, &checker, "How many tonnes?").await;
    taken(&world.draft(&checker).await);
    taken(&world.post(&checker, "review-request").await);

    let still = page(&world, &checker).await;
    assert!(still.one(SECTION).contains("How many tonnes?"));
    assert!(
        !still.has(&format!("{SECTION} form")) && !still.has(&format!("{SECTION} a[href*='/questions/']"))
    );
    let address = world.path(&format!("questions/{question}"));
    assert!(!checker.get(&address).await.has("#edit-question"));
    let edit = [("base_question", "How many tonnes?"), ("question", "How many ships?")];
    for (path, fields) in [
        (address.clone(), &edit[..]),
        (format!("{address}/removal"), &[]),
        (format!("{address}/answers"), &[("kind", "unanswerable")][..]),
        (world.path("questions"), &[("question", "More?")][..]),
    ] {
        let refused = checker.post_form(&path, fields).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{path}");
        assert!(refused.text.contains("stand still"), "{}", refused.text);
    }
    taken(&world.post(&checker, "review-withdrawal").await);
    taken(&checker.post_form(&address, &edit).await);
}

#[actix_web::test]
async fn an_answer_keeps_the_evidence_that_it_rests_on() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let cited = first(&world).await.to_string();
    let question = ask(&world, &checker, "How many tonnes?").await;
    let fields = [("kind", "abstractive"), ("answer", "2.9 million"), ("evidence", &*cited)];
    taken(&answer(&world, &checker, question, &fields).await);
    let removal = world.path(&format!("evidence/{cited}/removal"));
    let refused = checker.post_form(&removal, &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("Change or remove the answer first."), "{}", refused.text);
    // With its question the answer goes, too, and only comes back when it can.
    taken(&checker.post_form(&world.path(&format!("questions/{question}/removal")), &[]).await);
    taken(&checker.post_form(&removal, &[]).await);
    let back = world.path(&format!("questions/{question}/restoration"));
    assert_eq!(checker.post_form(&back, &[]).await.status, StatusCode::CONFLICT);
    taken(&checker.post_form(&world.path(&format!("evidence/{cited}/restoration")), &[]).await);
    taken(&checker.post_form(&back, &[]).await);
    assert!(page(&world, &checker).await.one(SECTION).contains("2.9 million"));
}

#[actix_web::test]
async fn pages_count_publishers_and_how_many_of_them_are_independent_as_the_guard_does() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    for (url, publisher, independence) in [
        ("https://one.example/", "One", "independent"),
        ("https://two.example/", "Two", ""),
        ("https://three.example/", "Three", "same_origin"),
    ] {
        let cited = [("url", url), ("independence", independence), ("title", publisher)];
        taken(&checker.post_form(&world.path("evidence"), &cited).await);
        let source: Uuid = sqlx::query_scalar("SELECT id FROM sources WHERE title = $1")
            .bind(publisher)
            .fetch_one(world.server.owner_pool())
            .await
            .unwrap();
        let named = [("base_publisher", ""), ("publisher", publisher)];
        taken(&checker.post_form(&format!("/demo/sources/{source}"), &named).await);
    }
    let words = "3 publishers, 2 of them independent";
    let members = page(&world, &checker).await;
    assert_eq!(members.one("#publishers"), words);
    assert!(members.select("ol.evidence .meta").iter().any(|line| line.contains("Repeats another source")));
    let facts: (i64, i64) = sqlx::query_as("SELECT publishers, independent FROM claim_facts($1, $2)")
        .bind(world.desk.id)
        .bind(world.claim)
        .fetch_one(world.server.app_pool())
        .await
        .unwrap();
    assert_eq!(facts, (3, 2));

    // It is edited like every other field.
    let third: Uuid = sqlx::query_scalar("SELECT id FROM evidence WHERE independence = 'same_origin'")
        .fetch_one(world.server.owner_pool())
        .await
        .unwrap();
    let edit = [("base_independence", "same_origin"), ("independence", "party")];
    taken(&checker.post_form(&world.path(&format!("evidence/{third}")), &edit).await);
    let wrong = [("base_independence", "party"), ("independence", "neutral")];
    let wrong = checker.post_form(&world.path(&format!("evidence/{third}")), &wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    world.publish().await;
    let readers = world.server.visitor().get(&format!("/demo/claims/{}", world.claim)).await;
    assert!(readers.one("section[aria-labelledby=evidence]").contains(words));
    assert!(readers.one("section[aria-labelledby=evidence]").contains("A party to the matter"));
}

#[actix_web::test]
async fn what_was_published_after_the_claim_is_flagged_and_can_be_left_out() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let early = first(&world).await;
    let late = evidence(world.server.owner_pool(), &world.desk, world.claim).await;
    publish_source(&world, early, "2026-03-01").await;
    publish_source(&world, late, "2026-03-20").await;
    said(&world, &checker, "2026-03-14").await;
    let question = ask(&world, &checker, "How many tonnes?").await;
    let (one, other) = (early.to_string(), late.to_string());
    for (words, evidence) in [("By the tables", &one), ("By the report", &other)] {
        let fields = [("kind", "abstractive"), ("answer", words), ("evidence", &**evidence)];
        taken(&answer(&world, &checker, question, &fields).await);
    }
    let set = [("label", "Both"), ("evidence", &*one), ("evidence", &*other)];
    taken(&checker.post_form(&world.path("sets"), &set).await);
    let claim = format!("/demo/claims/{}", world.claim);

    let flag = format!("#evidence-{late} .later");
    let all = checker.get(&claim).await;
    assert_eq!(all.one(&flag), "published after the claim was made");
    assert!(!all.has(&format!("#evidence-{early} .later")));
    let link = all.attribute(".as-of a", "href").unwrap();
    assert_eq!(link, format!("{claim}?as_of=claim#evidence"));
    let then = checker.get(&format!("{claim}?as_of=claim")).await;
    assert!(then.has(&format!("#evidence-{early}")) && !then.has(&format!("#evidence-{late}")));
    assert!(then.one(".as-of").contains("As of 14 March 2026"), "{}", then.one(".as-of"));
    let groups = then.one(SECTION);
    assert!(groups.contains("By the tables") && !groups.contains("By the report"), "{groups}");
    assert!(!then.has(&format!("{SECTION} .sets .asked")));

    let api = |query: &str| format!("/api/v1/desks/demo/claims/{}/evidence{query}", world.claim);
    let listed = checker.get(&api("")).await.json();
    assert_eq!(listed["evidence"][0]["published_after_claim"], false);
    assert_eq!(listed["evidence"][1]["published_after_claim"], true);
    let listed = checker.get(&api("?as_of=claim")).await.json();
    assert_eq!(listed["evidence"].as_array().unwrap().len(), 1);

    world.publish().await;
    let visitor = world.server.visitor();
    let readers = visitor.get(&claim).await;
    assert_eq!(readers.one(&flag), "published after the claim was made");
    assert_eq!(readers.select(".answered > p:first-child"), ["By the tables", "By the report"]);
    let then = visitor.get(&format!("{claim}?as_of=claim")).await;
    assert!(
        !then.has(&format!("#evidence-{late}"))
            && then.one(".as-of").contains("1 published later is left out")
    );
    assert_eq!(then.select(".answered > p:first-child"), ["By the tables"]);

    for (query, left_out, evidence) in [("", 0, 2), ("?as_of=claim", 1, 1)] {
        let export = visitor.get(&format!("/demo/export/jsonl{query}")).await;
        let line: Value = serde_json::from_str(export.text.trim()).unwrap();
        assert_eq!(line["later_evidence"], left_out);
        assert_eq!(line["evidence"].as_array().unwrap().len(), evidence);
        assert_eq!(line["questions"][0]["answers"].as_array().unwrap().len(), evidence);
        assert_eq!(line["evidence_sets"].as_array().unwrap().len(), evidence - 1);
    }
    let table = visitor.get("/demo/export/csv?table=evidence&flavour=machine&as_of=claim").await;
    assert!(table.text.contains(&one) && !table.text.contains(&other));
    let table = visitor.get("/demo/export/csv?table=questions&flavour=machine&as_of=claim").await;
    assert!(table.text.contains("By the tables") && !table.text.contains("By the report"));
}

#[actix_web::test]
async fn of_confidential_sources_readers_learn_no_word_that_rests_on_them() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let named = first(&world).await.to_string();
    let hidden = evidence(world.server.owner_pool(), &world.desk, world.claim).await;
    let event = event(world.server.owner_pool(), &world.desk).await;
    sqlx::query(
        "UPDATE sources SET access = 'confidential', title = 'A letter of the whistle-blower', event_id = $2
         WHERE id = (SELECT source_id FROM evidence WHERE id = $1)",
    )
    .bind(hidden)
    .bind(event)
    .execute(world.server.owner_pool())
    .await
    .unwrap();
    let hidden = hidden.to_string();
    let question = ask(&world, &checker, "Who signed the tables?").await;
    let fields = [
        ("kind", "extractive"),
        ("answer", "Signed by nobody"),
        ("explanation", "The letter says so."),
        ("evidence", &*hidden),
    ];
    taken(&answer(&world, &checker, question, &fields).await);
    let set = [("label", "Tables and letter"), ("evidence", &*named), ("evidence", &*hidden)];
    taken(&checker.post_form(&world.path("sets"), &set).await);
    world.publish().await;

    let visitor = world.server.visitor();
    let mut seen = vec![visitor.get(&format!("/demo/claims/{}", world.claim)).await.text];
    assert!(seen[0].contains("Who signed the tables?") && seen[0].contains("One confidential source"));
    for format in
        ["jsonl", "csv?table=questions", "csv?table=sets", "csv?table=evidence", "claimreview", "annotations"]
    {
        seen.push(visitor.get(&format!("/demo/export/{format}")).await.text);
    }
    for text in seen {
        for words in ["Signed by nobody", "letter", &*hidden] {
            assert!(!text.contains(words), "{words}: {text}");
        }
    }
    let line: Value = serde_json::from_str(visitor.get("/demo/export/jsonl").await.text.trim()).unwrap();
    assert_eq!(line["questions"][0]["answers"][0]["confidential_evidence"], 1);
    assert_eq!(line["evidence_sets"][0]["evidence"], json!([named]));
    let editor = world.server.sign_in(Role::Editor).await;
    let whole = editor.get("/demo/export/jsonl?scope=desk").await;
    assert!(whole.text.contains("Signed by nobody") && whole.text.contains("Tables and letter"));
}

#[actix_web::test]
async fn programs_add_and_read_questions_answers_and_sets() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let one = first(&world).await;
    let other = evidence(world.server.owner_pool(), &world.desk, world.claim).await;
    let api = |rest: &str| format!("/api/v1/desks/demo/claims/{}/{rest}", world.claim);
    let post = async |path: String, body: Value| checker.json(Method::POST, &path, &body).await;
    let asked = post(api("questions"), json!({"question": "How many tonnes?"})).await;
    assert_eq!(asked.status, StatusCode::CREATED, "{}", asked.text);
    let question = asked.json()["id"].as_str().unwrap().to_owned();
    let answers = api(&format!("questions/{question}/answers"));
    let given = json!({"kind": "boolean", "is_yes": false, "explanation": "2.9 is less.", "evidence": [one]});
    assert_eq!(post(answers.clone(), given).await.status, StatusCode::CREATED);
    let wrong = json!({"kind": "unanswerable", "evidence": [one]});
    assert_eq!(post(answers, wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let set = json!({"label": "Both", "evidence": [one, other]});
    assert_eq!(post(api("sets"), set).await.status, StatusCode::CREATED);

    let read = checker.get(&api("questions")).await.json();
    assert_eq!(read["questions"][0]["question"], "How many tonnes?");
    assert_eq!(read["questions"][0]["answers"][0]["is_yes"], false);
    assert_eq!(read["questions"][0]["answers"][0]["evidence"], json!([one]));
    assert_eq!(read["sets"][0]["evidence"], json!([one, other]));
}
