//! Storage outside of the database, when an operator names one: a bucket that speaks S3, or a folder. An object is named
//! by its desk and the hash of its bytes, so that anybody can check it: `<prefix>/<desk>/<hash>`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use actix_web::web::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload};

use super::hash;
use crate::error::{Error, Result};
use crate::id::DeskId;

/// Where new bytes go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    #[default]
    Database,
    /// A folder of this machine, or one that several mount.
    Folder(PathBuf),
    /// A bucket, and what objects' names in it begin with. The way to it is in the variables that all programs share
    /// (`AWS_ENDPOINT`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` …).
    Bucket { name: String, prefix: String },
}

impl FromStr for Place {
    type Err = String;

    /// `database`, `/var/lib/factdesk/copies`, `s3://bucket/prefix`.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() || text == "database" {
            return Ok(Self::Database);
        }
        if text.starts_with('/') {
            return Ok(Self::Folder(text.into()));
        }
        let place = text.strip_prefix("s3://").map(|rest| rest.split_once('/').unwrap_or((rest, "")));
        match place {
            Some((name, prefix)) if !name.is_empty() => {
                Ok(Self::Bucket { name: name.to_owned(), prefix: prefix.trim_matches('/').to_owned() })
            }
            _ => Err(format!("{text:?} is none of database, /a/folder and s3://bucket/prefix")),
        }
    }
}

/// Storage outside of the database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Storage {
    store: Arc<dyn ObjectStore>,
    prefix: String,
}

static STORAGE: OnceLock<Storage> = OnceLock::new();

/// Why there is no storage, in words for the operator.
#[derive(Debug)]
pub struct Unusable(String);

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes cannot be kept there (FACTDESK_BLOBS): {}", self.0)
    }
}

impl std::error::Error for Unusable {}

impl Storage {
    /// The storage at a place; `None` is the database. `settings` are those of the bucket, as in the environment.
    ///
    /// # Errors
    /// [`Unusable`], in words for the operator.
    pub fn at(
        place: &Place,
        settings: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Option<Self>, Unusable> {
        let unusable = |error: object_store::Error| Unusable(error.to_string());
        match place {
            Place::Database => Ok(None),
            Place::Folder(folder) => {
                std::fs::create_dir_all(folder)
                    .map_err(|error| Unusable(format!("{}: {error}", folder.display())))?;
                let store = LocalFileSystem::new_with_prefix(folder).map_err(unusable)?.with_fsync(true);
                Ok(Some(Self { store: Arc::new(store), prefix: String::new() }))
            }
            Place::Bucket { name, prefix } => {
                // The first to speak TLS in this process.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let known = settings.into_iter().filter_map(|(key, value)| {
                    Some((key.starts_with("AWS_").then(|| key.to_ascii_lowercase().parse().ok())??, value))
                });
                let mut builder = AmazonS3Builder::new();
                for (key, value) in known {
                    builder = builder.with_config(key, value);
                }
                let store = builder.with_bucket_name(name).build().map_err(unusable)?;
                Ok(Some(Self { store: Arc::new(store), prefix: prefix.clone() }))
            }
        }
    }

    /// Lets this process keep new bytes there from now on, instead of in the database.
    ///
    /// # Panics
    /// When it is said twice.
    pub fn install(self) {
        STORAGE.set(self).expect("storage is named once, at the start");
    }

    /// The one that this process was told of.
    #[must_use]
    pub fn installed() -> Option<&'static Self> {
        STORAGE.get()
    }

    fn name(&self, desk: DeskId, sha256: &[u8]) -> Path {
        let parts = [self.prefix.clone(), desk.to_string(), crate::articles::hex(sha256)];
        parts.iter().flat_map(|part| part.split('/')).filter(|part| !part.is_empty()).collect()
    }

    /// Keeps bytes under their hash. Keeping the same again changes nothing.
    ///
    /// # Errors
    /// [`Error::Internal`] when the storage does not take them.
    pub async fn put(&self, desk: DeskId, sha256: &[u8], bytes: Bytes) -> Result<()> {
        let name = self.name(desk, sha256);
        self.store.put(&name, PutPayload::from_bytes(bytes)).await.map_err(Error::internal)?;
        Ok(())
    }

    /// The bytes with that hash.
    ///
    /// # Errors
    /// [`Error::Internal`] when there are none, or others.
    pub async fn get(&self, desk: DeskId, sha256: &[u8]) -> Result<Vec<u8>> {
        let found = self.store.get(&self.name(desk, sha256)).await.map_err(Error::internal)?;
        let bytes = found.bytes().await.map_err(Error::internal)?;
        if hash(&bytes) == sha256 {
            Ok(bytes.into())
        } else {
            Err(Error::internal("the bytes in the storage have another hash"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_from_the_setting() {
        assert_eq!("".parse(), Ok(Place::Database));
        assert_eq!("database".parse(), Ok(Place::Database));
        assert_eq!("/srv/copies".parse(), Ok(Place::Folder("/srv/copies".into())));
        let bucket =
            |name: &str, prefix: &str| Ok(Place::Bucket { name: name.into(), prefix: prefix.into() });
        assert_eq!("s3://facts".parse(), bucket("facts", ""));
        assert_eq!("s3://facts/desk/copies/".parse(), bucket("facts", "desk/copies"));
        for wrong in ["s3://", "https://s3.example/facts", "folder"] {
            assert!(wrong.parse::<Place>().unwrap_err().contains(wrong));
        }
    }
}
