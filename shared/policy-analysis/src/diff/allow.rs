//! `--allow`: which widenings are wanted.

use std::collections::BTreeSet;

use claim_mapping::Policy;

use super::Subject;
use crate::personas::Operation;
use crate::who_can::collections;

/// A widening that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed(String);

/// A word that names no widening.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is nothing that can be allowed; the words are {}", .words.join(", "))]
pub struct UnknownAllow {
    /// The word.
    pub word: String,
    /// All words that there are for these policies.
    pub words: Vec<String>,
}

impl Allowed {
    /// Reads words: what a change is about, as it is printed, or `read:*` and `write:*` for all collections.
    ///
    /// # Errors
    /// [`UnknownAllow`] for anything else, collections that neither policy names among it.
    pub fn parse(words: &[String], policies: &[&Policy]) -> Result<Vec<Self>, UnknownAllow> {
        let known = known(policies);
        let parse = |word: &String| {
            let allowed = known.contains(word).then(|| Self(word.clone()));
            allowed.ok_or_else(|| UnknownAllow { word: word.clone(), words: known.clone() })
        };
        words.iter().map(parse).collect()
    }

    /// Whether this subject is named.
    pub(super) fn names(&self, subject: &Subject) -> bool {
        if let Subject::Access(operation, Some(_)) = subject
            && self.0 == format!("{operation}:*")
        {
            return true;
        }
        self.0 == subject.to_string()
    }
}

fn known(policies: &[&Policy]) -> Vec<String> {
    let collections = policies.iter().flat_map(|policy| collections(policy));
    let collections = collections.map(str::to_owned).collect::<BTreeSet<_>>();
    let others = [
        Subject::ClientInfo,
        Subject::IdentityMetadata,
        Subject::Login,
        Subject::RemoteQuery,
        Subject::Session,
        Subject::UserId,
    ];
    let mut known = others.iter().map(ToString::to_string).collect::<Vec<_>>();
    for operation in [Operation::Read, Operation::Write] {
        known.push(Subject::Access(operation, None).to_string());
        let named = collections.iter().map(|name| Subject::Access(operation, Some(name.clone())));
        known.extend(named.map(|subject| subject.to_string()));
    }
    known
}
