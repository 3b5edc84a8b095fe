//! What to write instead, for habits from other query languages.

use super::{Syntax, is_name_part, is_name_start};

/// What to write instead of what stands at `at`, where that can be told.
pub(super) fn hint(text: &str, at: usize, syntax: Syntax) -> Option<String> {
    let (before, rest) = text.split_at_checked(at)?;
    // A long text before the place says no more than its end does.
    let place = Place { before, last: before.trim_end(), rest };
    let hint = of_word(&place)
        .or_else(|| of_equals(&place))
        .or_else(|| of_spacing(&place))
        .or_else(|| of_end(&place))
        .or_else(|| of_quotes(&place))
        .or_else(|| of_brackets(&place, syntax))
        .or_else(|| of_sign(&place));
    hint.map(str::to_owned)
}

struct Place<'t> {
    before: &'t str,
    /// What stands before, without the spaces between.
    last: &'t str,
    rest: &'t str,
}

/// Operators that are words elsewhere; the engine takes some of them for a field before it stumbles.
fn of_word(place: &Place<'_>) -> Option<&'static str> {
    let next = place.rest.split(|character| !is_name_part(character)).next().unwrap_or_default();
    let is_after_name = next.is_empty() || place.last.len() < place.before.len();
    let last = place.last.rsplit(|character| !is_name_part(character)).next().unwrap_or_default();
    of_infix(next).or_else(|| if is_after_name { of_prefix(last) } else { None })
}

fn of_infix(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "and" => "write `&&`",
        "or" => "write `||`",
        "not" => "write `!(…)`: `!(contains([…], _id.x))` for NOT IN",
        "in" => "write `contains([…], _id.x)`",
        "like" | "ilike" => {
            "write `starts_with(_id.x, '…')`, `contains(_id.x, '…')` or `regex(_id.x, '…')`"
        }
        "is" => {
            "write `_id.x == null`; for a missing member `type(_id) == 'object' && !(contains(keys(_id), 'x'))`"
        }
        "between" => "write `_id.x >= 1 && _id.x <= 9`",
        "contains" | "includes" | "has" => "write `contains(list, value)`",
        "matches" | "regex" => "write `regex(_id.x, '…')`",
        "starts_with" | "startswith" => "write `starts_with(_id.x, '…')`",
        "ends_with" | "endswith" => "write `ends_with(_id.x, '…')`",
        "from" | "where" => "a query is only the condition: what would stand after WHERE",
        _ => return None,
    })
}

fn of_prefix(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "not" => "write `!(…)`",
        "select" | "where" => "a query is only the condition: what would stand after WHERE",
        _ => return None,
    })
}

fn of_equals(place: &Place<'_>) -> Option<&'static str> {
    let Place { last, rest, .. } = place;
    if rest.starts_with('>') && last.ends_with('<') || rest.starts_with("! =") {
        return Some("write `!=`");
    }
    if rest.starts_with("~=") || rest.starts_with("=~") {
        return Some("write `regex(_id.x, '…')`");
    }
    if !rest.starts_with('=') {
        return None;
    }
    Some(match () {
        () if last.ends_with("!=") => "write `!=`",
        () if rest.starts_with("=<") => "write `<=`",
        () if rest.starts_with("=>") => "write `>=`",
        () => "write `==`",
    })
}

fn of_spacing(place: &Place<'_>) -> Option<&'static str> {
    let Place { before, last, rest } = place;
    let is_spaced = last.len() < before.len();
    let is_after_value = last.ends_with(|last| is_name_part(last) || matches!(last, ']' | ')'));
    if rest.starts_with('(') && is_after_value {
        return Some(if is_spaced {
            "write no space between a function and its `(`; two conditions need `&&` or `||` between"
        } else {
            "a value has no methods: write `starts_with(_id.x, '…')`"
        });
    }
    let starts_step = rest.starts_with(['.', '[']);
    let is_in_step = rest.starts_with([' ', '\t', '\n', '\r']) && before.ends_with(['.', '[']);
    let is_after_index = rest.starts_with(' ') && before.ends_with(is_name_part);
    if (starts_step && is_spaced && is_after_value) || is_in_step || is_after_index {
        return Some("a path takes no spaces: `_id.tags[0]`, `_id['name']`");
    }
    if rest.starts_with(is_name_start) {
        return of_name(before);
    }
    let is_digit = |character: char| character.is_ascii_digit();
    if before.ends_with('.') && rest.starts_with(is_digit) {
        return Some("write `[0]` for a position, `['0']` for a name");
    }
    let is_fraction = rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(is_digit));
    is_fraction.then_some("write a digit before the point: `0.5`")
}

/// A name where none may begin.
fn of_name(before: &str) -> Option<&'static str> {
    if ["true", "false", "null"].into_iter().any(|word| before.ends_with(word)) {
        return Some(
            "a name may not begin with `true`, `false` or `null`; every name begins with `_id`",
        );
    }
    let base = before.strip_suffix('[').unwrap_or_default();
    if base.ends_with(|last| is_name_part(last) || matches!(last, ']' | ')')) {
        return Some("put the name in quotes: `_id['name']`");
    }
    before.ends_with('-').then_some("compare two values instead: a `-` is only for numbers")
}

