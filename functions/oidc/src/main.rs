//! The Lambda function `oidc`.

use std::process::ExitCode;

fn main() -> ExitCode {
    function::run(&oidc::PROVIDER)
}
