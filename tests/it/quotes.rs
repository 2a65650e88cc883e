//! Quotations and the copies in which they are looked for, over HTTP.

use factdesk::auth::Role;
use factdesk::blobs;
use factdesk::id::{CopyId, SnapshotId, SourceId};
use factdesk::text::{Document, import};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::types::Json;

use crate::harness::{Browser, Page, Server};
use crate::reviews::{World, claim, event, taken};

pub const HTML: &str = "<p>The minister’s answer was “We will never — never! — raise the levy,” on Monday.</p>\
    <p>The port handled 2.9&nbsp;million tonnes in 2024. Officials of the harbour refused to comment on the fi&shy;gures.</p>\
    <table><tr><th>Year<th>Tonnes<tr><td>2024<td>2,913,400 t</table><p>The port handled more before. It is <b>over</b>.</p>";

pub async fn bare() -> World {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    desk.install_scales(server.owner_pool()).await;
    let claim = claim(server.owner_pool(), &desk).await;
    World { server, desk, claim }
}

impl World {
    /// Cites as the form does.
    async fn cite(&self, browser: &Browser, fields: &[(&str, &str)]) -> Page {
        browser.post_form(&self.path("evidence"), fields).await
    }

    /// The source with that address or title, made by citing it.
    async fn source(&self) -> SourceId {
        let id: uuid::Uuid = sqlx::query_scalar("SELECT id FROM sources ORDER BY id LIMIT 1")
            .fetch_one(self.server.owner_pool())
            .await
            .unwrap();
        id.into()
    }

    /// Keeps a copy of a source, as if it had been fetched.
    pub async fn keep(&self, source: SourceId, html: &str) -> CopyId {
        let imported = import::from_html(html, None).unwrap().document;
        self.keep_text(source, imported).await
    }

    async fn keep_text(&self, source: SourceId, document: Document) -> CopyId {
        let pool = self.server.owner_pool();
        let (copy, snapshot) = (CopyId::new(), SnapshotId::new());
        let bytes = document.text().as_bytes().to_vec();
        let event = event(pool, &self.desk).await;
        let (hash, by) = (blobs::hash(&bytes), self.desk.member(Role::FactChecker));
        sqlx::query(
            "INSERT INTO blobs (desk_id, sha256, size, packed, event_id) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        )
        .bind(self.desk.id)
        .bind(hash.clone())
        .bind(i32::try_from(bytes.len()).unwrap())
        .bind(blobs::pack(&bytes).unwrap())
        .bind(event)
        .execute(pool)
        .await
        .unwrap();
        sqlx::query(
            "INSERT INTO snapshots (desk_id, id, sha256, how, received_at, created_by, event_id)
             VALUES ($1, $2, $3, 'file', now(), $4, $5)",
        )
        .bind(self.desk.id)
        .bind(snapshot)
        .bind(hash.clone())
        .bind(by)
        .bind(event)
        .execute(pool)
        .await
        .unwrap();
        let (text, shape) = document.into_parts();
        sqlx::query(
            "INSERT INTO source_copies (desk_id, id, source_id, number, snapshot_id, media_type, body, body_length, body_sha256,
                                        blocks, reader, created_by, created_at, event_id)
             VALUES ($1, $2, $3, 1 + (SELECT count(*) FROM source_copies WHERE source_id = $3), $4, 'text/html', $5,
                     char_length($5), sha256(convert_to($5, 'UTF8')), $6, 'test 1', $7, clock_timestamp(), $8)",
        )
        .bind(self.desk.id)
        .bind(copy)
        .bind(source)
        .bind(snapshot)
        .bind(text)
        .bind(Json(shape))
        .bind(by)
        .bind(event)
        .execute(pool)
        .await
        .unwrap();
        copy
    }
}

/// What the program says of the claim's evidence.
async fn evidence(world: &World, browser: &Browser) -> Vec<Value> {
    let page = browser.get(&format!("/api/v1/desks/demo/claims/{}/evidence", world.claim)).await;
    page.json()["evidence"].as_array().unwrap().clone()
}

