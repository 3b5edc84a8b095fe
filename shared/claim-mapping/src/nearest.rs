//! The name that was probably meant.

/// The known name that is nearest to a misspelt one, if it is near at all.
#[must_use]
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let distances =
        known.into_iter().map(|known| (strsim::damerau_levenshtein(known, word), known));
    // As many slips as a third of its letters make another word of a name.
    let is_near = |(distance, known): &(usize, &str)| *distance <= known.len().div_ceil(3).min(3);
    distances.filter(is_near).min().map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_has_a_nearest_name_and_another_word_has_none() {
        let known = ["user_id", "session", "map"];
        for (word, expected) in [
            ("sesion", Some("session")),
            ("usre_id", Some("user_id")),
            ("sssssion", Some("session")),
            ("sssssssion", None),
            ("mp", Some("map")),
            ("m", None),
            ("grant", None),
            ("mpa", Some("map")),
            ("xyz", None),
        ] {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
    }
}
