//! Conditions that call functions on what may be of any type, some behind tests of the type.

use proptest::prelude::*;

/// The text of a condition, in parentheses where it has operators.
pub(crate) fn guarded_calls() -> impl Strategy<Value = String> {
    let atoms = [
        "starts_with(_id.x, 'a')",
        "ends_with(_id.x, 'a') == true",
        "contains(_id.y, 'a')",
        "length(_id.x) > 0",
        "length(_id) >= 1",
        "contains(keys(_id), 'x')",
        "contains(keys(_id.o), 'k')",
        "type(_id.x) == 'string'",
        "'string' != type(_id.x)",
        "type(_id) == 'object'",
        "contains(['string', 'array'], type(_id.y))",
        "contains(['a', 'b'], _id.x)",
        "contains(['a', 1], _id.x)",
        "type(_id.o) == 'object'",
        "_id.x == 'a'",
        "_id.x < 'b'",
        "_id.y != []",
        "_id.x != null",
        "_id.o.k == 1",
        "regex(_id.x, '^a$')",
    ];
    proptest::sample::select(atoms.map(str::to_owned).to_vec()).prop_recursive(4, 12, 2, |inner| {
        prop_oneof![
            3 => (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("({one} && {two})")),
            2 => (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("({one} || {two})")),
            1 => inner.prop_map(|inner| format!("(!({inner}))")),
        ]
    })
}
