//! Names of functions that other languages have.

use crate::FUNCTIONS;

/// The function that was probably meant.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let synonym = match lower.as_str() {
        "beginswith" | "begins_with" | "hasprefix" | "has_prefix" | "prefix" => Some("starts_with"),
        "coalesce" | "ifnull" | "nvl" => Some("not_null"),
        "count" | "len" | "size" => Some("length"),
        "hassuffix" | "has_suffix" | "suffix" => Some("ends_with"),
        "in" | "include" | "includes" | "has" | "any" | "array_contains" => Some("contains"),
        "like" | "match" | "matches" | "regexp" | "regexp_like" => Some("regex"),
        "typeof" | "type_of" => Some("type"),
        "tostring" | "string" | "str" => Some("to_string"),
        _ => None,
    };
    synonym.or_else(|| {
        let bare = |name: &str| name.replace('_', "").to_ascii_lowercase();
        let distance = |function: &str| strsim::damerau_levenshtein(&bare(name), &bare(function));
        let nearest = FUNCTIONS.iter().min_by_key(|function| distance(function.name))?;
        let allowed = if nearest.name.len() > 4 { 2 } else { 1 };
        (lower.len() < 32 && distance(nearest.name) <= allowed).then_some(nearest.name)
    })
}
