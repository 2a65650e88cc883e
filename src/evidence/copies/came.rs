//! What follows when a copy of a source came: its fields are filled, and quotations are looked for in it.

use sqlx::PgConnection;

use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::error::Result;
use crate::evidence::outside;
use crate::evidence::quotes::check_source;
use crate::evidence::sources::Page;
use crate::evidence::sources::store::describe;
use crate::id::{CopyId, SourceId};
use crate::text::address::SafeUrl;
use crate::text::import::Found;

/// A copy that just came, and what it says of itself.
#[derive(Clone, Debug)]
pub struct Came {
    pub source: SourceId,
    pub copy: CopyId,
    pub media_type: String,
    pub found: Found,
    /// The address that answered, after redirects; nothing for a copy that a member gave.
    pub final_address: Option<SafeUrl>,
}

/// Does what follows, in the transaction that keeps the copy.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn came(conn: &mut PgConnection, by: &Authorized<CiteEvidence>, came: &Came) -> Result<()> {
    let page =
        Page { found: &came.found, final_address: came.final_address.as_ref(), media_type: &came.media_type };
    describe(conn, by, came.source, page).await?;
    check_source(conn, by, came.source).await?;
    if came.final_address.is_some() {
        outside::store::hand_on_kept(conn, by, came.source).await?;
    }
    Ok(())
}
