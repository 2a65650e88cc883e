//! Calling the interface of a service that an operator named, in a process of its own as well: one request, no redirect (the
//! key would go along), and little of an answer.

use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::{Allowed, Fetcher, IN_ALL, Reason, Target, client, resolve};
use crate::isolated::{Broken, Message, Work};

/// The longest answer, in bytes.
const ANSWER_MAX: usize = 256 * 1024;

/// What is asked of a service.
#[derive(Clone, Serialize, Deserialize)]
pub struct Call {
    address: String,
    headers: Vec<(String, String)>,
    /// Without one it only asks.
    body: Option<String>,
}

/// Headers hold keys, and stay out of logs.
impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call").field("address", &self.address).finish_non_exhaustive()
    }
}

/// What the service answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Call {
    /// A question to that address.
    #[must_use]
    pub fn to(address: String) -> Self {
        Self { address, headers: Vec::new(), body: None }
    }

    /// The same with a header.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with something that is sent along.
    #[must_use]
    pub fn sending(mut self, media_type: &str, body: String) -> Self {
        self.body = Some(body);
        self.with("content-type", media_type)
    }

    /// The address that is called.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What is sent along.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        self.body.as_deref()
    }
}

/// What goes to the process.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    call: Call,
    allowed: Allowed,
}

impl Fetcher {
    /// Calls a service.
    ///
    /// # Errors
    /// The [`Reason`] why there is no answer.
    pub async fn call(&self, call: Call) -> Result<Answered, Reason> {
        let order = Order { call, allowed: self.allowed.clone() };
        match self.isolated.run::<Result<u16, Reason>>(Work::Call, &order, &[]).await {
            Ok(answer) => answer.head.map(|status| Answered { status, body: answer.bytes }),
            Err(Broken::TooSlow) => Err(Reason::TooSlow),
            Err(broken) => {
                tracing::error!(error = &broken as &dyn std::error::Error, "a service could not be called");
                Err(Reason::Failing)
            }
        }
    }
}

/// The process's own side of [`Fetcher::call`].
///
/// # Panics
/// When the system cannot start a runtime, which ends the process.
#[must_use]
pub fn answer(order: &Message<Order>) -> Message<Result<u16, Reason>> {
    client::by_itself(async {
        match timeout(IN_ALL, ask(&order.head)).await {
            Ok(Ok((status, bytes))) => Message { head: Ok(status), bytes },
            Ok(Err(reason)) => Message { head: Err(reason), bytes: Vec::new() },
            Err(_) => Message { head: Err(Reason::TooSlow), bytes: Vec::new() },
        }
    })
}

async fn ask(order: &Order) -> Result<(u16, Vec<u8>), Reason> {
    let target = Target::parse(&order.call.address, &order.allowed)?;
    let addresses = resolve::addresses(&target, &order.allowed, &resolve::by_the_system).await?;
    let method = if order.call.body.is_some() { Method::POST } else { Method::GET };
    let mut request = client::client(&target, &addresses)?.request(method, target.url());
    for (name, value) in &order.call.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Reason::NotAllowed)?;
        let value = HeaderValue::from_str(value).map_err(|_| Reason::NotAllowed)?;
        request = request.header(name, value);
    }
    if let Some(body) = &order.call.body {
        request = request.body(body.clone());
    }
    let mut response = request
        .send()
        .await
        .map_err(|error| if error.is_connect() { Reason::Unreachable } else { Reason::Failing })?;
    let status = response.status().as_u16();
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| Reason::Failing)? {
        if bytes.len() + chunk.len() > ANSWER_MAX {
            return Err(Reason::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok((status, bytes))
}
