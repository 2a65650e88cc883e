//! The ways a request can fail, in the words of the domain. `web/errors.rs` says how each is answered.

use std::borrow::Cow;

/// A result whose failure is an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// `Display` is for the person who asked; what only an operator may read is the logged source.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The thing named does not exist, or must look as if it did not.
    #[error("There is no such {0}.")]
    NotFound(&'static str),
    /// Nobody is signed in, and somebody has to be.
    #[error("Please sign in first.")]
    SignIn,
    /// Nobody is signed in any more, or the form is from another session; what was typed is kept here.
    #[error("You were signed out while you were writing. Nothing you typed is lost.")]
    Resend(Box<Resend>),
    /// The person is a member of the desk but has no role that allows this.
    #[error("Your role at this desk does not allow you to {0}.")]
    Forbidden(&'static str),
    /// The person's role would allow it, but what they did before does not.
    #[error("{0}")]
    Barred(&'static str),
    /// The request came from another site.
    #[error("This request came from another site, so nothing was changed. Open the page here and try again.")]
    Forged,
    /// What was sent cannot be read as what it should be.
    #[error("{0}")]
    Malformed(Cow<'static, str>),
    /// What was sent can be read, but breaks a rule.
    #[error("{0}")]
    Invalid(Cow<'static, str>),
    /// Somebody else was faster, or the thing is in another state than it was.
    #[error("{0}")]
    Conflict(Cow<'static, str>),
    /// The same submission arrived before; its result is at this address.
    #[error("This was sent before. The first result stands.")]
    Repeated(String),
    /// More was sent than is accepted.
    #[error("That is too large: {0}")]
    TooLarge(Cow<'static, str>),
    /// The body came too slowly.
    #[error("The request took too long to arrive. Please try again.")]
    TooSlow,
    /// The body is of another kind than this address takes.
    #[error("This address takes {0} only.")]
    MediaType(&'static str),
    /// Too many tries in a short time.
    #[error("Too many tries. Please wait {retry_after_s} seconds and try again.")]
    TooMany {
        /// Seconds until the next try can succeed.
        retry_after_s: u64,
    },
    /// The server cannot answer at the moment.
    #[error("The server is busy or starting. Please try again in a moment.")]
    Unavailable,
    /// PostgreSQL failed.
    #[error("Something went wrong on our side. It has been noted.")]
    Database(#[source] sqlx::Error),
    /// Something else failed that should not.
    #[error("Something went wrong on our side. It has been noted.")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Anything that should not happen, with its cause for the log.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// A rule that was broken, in the words for the person who broke it.
    pub fn invalid(words: impl Into<Cow<'static, str>>) -> Self {
        Self::Invalid(words.into())
    }

    /// A state of things that does not allow what was asked.
    pub fn conflict(words: impl Into<Cow<'static, str>>) -> Self {
        Self::Conflict(words.into())
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => Self::Unavailable,
            // Class 08 and 57P01–57P03: the connection or the server goes away. 53300: no connection is left.
            // https://www.postgresql.org/docs/current/errcodes-appendix.html
            sqlx::Error::Database(cause)
                if cause.code().is_some_and(|code| {
                    code.starts_with("08") || code.starts_with("57P") || code == "53300"
                }) =>
            {
                Self::Unavailable
            }
            _ => Self::Database(error),
        }
    }
}

/// A form that could not be taken, with everything typed, so that it can be sent again.
#[derive(Debug)]
pub struct Resend {
    /// Where it was sent.
    pub action: String,
    /// Its fields in order, without the one that ties it to a session.
    pub fields: Vec<(String, String)>,
    /// What ties it to the session of now, when somebody is signed in.
    pub csrf: Option<String>,
}
