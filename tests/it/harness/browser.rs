//! A browser: keeps cookies, sends what browsers send, and follows a redirect only when told.

use std::sync::Arc;

use reqwest::{
    Client, Method, RequestBuilder, Url,
    cookie::{CookieStore, Jar},
    redirect::Policy,
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Page;

pub struct Browser {
    client: Client,
    jar: Arc<Jar>,
    base: Url,
}

impl Browser {
    pub fn new(base: &str) -> Self {
        // The second client of this process finds it chosen already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let jar = Arc::new(Jar::default());
        let client = Client::builder()
            .cookie_provider(jar.clone())
            .redirect(Policy::none())
            .no_proxy()
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .build()
            .expect("a client without TLS needs nothing");
        Self { client, jar, base: base.parse().expect("a server has an address") }
    }

    /// Takes a cookie as if the server had set it.
    pub fn set_cookie(&self, cookie: &str) {
        self.jar.add_cookie_str(cookie, &self.base);
    }

    /// The value of a cookie that the server set.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.jar.cookies(&self.base)?;
        cookies.to_str().ok()?.split("; ").find_map(|cookie| {
            let (found, value) = cookie.split_once('=')?;
            (found == name).then(|| value.to_owned())
        })
    }

    /// What forms of this session carry; empty when nobody is signed in.
    pub fn csrf(&self) -> String {
        self.cookie("factdesk").map_or_else(String::new, |token| {
            let hash = Sha256::new().chain_update(b"form\0").chain_update(token).finalize();
            hash.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
        })
    }

    /// A request as one likes it, with the cookies; `.send().await` it and make a [`Page`] of the answer.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.base.join(path).expect("a path"))
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Page {
        Page::of(self.request(Method::GET, path).header("accept", "text/html,*/*;q=0.8")).await
    }

    /// Opens the page that an answer leads to.
    pub async fn follow(&self, page: &Page) -> Page {
        self.get(page.location()).await
    }

    /// Sends a form of this session, with a new key.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.post_again(path, fields, Uuid::now_v7()).await
    }

    /// Sends a form of this session with a key that may have been sent before.
    pub async fn post_again(&self, path: &str, fields: &[(&str, &str)], submission: Uuid) -> Page {
        let csrf = self.csrf();
        let submission = submission.to_string();
        let mut all = vec![("csrf", csrf.as_str()), ("submission", submission.as_str())];
        all.extend_from_slice(fields);
        self.post_bare(path, &all).await
    }

    /// Sends exactly these fields.
    pub async fn post_bare(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        Page::of(self.form(path, fields)).await
    }

    /// A form that is about to be sent, for changing its headers.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.request(Method::POST, path)
            .header("accept", "text/html,*/*;q=0.8")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    }

    /// Sends a JSON document of this session, with a new key.
    pub async fn json(&self, method: Method, path: &str, body: &impl Serialize) -> Page {
        self.json_again(method, path, body, Uuid::now_v7()).await
    }

    /// Sends a JSON document of this session with a key that may have been sent before.
    pub async fn json_again(&self, method: Method, path: &str, body: &impl Serialize, key: Uuid) -> Page {
        let request = self
            .request(method, path)
            .header("x-csrf-token", self.csrf())
            .header("idempotency-key", key.to_string())
            .json(body);
        Page::of(request).await
    }
}
