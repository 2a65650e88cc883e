//! The steps that ask questions, answer them, and put evidence together.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{Book, wrong};
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::demo::content::{EvidenceSet, Question};
use crate::editing::{Sent, Values};
use crate::error::{Error, Result};
use crate::evidence;
use crate::evidence::groups::{Kind, store};
use crate::id::{ClaimId, QuestionId};

impl Book {
    /// Asks a question and answers it.
    pub(super) async fn ask(
        &self,
        conn: &mut PgConnection,
        by: &Authorized<CiteEvidence>,
        claim: ClaimId,
        asked: &'static Question,
    ) -> Result<()> {
        let typed = [("question", asked.question.clone())].into();
        let question = add(conn, by, claim, Kind::Question, None, &typed).await?;
        for answer in &asked.answers {
            let typed = [
                ("kind", answer.kind.clone()),
                ("answer", answer.answer.clone()),
                ("is_yes", answer.is_yes.clone()),
                ("explanation", answer.explanation.clone()),
                ("evidence", numbered(conn, by, claim, &answer.evidence).await?),
            ]
            .into();
            add(conn, by, claim, Kind::Answer, Some(question.into()), &typed).await?;
        }
        Ok(())
    }

    /// Puts evidence together.
    pub(super) async fn group(
        &self,
        conn: &mut PgConnection,
        by: &Authorized<CiteEvidence>,
        claim: ClaimId,
        set: &'static EvidenceSet,
    ) -> Result<()> {
        let evidence = numbered(conn, by, claim, &set.evidence).await?;
        let typed = [("label", set.label.clone()), ("note", set.note.clone()), ("evidence", evidence)].into();
        add(conn, by, claim, Kind::Set, None, &typed).await.map(drop)
    }
}

async fn add(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    kind: Kind,
    question: Option<QuestionId>,
    typed: &Values,
) -> Result<Uuid> {
    let mut sent = Sent::default();
    for field in kind.fields() {
        sent.push(field, "", typed.get(field.name).map_or("", String::as_str));
    }
    let fields = kind.parse(&sent.mine()).map_err(|problems| wrong(&problems))?;
    let details = sent.merge(&Values::new()).details();
    let id = Uuid::now_v7();
    store::add(conn, by, claim, question, id, &fields, details).await?;
    Ok(id)
}

/// The ids of pieces of evidence by their numbers, as the text of a field.
async fn numbered(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    numbers: &[usize],
) -> Result<String> {
    let all = evidence::store::of_claim(conn, by.desk.id, claim).await?;
    let id = |number: &usize| Some(all.get(number.checked_sub(1)?)?.id.to_string());
    let ids: Option<Vec<_>> = numbers.iter().map(id).collect();
    ids.map(|ids| ids.join(",")).ok_or_else(|| Error::internal("there is no such evidence"))
}
