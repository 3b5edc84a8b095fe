"""A function binary under AWS's Lambda runtime interface emulator."""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import platform
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

from harness.answers import Answer
from harness.ditto import Event
from harness.http import loopback_session
from harness.processes import Process, free_port, loopback_environment
from harness.secrets import CREDENTIALS, REGION

_REPOSITORY = Path(__file__).resolve().parent.parent.parent
_EMULATOR_OF_MACHINE = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
_DECISION = "login decided"

LogRecord = dict[str, Any]


class FunctionFailed(AssertionError):
    """The emulator gave no answer of the function, only its own report of a failure."""


def function_binary(name: str) -> Path:
    """The binary of a function as it is deployed, which must have been built."""
    binary = _REPOSITORY / "target" / "lambda" / name / "bootstrap"
    assert binary.is_file(), f"{binary} is missing: run `cargo lambda build --release --bin {name}`"
    return binary


def function_environment(secrets_manager_url: str, settings: Mapping[str, str]) -> dict[str, str]:
    """The environment that Lambda would give the function."""
    return loopback_environment(
        {
            "AWS_ENDPOINT_URL": secrets_manager_url,
            "AWS_REGION": REGION,
            **CREDENTIALS,
            # A missing credential must fail at once and not look for the metadata service of an EC2 machine.
            "AWS_EC2_METADATA_DISABLED": "true",
            **settings,
        }
    )


def _emulator() -> Path:
    package = importlib.util.find_spec("samcli")
    assert package is not None and package.submodule_search_locations, (
        "aws-sam-cli is missing: pip install -r tests/requirements.txt"
    )
    machine = platform.machine().lower()
    assert machine in _EMULATOR_OF_MACHINE, f"there is no Lambda runtime emulator for {machine}"
    folder = Path(package.submodule_search_locations[0]) / "local" / "rapid"
    return folder / f"aws-lambda-rie-{_EMULATOR_OF_MACHINE[machine]}"


class Function:
    """A running emulator with a function in it.

    As in Lambda, the function's own process starts with the first invocation, and one invocation runs at a time.
    """

    def __init__(self, name: str, secrets_manager_url: str, settings: Mapping[str, str]) -> None:
        self.name = name
        # Ports of its own for both sides, because the emulators of several functions run at once.
        port, runtime_api_port = free_port(), free_port()
        self._url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"
        self._process = Process(
            f"function {name}",
            [
                str(_emulator()),
                "--log-level",
                "info",
                "--runtime-interface-emulator-address",
                f"127.0.0.1:{port}",
                "--runtime-api-address",
                f"127.0.0.1:{runtime_api_port}",
                str(function_binary(name)),
            ],
            function_environment(secrets_manager_url, settings),
        )
        self._session = loopback_session()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends the emulator and with it the function."""
        self._process.stop()

    def invoke(self, event: Event) -> Answer:
        """Hands the event to the function and gives its answer."""
        reply = self._session.post(self._url, data=json.dumps(event), timeout=30)
        try:
            answer = json.loads(reply.text)
            status, headers = answer["statusCode"], answer["headers"]
        except (ValueError, TypeError, KeyError):
            raise FunctionFailed(f"{reply.text[:2000]}\n{self._process.tail()}") from None
        text = answer.get("body") or ""
        if answer.get("isBase64Encoded"):
            text = base64.b64decode(text).decode()
        return Answer(status, {name.lower(): value for name, value in headers.items()}, text)

    @property
    def output(self) -> str:
        """Everything that the function and the emulator have printed."""
        return "\n".join(self._process.lines)

    def output_of_failed_start(self) -> str:
        """The output, once the emulator has seen the function's process end instead of asking for work."""
        self.wait_for_line(lambda line: "INIT RTDONE(status: error" in line)
        return self.output

    def wait_for_line(self, matches: Callable[[str], bool]) -> str:
        """The first line of the output that `matches`, as soon as it is there."""
        return self._process.wait_for_line(matches)

    @property
    def mark(self) -> int:
        """A place in the output, for `decisions_since`."""
        return len(self._process.lines)

    @property
    def starts(self) -> int:
        """How often the emulator has started the function's process."""
        return sum("INIT START(" in line for line in self._process.lines)

    def decisions_since(self, mark: int, *, at_least: int) -> list[LogRecord]:
        """The decisions logged from `mark` on, once there are `at_least` so many.

        Answers and log lines take different ways, so a line may arrive after the answer that it tells of.
        """
        deadline = time.monotonic() + 10
        position, found = mark, 0
        while found < at_least:
            remaining = max(0.0, deadline - time.monotonic())
            line = self._process.wait_for_line(is_decision, since=position, timeout=remaining)
            position = self._process.lines.index(line, position) + 1
            found += 1
        return [record_of(line) for line in self._process.lines[mark:] if is_decision(line)]


def is_decision(line: str) -> bool:
    """Whether a log line is the one that each request leaves."""
    return record_of(line).get("message") == _DECISION


def record_of(line: str) -> LogRecord:
    """The fields of a JSON log line; none for any other line."""
    try:
        record = json.loads(line)
    except ValueError:
        return {}
    if not isinstance(record, dict):
        return {}
    return {**record, **record.get("fields", {})}
