//! The texts of versions, kept in memory while there is room: a version never changes, so what is kept is never wrong.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use sqlx::PgPool;

use super::store;
use crate::error::Result;
use crate::id::{DeskId, VersionId};
use crate::text::Document;

/// How much is kept, in bytes.
const ROOM: usize = 8 * 1024 * 1024;
/// What a block takes besides its text, with its spans and sentences; rounded up.
const BLOCK: usize = 256;

type Texts = Mutex<Shelf<VersionId, (DeskId, Arc<Document>)>>;

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Mutex::new(Shelf::new(ROOM)));

/// The text of a version, if it is kept, and the desk it belongs to: for those who have to ask the database anyway whether
/// a person may see it.
#[must_use]
pub fn kept(version: VersionId) -> Option<(DeskId, Arc<Document>)> {
    TEXTS.lock().unwrap_or_else(PoisonError::into_inner).get(&version)
}

/// The text of a version.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when the desk has no such version.
pub async fn get(pool: &PgPool, desk: DeskId, version: VersionId) -> Result<Arc<Document>> {
    if let Some((_, document)) = kept(version).filter(|(of, _)| *of == desk) {
        return Ok(document);
    }
    let document = Arc::new(store::document(pool, desk, version).await?);
    let size = document.text().len() + document.blocks().len() * BLOCK;
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    texts.put(version, (desk, document.clone()), size);
    Ok(document)
}

/// Things that can be made again, up to a size; what was not asked for longest goes first.
#[derive(Debug)]
pub struct Shelf<K, V> {
    room: usize,
    taken: usize,
    clock: u64,
    things: HashMap<K, Kept<V>>,
}

#[derive(Debug)]
struct Kept<V> {
    thing: V,
    size: usize,
    asked_at: u64,
}

impl<K: Eq + std::hash::Hash + Clone, V: Clone> Shelf<K, V> {
    /// An empty one with room for so many bytes.
    #[must_use]
    pub fn new(room: usize) -> Self {
        Self { room, taken: 0, clock: 0, things: HashMap::new() }
    }

    /// What is kept under the key.
    pub fn get(&mut self, key: &K) -> Option<V> {
        self.clock += 1;
        let kept = self.things.get_mut(key)?;
        kept.asked_at = self.clock;
        Some(kept.thing.clone())
    }

    /// Keeps a thing of that size; one that is larger than half the room is not kept.
    pub fn put(&mut self, key: K, thing: V, size: usize) {
        if size > self.room / 2 {
            return;
        }
        self.clock += 1;
        self.taken += size;
        if let Some(before) = self.things.insert(key, Kept { thing, size, asked_at: self.clock }) {
            self.taken -= before.size;
        }
        while self.taken > self.room {
            let oldest = self.things.iter().min_by_key(|(_, kept)| kept.asked_at);
            let Some(key) = oldest.map(|(key, _)| key.clone()) else { return };
            if let Some(gone) = self.things.remove(&key) {
                self.taken -= gone.size;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shelf_keeps_what_was_asked_for_last() {
        let mut shelf = Shelf::new(10);
        shelf.put("a", 1, 4);
        shelf.put("b", 2, 4);
        assert_eq!(shelf.get(&"a"), Some(1));
        shelf.put("c", 3, 4);
        assert_eq!((shelf.get(&"a"), shelf.get(&"b"), shelf.get(&"c")), (Some(1), None, Some(3)));
        shelf.put("huge", 4, 6);
        assert_eq!((shelf.get(&"huge"), shelf.get(&"c")), (None, Some(3)));
        shelf.put("a", 5, 1);
        shelf.put("d", 6, 5);
        assert_eq!((shelf.get(&"a"), shelf.get(&"c"), shelf.get(&"d")), (Some(5), Some(3), Some(6)));
    }
}