fn of_end(place: &Place<'_>) -> Option<&'static str> {
    let Place { last, rest, .. } = place;
    if last.ends_with(',') && rest.starts_with([']', ')', '}']) {
        return Some("take the last comma away");
    }
    if rest.is_empty() {
        return Some(match last.chars().next_back() {
            Some('&' | '|' | '=' | '<' | '>' | '!' | ',' | '(') => "something must follow",
            Some('.') if ends_with_digit(last) => "a number ends with a digit: `1` or `1.0`",
            Some('.') => "a name must follow the point",
            _ => "something that was opened is not closed",
        });
    }
    rest.starts_with(')').then_some("there is no `(` for it, or nothing stands before it")
}

fn of_quotes(place: &Place<'_>) -> Option<&'static str> {
    let Place { before, last, rest } = place;
    let next = rest.chars().next()?;
    match next {
        '\'' | '"' if before.ends_with(next) => Some(
            r"doubled quotes end the text: write \u0027 for ' and \u0022 for a double quote inside",
        ),
        '\'' | '"' if last.ends_with('.') => Some("write `_id['name']` without the point"),
        '\'' | '"' => Some("`==`, `,` or another operator is missing before it"),
        '`' => Some("write text as 'text', and odd names as `_id['odd name']`"),
        '‘' | '’' | '“' | '”' | '„' | '«' | '»' | '‚' => {
            Some("use straight quotes: 'text'")
        }
        _ if !next.is_ascii() => Some("only text in quotes may hold it: `_id['größe'] == 'weiß'`"),
        _ => None,
    }
}

fn of_brackets(place: &Place<'_>, syntax: Syntax) -> Option<&'static str> {
    let Place { last, rest, .. } = place;
    match rest.chars().next()? {
        ']' if last.ends_with('[') => Some("write the empty list as `[]`, without a space"),
        '}' if last.ends_with('{') => Some("write the empty object as `{}`, without a space"),
        '{' | '}' if syntax == Syntax::Template => {
            Some("`{{` and `}}` stand for the braces themselves")
        }
        _ if last.ends_with('{') && syntax == Syntax::Finished => {
            Some("keys of objects stand in quotes; placeholders are only for templates")
        }
        next if (is_name_start(next) || matches!(next, '@' | '('))
            && last.ends_with(['[', ',', ':']) =>
        {
            Some("lists and objects hold only literals: compare paths one by one")
        }
        _ => None,
    }
}

fn of_sign(place: &Place<'_>) -> Option<&'static str> {
    let Place { before, rest, .. } = place;
    if rest.starts_with("--") || rest.starts_with("//") || rest.starts_with("/*") {
        return Some("a query has no comments");
    }
    let follows_name = before.ends_with(is_name_part);
    Some(match rest.chars().next()? {
        '#' => "a query has no comments",
        '&' => "write `&&`",
        '|' => "write `||`",
        '-' if follows_name && has_name_after(rest) => {
            "put a name with `-` in quotes: `_id['site-id']`"
        }
        '+' | '-' | '*' | '/' | '%' => "a query does not calculate: compare with the result",
        '?' => "a query has no `? :`: write `(a && b) || ((!(a)) && c)`",
        ':' | '$' => "a query takes no arguments: write the value itself, in a template `{claim}`",
        ';' => "a query has no `;`",
        '=' => "write `==`",
        _ => return None,
    })
}

fn has_name_after(rest: &str) -> bool {
    rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(is_name_start))
}

fn ends_with_digit(text: &str) -> bool {
    text.trim_end_matches('.').ends_with(|last: char| last.is_ascii_digit())
}
