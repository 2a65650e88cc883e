//! An answer, and what stands in it.

use dom_query::Document;
use reqwest::{RequestBuilder, StatusCode, header::HeaderMap};

#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Page {
    /// The answer to a request.
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.expect("the server answers");
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            text: response.text().await.expect("answers are text"),
        }
    }

    /// The answer to a request, of which a stream without an end is not waited for.
    pub async fn head_of(request: RequestBuilder) -> Self {
        let response = request.send().await.expect("the server answers");
        let (status, headers) = (response.status(), response.headers().clone());
        let is_stream =
            headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
        let text = if is_stream { String::new() } else { response.text().await.expect("answers are text") };
        Self { status, headers, text }
    }

    /// A header's value; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("headers are ASCII"))
    }

    /// Where the answer leads.
    pub fn location(&self) -> &str {
        assert!(self.status.is_redirection(), "{} is no redirect: {}", self.status, self.text);
        self.header("location")
    }

    /// The page as a document, for questions of its own.
    pub fn document(&self) -> Document {
        Document::from(self.text.as_str())
    }

    /// The words of everything that the CSS selector finds, in order, with blanks as a reader sees them.
    pub fn select(&self, selector: &str) -> Vec<String> {
        let document = self.document();
        document.select(selector).iter().map(|found| words(&found.text())).collect()
    }

    /// The words of the one thing that the selector finds.
    pub fn one(&self, selector: &str) -> String {
        let mut found = self.select(selector);
        assert_eq!(found.len(), 1, "{selector} is found {} times in {}", found.len(), self.text);
        found.remove(0)
    }

    /// Whether the selector finds anything.
    pub fn has(&self, selector: &str) -> bool {
        self.document().select(selector).exists()
    }

    /// An attribute of the first thing that the selector finds.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        self.document().select(selector).attr(name).map(|value| value.to_string())
    }

    /// The answer as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
