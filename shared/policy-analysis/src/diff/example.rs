//! A small login that shows a change.

use super::Difference;
use super::answer::Comparer;
use crate::generate::SampleLogin;

/// A login without the claims that the difference does not need, and the difference that it shows.
pub(super) fn smallest(
    comparer: &mut Comparer<'_>,
    login: &SampleLogin,
    difference: &Difference,
) -> (SampleLogin, Difference) {
    let mut smallest = (login.clone(), difference.clone());
    let names = login.claims.keys().cloned().collect::<Vec<_>>();
    for name in names {
        let mut smaller = smallest.0.clone();
        smaller.claims.remove(&name);
        let found = comparer
            .compare(&smaller)
            .differences
            .into_iter()
            .find(|found| found.is_alike(difference));
        if let Some(found) = found {
            smallest = (smaller, found);
        }
    }
    smallest
}
