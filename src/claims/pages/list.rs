//! The list of claims, with filters that are links and one form.

use actix_web::http::StatusCode;
use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::agents::{self, Name};
use crate::auth::Viewer;
use crate::auth::permission::MarkClaim;
use crate::claims::store::{self, Counts, Filter, Listed};
use crate::claims::{Stage, fields};
use crate::db::Pool;
use crate::error::{Error, Result};
use crate::id::{AgentId, ArticleId};
use crate::scales;
use crate::web::paging::Page;
use crate::web::{Shell, page};

/// What the list is asked for; everything may be empty.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Asked {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub stage: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rating: String,
    /// A name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub speaker: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub topic: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// Anything: only the viewer's own.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mine: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<ArticleId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Uuid>,
}

impl Asked {
    /// The filter that this asks for.
    ///
    /// # Errors
    /// [`Error::Malformed`] when there is no such stage.
    pub async fn filter(&self, conn: &mut PgConnection, viewer: &Viewer) -> Result<Filter> {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let stage = match self.stage.as_str() {
            "" => None,
            code => Some(
                Stage::parse(code)
                    .ok_or_else(|| Error::Malformed(format!("There is no stage {code:?}.").into()))?,
            ),
        };
        let speaker = match given(&self.speaker) {
            None => None,
            Some(name) => {
                let found = match Name::parse(&name) {
                    Ok(name) => agents::store::find(conn, viewer.desk.id, &name, None).await?,
                    Err(_) => None,
                };
                // Nobody is called so: no claim is theirs.
                Some(found.unwrap_or(AgentId::from(Uuid::nil())))
            }
        };
        let mine = given(&self.mine).and(viewer.person.as_ref()).map(|person| person.account);
        Ok(Filter {
            stage,
            rating: given(&self.rating),
            speaker,
            topic: fields::topics(&self.topic).into_iter().next(),
            words: given(&self.q),
            mine,
            article: self.article,
        })
    }

    /// The address of the list with these filters.
    fn link(&self) -> String {
        let query = serde_html_form::to_string(self).unwrap_or_default();
        format!("?{query}")
    }

    /// Whether anything but the stage is asked for.
    #[must_use]
    pub fn narrows(&self) -> bool {
        let Self { rating, speaker, topic, q, mine, article, .. } = self;
        [rating, speaker, topic, q, mine].into_iter().any(|text| !text.is_empty()) || article.is_some()
    }
}

#[derive(Template)]
#[template(path = "claims/list.html")]
struct ListPage {
    shell: Shell,
    asked: Asked,
    claims: Page<Listed>,
    counts: Counts,
    topics: Vec<String>,
    /// Code and label of each.
    ratings: Vec<(String, String)>,
    may_mark: bool,
}

impl ListPage {
    fn of_stage(&self, stage: &str) -> String {
        Asked { stage: stage.to_owned(), before: None, ..self.asked.clone() }.link()
    }

    fn of_topic(&self, topic: &str) -> String {
        Asked { topic: topic.to_owned(), before: None, ..self.asked.clone() }.link()
    }

    fn after(&self, next: &Uuid) -> String {
        Asked { before: Some(*next), ..self.asked.clone() }.link()
    }
}

/// The desk's claims: all for members, the public ones for readers.
#[get("/{desk}/claims")]
pub async fn list(viewer: Viewer, asked: Query<Asked>, pool: Pool) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let filter = asked.filter(conn, &viewer).await?;
    let claims = store::list(conn, &viewer, &filter, asked.before).await?;
    let counts = store::counts(conn, &viewer).await?;
    let topics = store::topics(conn, viewer.desk.id, viewer.is_member()).await?;
    let ratings = match scales::default(conn, viewer.desk.id).await {
        Ok(scale) => scale.values.into_iter().map(|value| (value.code, value.label)).collect(),
        Err(Error::NotFound(_)) => Vec::new(),
        Err(error) => return Err(error),
    };
    let list = ListPage {
        shell: Shell::new(&viewer),
        may_mark: viewer.may::<MarkClaim>(),
        asked: asked.into_inner(),
        claims,
        counts,
        topics,
        ratings,
    };
    page(StatusCode::OK, &list)
}
