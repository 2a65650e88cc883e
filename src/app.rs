//! The application, from the outside in: state, middleware, routes.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, NormalizePath, TrailingSlash, from_fn};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{App, HttpResponse, get};
use url::Url;

use crate::audit::signing::SigningKey;
use crate::base_url::BaseUrl;
use crate::db::{Handle, WorkerPool};
use crate::error::{Error, Result};
use crate::evidence::outside::Archives;
use crate::fetch::{Allowed, Fetcher};
use crate::isolated::Isolated;
use crate::mail::Mail;
use crate::web::{self as pages, Drain};

/// What every worker of a server shares.
#[derive(Clone, Debug)]
pub struct State {
    pub base: Data<BaseUrl>,
    pub db: Data<Handle>,
    pub drain: Data<Drain>,
    /// The way to processes that read what strangers send.
    pub isolated: Data<Isolated>,
    /// The way to the web.
    pub fetcher: Data<Fetcher>,
    /// The key that signs heads of the record, if there is one.
    pub record_key: Data<Option<SigningKey>>,
    /// The way to the mail server, if there is one.
    pub mail: Data<Mail>,
    /// The archives outside that sources may be handed to.
    pub archives: Data<Archives>,
}

impl State {
    /// The state of a server that browsers reach under an address, without its database yet.
    #[must_use]
    pub fn new(base: &Url) -> Self {
        Self::with(base, Isolated::default(), Allowed::default())
    }

    /// The same with processes of another program than the one that runs, and with what may be fetched besides the
    /// public web.
    #[must_use]
    pub fn with(base: &Url, isolated: Isolated, allowed: Allowed) -> Self {
        let isolated = Data::new(isolated);
        let fetcher = Data::new(Fetcher::new(isolated.clone().into_inner(), allowed));
        Self {
            base: Data::new(BaseUrl::new(base)),
            db: Data::default(),
            drain: Data::default(),
            isolated,
            fetcher,
            record_key: Data::default(),
            mail: Data::default(),
            archives: Data::default(),
        }
    }

    /// Has heads of the record signed with a key from now on.
    pub fn sign_heads(&mut self, key: SigningKey) {
        self.record_key = Data::new(Some(key));
    }

    /// The same with a way to a mail server.
    #[must_use]
    pub fn mailing(mut self, mail: Mail) -> Self {
        self.mail = Data::new(mail);
        self
    }

    /// The same with archives outside that sources may be handed to.
    #[must_use]
    pub fn handing_to(mut self, archives: Archives) -> Self {
        self.archives = Data::new(archives);
        self
    }
}

/// One worker's application.
pub fn app(
    state: &State,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + use<>>,
        Error = actix_web::Error,
        InitError = (),
    > + use<>,
> {
    App::new()
        .app_data(state.base.clone())
        .app_data(state.db.clone())
        .app_data(WorkerPool::default())
        .app_data(state.drain.clone())
        .app_data(state.isolated.clone())
        .app_data(state.fetcher.clone())
        .app_data(state.record_key.clone())
        .app_data(state.mail.clone())
        .app_data(state.archives.clone())
        .configure(extractors)
        .configure(routes)
        .default_service(web::to(async || Result::<HttpResponse>::Err(Error::NotFound("page"))))
        .wrap(from_fn(crate::drafts::clear))
        .wrap(from_fn(pages::errors::pages))
        .wrap(Compress::default())
        .wrap(NormalizePath::new(TrailingSlash::MergeOnly))
        .wrap(pages::headers::defaults(state.base.is_https()))
        .wrap(from_fn(pages::drain::close_connections))
}

/// A path or query that cannot be read names nothing.
fn extractors(config: &mut ServiceConfig) {
    config
        .app_data(web::PathConfig::default().error_handler(|_, _| Error::NotFound("page").into()))
        .app_data(web::QueryConfig::default().error_handler(|error, _| {
            Error::Malformed(format!("This address cannot be read: {error}.").into()).into()
        }));
}

/// Every address there is. Fixed words come before `/{desk}`.
fn routes(config: &mut ServiceConfig) {
    config.service(live).service(ready).service(pages::assets::serve);
    // Addresses are tried one after the other, so those that are asked for most come first.
    crate::articles::routes(config);
    crate::claims::carry::routes(config);
    crate::incoming::routes(config);
    crate::claims::marks::routes(config);
    crate::claims::findings::routes(config);
    crate::capture::routes(config);
    crate::accounts::routes(config);
    crate::scales::routes(config);
    crate::policies::routes(config);
    crate::guidelines::routes(config);
    crate::training::routes(config);
    crate::record::routes(config);
    crate::agents::routes(config);
    crate::live::routes(config);
    crate::claims::routes(config);
    crate::evidence::routes(config);
    crate::contacts::routes(config);
    crate::feeds::routes(config);
    crate::discussion::routes(config);
    crate::notifications::routes(config);
    crate::drafts::routes(config);
    crate::mail::routes(config);
    crate::reviews::routes(config);
    crate::reports::routes(config);
    crate::exchange::routes(config);
    crate::publish::routes(config);
    crate::agreement::routes(config);
    crate::workbench::routes(config);
}

/// Whether the process runs.
#[get("/live")]
async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("live\n")
}

/// Whether requests can be answered. That they cannot, while the server starts, stops, or has lost its database, is
/// an ordinary answer to who asks for it, and not a failure to be logged.
#[get("/ready")]
async fn ready(db: Data<Handle>, drain: Data<Drain>) -> HttpResponse {
    let is_ready = match db.get() {
        Ok(pool) if !drain.has_begun() => {
            sqlx::query_scalar!(r#"SELECT 1 AS "one!""#).fetch_one(pool).await.is_ok()
        }
        _ => false,
    };
    let (mut answer, text) = if is_ready {
        (HttpResponse::Ok(), "ready\n")
    } else {
        (HttpResponse::ServiceUnavailable(), "not ready\n")
    };
    answer.content_type("text/plain; charset=utf-8").body(text)
}
