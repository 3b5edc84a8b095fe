//! The template renderer: whatever the claims, a filled query is its template with literals of exactly their values.
//! The input is a template, a line break, and claims as JSON.
#![no_main]

#[path = "../../shared/claim-mapping/tests/support/filled.rs"]
mod filled;

use std::time::{Duration, SystemTime};

use claim_mapping::{Login, QueryTemplate, ValueMaps};
use filled::is_filled;
use libfuzzer_sys::fuzz_target;
use permission_query::Query;
use serde_json::Value;

fuzz_target!(|text: &str| {
    let Some((template, claims)) = text.split_once('\n') else { return };
    let Ok(Value::Object(claims)) = serde_json::from_str(claims) else { return };
    let maps = ValueMaps::new();
    let Ok(parsed) = QueryTemplate::parse(template, &maps) else { return };
    let login = Login {
        claims: &claims,
        database_id: "db",
        provider: "my-auth",
        now: SystemTime::UNIX_EPOCH,
        remaining_life: Duration::ZERO,
    };
    let mut queries = Vec::new();
    if parsed.fill(&login, |query| queries.push(query)).is_ok() {
        for query in queries {
            let filled = Query::parse(&query).unwrap_or_else(|error| panic!("{query}: {error}"));
            let is_right = is_filled(parsed.query().expression(), filled.expression(), &login, &maps);
            assert!(is_right, "{template} became {query}");
        }
    }
});
