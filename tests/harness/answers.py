"""What the webhook may answer. All tests assert through here, so that each answer is checked whole."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from harness.ditto import Dialect

_MAX_U32 = 2**32 - 1
_REQUIRED_WHEN_ACCEPTED = {"userID", "expirationSeconds", "permissions"}
_OPTIONAL_WHEN_ACCEPTED = {"clientInfo", "identityServiceMetadata"}


@dataclass(frozen=True)
class Answer:
    """An answer as API Gateway gets it from the function; header names in lower case."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> dict[str, Any]:
        """The JSON object of the body."""
        return dict(json.loads(self.text))


def query_literal(value: str) -> str:
    """`value` as a literal of Ditto's permission queries, with the one encoding that no value breaks out of."""
    escaped = "".join(
        f"\\u{ord(character):04x}" if character in "'\"\\\x7f" or character < " " else character for character in value
    )
    return f"'{escaped}'"


def assert_accepted(answer: Answer, dialect: Dialect, user_id: str, *, lifetime: int = 900) -> None:
    """The login of `user_id` is accepted, for no longer than its token lives, and with permissions of its own.

    Beyond the shape, which the contract fixes, it asserts of the policy only what every policy owes: who may not read
    everything has some query bound to this user. What else a user may do is for the policy's own tests.
    """
    assert answer.status == 200, answer
    assert_headers(answer)
    body = answer.body
    members = {dialect.verdict_member} | _REQUIRED_WHEN_ACCEPTED
    assert members <= set(body) <= members | _OPTIONAL_WHEN_ACCEPTED, answer
    assert body[dialect.verdict_member] is True, answer
    assert body["userID"] == user_id, answer
    # Compared by exact type, because a bool is an int to Python.
    assert type(body["expirationSeconds"]) is int, answer
    assert 0 < body["expirationSeconds"] <= min(lifetime, _MAX_U32), answer
    permissions = body["permissions"]
    assert {"read", "write"} <= set(permissions) <= {"read", "write", "remoteQuery"}, answer
    assert permissions.get("remoteQuery", False) in (True, False), answer
    for side in ("read", "write"):
        assert set(permissions[side]) == {"everything", "queriesByCollection"}, answer
        assert isinstance(permissions[side]["everything"], bool), answer
        for queries in permissions[side]["queriesByCollection"].values():
            assert isinstance(queries, list), answer
            assert all(isinstance(query, str) for query in queries), answer
    if not permissions["read"]["everything"]:
        assert any(query_literal(user_id) in query for query in read_queries(answer)), answer


def read_queries(answer: Answer) -> list[str]:
    """Every read query of an accepted login."""
    collections = answer.body["permissions"]["read"]["queriesByCollection"]
    return [query for queries in collections.values() for query in queries]


def assert_refused(answer: Answer, dialect: Dialect, code: str) -> None:
    """The request was in order, and the login is refused with exactly this code and nothing granted."""
    assert answer.status == 200, answer
    assert_headers(answer)
    body = answer.body
    assert set(body) == {dialect.verdict_member, "clientInfo"}, answer
    assert body[dialect.verdict_member] is False, answer
    _assert_reason(body["clientInfo"], code, answer)


def assert_broken(answer: Answer, status: int, code: str) -> None:
    """The request itself was at fault, or no verdict was possible: an HTTP error without any verdict."""
    assert answer.status == status, answer
    assert_headers(answer)
    _assert_reason(answer.body, code, answer)


def assert_unavailable(answer: Answer, code: str) -> None:
    """No verdict is possible for now, and the caller is told when to ask again."""
    assert_broken(answer, 503, code)
    assert answer.headers.get("retry-after") == "1", answer


def assert_headers(answer: Answer) -> None:
    """JSON, and never cached: a verdict is for one login."""
    assert answer.headers.get("content-type") == "application/json", answer
    assert answer.headers.get("cache-control") == "no-store", answer


def _assert_reason(reason: dict[str, Any], code: str, answer: Answer) -> None:
    assert set(reason) == {"code", "message", "id"}, answer
    assert reason["code"] == code, answer
    assert isinstance(reason["message"], str) and reason["message"], answer
    assert isinstance(reason["id"], str) and reason["id"], answer
