"""The functions as SAM builds and runs them: in real containers, behind the routes of the template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from dev_events import EVENTS, event_files, expectation_of, provider_of
from local_stack import BUILD, LocalApi, LocalStack
from stack_template import functions_by_provider, load_template

PROVIDERS = functions_by_provider(load_template())

# The C library of Amazon Linux 2023. The stand-in image has a newer one and would not notice.
NEWEST_GLIBC = (2, 34)


def name_of(event_file: Path) -> str:
    return f"{provider_of(event_file)}/{event_file.stem}"


def test_every_function_has_events() -> None:
    assert {provider_of(file) for file in event_files()} == set(PROVIDERS)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_function_runs_on_the_c_library_of_its_runtime(stack: LocalStack, provider: str) -> None:
    binary = (BUILD / PROVIDERS[provider] / "bootstrap").read_bytes()
    needed = {(int(major), int(minor)) for major, minor in re.findall(rb"GLIBC_(\d+)\.(\d+)", binary)}
    assert needed, "no version of the C library found in the binary"
    assert max(needed) <= NEWEST_GLIBC


# A container of its own for each is slow, so one of each outcome; the HTTP API below is asked all of them.
@pytest.mark.parametrize("event", ["accepted", "accepted_base64_body", "refused_expired", "unproven_no_signature"])
@pytest.mark.parametrize("provider", PROVIDERS)
def test_sam_local_invoke_answers_as_the_event_file_says(stack: LocalStack, provider: str, event: str) -> None:
    event_file = EVENTS / provider / f"{event}.json"
    answer, log = stack.invoke(event_file)
    assert not expectation_of(event_file).mismatches(answer), f"{answer}\n{log}"


@pytest.mark.parametrize("event_file", event_files(), ids=name_of)
def test_http_api_answers_as_the_event_file_says(stack: LocalStack, api: LocalApi, event_file: Path) -> None:
    answer = api.post(stack.sign(event_file))
    assert not expectation_of(event_file).mismatches(answer), answer


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/oidc"), ("PUT", "/custom"), ("POST", "/"), ("POST", "/unknown"), ("POST", "/oidc/more")],
)
def test_nothing_else_is_routed_to_a_function(api: LocalApi, method: str, path: str) -> None:
    answer = api.request(method, path, b"{}", {"content-type": "application/json"})
    # AWS answers 404, SAM's emulation of it 403; a function would answer with a code.
    assert answer.status in (403, 404), answer
    assert "code" not in answer.body, answer
