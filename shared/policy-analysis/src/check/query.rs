//! The traps of the query language.

use permission_query::Finding;

use super::Lints;
use crate::Diagnostic;

impl Lints<'_> {
    pub(super) fn read_queries(&mut self) {
        let rules = self.rules;
        let gifts = rules.roles.iter().map(|role| &role.gift);
        let gifts = gifts.chain(rules.grants.iter().map(|grant| &grant.gift));
        let accesses = gifts.flat_map(|gift| [&gift.read, &gift.write]);
        for placed in accesses.flat_map(|access| access.queries.values().flatten()) {
            let query = placed.template.query();
            for finding in query.findings() {
                let span = self.places.inside(&placed.span, query.text(), &finding.span);
                self.found.push(Diagnostic { span, ..Diagnostic::from(finding) });
            }
        }
    }
}

impl From<Finding> for Diagnostic {
    /// Places are those in the query.
    fn from(finding: Finding) -> Self {
        let Finding { kind, span, message, rewrite } = finding;
        let hint = rewrite.map(|rewrite| format!("write `{rewrite}`"));
        Self { severity: kind.severity(), code: kind.code(), span, message, hint }
    }
}
