//! Where, when and by whom a claim was made.

use factdesk::auth::Role;
use factdesk::id::ClaimId;
use reqwest::StatusCode;

use super::{add, add_words, path, saved};
use crate::harness::{Browser, Page, Server};

struct World {
    server: Server,
    annotator: Browser,
    claim: ClaimId,
}

impl World {
    async fn new() -> Self {
        let server = Server::start().await;
        server.desk("demo").await.install_scales(server.owner_pool()).await;
        let annotator = server.sign_in(Role::Annotator).await;
        let claim = add_words(&annotator, "Bills doubled.").await;
        Self { server, annotator, claim }
    }

    /// The addresses of the claim's appearances, first to last.
    async fn places(&self) -> Vec<String> {
        let ids: Vec<String> =
            sqlx::query_scalar("SELECT id::text FROM appearances WHERE claim_id = $1 ORDER BY id")
                .bind(self.claim)
                .fetch_all(self.server.owner_pool())
                .await
                .unwrap();
        ids.iter().map(|id| path(self.claim, &format!("/appearances/{id}"))).collect()
    }

    async fn add(&self, fields: &[(&str, &str)]) -> Page {
        self.annotator.post_form(&path(self.claim, "/appearances"), fields).await
    }

    async fn change(&self, place: &str, field: &str, base: &str, now: &str) -> Page {
        let base_name = format!("base_{field}");
        self.annotator.post_form(place, &[(&base_name, base), (field, now)]).await
    }

    async fn page(&self) -> Page {
        self.annotator.get(&path(self.claim, "")).await
    }
}

#[actix_web::test]
async fn speakers_have_an_order_and_an_office_and_come_and_go() {
    let world = World::new().await;
    let place = &world.places().await[0];
    let speakers = format!("{place}/speakers");
    let rows = [
        ("base_speakers", ""),
        ("speaker", "Nora Field"),
        ("office", ""),
        ("speaker", "Dana Whitcombe"),
        ("office", "Mayor of Ellery"),
        ("speaker", ""),
        ("office", ""),
    ];
    saved(&world.annotator.post_form(&speakers, &rows).await);
    let page = world.page().await;
    assert_eq!(
        page.select(".appearance .meta bdi")[..3],
        ["Nora Field", "Dana Whitcombe", "Mayor of Ellery"]
    );

    let base = page.one(".appearance textarea[name=base_speakers]");
    let mut up = rows.to_vec();
    up[0].1 = "Nora Field\nDana Whitcombe; Mayor of Ellery";
    assert_eq!(base, up[0].1.replace('\n', " "));
    up.push(("up", "1"));
    saved(&world.annotator.post_form(&speakers, &up).await);
    assert_eq!(world.page().await.select(".appearance .meta bdi")[0], "Dana Whitcombe");

    let gone = [
        ("base_speakers", "Dana Whitcombe; Mayor of Ellery\nNora Field"),
        ("speaker", "Nora Field"),
        ("office", "Clerk"),
    ];
    saved(&world.annotator.post_form(&speakers, &gone).await);
    assert_eq!(world.page().await.select(".appearance .meta bdi")[..2], ["Nora Field", "Clerk"]);
    assert_eq!(world.server.count("SELECT count(*) FROM agents").await, 2);
}

