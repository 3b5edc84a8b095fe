//! Prints hostile claim values and the queries that policies make of them, one JSON object a line, for
//! `make test-ditto-engine`: there the real engine must find exactly the document of that value.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a generator of test cases that stops where it cannot make one"
)]

use std::time::{Duration, SystemTime};

use claim_mapping::{Login, QueryTemplate};
use serde_json::{Value, json};

/// How many random values follow the chosen ones.
const RANDOM_VALUES: usize = 2_500;

/// Values that break one encoding or another.
const CHOSEN: &[&str] = &[
    "x' || true || 'y",
    "' OR true --",
    "') || (true",
    "\\' || true || \\'",
    "\\",
    "\\\\",
    "\\'",
    "'",
    "''",
    "\"",
    "\\u0027",
    "\\\\u0027",
    "\\u005cu0027",
    "\0",
    "a\0b",
    "\t\r\n\u{8}\u{c}",
    "\u{1f}\u{7f}",
    "\u{80}\u{9f}\u{a0}",
    "\u{2028}\u{2029}",
    "\u{202e}gnirts\u{202c}",
    "\u{feff}",
    "\u{200b}",
    "\u{fffd}",
    "\u{fffe}\u{ffff}",
    "\u{10ffff}",
    "😀👨‍👩‍👧",
    "é",
    "e\u{301}",
    "ł š я ١٢٣",
    "{sub}",
    "{{sub}}",
    "$args.x",
    ":x",
    "`_id`",
    "true",
    "null",
    "0",
    " ",
    " x ",
    "/* x */ // y",
    "auth0|5f7c8ec7c33c6c004bbafe82",
    "https://example.org/users/1?a=b&c=d#e",
];

/// Pieces that random values are made of, so that they meet each other in every order.
const PIECES: &[&str] = &[
    "'",
    "\"",
    "\\",
    "\\u0027",
    "\\u",
    "||",
    "&&",
    "!",
    "==",
    "true",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "@",
    ".",
    "_id",
    " ",
    "\t",
    "\n",
    "\r",
    "\0",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{2066}",
    "\u{2029}",
    "é",
    "e\u{301}",
    "ł",
    "😀",
    "a",
    "Z",
    "0",
    "%",
    "$",
    ":",
    ";",
    "--",
    "/*",
    "*/",
    "`",
    "\u{feff}",
    "\u{10ffff}",
];

/// Templates whose query must select the document with exactly this value, in every place that a placeholder can take.
/// `ids` is a list with the value and nothing else.
const FORMS: [&str; 8] = [
    "_id.userId == {id}",
    "contains({ids}, _id.userId)",
    "{id} == _id.userId",
    "_id.userId == {each ids}",
    "!(_id.userId != {id})",
    "contains({id}, _id.userId)",
    "(_id.userId >= {id}) && (_id.userId <= {id})",
    "_id.userId == {missing | default('') | map(none) | default('x') | map(id)}",
];

/// For text alone. Ids of other types would make the engine fail the query, so the type is asked first.
const TEXT_FORM: &str = "(type(_id.userId) == 'string') && (starts_with(_id.userId, {id}) && ends_with({id}, _id.userId))";

/// Integers and booleans, those at the edges of what is exact among them.
const OTHERS: [&str; 12] = [
    "0",
    "1",
    "-1",
    "42",
    "-7",
    "4294967296",
    "1125899906842624",
    "-1125899906842624",
    "1125899906842623",
    "true",
    "false",
    "-2147483648",
];

fn main() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let random_values = std::iter::repeat_with(|| random.value()).take(RANDOM_VALUES);
    let chosen = CHOSEN.iter().map(|value| (*value).to_owned());
    for (index, text) in chosen.chain(random_values).enumerate() {
        // Every form for the chosen values, two of them for each random one.
        let is_chosen = index < CHOSEN.len();
        let forms = FORMS.iter().cycle().skip(index).take(if is_chosen { FORMS.len() } else { 2 });
        let value = Value::String(text);
        for form in forms {
            print(form, &value);
        }
        if is_chosen || index % 4 == 0 {
            print(TEXT_FORM, &value);
        }
    }
    for value in OTHERS {
        let value = serde_json::from_str(value).unwrap();
        for form in FORMS {
            print(form, &value);
        }
    }
}

fn print(template: &str, value: &Value) {
    // A table that leads from a fixed text to the value, as `[map.id]` of a policy would.
    let table = |name: &str, to: &Value| {
        let entries = [(name.to_owned(), to.clone())].into_iter().collect();
        std::sync::Arc::new(entries)
    };
    let maps = [("id".to_owned(), table("x", value)), ("none".to_owned(), table("y", value))];
    let template = QueryTemplate::parse(template, &maps.into_iter().collect()).unwrap();
    let claims = json!({"id": value, "ids": [value]});
    let login = Login {
        claims: claims.as_object().unwrap(),
        database_id: "",
        provider: "",
        now: SystemTime::UNIX_EPOCH,
        remaining_life: Duration::ZERO,
    };
    template.fill(&login, |query| println!("{}", json!({"value": value, "query": query}))).unwrap();
}

/// The same values every time (xorshift), so that a failure can be looked into.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 1).unwrap().checked_rem(bound).unwrap()
    }

    /// Pieces and single characters of all planes, at least one.
    fn value(&mut self) -> String {
        let mut value = String::new();
        for _ in 0..=self.below(24) {
            if self.below(3) > 0 {
                value.push_str(PIECES.get(self.below(PIECES.len())).unwrap());
            } else {
                let limit = [0x80, 0x3000, 0x11_0000].get(self.below(3)).copied().unwrap();
                // A surrogate is no character; another one takes its place.
                let character = u32::try_from(self.below(limit)).ok().and_then(char::from_u32);
                value.push(character.unwrap_or('?'));
            }
        }
        value
    }
}
