//! The stream that tells an article's page what others change.

use std::time::Duration;

use factdesk::auth::Role;
use reqwest::{Method, Response};
use serde_json::Value;
use tokio::time::timeout;

use crate::harness::{Browser, Server};
use crate::marks::Marking;
use crate::reviews::{World, evidence};

/// A stream of events, as a browser hears it.
struct Heard {
    response: Response,
    text: String,
}

impl Heard {
    async fn listen(browser: &Browser, path: &str, last: Option<&str>) -> Self {
        // Compression is asked for, as browsers do, and must not hold anything back.
        let mut request = browser.request(Method::GET, path).header("accept-encoding", "gzip, br");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        Self { response, text: String::new() }
    }

    /// The next event with its id, if one comes in time.
    async fn next(&mut self, within: Duration) -> Option<(String, Value)> {
        timeout(within, async {
            loop {
                if let Some(end) = self.text.find("\n\n") {
                    let event: String = self.text.drain(..end + 2).collect();
                    let field = |name: &str| {
                        event.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned)
                    };
                    if let (Some(id), Some(data)) = (field("id: "), field("data: ")) {
                        return (id, serde_json::from_str(&data).unwrap());
                    }
                    continue;
                }
                let chunk = self.response.chunk().await.unwrap().expect("the stream goes on");
                self.text.push_str(std::str::from_utf8(&chunk).unwrap());
            }
        })
        .await
        .ok()
    }
}

const SECOND: Duration = Duration::from_secs(1);

async fn stream(browser: &Browser, article: &Marking) -> String {
    let after = browser.get(&article.path).await.attribute("[data-after]", "data-after").unwrap();
    format!("{}/live?after={after}", article.path)
}

#[actix_web::test]
async fn two_who_mark_at_once_hear_of_each_other_within_a_second() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let checker = server.sign_in(Role::FactChecker).await;
    let article = Marking::new(&server, &annotator).await;
    let mut one = Heard::listen(&annotator, &stream(&annotator, &article).await, None).await;
    let mut other = Heard::listen(&checker, &stream(&checker, &article).await, None).await;

    let marking = [article.mark(&annotator, "million"), article.mark(&checker, "We will never go")];
    futures_util::future::join_all(marking).await;

    for heard in [&mut one, &mut other] {
        let mut blocks = Vec::new();
        while blocks.len() < 2 {
            let (_, event) = heard.next(SECOND).await.expect("it comes within a second");
            assert!(event["by"].as_str().unwrap().ends_with("of demo"));
            blocks
                .extend(event["blocks"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()));
        }
        blocks.sort();
        assert_eq!(blocks, ["b0", "b1"]);
    }
}

#[actix_web::test]
async fn a_stream_goes_on_where_it_broke_off() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = Marking::new(&server, &annotator).await;
    let path = stream(&annotator, &article).await;

    // What came before the stream began is told, because the page did not have it.
    article.mark(&annotator, "million").await;
    let mut heard = Heard::listen(&annotator, &path, None).await;
    let (id, event) = heard.next(SECOND).await.unwrap();
    assert_eq!(event["blocks"], serde_json::json!(["b0"]));
    drop(heard);
    article.mark(&annotator, "We will never go").await;
    let mut again = Heard::listen(&annotator, &path, Some(&id)).await;
    let (_, event) = again.next(SECOND).await.unwrap();
    assert_eq!(event["blocks"], serde_json::json!(["b1"]));
}

#[actix_web::test]
async fn readers_hear_of_what_is_public_only_and_not_of_who_did_it() {
    let mut world = World::new().await;
    let annotator = world.server.sign_in(Role::Annotator).await;
    let reader = world.server.visitor();
    let article = Marking::new(&world.server, &annotator).await;
    let mut heard = Heard::listen(&reader, &format!("{}/live", article.path), None).await;

    let made = article.mark(&annotator, "million").await;
    article.mark(&annotator, "We will never go").await;
    assert_eq!(heard.next(SECOND).await, None);
    world.claim = made["claim"].as_str().unwrap().parse().unwrap();
    evidence(world.server.owner_pool(), &world.desk, world.claim).await;
    world.publish().await;

    let (_, event) = heard.next(SECOND).await.expect("it is public now");
    assert_eq!(event["blocks"], serde_json::json!(["b0"]));
    assert_eq!(event["by"], Value::Null);
}

#[actix_web::test]
async fn another_desks_changes_are_not_told() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let stranger = server.sign_in_at("other", Role::Editor).await;
    let article = Marking::new(&server, &annotator).await;

    let through_another_desk = format!("{}/live", article.path.replace("/demo/", "/other/"));
    assert_eq!(stranger.get(&through_another_desk).await.status, 404);
}
