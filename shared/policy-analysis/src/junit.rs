//! Outcomes of personas as `JUnit` XML, which CI systems show.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::{PersonaOutcome, Suite};

/// The report of some suites.
///
/// # Errors
/// Where the XML cannot be written.
pub fn junit(suites: &[Suite]) -> Result<String, quick_junit::SerializeError> {
    let mut report = Report::new("ditto-auth test");
    for suite in suites {
        let mut cases = TestSuite::new(suite.test_file.as_str());
        cases.add_test_cases(suite.outcomes.iter().map(|outcome| case(outcome, suite)));
        let coverage = suite.coverage.percent().to_string();
        cases.add_property(("coverage_percent", coverage.as_str()));
        report.add_test_suite(cases);
    }
    report.to_string()
}

fn case(outcome: &PersonaOutcome, suite: &Suite) -> TestCase {
    let mut status = TestCaseStatus::success();
    if let Some(first) = outcome.problems.first() {
        status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_message(first.message.as_str()).set_type("policy");
        status.set_description(outcome.problem_text(&suite.test_file));
    }
    let mut case = TestCase::new(outcome.name.as_str(), status);
    case.set_classname(suite.test_file.as_str());
    case.extra.insert("file".into(), suite.test_file.as_str().into());
    case.extra.insert("line".into(), outcome.line.to_string().into());
    case
}