/// A desk with a source of which there is a copy.
async fn with_copy() -> (World, Browser, SourceId, CopyId) {
    let world = bare().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    taken(&world.cite(&checker, &[("title", "Yearly tables")]).await);
    let source = world.source().await;
    let copy = world.keep(source, HTML).await;
    (world, checker, source, copy)
}

#[actix_web::test]
async fn words_are_looked_for_when_they_are_added() {
    let (world, checker, source, copy) = with_copy().await;
    let source = source.to_string();
    for exact in [
        "\"We will never - never! - raise the levy\"",
        "The port handled 3.1 million tonnes",
        "Nobody said this at all",
    ] {
        let added = json!({"source": source, "exact": exact});
        let path = format!("/api/v1/desks/demo/claims/{}/evidence", world.claim);
        assert_eq!(checker.json(Method::POST, &path, &added).await.status, StatusCode::CREATED);
    }
    let all = evidence(&world, &checker).await;
    let checks: Vec<_> = all[1..].iter().map(|one| one["quote"]["check"].as_str().unwrap()).collect();
    assert_eq!(checks, ["stands", "nearly", "missing"]);
    assert_eq!(all[0]["quote"], Value::Null);
    assert_eq!(all[1]["quote"]["copy"], json!(copy));
    assert_eq!(all[1]["quote"]["place"]["exact"], "We will never — never! — raise the levy");
    assert_eq!(
        all[2]["quote"]["difference"],
        json!([
            {"kind": "same", "words": "The port handled "},
            {"kind": "quotation", "words": "3"},
            {"kind": "text", "words": "2"},
            {"kind": "same", "words": "."},
            {"kind": "quotation", "words": "1"},
            {"kind": "text", "words": "9"},
            {"kind": "same", "words": " million tonnes"},
        ])
    );
    let page = checker.get(&world.path("evidence")).await;
    assert_eq!(
        page.select(".quote-check .chip"),
        ["stands in the copy", "stands nearly so", "not found in the copy"]
    );
    assert_eq!(page.select(".quote-check del"), ["only in the quotation: 3", "only in the quotation: 1"]);
    assert_eq!(page.select(".quote-check ins"), ["in the copy: 2", "in the copy: 9"]);
}

#[actix_web::test]
async fn words_are_looked_for_when_a_copy_comes_until_they_stand_in_one() {
    let world = bare().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let typed =
        [("title", "Yearly tables"), ("exact", "The port handled 2.9 million tonnes"), ("stance", "refutes")];
    taken(&world.cite(&checker, &typed).await);
    let page = checker.get(&world.path("evidence")).await;
    assert!(page.one("ol.evidence").contains("Not compared with the source yet"), "{}", page.text);

    let source = world.source().await;
    let give = async |html: &'static str| {
        let part = Part::text(html).file_name("tables.html").mime_str("text/html").unwrap();
        let form = Form::new().text("csrf", checker.csrf()).part("file", part);
        let request = checker.request(Method::POST, &format!("/demo/sources/{source}/copies"));
        taken(&Page::of(request.header("accept", "text/html").multipart(form)).await);
        evidence(&world, &checker).await[0]["quote"].clone()
    };
    assert_eq!(give("<p>The port handled 2.8 million tonnes in 2024.").await["check"], "nearly");
    let stands = give(HTML).await;
    assert_eq!(stands["check"], "stands");
    // It stands there for good, whatever the page says later.
    assert_eq!(give("<p>Nothing of the kind is said any more.").await["copy"], stands["copy"]);
    let history = checker.get(&world.path("history")).await;
    assert!(history.text.contains("in which the words of evidence were looked for"), "{}", history.text);
}

