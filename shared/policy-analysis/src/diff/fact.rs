//! What can be said of logins: conditions of the policies that hold for them, or do not.

use std::collections::BTreeSet;

use claim_mapping::{
    ClaimReference, Condition, ConditionKind, Login, Policy, Rules, Scalar, Test, Truth,
};
use fixedbitset::FixedBitSet;

use crate::condition_text::{all_text, text_of_value};
use crate::generate::{SampleLogin, keys};
use crate::structure::{
    Leaf, Use, denied_conditions, denied_users, granted_conditions, leaves, references,
};

/// So many values of one test are looked at each by itself.
const MAX_SINGLES: usize = 100;

/// Something that is so for some logins.
#[derive(Debug)]
pub(super) struct Fact {
    /// In words.
    pub(super) text: String,
    /// The logins for which it is so.
    pub(super) logins: FixedBitSet,
    /// Whether it says what is not the case.
    pub(super) is_opposite: bool,
}

/// All facts about logins, those that say what is the case before those that say what is not.
pub(super) fn facts(policies: &[&Policy], logins: &[SampleLogin]) -> Vec<Fact> {
    let mut facts = Facts { logins, ..Facts::default() };
    let mut tables = None;
    for policy in policies {
        let own = &policy.rules().maps;
        facts.are_tables_new = tables.replace(own).is_some_and(|before| before != own);
        facts.add_conditions(policy.rules());
        facts.add_users(policy.rules());
        facts.add_claims(policy.rules());
        facts.add_session(policy.rules());
    }
    facts.add_keys(policies);
    let Facts { mut so, not_so, .. } = facts;
    so.extend(not_so);
    so
}

/// The logins in which every claim that only fills placeholders is text, and the token outlives every session: what
/// becomes of others is a matter of that, and would clutter what is said of the rest.
pub(super) fn usual(policies: &[&Policy], logins: &[SampleLogin]) -> FixedBitSet {
    let all = policies.iter().flat_map(|policy| references(policy.rules())).collect::<Vec<_>>();
    let others = all.iter().filter(|(_, purpose)| !matches!(purpose, Use::Fill));
    let others = others.map(|(claim, _)| claim.path.to_string()).collect::<BTreeSet<_>>();
    let filling = all.iter().map(|(claim, _)| *claim);
    let filling = filling.filter(|claim| !others.contains(&claim.path.to_string()));
    let filling = filling.collect::<Vec<_>>();
    let is_text = |claim: &&ClaimReference, login: &Login<'_>| {
        claim.value(login).is_some_and(|value| value.as_str().is_some_and(|text| !text.is_empty()))
    };
    let lengths = policies.iter().map(|policy| policy.rules().session.length);
    let longest = lengths.max().unwrap_or_default();
    set(logins, |login| {
        login.remaining_life >= longest && filling.iter().all(|claim| is_text(claim, login))
    })
}

#[derive(Default)]
struct Facts<'l> {
    logins: &'l [SampleLogin],
    seen: BTreeSet<String>,
    /// Whether the tables of this policy are not those of the one before.
    are_tables_new: bool,
    so: Vec<Fact>,
    not_so: Vec<Fact>,
}

