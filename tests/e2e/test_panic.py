"""A panic unwinds in what cargo-lambda builds, so that it can be answered and the process lives on.

No request makes the functions panic; what they then answer is tested in Rust. That they could is tested here, with
the smallest function, which panics when it is asked to.
"""

import pytest

from harness.function import Function, FunctionFailed
from harness.secrets import SecretsManager


def test_a_panic_is_reported_and_the_same_process_answers_the_next_event(secrets_manager: SecretsManager):
    with Function("bench-hello", secrets_manager.url, {}) as function:
        with pytest.raises(FunctionFailed, match="as asked for"):
            function.invoke({"panic": True})
        answer = function.invoke({"statusCode": 200, "headers": {}, "body": "alive"})

        assert answer.text == "alive"
        assert function.starts == 1, function.output
