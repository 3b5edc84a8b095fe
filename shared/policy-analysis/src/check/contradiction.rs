//! Conditions that never hold, and grants that nobody gets.

use std::collections::{BTreeMap, BTreeSet};

use claim_mapping::{Condition, ConditionKind, Denied, Grant};

use super::satisfiable::{Wanted, can_all_hold, is_satisfiable};
use super::{LintKind, Lints};
use crate::structure::leaves;

/// What stands in the way of a grant.
struct Obstacle<'r> {
    wanted: Wanted<'r>,
    name: String,
    /// The claims that it asks about.
    claims: BTreeSet<String>,
}

impl<'r> Obstacle<'r> {
    fn new(wanted: Wanted<'r>, conditions: &[Condition], name: String) -> Self {
        Self { wanted, name, claims: claims(conditions) }
    }
}

fn claims(conditions: &[Condition]) -> BTreeSet<String> {
    leaves(conditions).into_iter().map(|leaf| leaf.claim.to_string()).collect()
}

/// The obstacles that ask about the same claims, or about the same as others that do. What is left has nothing to do
/// with these claims: it can be met whatever they are.
fn about<'o, 'r>(
    mut claims: BTreeSet<String>,
    obstacles: &'o [Obstacle<'r>],
) -> Vec<&'o Obstacle<'r>> {
    let (mut about, mut left) = (BTreeMap::new(), obstacles.iter().enumerate().collect::<Vec<_>>());
    loop {
        let is_about =
            |(_, obstacle): &(usize, &Obstacle<'r>)| !obstacle.claims.is_disjoint(&claims);
        let (found, others) = left.into_iter().partition::<Vec<_>, _>(is_about);
        if found.is_empty() {
            return about.into_values().collect();
        }
        claims.extend(found.iter().flat_map(|(_, obstacle)| obstacle.claims.iter().cloned()));
        about.extend(found);
        left = others;
    }
}

impl<'p> Lints<'p> {
    pub(super) fn find_contradictions(&mut self) {
        let rules = self.rules;
        self.find_in(&rules.require, "nobody is let in");
        for deny in &rules.deny {
            if let Denied::When(conditions) = &deny.who {
                self.find_in(conditions, "nobody is denied for it");
            }
        }
        for grant in &rules.grants {
            self.find_in(&grant.when, "nobody gets what is granted for it");
        }
        let obstacles = self.obstacles();
        if is_satisfiable(obstacles.iter().map(|obstacle| obstacle.wanted)) {
            for grant in &rules.grants {
                self.find_unreachable(grant, &obstacles);
            }
        }
    }

    /// Requirements and denials. Denials that refuse everybody are warned of, and left out.
    fn obstacles(&mut self) -> Vec<Obstacle<'p>> {
        let rules = self.rules;
        let required = || rules.require.iter().map(Wanted::Holds);
        let can_meet_all = is_satisfiable(required());
        let mut obstacles = Vec::new();
        for condition in &rules.require {
            let name = format!("the requirement on line {}", self.line(&condition.span));
            let conditions = std::slice::from_ref(condition);
            obstacles.push(Obstacle::new(Wanted::Holds(condition), conditions, name));
        }
        for deny in &rules.deny {
            let Denied::When(conditions) = &deny.who else { continue };
            let wanted = Wanted::NotAll(conditions);
            if !can_meet_all || is_satisfiable(required().chain([wanted])) {
                let name = format!("the denial on line {}", self.line(&deny.span));
                obstacles.push(Obstacle::new(wanted, conditions, name));
                continue;
            }
            let whom = if is_satisfiable([wanted]) { " who meets the requirements" } else { "" };
            let message = format!("this denies everybody{whom}: nobody is let in");
            let hint = "remove it, or say whom it is about".to_owned();
            self.warn(LintKind::Contradiction, deny.span.clone(), message, Some(hint));
        }
        obstacles
    }

    fn find_unreachable(&mut self, grant: &'p Grant, obstacles: &[Obstacle<'p>]) {
        let (Some(first), Some(last)) = (grant.when.first(), grant.when.last()) else { return };
        let when = || grant.when.iter().map(Wanted::Holds);
        let obstacles = about(claims(&grant.when), obstacles);
        let all = obstacles.iter().map(|obstacle| obstacle.wanted);
        if is_satisfiable(when().chain(all)) || !is_satisfiable(when()) {
            return;
        }
        let is_in_the_way =
            |obstacle: &&&Obstacle<'p>| !is_satisfiable(when().chain([obstacle.wanted]));
        let what = match obstacles.iter().find(is_in_the_way) {
            Some(obstacle) => format!("{} refuses", obstacle.name),
            None => "the requirements and denials together refuse".to_owned(),
        };
        let message = format!("{what} everybody whom this grant is for: nobody gets it");
        let hint = "remove the grant, or change what refuses them".to_owned();
        let span = first.span.start..last.span.end;
        self.warn(LintKind::UnreachableGrant, span, message, Some(hint));
    }

    /// What never holds in a list of which all must hold.
    fn find_in(&mut self, conditions: &[Condition], consequence: &str) {
        if can_all_hold(conditions) {
            for condition in conditions {
                self.find_below(condition);
            }
            return;
        }
        for condition in conditions {
            if !can_all_hold(std::slice::from_ref(condition)) {
                self.report_never(condition, consequence);
                return;
            }
        }
        let pair = conditions.iter().enumerate().find_map(|(index, second)| {
            let earlier = conditions.iter().take(index);
            let mut pairs = earlier.map(|first| (first, second));
            pairs.find(|(first, second)| {
                !is_satisfiable([first, second].map(|one| Wanted::Holds(one)))
            })
        });
        let (span, what) = match (pair, conditions.first(), conditions.last()) {
            (Some((first, second)), ..) => {
                let line = self.line(&first.span);
                (second.span.clone(), format!("this and the condition on line {line}"))
            }
            (None, Some(first), Some(last)) => {
                (first.span.start..last.span.end, "these conditions".to_owned())
            }
            _ => return,
        };
        let message = format!("{what} never hold together: {consequence}");
        let hint = "where one of them is enough, write `{ any = [ … ] }`".to_owned();
        self.warn(LintKind::Contradiction, span, message, Some(hint));
    }

    fn find_below(&mut self, condition: &Condition) {
        let consequence = "this part decides nothing";
        match &condition.kind {
            ConditionKind::All(parts) => self.find_in(parts, consequence),
            ConditionKind::Any(parts) => {
                for part in parts {
                    self.find_in(std::slice::from_ref(part), consequence);
                }
            }
            ConditionKind::Not(inner) => self.find_in(std::slice::from_ref(inner), consequence),
            ConditionKind::Claim { .. } => {}
        }
    }

    fn report_never(&mut self, condition: &Condition, consequence: &str) {
        let message = match &condition.kind {
            ConditionKind::All(parts) => return self.find_in(parts, consequence),
            ConditionKind::Claim { claim, .. } if claim.transforms.is_empty() => {
                format!("`{claim}` never is so: {consequence}")
            }
            ConditionKind::Claim { claim, .. } => {
                format!("`{claim}` never gives such a value: {consequence}")
            }
            ConditionKind::Any(_) | ConditionKind::Not(_) => {
                format!("this never holds: {consequence}")
            }
        };
        let hint = "compare with a value that it can have, or remove the condition".to_owned();
        self.warn(LintKind::Contradiction, condition.span.clone(), message, Some(hint));
    }
}
