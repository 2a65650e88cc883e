//! What an article's page is told apart by, so that it is not sent again while nothing changed.
//!
//! The tag says three things: for whom the page is, what stands in it, and as of when. Whether anything was recorded at the
//! desk since then is the cheapest question of all. When something was, what stands in the page is compared.

use std::fmt::{self, Write as _};
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use super::read::{AsOf, Look};
use crate::auth::Viewer;
use crate::claims::carry::background::Background;
use crate::id::{ArticleId, ClaimId};
use crate::web::assets;

/// A page's `ETag`. Weak, because the same page is sent plain and compressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tag {
    /// For whom, and of which address.
    viewer: u64,
    /// What stands in it.
    content: u64,
    /// Everything recorded before is in it. Only the process that said so takes its word.
    pub as_of: AsOf,
    process: u64,
}

/// The page that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Address {
    pub article: ArticleId,
    /// The version's number.
    pub number: Option<i32>,
    pub claim: Option<ClaimId>,
}

/// Tells this process from every other, also from those that ran before it: a database that was restored in between
/// counts its transactions anew.
static PROCESS: LazyLock<u64> = LazyLock::new(|| uuid::Uuid::new_v4().as_u64_pair().0);

/// The look of pages that are made by another release is another one.
static FRAME: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for part in [
        include_str!("../../../templates/base.html"),
        include_str!("../../../templates/web/_header.html"),
        include_str!("../../../templates/web/_footer.html"),
        include_str!("../../../templates/web/_demo_banner.html"),
        include_str!("../../../templates/claims/article.html"),
        include_str!("../../../templates/claims/_items.html"),
        include_str!("../../../templates/claims/_quote.html"),
        include_str!("../../../templates/claims/_mark_bar.html"),
        include_str!("../../../templates/versions/_standing.html"),
        include_str!("../../../templates/versions/_elsewhere.html"),
        assets::digest(),
    ] {
        hash.update(part);
    }
    hash.finalize().to_vec()
});

impl Tag {
    /// The tag of the page as it is now.
    #[must_use]
    pub fn of(look: &Look, background: Option<&Background>, address: Address) -> Self {
        let content = format!(
            "{} {} {} {:?} {:?} {:?} {background:?}",
            look.version, look.number, look.latest, look.state, look.sums, look.scale
        );
        Self {
            viewer: for_whom(&look.viewer, address),
            content: number(Sha256::new().chain_update(content)),
            as_of: look.as_of,
            process: *PROCESS,
        }
    }

    /// The tag that a browser sent along.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let inner = text.trim().strip_prefix("W/\"")?.strip_suffix('"')?;
        let mut parts = inner.split('-');
        let mut hex = || u64::from_str_radix(parts.next()?, 16).ok();
        let (viewer, content, process) = (hex()?, hex()?, hex()?);
        let as_of = AsOf { epoch: parts.next()?.parse().ok()?, xid: parts.next()?.parse().ok()? };
        Some(Self { viewer, content, as_of, process })
    }

    /// Whether the page is still right for the viewer, when nothing was recorded since: `last` is the desk's last event.
    #[must_use]
    pub fn stands(&self, viewer: &Viewer, address: Address, last: Option<AsOf>) -> bool {
        self.process == *PROCESS
            && last.is_none_or(|last| last < self.as_of)
            && self.viewer == for_whom(viewer, address)
    }

    /// Whether both name the same page.
    #[must_use]
    pub const fn is_same_page(&self, other: &Self) -> bool {
        self.viewer == other.viewer && self.content == other.content
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let AsOf { epoch, xid } = self.as_of;
        write!(f, "W/\"{:016x}-{:016x}-{:016x}-{epoch}-{xid}\"", self.viewer, self.content, self.process)
    }
}

fn for_whom(viewer: &Viewer, address: Address) -> u64 {
    let desk = &viewer.desk;
    let mut seen = format!(
        "{} {:?} {:?} {} {} {} {:?} {:?}",
        address.article,
        address.number,
        address.claim,
        desk.id,
        desk.name,
        desk.language,
        viewer.roles,
        viewer.waiting
    );
    if let Some(person) = &viewer.person {
        // The page carries what proves that its forms are of this session.
        let _ = write!(seen, " {} {}", person.name, person.csrf);
    }
    number(Sha256::new().chain_update(&*FRAME).chain_update(seen))
}

fn number(hash: Sha256) -> u64 {
    hash.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_can_be_read_back() {
        let as_of = AsOf { epoch: 2, xid: 4_711 };
        let tag = Tag { viewer: 1, content: u64::MAX, as_of, process: 7 };
        assert_eq!(Tag::parse(&tag.to_string()), Some(tag));
        for other in ["", "*", "W/\"\"", "\"1-2-3-4-5\"", "W/\"1-2-3\"", "W/\"x-2-3-4-5\""] {
            assert_eq!(Tag::parse(other), None, "{other}");
        }
    }
}
