//! Diagnostics for machines: places as people count, and the members that readers of JSON and SARIF rely on.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is the failure report")]

use policy_analysis::{Checked, check, json_report, sarif_report};
use serde_json::{Value, json};

const POLICY: &str = "user_id = \"{sub}\"\n[session]\nlength = \"1h\"\n\n[[grant]]\nwhen = { claim = \"ü\", exists = true }\nread = { \"lädén\" = \"true\", shops = \"true\" }\n";

fn checked(file: &str, text: &str) -> Checked {
    Checked { file: file.to_owned(), text: text.to_owned(), diagnostics: check(text) }
}

fn policy() -> String {
    POLICY.replace("\"ü\"", "'\"ü\"'")
}

#[test]
fn json_has_every_diagnostic_with_all_its_members() {
    let report = json_report(&[checked("a/policy.toml", &policy()), checked("b.toml", "x = 1\n")]);
    assert_eq!((&report["errors"], &report["warnings"]), (&json!(4), &json!(2)), "{report:#}");
    let diagnostics = report["diagnostics"].as_array().unwrap();
    let shops = &diagnostics[1];
    let hint = "give `write` for `shops` too; where such devices need not relay it, say why: `# allow lint.relay: …`";
    assert_eq!(
        *shops,
        json!({
            "file": "a/policy.toml", "line": 7, "column": 28, "end_line": 7, "end_column": 33,
            "severity": "warning", "code": "lint.relay", "hint": hint,
            "message": "with the grant on line 5, a device that may read `shops` but not write it cannot relay it: peers out of reach of everyone else do not get it",
        })
    );
    let unknown = diagnostics.iter().find(|one| one["code"] == "policy.unknown_name").unwrap();
    assert_eq!((&unknown["file"], &unknown["severity"]), (&json!("b.toml"), &json!("error")));
    assert!(diagnostics.iter().any(|one| one["hint"] == Value::Null), "{report:#}");
    let members = diagnostics.iter().map(|one| one.as_object().unwrap().keys().collect::<Vec<_>>());
    assert!(members.clone().all(|one| Some(one) == members.clone().next()), "{report:#}");
}

#[test]
fn sarif_has_what_code_hosts_need() {
    let log =
        sarif_report(&[checked("a/policy.toml", &policy()), checked("b.toml", "x = 1\n")], "1.2.3");
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().ends_with("sarif-2.1.0.json"), "{log:#}");
    let runs = log["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 1);
    let driver = &runs[0]["tool"]["driver"];
    assert_eq!(
        (&driver["name"], &driver["semanticVersion"]),
        (&json!("ditto-auth"), &json!("1.2.3"))
    );
    assert_eq!(runs[0]["columnKind"], "unicodeCodePoints");
    let rules = driver["rules"].as_array().unwrap();
    let results = runs[0]["results"].as_array().unwrap();
    assert_eq!((rules.len(), results.len()), (3, 6), "{log:#}");
    for rule in rules {
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!(!rule[text]["text"].as_str().unwrap().is_empty(), "{rule}");
        }
        assert!(
            ["error", "warning"].contains(&rule["defaultConfiguration"]["level"].as_str().unwrap())
        );
    }
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(result["ruleId"], rules[index]["id"]);
        assert_eq!(result["level"], rules[index]["defaultConfiguration"]["level"]);
        assert!(!result["message"]["text"].as_str().unwrap().is_empty(), "{result}");
        let place = &result["locations"][0]["physicalLocation"];
        for bound in ["startLine", "startColumn", "endLine", "endColumn"] {
            assert!(place["region"][bound].as_u64().unwrap() >= 1, "{result}");
        }
    }
    let place = &results[1]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a/policy.toml");
    assert_eq!(
        place["region"],
        json!({"startLine": 7, "startColumn": 28, "endLine": 7, "endColumn": 33})
    );
}

#[test]
fn nothing_found_is_an_empty_report() {
    let good = policy() + "write = \"everything\"\n";
    let files = [checked("a.toml", &good)];
    assert_eq!(json_report(&files), json!({"diagnostics": [], "errors": 0, "warnings": 0}));
    let log = sarif_report(&files, "1.2.3");
    assert_eq!(
        (&log["runs"][0]["results"], &log["runs"][0]["tool"]["driver"]["rules"]),
        (&json!([]), &json!([]))
    );
}