#[actix_web::test]
async fn the_sources_words_replace_those_that_stand_nearly_so() {
    let (world, checker, source, _) = with_copy().await;
    let source = source.to_string();
    let typed = [("source", source.as_str()), ("exact", "The port handled 3.1 million tonnes in 2024")];
    taken(&world.cite(&checker, &typed).await);
    let page = checker.get(&world.path("evidence")).await;
    let action = page.attribute("form[action$='/words']", "action").unwrap();
    taken(&checker.post_form(&action, &[]).await);
    let one = evidence(&world, &checker).await.pop().unwrap();
    assert_eq!(one["exact"], "The port handled 2.9\u{a0}million tonnes in 2024");
    assert_eq!((&one["quote"]["check"], &one["quote"]["difference"]), (&json!("stands"), &json!([])));
    // It is a change like any other, and can be undone.
    let page = checker.get(&format!("{}?", action.strip_suffix("/words").unwrap())).await;
    let event = page.attribute("form[action$='/undo'] [name=event]", "value").unwrap();
    taken(&checker.post_form(&action.replace("/words", "/undo"), &[("event", &event)]).await);
    let one = evidence(&world, &checker).await.pop().unwrap();
    assert_eq!((&one["exact"], &one["quote"]["check"]), (&json!(typed[1].1), &json!("nearly")));
}