impl Facts<'_> {
    fn add(&mut self, text: &str, opposite: &str, is_so: impl Fn(&Login<'_>) -> bool) {
        let is_known = !self.seen.insert(text.to_owned());
        if is_known && !(self.are_tables_new && text.contains("map(")) {
            return;
        }
        let logins = set(self.logins, is_so);
        let is_same = |known: &Fact| known.text == text && known.logins == logins;
        if is_known && self.so.iter().any(is_same) {
            return;
        }
        // By its new table, the same claim is another value.
        let note = if is_known { " now" } else { "" };
        let mut others = logins.clone();
        others.toggle_range(..);
        self.so.push(Fact { text: format!("{text}{note}"), logins, is_opposite: false });
        let text = format!("{opposite}{note}");
        self.not_so.push(Fact { text, logins: others, is_opposite: true });
    }

    fn add_conditions(&mut self, rules: &Rules) {
        let of_rules = || denied_conditions(rules).chain(granted_conditions(rules));
        for conditions in of_rules() {
            self.add_all(conditions);
        }
        for condition in rules.require.iter().chain(of_rules().flatten()) {
            self.add_all(std::slice::from_ref(condition));
            for leaf in leaves(std::slice::from_ref(condition)) {
                for one in &singles(&leaf) {
                    self.add_all(std::slice::from_ref(one));
                }
            }
        }
    }

    /// All of these hold.
    fn add_all(&mut self, conditions: &[Condition]) {
        if conditions.is_empty() {
            return;
        }
        let text = all_text(conditions);
        // Beside other facts, alternatives need parentheses, and so does all but a single test after NOT.
        let (text, opposite) = match conditions {
            [Condition { kind: ConditionKind::Any(_), .. }] => {
                (format!("({text})"), format!("NOT ({text})"))
            }
            [Condition { kind: ConditionKind::Claim { .. } | ConditionKind::Not(_), .. }] => {
                (text.clone(), format!("NOT {text}"))
            }
            _ => (text.clone(), format!("NOT ({text})")),
        };
        self.add(&text, &opposite, |login| {
            conditions.iter().all(|condition| condition.truth(login, &mut ()) == Truth::True)
        });
    }

    /// What the tables of the policies do not say the same for.
    fn add_keys(&mut self, policies: &[&Policy]) {
        let references = policies.iter().flat_map(|policy| references(policy.rules()));
        let keys = keys(references.map(|(claim, _)| claim)).into_iter();
        for key in keys.filter(|key| key.is_different).take(MAX_SINGLES) {
            let test = Test::AnyOf(vec![Scalar::Text(key.name.to_owned())]);
            let kind = ConditionKind::Claim { claim: key.claim, test };
            self.add_all(&[Condition { kind, span: 0..0 }]);
        }
    }

    fn add_users(&mut self, rules: &Rules) {
        for user in denied_users(rules) {
            let name = text_of_value(&user.into());
            self.add(&format!("user id is {name}"), &format!("user id is not {name}"), |login| {
                rules.user_id.text(login).is_some_and(|own| own == user)
            });
        }
    }

    fn add_claims(&mut self, rules: &Rules) {
        for (claim, purpose) in references(rules) {
            if matches!(purpose, Use::Until) {
                let (ahead, over) = (format!("{claim} is ahead"), format!("{claim} is not ahead"));
                self.add(&ahead, &over, |login| {
                    let end = claim.value(login).and_then(|end| end.as_u64());
                    let now = login.now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                    end.is_some_and(|end| end > now.as_secs())
                });
            }
            let bare = ClaimReference { path: claim.path.clone(), transforms: Vec::new() };
            self.add(&format!("{bare} is there"), &format!("{bare} is missing"), |login| {
                bare.value(login).is_some()
            });
        }
    }

    fn add_session(&mut self, rules: &Rules) {
        let length = rules.session.length;
        let text = "the token ends before the session would";
        self.add(text, "the token outlives the session", |login| login.remaining_life < length);
    }
}

fn set(logins: &[SampleLogin], is_so: impl Fn(&Login<'_>) -> bool) -> FixedBitSet {
    let mut set = FixedBitSet::with_capacity(logins.len());
    for (index, login) in logins.iter().enumerate() {
        set.set(index, is_so(&login.login()));
    }
    set
}

/// A test of several values is said of each of them, so that it can be told for which of them something changes.
fn singles(leaf: &Leaf<'_>) -> Vec<Condition> {
    let mut tests = Vec::new();
    if let Test::AllOf(scalars) = leaf.test {
        tests.extend(scalars.iter().take(MAX_SINGLES).cloned().map(Test::Contains));
    }
    if let Test::AnyOf(scalars) | Test::NoneOf(scalars) = leaf.test {
        let scalars = scalars.iter().take(MAX_SINGLES);
        tests.extend(scalars.map(|scalar| Test::AnyOf(vec![scalar.clone()])));
    }
    let single = |test| Condition {
        kind: ConditionKind::Claim { claim: leaf.claim.clone(), test },
        span: leaf.condition.span.clone(),
    };
    tests.into_iter().map(single).chain([leaf.condition.clone()]).collect()
}
