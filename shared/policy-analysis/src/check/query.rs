//! The traps of the query language.

use permission_query::Finding;

use super::Lints;
use crate::Diagnostic;
use crate::structure::{gifts, queries};

impl Lints<'_> {
    pub(super) fn read_queries(&mut self) {
        let rules = self.rules;
        for placed in gifts(rules).flat_map(queries) {
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
