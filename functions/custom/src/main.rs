//! The Lambda function `custom`.

use std::process::ExitCode;

fn main() -> ExitCode {
    function::run(&custom::PROVIDER)
}
