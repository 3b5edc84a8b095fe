//! User ids, backwards: which claims make a certain one.

use claim_mapping::{ClaimReference, Part, Template};

/// The parts of a text that placeholders of a template stand for.
pub(super) fn split<'t, 'u>(
    template: &'t Template,
    mut text: &'u str,
) -> Option<Vec<(&'t ClaimReference, &'u str)>> {
    let mut found = Vec::new();
    let mut open: Option<&ClaimReference> = None;
    for part in &template.parts {
        match (part, open.take()) {
            (Part::Text(literal), None) => text = text.strip_prefix(literal.as_str())?,
            (Part::Text(literal), Some(reference)) => {
                let (before, after) = text.split_once(literal.as_str())?;
                found.push((reference, before));
                text = after;
            }
            (Part::Placeholder(next), None) => open = Some(next),
            (Part::Placeholder(next), Some(reference)) => {
                // Nothing stands between the two: the first takes one character.
                let end = text.chars().next().map_or(0, char::len_utf8);
                let (before, after) = text.split_at_checked(end)?;
                found.push((reference, before));
                text = after;
                open = Some(next);
            }
        }
    }
    match open {
        Some(reference) => found.push((reference, text)),
        None if !text.is_empty() => return None,
        None => {}
    }
    Some(found)
}
