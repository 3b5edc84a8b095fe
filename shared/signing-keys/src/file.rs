//! A file in place of Secrets Manager, for local use: an object from secret names to their versions,
//! `{"my/secret": {"AWSCURRENT": "…", "AWSPREVIOUS": "…"}}`.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::{KeyMaterial, ReadError, SecretText, SigningKeys, Versions};

/// One secret of a key store file.
#[derive(Debug)]
pub struct FileKeys {
    path: PathBuf,
    secret: String,
    versions: Versions,
}

impl FileKeys {
    /// The secret of that name in the file at `path`. The file is read anew each time.
    #[must_use]
    pub fn new(path: PathBuf, secret: String, versions: Versions) -> Self {
        Self { path, secret, versions }
    }
}

impl SigningKeys for FileKeys {
    async fn read(&self) -> Result<KeyMaterial, ReadError> {
        let text = fs::read_to_string(&self.path).map_err(|error| ReadError::File(error.into()))?;
        let store = serde_json::from_str::<Value>(&text);
        let store = store.map_err(|error| ReadError::File(error.into()))?;
        let versions = store.get(&self.secret).ok_or(ReadError::NotFound)?;
        let version = |stage: &str| {
            versions.get(stage).and_then(Value::as_str).map(|text| SecretText::new(text.to_owned()))
        };
        Ok(KeyMaterial {
            current: version("AWSCURRENT").ok_or(ReadError::NotFound)?,
            previous: match self.versions {
                Versions::Current => None,
                Versions::CurrentAndPrevious => version("AWSPREVIOUS"),
            },
        })
    }

    fn name(&self) -> &str {
        &self.secret
    }
}
