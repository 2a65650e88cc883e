//! Words of a copy become evidence: selected, chosen from the list of sentences, or typed.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;

use super::copy::{Asked, Typed, shown};
use super::pages::tidy;
use super::reading;
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::claims::marks;
use crate::db::{Pool, unit_of_work};
use crate::editing::Values;
use crate::error::{Error, Result};
use crate::evidence::cited::EvidenceFields;
use crate::evidence::store::{self, Cite};
use crate::id::{ClaimId, CopyId, SourceId};
use crate::text::Document;
use crate::text::quote::{QuoteCheck, check, difference};
use crate::text::selector::Passage;
use crate::web::problems::Problems;
use crate::web::{Posted, see_other};

/// What is cited: its place, or the words themselves.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    claim: ClaimId,
    /// A place, as in `441-502`.
    #[serde(default)]
    at: String,
    /// The words; with a place, those that were seen there.
    #[serde(default)]
    quote: String,
    #[serde(default)]
    stance: String,
    #[serde(default)]
    note: String,
    /// Whether it was sent from the list of sentences.
    mode: Option<String>,
}

#[post("/{desk}/sources/{source}/copies/{copy}/evidence")]
pub async fn cite(
    posted: Posted<CiteEvidence, Wanted>,
    path: Path<(String, SourceId, CopyId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let (_, source, copy) = path.into_inner();
    let viewer = by.viewer();
    let mut conn = pool.acquire().await?;
    let read = reading::copy(&mut conn, &viewer, source, copy).await?;
    let document = read.document.as_ref().ok_or(Error::NotFound("text of this copy"))?;
    let mut typed = Typed {
        quote: form.quote.clone(),
        stance: form.stance.clone(),
        note: form.note.clone(),
        ..Typed::default()
    };
    let found = place(document, &form, &mut typed);
    let values: Values = [
        ("exact", found.as_ref().map_or_else(String::new, |(_, words)| words.clone())),
        ("stance", form.stance.clone()),
        ("note", form.note.replace("\r\n", "\n").trim().to_owned()),
    ]
    .into();
    let fields = EvidenceFields::parse(&values);
    let (Some((passage, _)), Ok(mut fields)) =
        (found, fields.map_err(|problems| tell(&mut typed, &problems)))
    else {
        let asked = Asked { claim: Some(form.claim), mode: String::new() };
        return shown(&mut conn, StatusCode::UNPROCESSABLE_ENTITY, &viewer, (source, copy), &asked, typed)
            .await;
    };
    drop(conn);
    fields.place = Some((copy, passage.start().unsigned_abs()));
    let back = format!("/{}/sources/{}/copies/{copy}?claim={}", viewer.desk.slug, read.source, form.claim);
    let location = match form.mode {
        Some(_) => format!("{back}&mode=sentences#s{}", passage.start()),
        None => format!("{back}#b{}", document.block_at(passage.start().unsigned_abs())),
    };
    let (to, claim, of) = (location.clone(), form.claim, read.source);
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        save(tx, &by, claim, of, &fields).await
    })
    .await?;
    Ok(see_other(&location))
}

/// Fills in the words of evidence for which the source was pasted before, or adds evidence.
async fn save(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    source: SourceId,
    fields: &EvidenceFields,
) -> Result<()> {
    let bare = reading::without_words(conn, by.desk.id, claim, source).await?;
    let Some(bare) = bare.filter(|_| fields.exact.is_some()) else {
        return store::add(conn, by, claim, &Cite::Known(source), fields).await.map(drop);
    };
    if store::stands_still(conn, by.desk.id, claim).await? {
        return store::add(conn, by, claim, &Cite::Known(source), fields).await.map(drop);
    }
    let was = store::get(conn, by.desk.id, claim, bare).await?;
    let mut whole = EvidenceFields::parse(&was.values())?;
    whole.exact.clone_from(&fields.exact);
    whole.stance = fields.stance;
    whole.place = fields.place;
    let mut details = json!({
        "claim": claim,
        "exact": {"before": was.exact, "after": fields.exact},
        "stance": {"before": was.stance, "after": fields.stance},
    });
    if !fields.note.is_empty() {
        whole.note.clone_from(&fields.note);
        details["note"] = json!({"before": was.note, "after": fields.note});
    }
    store::update(conn, by, &was, &whole, &details).await
}

fn tell(typed: &mut Typed, problems: &Problems) {
    for problem in problems {
        typed.problems.add(problem.field.clone(), problem.words.clone());
    }
}

/// The passage that is meant and the words that are cited; nothing when there is something to mend, which `typed` then says.
fn place(document: &Document, form: &Wanted, typed: &mut Typed) -> Option<(Passage, String)> {
    let text = document.text();
    if let Some((start, end)) = marks::place(&form.at) {
        let seen = Some(form.quote.trim()).filter(|seen| !seen.is_empty());
        let passage = marks::passage(document, start, end, seen);
        let passage = passage.map_err(|error| typed.problems.add("quote", error.to_string())).ok()?;
        let words = tidy(passage.exact());
        return Some((passage, words));
    }
    let quote = tidy(&form.quote);
    let checked = check(text, &quote, None);
    let Some(found) = checked.place else {
        let words = if quote.is_empty() {
            "Type or paste the words that are to be cited."
        } else {
            "These words do not stand in this copy. Check them against the text, or paste them from it."
        };
        typed.problems.add("quote", words);
        return None;
    };
    if checked.check == QuoteCheck::Nearly {
        typed.problems.add("quote", "Other words stand in this copy. Look at the difference.");
        typed.nearly = Some((format!("{}-{}", found.start, found.end), difference(&quote, &found.exact)));
        return None;
    }
    Some((Passage::at(text, found.start, found.end).ok()?, quote))
}
