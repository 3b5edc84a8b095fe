//! Roles and tables that nothing uses.

use claim_mapping::Transform;

use super::{LintKind, Lints};
use crate::structure::references;

impl Lints<'_> {
    pub(super) fn find_unused(&mut self) {
        let rules = self.rules;
        for (index, role) in rules.roles.iter().enumerate() {
            if !rules.grants.iter().any(|grant| grant.roles.contains(&index)) {
                let message = format!("no grant gives role `{}`: nobody has it", role.name);
                let hint =
                    format!("give it with `roles = [\"{}\"]` in a grant, or remove it", role.name);
                self.warn(LintKind::UnusedRole, role.span.clone(), message, Some(hint));
            }
        }
        let references = references(rules);
        let transforms = references.iter().flat_map(|(claim, _)| &claim.transforms);
        let used = transforms.filter_map(|transform| {
            if let Transform::Map { name, .. } = transform { Some(name) } else { None }
        });
        let used = used.collect::<Vec<_>>();
        for name in rules.maps.keys().filter(|name| !used.contains(name)) {
            let message = format!("nothing refers to the table `{name}`");
            let hint = format!("use it, `claim = \"… | map({name})\"`, or remove it");
            let place = self.places.member(&["map", name]);
            let span = place.map(|place| place.name).unwrap_or_default();
            self.warn(LintKind::UnusedMap, span, message, Some(hint));
        }
    }
}