#[actix_web::test]
async fn what_does_not_stand_there_keeps_the_claim_from_review_until_there_is_a_reason() {
    let (world, checker, source, _) = with_copy().await;
    let source = source.to_string();
    taken(&world.cite(&checker, &[("source", &source), ("exact", "Nobody said this at all")]).await);
    world.draft(&checker).await;
    let refused = world.post(&checker, "review-request").await;
    assert_ne!(refused.status, StatusCode::SEE_OTHER, "{}", refused.text);
    assert_eq!(world.stage().await, "researching");

    let page = checker.get(&world.path("evidence")).await;
    let address = page.attribute(".actions a[href$='#quote']", "href").unwrap();
    let address = address.strip_suffix("#quote").unwrap();
    let form = format!("{address}/acknowledgement");
    let blank = checker.post_form(&form, &[("reason", " ")]).await;
    assert_eq!(blank.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(blank.has("#reason-error"));
    let long = checker.post_form(&form, &[("reason", &"x".repeat(2_001))]).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    taken(&checker.post_form(&form, &[("reason", "It is our translation.")]).await);
    let page = checker.get(&world.path("evidence")).await;
    assert!(page.one(".quote-check").contains("It is our translation."));
    taken(&world.post(&checker, "review-request").await);
    assert_eq!(world.stage().await, "in_review");
}

#[actix_web::test]
async fn a_reason_holds_for_the_words_that_it_was_given_for() {
    let (world, checker, source, _) = with_copy().await;
    let source = source.to_string();
    taken(&world.cite(&checker, &[("source", &source), ("exact", "Nobody said this at all")]).await);
    let one = evidence(&world, &checker).await.pop().unwrap();
    let address = world.path(&format!("evidence/{}", one["id"].as_str().unwrap()));
    taken(&checker.post_form(&format!("{address}/acknowledgement"), &[("reason", "A translation.")]).await);
    let of = |all: Vec<Value>| all.last().unwrap()["quote"].clone();
    taken(&checker.post_form(&address, &[("base_note", ""), ("note", "See there.")]).await);
    assert_eq!(of(evidence(&world, &checker).await)["reason"], "A translation.");
    taken(
        &checker
            .post_form(
                &address,
                &[("base_exact", "Nobody said this at all"), ("exact", "Nobody else said this")],
            )
            .await,
    );
    assert_eq!(of(evidence(&world, &checker).await)["reason"], Value::Null);

    // Taken back by hand, from the history of the evidence's claim.
    taken(
        &checker
            .post_form(&format!("{address}/acknowledgement"), &[("reason", "Spoken in the video.")])
            .await,
    );
    let event: uuid::Uuid = sqlx::query_scalar(
        "SELECT id FROM events WHERE action = 'evidence.acknowledge' ORDER BY id DESC LIMIT 1",
    )
    .fetch_one(world.server.owner_pool())
    .await
    .unwrap();
    taken(&checker.post_form(&world.path("undo"), &[("event", &event.to_string())]).await);
    assert_eq!(of(evidence(&world, &checker).await)["reason"], Value::Null);
    // What stands there needs none.
    taken(
        &checker
            .post_form(&address, &[("base_exact", "Nobody else said this"), ("exact", "The port handled")])
            .await,
    );
    let late = checker.post_form(&format!("{address}/acknowledgement"), &[("reason", "Why not.")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn places_have_numbers_that_are_typed_or_known_from_the_copy() {
    let (world, checker, source, _) = with_copy().await;
    let source = source.to_string();
    taken(&world.cite(&checker, &[("source", &source), ("exact", "2,913,400 t")]).await);
    let one = evidence(&world, &checker).await.pop().unwrap();
    assert_eq!(one["cell"], json!({"table": 1, "row": 2, "column": 2}));
    let address = world.path(&format!("evidence/{}", one["id"].as_str().unwrap()));
    let typed = [("base_page", ""), ("page", "p. 12"), ("base_time", ""), ("time", "62:03-62:30")];
    taken(&checker.post_form(&address, &typed).await);
    let one = evidence(&world, &checker).await.pop().unwrap();
    assert_eq!(
        (&one["page"], &one["time"]),
        (&json!(12), &json!({"from_ms": 3_723_000, "to_ms": 3_750_000}))
    );
    let page = checker.get(&world.path("evidence")).await;
    let shown = page.one("ol.evidence > li:last-child");
    assert!(
        shown.contains("page 12")
            && shown.contains("at 1:02:03–1:02:30")
            && shown.contains("table 1, row 2, column 2"),
        "{shown}"
    );

    let wrong = [("source", source.as_str()), ("page", "last"), ("time", "soon"), ("cell", "B2")];
    let page = world.cite(&checker, &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["page", "time", "cell"] {
        assert!(page.has(&format!("#evidence-{field}-error")), "{field}");
    }
    assert_eq!(page.attribute("#evidence-time", "value").as_deref(), Some("soon"));
}

#[actix_web::test]
async fn a_copy_is_read_with_its_quotations_and_cited_from() {
    let (world, checker, source, copy) = with_copy().await;
    let address = format!("/demo/sources/{source}/copies/{copy}");
    let page = checker.get(&address).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.has("#text b, #text strong") && page.has("#text table") && !page.has("#mark-bar"));
    assert_eq!(page.select("aside ul a"), ["The harbour handled 3.1 million tonnes"]);

    // The source was cited as a whole: its words are filled in.
    let page = checker.get(&format!("{address}?claim={}", world.claim)).await;
    assert!(page.has("#mark-bar") && page.has("#text .s") && page.has("#cite"));
    let document = import::from_html(HTML, None).unwrap().document;
    let (byte, words) = document.text().match_indices("The port handled").nth(1).unwrap();
    let start = document.text()[..byte].chars().count();
    let at = format!("{start}-{}", start + words.chars().count());
    let claim = world.claim.to_string();
    let form = format!("{address}/evidence");
    let cited = checker
        .post_form(&form, &[("claim", &claim), ("at", &at), ("quote", words), ("stance", "refutes")])
        .await;
    taken(&cited);
    assert!(cited.location().starts_with(&format!("{address}?claim={claim}#b")), "{}", cited.location());
    let all = evidence(&world, &checker).await;
    assert_eq!(all.len(), 1);
    assert_eq!((&all[0]["exact"], &all[0]["stance"]), (&json!(words), &json!("refutes")));
    // Where it was selected, not where it stands first.
    assert_eq!(all[0]["quote"]["place"]["start"], json!(start));

    // The next words are another piece of evidence; what was typed is looked for.
    taken(
        &checker
            .post_form(
                &form,
                &[("claim", &claim), ("quote", "Officials … refused to comment on the figures")],
            )
            .await,
    );
    assert_eq!(evidence(&world, &checker).await.len(), 2);
    let page = checker.get(&format!("{address}?claim={claim}")).await;
    assert_eq!(page.select(".quotations blockquote").len(), 2);
    assert_eq!(page.select("#text .ref"), ["1", "2"]);
    assert_eq!(
        page.select("#text mark").first().map(String::as_str),
        Some("Officials of the harbour refused to comment on the fi\u{ad}gures")
    );
    let page = checker.get(&world.path("evidence")).await;
    assert!(page.one(".quote-check details").contains("of the harbour"));
}

#[actix_web::test]
async fn typed_words_that_stand_otherwise_are_shown_and_offered() {
    let (world, checker, source, copy) = with_copy().await;
    let form = format!("/demo/sources/{source}/copies/{copy}/evidence");
    let claim = world.claim.to_string();
    let page = checker
        .post_form(
            &form,
            &[("claim", &claim), ("quote", "The port handled 3.1 million tonnes"), ("note", "Why?")],
        )
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.select("#cite ins"), ["in the copy: 2", "in the copy: 9"]);
    assert_eq!(page.one("#quote"), "The port handled 3.1 million tonnes");
    assert_eq!(page.one("#note"), "Why?");
    let at = page.attribute("button[name=at]", "value").unwrap();
    taken(&checker.post_form(&form, &[("claim", &claim), ("at", &at)]).await);
    let all = evidence(&world, &checker).await;
    assert_eq!(all[0]["exact"], "The port handled 2.9\u{a0}million tonnes");

    for (at, quote) in
        [("", "Nobody said this at all"), ("", " "), ("0-3", "Not these"), ("9000-9010", ""), ("x", "")]
    {
        let page = checker.post_form(&form, &[("claim", &claim), ("at", at), ("quote", quote)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{at} {quote}");
        assert!(page.has("#quote-error"), "{at} {quote}");
    }
    let other =
        checker.post_form(&form, &[("claim", &source.to_string()), ("quote", "The port handled")]).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn sentences_are_cited_from_a_list() {
    let (world, checker, source, copy) = with_copy().await;
    let address = format!("/demo/sources/{source}/copies/{copy}");
    let page = checker.get(&format!("{address}?claim={}&mode=sentences", world.claim)).await;
    assert_eq!(page.select("[data-row] .quote")[1], "The port handled 2.9 million tonnes in 2024.");
    let at = page.attribute("li:nth-child(2) button[name=at]", "value").unwrap();
    let claim = world.claim.to_string();
    let fields = [("claim", claim.as_str()), ("at", &at), ("mode", "sentences"), ("stance", "supports")];
    let cited = checker.post_form(&format!("{address}/evidence"), &fields).await;
    taken(&cited);
    assert!(cited.location().contains("mode=sentences#s"), "{}", cited.location());
    assert_eq!(evidence(&world, &checker).await[0]["quote"]["check"], "stands");
}

#[actix_web::test]
async fn readers_get_copies_of_what_a_public_claim_cites_where_the_desk_shows_them() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let source = world.source().await;
    let copy = world.keep(source, HTML).await;
    let address = format!("/demo/sources/{source}/copies/{copy}");
    let claim = world.claim.to_string();
    taken(
        &checker
            .post_form(
                &format!("{address}/evidence"),
                &[("claim", &claim), ("quote", "The port handled 2.9 million tonnes")],
            )
            .await,
    );
    let (owner, reader) = (world.server.owner_pool(), world.server.visitor());
    let status = async || reader.get(&address).await.status;
    assert_eq!(status().await, StatusCode::NOT_FOUND);
    sqlx::query("INSERT INTO source_settings (desk_id, copies_public, hand_to, reference_style, event_id) VALUES ($1, true, '{}', 'apa', $2)")
        .bind(world.desk.id)
        .bind(event(owner, &world.desk).await)
        .execute(owner)
        .await
        .unwrap();
    assert_eq!(status().await, StatusCode::NOT_FOUND);
    world.publish().await;
    let page = reader.get(&format!("{address}?claim={claim}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        !page.has("#mark-bar")
            && !page.has("#cite")
            && !page.has(&format!("a[href='/demo/sources/{source}']"))
    );
    assert_eq!(page.select(".quotations blockquote"), ["The port handled 2.9 million tonnes"]);
    sqlx::query("UPDATE sources SET access = 'confidential', event_id = $2 WHERE id = $1")
        .bind(source)
        .bind(event(owner, &world.desk).await)
        .execute(owner)
        .await
        .unwrap();
    assert_eq!(status().await, StatusCode::NOT_FOUND);
    assert_eq!(checker.get(&address).await.status, StatusCode::OK);
}
