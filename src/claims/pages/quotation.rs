//! One more place of a claim: words of an article, found by the quote.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, post};
use serde_json::json;
use sqlx::PgConnection;

use super::{check_public, saved, sort};
use crate::articles::texts;
use crate::audit;
use crate::auth::permission::MarkClaim;
use crate::claims::marks::write::{self, Marked};
use crate::claims::marks::{NewMark, QuoteForm, WORDS_MAX, quote_page};
use crate::claims::{Claim, address, store};
use crate::db::{Pool, unit_of_work};
use crate::editing::{self, Field, Form, Pairs, Sent, Values, Widget};
use crate::error::{Error, Result};
use crate::id::{AppearanceId, ArticleId, ClaimId};
use crate::text::selector::{LocateError, locate};
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, see_other};

/// What is asked for a place in an article.
static FIELDS: [Field; 2] = [
    Field {
        name: "article",
        label: "Article",
        hint: "Choose one of the last ones, or paste the address of its page here.",
        widget: Widget::Line,
    },
    Field {
        name: "quote",
        label: "The words there",
        hint: "Type or paste them. Blanks and quotation marks need not be the same.",
        widget: Widget::Text,
    },
];

/// The form that adds a place in an article.
#[must_use]
pub fn form(shell: &Shell, claim: ClaimId) -> Form {
    let action = format!("{}/quotation", address(shell.slug(), claim));
    Form::new(shell, "quotation", action, &FIELDS, &["article", "quote"], &Values::new())
        .suggest("article", "articles")
        .button("Mark these words")
}

/// Address and name of the desk's last articles, to choose from.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn choices(conn: &mut PgConnection, shell: &Shell) -> Result<Vec<(String, String)>> {
    let Some(desk) = &shell.desk else {
        return Ok(Vec::new());
    };
    let latest = store::latest_articles(conn, desk.id).await?;
    Ok(latest.into_iter().map(|(id, name)| (shell.path(&format!("/articles/{id}")), name)).collect())
}

/// Marks words of an article as one more place where the claim was made.
#[post("/{desk}/claims/{claim}/quotation")]
pub async fn add(
    request: HttpRequest,
    posted: Posted<MarkClaim, Pairs>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form: pairs, submission } = posted;
    let sent = Sent::first(&FIELDS, &pairs)?;
    let (article, quote) = (sent.mine()["article"].clone(), sent.mine()["quote"].clone());
    let mut conn = pool.acquire().await?;
    let claim = store::get(&mut conn, by.desk.id, path.1).await?;
    check_public(&by, &claim)?;
    let article: Option<ArticleId> = sort::named(&article);
    let version = match article {
        Some(article) => store::latest_version(&mut conn, by.desk.id, article).await?,
        None => None,
    };
    drop(conn);
    let (Some(article), Some(version)) = (article, version) else {
        let words = "Choose an article of this desk, or paste the address of its page.";
        return refused(&request, &Shell::new(&by.viewer()), &claim, &sent, "article", words);
    };
    let document = texts::get(&pool, by.desk.id, version).await?;
    let passage = match locate(document.text(), &quote) {
        Ok(passage) => passage,
        Err(LocateError::Ambiguous(hits)) => {
            let mut problems = Problems::default();
            problems.add("quote", LocateError::Ambiguous(hits.clone()).to_string());
            let form = QuoteForm { quote, claim: Some(claim.id), hits, problems, ..QuoteForm::default() };
            return quote_page(&pool, &by.viewer(), article, version, form).await;
        }
        Err(error) => {
            let words = error.to_string();
            return refused(&request, &Shell::new(&by.viewer()), &claim, &sent, "quote", &words);
        }
    };
    let words: String = claim.claim_reviewed.chars().take(WORDS_MAX).collect();
    let new = NewMark::new(article, version, &document, &passage, Some(&words), Some(claim.id))
        .map_err(Error::invalid)?;
    let marked = Marked { claim: claim.id, appearance: AppearanceId::new() };
    let to = saved(&by.desk.slug, claim.id);
    let location = to.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let details = json!({
            "place": {"before": null, "after": new.selector.exact},
            "article": article, "version": version, "start": new.selector.start, "end": new.selector.end,
        });
        let id = marked.appearance;
        let change = audit::record(tx, &by, "appearance.add", "appearance", id, &details).await?;
        write::mark_in(tx, &by, &change, marked, &new).await
    })
    .await?;
    Ok(see_other(&location))
}

fn refused(
    request: &HttpRequest,
    shell: &Shell,
    claim: &Claim,
    sent: &Sent,
    field: &'static str,
    words: &str,
) -> Result<HttpResponse> {
    let mut problems = Problems::default();
    problems.add(field, words.to_owned());
    let form = form(shell, claim.id).refused(sent, &problems);
    let back = address(shell.slug(), claim.id);
    editing::problems(request, shell.clone(), claim.claim_reviewed.clone(), back, form)
}
