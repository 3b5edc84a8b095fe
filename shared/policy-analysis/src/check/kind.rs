//! The kinds of warnings.

/// What kind of trap a policy falls into, beside those of its queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LintKind {
    /// Conditions that never hold.
    Contradiction,
    /// A grant that adds nothing.
    CoveredGrant,
    /// A denial of everybody without a claim.
    DenyMissingClaim,
    /// A denial of a user id that nobody can have.
    DenyUnknownUser,
    /// A suffix that other domains have too.
    EmailSuffix,
    /// An email address that nobody verified.
    EmailUnverified,
    /// Everything for everybody.
    Everything,
    /// Personal data that every peer sees.
    MetadataPersonal,
    /// A secret that every peer sees.
    MetadataSecret,
    /// Documents that do not travel on.
    Relay,
    /// Words of a text compared as one.
    ScopeWhole,
    /// A session that outlives its token.
    SessionBeyondToken,
    /// A grant that nobody gets.
    UnreachableGrant,
    /// A comment that allows nothing.
    UnusedAllow,
    /// A table that nothing uses.
    UnusedMap,
    /// A role that no grant gives.
    UnusedRole,
    /// A user id that changes hands.
    UserIdChanges,
    /// A user id of several users.
    UserIdMerges,
}

impl LintKind {
    /// All kinds, in the order of their codes.
    pub const ALL: [Self; 18] = [
        Self::Contradiction,
        Self::CoveredGrant,
        Self::DenyMissingClaim,
        Self::DenyUnknownUser,
        Self::EmailSuffix,
        Self::EmailUnverified,
        Self::Everything,
        Self::MetadataPersonal,
        Self::MetadataSecret,
        Self::Relay,
        Self::ScopeWhole,
        Self::SessionBeyondToken,
        Self::UnreachableGrant,
        Self::UnusedAllow,
        Self::UnusedMap,
        Self::UnusedRole,
        Self::UserIdChanges,
        Self::UserIdMerges,
    ];

    /// The stable code, as listed in `docs/policy-tools.md`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Contradiction => "lint.contradiction",
            Self::CoveredGrant => "lint.covered_grant",
            Self::DenyMissingClaim => "lint.deny_missing_claim",
            Self::DenyUnknownUser => "lint.deny_unknown_user",
            Self::EmailSuffix => "lint.email_suffix",
            Self::EmailUnverified => "lint.email_unverified",
            Self::Everything => "lint.everything",
            Self::MetadataPersonal => "lint.metadata_personal",
            Self::MetadataSecret => "lint.metadata_secret",
            Self::Relay => "lint.relay",
            Self::ScopeWhole => "lint.scope_whole",
            Self::SessionBeyondToken => "lint.session_beyond_token",
            Self::UnreachableGrant => "lint.unreachable_grant",
            Self::UnusedAllow => "lint.unused_allow",
            Self::UnusedMap => "lint.unused_map",
            Self::UnusedRole => "lint.unused_role",
            Self::UserIdChanges => "lint.user_id_changes",
            Self::UserIdMerges => "lint.user_id_merges",
        }
    }

    /// What it means, in a sentence.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Contradiction => "A condition, or several together, can never hold.",
            Self::CoveredGrant => {
                "Another grant gives the same and more to all whom this one is for: it adds nothing."
            }
            Self::DenyMissingClaim => "Everybody whose token lacks the claim is denied.",
            Self::DenyUnknownUser => {
                "`user_id` never makes this user id: the denial keeps nobody out."
            }
            Self::EmailSuffix => {
                "Addresses of domains that only end alike are let in: `@evilexample.com` ends in `example.com`."
            }
            Self::EmailUnverified => {
                "Whoever types in somebody else's address at the provider gets what that person may do."
            }
            Self::Everything => "Every verified user reads or writes every document.",
            Self::MetadataPersonal => "Every peer in the mesh sees personal data.",
            Self::MetadataSecret => "Every peer in the mesh sees a secret.",
            Self::Relay => {
                "Who may read a collection but not write it does not pass its documents on."
            }
            Self::ScopeWhole => {
                "A text of several words is compared as a whole: a token with one more scope does not match."
            }
            Self::SessionBeyondToken => "Somebody whose account is closed keeps access.",
            Self::UnreachableGrant => {
                "A requirement or a denial refuses everybody whom the grant is for."
            }
            Self::UnusedAllow => "A comment `# allow` takes no warning back, or gives no reason.",
            Self::UnusedMap => "No `map(…)` refers to the table.",
            Self::UnusedRole => "No grant gives the role.",
            Self::UserIdChanges => {
                "The user id can change, or pass to somebody else, who then gets this user's documents."
            }
            Self::UserIdMerges => "Several users get one user id, and so each other's documents.",
        }
    }
}
