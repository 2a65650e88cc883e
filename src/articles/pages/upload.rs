//! Files that are chosen in the form: each is read, and waits to be looked at.

use sqlx::{PgConnection, PgPool};

use crate::articles::incoming::{self, Arrived, NewIntake};
use crate::articles::intake::{FILE_BYTES_MAX, How, Received, Refused, read_apart};
use crate::articles::{hex, snapshots};
use crate::audit::{self, Submission};
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::blobs;
use crate::db::unit_of_work;
use crate::editing::Values;
use crate::error::Result;
use crate::id::IntakeId;
use crate::isolated::Isolated;
use crate::web::Shell;
use crate::web::problems::Problems;

/// What the record says of a file that came in.
#[derive(serde::Serialize)]
struct Came<'a> {
    how: How,
    label: &'a str,
    bytes: usize,
    sha256: String,
    refused: Option<Refused>,
}

/// Fields that are about one article, and none for several files.
const OF_ONE: [&str; 2] = ["title", "url"];

/// Takes files in; the address of what there is to see then. One file that cannot be read is told at once; of several,
/// each stands in the list with why.
///
/// # Errors
/// When PostgreSQL fails; what the person can mend is in the inner result.
pub async fn take(
    pool: &PgPool,
    isolated: &Isolated,
    by: &Authorized<AddArticle>,
    submission: Option<Submission>,
    files: Vec<Received>,
    details: &Values,
) -> Result<Result<String, Problems>> {
    let mut problems = Problems::default();
    let is_one = files.len() == 1;
    if !is_one {
        for field in OF_ONE.iter().filter(|field| details.get(*field).is_some_and(|typed| !typed.is_empty()))
        {
            problems.add(*field, "This is about one article. Leave it empty when you choose several files.");
        }
    }
    let mut read = Vec::with_capacity(files.len());
    for file in files {
        let refused = refusal(isolated, &file).await;
        if let Some(refused) = refused.filter(|_| is_one) {
            problems.add("file", refused.label());
        }
        read.push((IntakeId::new(), file, refused));
    }
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    let incoming = Shell::new(&by.viewer()).path("/articles/incoming");
    let location = match read.as_slice() {
        [(id, ..)] => format!("{incoming}/{id}"),
        _ => incoming,
    };
    let (who, details, to) = (by.clone(), details.clone(), location.clone());
    unit_of_work(pool, async move |tx| {
        audit::once(tx, &who, submission.as_ref(), &to).await?;
        for (id, file, refused) in &read {
            note(tx, &who, *id, file, *refused, &details).await?;
        }
        Ok(())
    })
    .await?;
    Ok(Ok(location))
}

/// Notes a file that came in, or why it cannot be read.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn note(
    conn: &mut PgConnection,
    by: &Authorized<AddArticle>,
    id: IntakeId,
    file: &Received,
    refused: Option<Refused>,
    details: &Values,
) -> Result<()> {
    let label = incoming::label(file.file_name.as_deref().unwrap_or_default());
    let came = Came {
        how: file.how,
        label: &label,
        bytes: file.bytes.len(),
        sha256: hex(&blobs::hash(&file.bytes)),
        refused,
    };
    let change = audit::record(conn, by, "intake.add", "intake", id, &came).await?;
    let arrived = match refused {
        // Nothing of a file that cannot be read is kept.
        Some(refused) => Arrived::Refused(refused.as_str()),
        None => Arrived::Ready(snapshots::keep(conn, by, &change, file).await?),
    };
    let new = NewIntake { id, how: file.how, label, address: None, details: details.clone(), arrived };
    incoming::insert(conn, by, &change, &new).await
}

/// Why a file cannot be read.
async fn refusal(isolated: &Isolated, file: &Received) -> Option<Refused> {
    if file.bytes.is_empty() {
        return Some(Refused::Empty);
    }
    if file.bytes.len() > FILE_BYTES_MAX {
        return Some(Refused::TooLarge);
    }
    read_apart(isolated, file).await.err()
}
