//! The way to the mail server.

use std::sync::Arc;
use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport as _, Tokio1Executor};
use url::Url;

use super::Letter;

/// How long the mail server may take to answer each command.
const WITHIN: Duration = Duration::from_secs(10);

/// The way to the mail server, if there is one.
#[derive(Clone, Debug, Default)]
pub struct Mail(Option<Arc<Sender>>);

#[derive(Debug)]
struct Sender {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    base: String,
}

/// Why a letter was not taken.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{words}")]
pub struct Undelivered {
    /// Whether it may be taken later.
    pub passes: bool,
    words: String,
}

impl Mail {
    /// The way to the server at an address as in `smtps://user:password@mail.example.org` or
    /// `smtp://mail.example.org:587?tls=required`. `from` stands in letters as their sender.
    ///
    /// # Errors
    /// What cannot be read, in words without the password.
    pub fn new(url: &str, from: &str, base: &Url) -> Result<Self, String> {
        let from =
            from.parse().map_err(|_| format!("{from:?} is no sender, as in Facts <facts@example.org>"))?;
        // The first one of this process chooses for all.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| "expected smtp:// or smtps://, perhaps user:password@, a host, perhaps a port and ?tls=required")?
            .timeout(Some(WITHIN))
            .build();
        Ok(Self(Some(Arc::new(Sender { transport, from, base: base.origin().ascii_serialization() }))))
    }

    /// Whether there is one.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.0.is_some()
    }

    /// The address under which browsers reach the server, for links in letters.
    #[must_use]
    pub fn base(&self) -> &str {
        self.0.as_ref().map_or("", |sender| &sender.base)
    }

    /// Hands a letter over.
    ///
    /// # Errors
    /// [`Undelivered`].
    pub async fn send(&self, to: &str, letter: &Letter) -> Result<(), Undelivered> {
        let refused = |words: String| Undelivered { passes: false, words };
        let Some(sender) = &self.0 else {
            return Err(refused("no mail server is configured".to_owned()));
        };
        let header =
            |name: &'static str, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
        let to: Mailbox = to.parse().map_err(|_| refused("this is no address for mail".to_owned()))?;
        let message = Message::builder()
            .from(sender.from.clone())
            .to(to)
            .subject(&letter.subject)
            .header(ContentType::TEXT_PLAIN)
            // No answer by a machine is wanted: RFC 3834, section 5.
            .raw_header(header("Auto-Submitted", "auto-generated".to_owned()))
            .raw_header(header("List-Unsubscribe", format!("<{}/account/mail>", sender.base)))
            .body(letter.text.clone())
            .map_err(|error| refused(error.to_string()))?;
        match sender.transport.send(message).await {
            Ok(_) => Ok(()),
            // What the server says may name the person: only its kind is told on.
            Err(error) => Err(Undelivered {
                passes: !error.is_permanent(),
                words: error.status().map_or_else(
                    || "the mail server cannot be reached".to_owned(),
                    |status| format!("the mail server answered {status}"),
                ),
            }),
        }
    }
}
