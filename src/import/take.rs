//! Taking one file in: read it, look for its twin, store it in a transaction of its own.

use std::collections::HashMap;

use sqlx::PgPool;
use time::OffsetDateTime;

use super::files::Entry;
use super::report::{Line, Outcome};
use super::store::desk_and_account;
use crate::agents;
use crate::articles::details;
use crate::articles::intake::{self, How, Received, bare_name, read_apart};
use crate::articles::store::{self, find_twin, hash};
use crate::articles::versions::{Bytes, NewVersion};
use crate::articles::{NewArticle, snapshots};
use crate::audit;
use crate::auth::permission::AddArticle;
use crate::auth::{Authorized, acting};
use crate::claims::carry::{Added, add_version};
use crate::db::unit_of_work;
use crate::editing::Values;
use crate::error::{Error, Result};
use crate::isolated::Isolated;
use crate::text::address::url_key;

/// An import that is under way.
#[derive(Debug)]
pub struct Import {
    pool: PgPool,
    isolated: Isolated,
    by: Authorized<AddArticle>,
    /// Whether nothing is stored.
    dry: bool,
    /// Whether another text of an article that is here becomes its next version.
    update: bool,
    /// The texts and addresses that came in with this import, and with which file.
    seen: HashMap<Vec<u8>, String>,
}

impl Import {
    /// One that acts for a member of a desk, with the permissions that this person has.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Forbidden`], in words for who runs it.
    pub async fn begin(pool: PgPool, desk: &str, handle: &str, dry: bool, update: bool) -> Result<Self> {
        let (desk, account) = desk_and_account(&pool, desk, handle).await?;
        let viewer =
            acting(&pool, desk, account, OffsetDateTime::now_utc()).await.map_err(|error| match error {
                Error::NotFound(_) => Error::NotFound("member of this desk"),
                other => other,
            })?;
        let by = viewer.authorize()?;
        Ok(Self { pool, isolated: Isolated::default(), by, dry, update, seen: HashMap::new() })
    }
}

/// Takes a file in; what stands in its way is told in the line, and only for that file.
pub async fn take(import: &mut Import, entry: Entry) -> Line {
    let Entry { name, content } = entry;
    let outcome = match content {
        Err(words) => Outcome::Refused(words),
        Ok(bytes) => match stored(import, &name, bytes).await {
            Ok(outcome) => outcome,
            Err(error) => Outcome::Refused(error.to_string()),
        },
    };
    Line { name, outcome }
}

async fn stored(import: &mut Import, name: &str, bytes: Vec<u8>) -> Result<Outcome> {
    let now = OffsetDateTime::now_utc();
    let mut received = Received::new(How::File, bytes, now);
    received.file_name = Some(bare_name(name));
    let reading = match read_apart(&import.isolated, &received).await {
        Ok(reading) => reading,
        Err(refused) => return Ok(Outcome::Refused(refused.label().to_owned())),
    };
    let mut values = Values::new();
    intake::fill(&mut values, &reading.imported, false);
    let checked = match details::check(&values) {
        Ok(checked) => checked,
        Err(problems) => {
            // What the file says of itself and cannot be kept is left unknown.
            for problem in &problems {
                values.retain(|field, _| *field != problem.field);
            }
            details::check(&values)?
        }
    };
    let document = reading.imported.article();
    let twin = find_twin(&import.pool, import.by.desk.id, document.text(), checked.url.as_ref()).await?;
    if let Some(twin) = &twin
        && (twin.same_text || !import.update)
    {
        return Ok(if twin.same_text { Outcome::Double(twin.id) } else { Outcome::OtherText(twin.id) });
    }
    let text = hash(document.text());
    let address = checked.url.as_ref().map(|url| url_key(url).key.into_bytes());
    // In a dry run, the first of two is not here yet.
    for key in std::iter::once(&text).chain(&address) {
        if let Some(first) = import.seen.get(key)
            && (import.dry || twin.is_none())
        {
            return Ok(Outcome::Again(first.clone()));
        }
    }
    for key in std::iter::once(text).chain(address) {
        import.seen.insert(key, name.to_owned());
    }
    if import.dry {
        return Ok(twin.map_or(Outcome::Added(None), |twin| Outcome::NextVersion(twin.id)));
    }
    let by = import.by.clone();
    let file_name = received.file_name.clone();
    if let Some(twin) = twin {
        let mut new = NewVersion::new(document, reading.format);
        (new.file_name, new.charset) = (file_name, reading.charset);
        new.bytes = Some(Bytes::Received(received));
        let added =
            unit_of_work(&import.pool, async move |tx| add_version(tx, &by, twin.id, &new).await).await?;
        return Ok(match added {
            Added::Version { .. } => Outcome::NextVersion(twin.id),
            Added::Unchanged { .. } => Outcome::Double(twin.id),
        });
    }
    let mut article = NewArticle::new(checked.clone().known(None), document, reading.format);
    (article.file_name, article.charset) = (file_name, reading.charset);
    let id = article.id;
    unit_of_work(&import.pool, async move |tx| {
        let change = audit::record(tx, &by, "article.add", "article", article.id, &article.event()).await?;
        let publisher = match &checked.publisher {
            Some(name) => Some(agents::store::find_or_create(tx, &by, name, agents::Kind::Outlet).await?),
            None => None,
        };
        let mut article = article.clone();
        article.known.publisher = publisher;
        article.snapshot = Some(snapshots::keep(tx, &by, &change, &received).await?);
        store::create(tx, &by, &change, &article).await
    })
    .await?;
    Ok(Outcome::Added(Some(id)))
}
