//! The long part of an article's page, kept until a mark changes: it is the same for all who may see the same marks.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use sqlx::PgPool;

use super::drawing::{Drawing, LISTED_MAX};
use super::packing::Packed;
use super::read::{self, Look};
use crate::articles::texts::{self, Shelf};
use crate::auth::permission::{DraftVerdict, MarkClaim};
use crate::error::Result;
use crate::id::{ScaleVersionId, VersionId};
use crate::scales::{self, RatingValue};
use crate::text::direction::Direction;

/// How much is kept, in bytes.
const ROOM: usize = 8 * 1024 * 1024;

/// The text with its marks, and the claims under it.
#[derive(Debug)]
pub struct Sheet {
    pub text: Packed,
    /// The first claims of the text.
    pub items: Packed,
    /// How many marks there are.
    pub marks: usize,
    /// Whether any of them is of a public claim.
    pub public: bool,
    pub direction: Direction,
    /// Code points of the text.
    pub length: u32,
    /// What a claim can be rated as, for those who may draft a verdict.
    pub ratings: Vec<RatingValue>,
}

/// Who may see the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Sight {
    /// What is published.
    Reader,
    /// Everything.
    Member,
    /// Everything, with sentences that can be marked.
    Marker,
    /// The same, with the ratings beside.
    Rater,
}

impl Sight {
    /// What somebody sees.
    #[must_use]
    pub fn of(look: &Look) -> Self {
        if look.viewer.may::<MarkClaim>() && look.viewer.may::<DraftVerdict>() {
            Self::Rater
        } else if look.viewer.may::<MarkClaim>() {
            Self::Marker
        } else if look.viewer.is_member() {
            Self::Member
        } else {
            Self::Reader
        }
    }

    /// Whether words can be marked.
    #[must_use]
    pub fn can_mark(self) -> bool {
        matches!(self, Self::Marker | Self::Rater)
    }
}

/// With what was looked at when it was made.
type Kept = ((i64, i64), Option<ScaleVersionId>, Arc<Sheet>);
type Sheets = Mutex<Shelf<(VersionId, Sight), Kept>>;

static SHEETS: LazyLock<Sheets> = LazyLock::new(|| Mutex::new(Shelf::new(ROOM)));

/// The sheet of the version that was looked at.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn sheet(pool: &PgPool, look: &Look) -> Result<Arc<Sheet>> {
    let sight = Sight::of(look);
    let key = (look.version, sight);
    let kept = SHEETS.lock().unwrap_or_else(PoisonError::into_inner).get(&key);
    if let Some((sums, scale, sheet)) = kept
        && (sums, scale) == (look.sums, look.scale)
    {
        return Ok(sheet);
    }
    let desk = &look.viewer.desk;
    let document = texts::get(pool, desk.id, look.version).await?;
    let marks = read::drawn(pool, desk.id, look.version, sight != Sight::Reader).await?;
    let drawing =
        Drawing { document: &document, marks: &marks, desk: &desk.slug, sentences: sight.can_mark() };
    let ratings = match look.scale {
        Some(scale) if sight == Sight::Rater => {
            scales::version(&mut *pool.acquire().await?, desk.id, scale).await?.values
        }
        _ => Vec::new(),
    };
    let sheet = Arc::new(Sheet {
        text: Packed::new(drawing.text()),
        items: Packed::new(drawing.items(marks.iter().take(LISTED_MAX))),
        marks: marks.len(),
        public: marks.iter().any(|mark| mark.stage.is_public()),
        direction: document.direction(),
        length: document.length(),
        ratings,
    });
    // What was read may be newer than what was looked at, never older: kept under the older sums, it is right for
    // whoever comes with them.
    let size = sheet.text.size() + sheet.items.size();
    let mut sheets = SHEETS.lock().unwrap_or_else(PoisonError::into_inner);
    sheets.put(key, (look.sums, look.scale, sheet.clone()), size);
    Ok(sheet)
}