#[actix_web::test]
async fn two_who_name_other_speakers_decide_between_them() {
    let world = World::new().await;
    let speakers = format!("{}/speakers", world.places().await[0]);
    let checker = world.server.sign_in(Role::FactChecker).await;
    let row = |name| [("base_speakers", ""), ("speaker", name), ("office", "")];
    saved(&checker.post_form(&speakers, &row("Nora Field")).await);

    let page = world.annotator.post_form(&speakers, &row("Dana Whitcombe")).await;

    assert_eq!(page.status, StatusCode::CONFLICT);
    assert_eq!(page.select(".three .text"), ["Dana Whitcombe", "Nora Field"]);
    let both = [("base_speakers", "Nora Field"), ("speakers", "Nora Field\r\nDana Whitcombe; Mayor")];
    saved(&world.annotator.post_form(&speakers, &both).await);
    assert_eq!(
        world.page().await.select(".appearance .meta bdi")[..3],
        ["Nora Field", "Dana Whitcombe", "Mayor"]
    );

    let twice = [("base_speakers", "x"), ("speaker", "nora field"), ("speaker", "Nora Field")];
    assert_ne!(world.annotator.post_form(&speakers, &twice).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn a_date_is_as_precise_as_what_is_known() {
    let world = World::new().await;
    let place = &world.places().await[0];
    let mut base = "";
    for (typed, shown) in [
        ("2026-09-28", "28 September 2026"),
        ("2026-09", "September 2026"),
        ("2026", "2026"),
        ("2026-09-01/2026-09-05", "between 1 and 5 September 2026"),
        ("", "date unknown"),
    ] {
        saved(&world.change(place, "said", base, typed).await);
        assert!(world.page().await.select(".appearance .meta")[0].contains(shown), "{typed}");
        base = typed;
    }
    for (typed, words) in [
        ("yesterday", "Write the date as 2026-09-28"),
        ("2026-13", "There is no such day in the calendar."),
        ("2026-09-05/2026-09-01", "The period ends before it begins."),
    ] {
        let page = world.change(place, "said", "", typed).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(page.one(".field .error").starts_with(words), "{typed}");
        assert_eq!(page.attribute("input[name=said]", "value").unwrap(), typed);
    }
}

#[actix_web::test]
async fn what_is_not_known_is_never_an_empty_text() {
    let world = World::new().await;
    let place = &world.places().await[0];
    for (field, value) in
        [("place", "Ellery"), ("event", "A hearing"), ("medium", "speech"), ("attitude", "asserts")]
    {
        saved(&world.change(place, field, "", value).await);
        saved(&world.change(place, field, value, "  ").await);
    }
    let unknown = "SELECT count(*) FROM appearances
                   WHERE place IS NULL AND event IS NULL AND medium IS NULL AND attitude IS NULL";
    assert_eq!(world.server.count(unknown).await, 1);
    let page = world.change(place, "medium", "", "telepathy").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn one_appearance_is_the_first_known_and_none_is_earlier() {
    let world = World::new().await;
    saved(&world.add(&[("url", "https://b.example/"), ("said", "2026-05")]).await);
    let places = world.places().await;
    saved(&world.change(&places[1], "is_first_known", "", "yes").await);
    assert!(world.page().await.select(".chip").contains(&"First known".to_owned()));

    let second = world.change(&places[0], "is_first_known", "", "yes").await;
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY);
    let earlier = world.change(&places[0], "said", "", "2026-04-30").await;
    assert_eq!(earlier.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(earlier.attribute("input[name=said]", "value").unwrap(), "2026-04-30");
    saved(&world.change(&places[0], "said", "", "2026").await);
    saved(&world.change(&places[0], "said", "2026", "2026-06-01").await);
}

#[actix_web::test]
async fn a_removed_appearance_comes_back() {
    let world = World::new().await;
    saved(&world.add(&[("url", "https://b.example/")]).await);
    let place = &world.places().await[1];
    saved(&world.annotator.post_form(&format!("{place}/removal"), &[]).await);
    let page = world.page().await;
    assert_eq!(page.select(".appearance").len(), 1);
    assert!(page.text.contains("Removed places (1)"));
    let again = world.annotator.post_form(&format!("{place}/removal"), &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);

    let event = page.attribute(".history input[name=event]", "value").unwrap();
    saved(&world.annotator.post_form(&path(world.claim, "/undo"), &[("event", &event)]).await);
    assert_eq!(world.page().await.select(".appearance").len(), 2);
    let places = world.places().await;
    let restored = world.annotator.post_form(&format!("{}/restoration", places[1]), &[]).await;
    assert_eq!(restored.status, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn an_appearance_of_another_claim_is_not_changed_through_this_one() {
    let world = World::new().await;
    let place = &world.places().await[0];
    let other = add(&world.annotator, &[("claim_reviewed", "Other."), ("url", "https://c.example/")]).await;
    let id = place.rsplit('/').next().unwrap();
    let through = path(other, &format!("/appearances/{id}"));
    assert_eq!(world.change(&through, "place", "", "x").await.status, StatusCode::NOT_FOUND);
    let removed = world.annotator.post_form(&format!("{through}/removal"), &[]).await;
    assert_eq!(removed.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_claim_is_found_in_an_article_by_the_words_there() {
    let world = World::new().await;
    let text = "“Bills have doubled”, she said.\n\nBills rose, he said. Bills rose, all said.";
    let added = world.annotator.post_form("/demo/articles", &[("text", text)]).await;
    let article = world.server.url(added.location());
    let quotation = path(world.claim, "/quotation");
    let add = async |article: &str, quote: &str| {
        world.annotator.post_form(&quotation, &[("article", article), ("quote", quote)]).await
    };

    saved(&add(&article, "\"Bills  have doubled\"").await);
    assert_eq!(world.page().await.select(".appearance blockquote"), ["“Bills have doubled”"]);
    assert_eq!(world.server.count("SELECT count(*) FROM anchors WHERE NOT removed").await, 1);

    let absent = add(&article, "Bills fell").await;
    assert_eq!(absent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        (absent.one("#quotation-quote"), absent.select("[role=alert] a").len()),
        ("Bills fell".into(), 1)
    );
    let several = add(&article, "Bills rose").await;
    assert_eq!(several.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(several.select("input[type=radio][name=at]").len(), 2, "{}", several.text);
    let nowhere = add("https://a.example/", "Bills rose").await;
    assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY);

    let place = world.places().await.pop().unwrap();
    saved(&world.annotator.post_form(&format!("{place}/removal"), &[]).await);
    assert_eq!(world.server.count("SELECT count(*) FROM anchors WHERE NOT removed").await, 0);
}

#[actix_web::test]
async fn a_mark_is_taken_back_with_its_place_in_the_text() {
    let world = World::new().await;
    let added = world.annotator.post_form("/demo/articles", &[("text", "Bills rose, she said.")]).await;
    let version: String = sqlx::query_scalar("SELECT id::text FROM article_versions")
        .fetch_one(world.server.owner_pool())
        .await
        .unwrap();
    let marks = format!("{}/marks", added.location());
    saved(&world.annotator.post_form(&marks, &[("version", &version), ("quote", "Bills rose")]).await);
    let claim: ClaimId = sqlx::query_scalar("SELECT claim_id FROM anchors")
        .fetch_one(world.server.owner_pool())
        .await
        .unwrap();
    let page = world.annotator.get(&path(claim, "")).await;
    let event = page.attribute(".history input[name=event]", "value").unwrap();

    saved(&world.annotator.post_form(&path(claim, "/undo"), &[("event", &event)]).await);

    assert_eq!(world.server.count("SELECT count(*) FROM anchors WHERE NOT removed").await, 0);
    assert!(!world.annotator.get(added.location()).await.has("mark"));
    let again = world.annotator.post_form(&path(claim, "/undo"), &[("event", &event)]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}
