"""Requests that are not Ditto's or not the contract: each gets its own HTTP status and code, and no verdict."""

import json
import time
from collections.abc import Callable, Iterator

import pytest

from conftest import OwnServer, custom_settings, dialects
from harness.answers import assert_accepted, assert_broken
from harness.deployment import Deployment
from harness.ditto import (
    SIGNATURE_HEADER,
    Dialect,
    DittoDatabase,
    Event,
    new_shared_secret,
    signature,
    signature_header,
)
from harness.secrets import SecretsManager
from harness.tokens import claims, jwk_set, new_key, signed

MAX_BODY = 64 * 1024


def _good_body(server: OwnServer, **extra: object) -> bytes:
    return server.deployment.ditto.body(signed(server.key, claims("ann")), **extra)


def _secret(server: OwnServer) -> str:
    return server.deployment.ditto.shared_secrets[0]


@pytest.mark.parametrize(
    ("sign", "code"),
    [
        pytest.param(lambda body, secret: None, "caller.signature_missing", id="missing"),
        pytest.param(lambda body, secret: "garbage", "caller.signature_malformed", id="garbage"),
        pytest.param(
            lambda body, secret: signature_header(body, secret).partition(",")[2],
            "caller.signature_malformed",
            id="no-timestamp",
        ),
        pytest.param(lambda body, secret: signature_header(body), "caller.signature_malformed", id="timestamp-only"),
        pytest.param(
            lambda body, secret: f"t=now,v1={signature(secret, 0, body)}",
            "caller.signature_malformed",
            id="timestamp-not-a-number",
        ),
        pytest.param(
            lambda body, secret: signature_header(body, secret, age=310), "caller.signature_stale", id="too-old"
        ),
        pytest.param(
            lambda body, secret: signature_header(body, secret, age=-310), "caller.signature_stale", id="too-new"
        ),
        pytest.param(
            lambda body, secret: signature_header(body, new_shared_secret()), "caller.signature", id="another-secret"
        ),
        pytest.param(
            lambda body, secret: signature_header(body + b" ", secret), "caller.signature", id="another-body"
        ),
        pytest.param(
            lambda body, secret: f"t={int(time.time())},v1={signature(secret, int(time.time()) - 60, body)}",
            "caller.signature",
            id="another-timestamp",
        ),
        pytest.param(
            lambda body, secret: signature_header(body, new_shared_secret(), new_shared_secret()),
            "caller.signature",
            id="several-and-none-right",
        ),
    ],
)
def test_refuses_to_answer_a_caller_whose_signature_is(
    own_server: OwnServer, sign: Callable[[bytes, str], str | None], code: str
):
    body = _good_body(own_server)

    event = own_server.deployment.ditto.send(body, signed=sign(body, _secret(own_server)))

    assert_broken(own_server.deployment.send(event), 401, code)


@pytest.mark.parametrize(
    "sign",
    [
        pytest.param(lambda body, secret: signature_header(body, new_shared_secret(), secret), id="last-of-two"),
        pytest.param(lambda body, secret: signature_header(body, secret, new_shared_secret()), id="first-of-two"),
        pytest.param(lambda body, secret: signature_header(body, secret, age=290), id="almost-too-old"),
        pytest.param(lambda body, secret: signature_header(body, secret, age=-290), id="almost-too-new"),
    ],
)
def test_accepts_caller_whose_right_signature_is(own_server: OwnServer, sign: Callable[[bytes, str], str]):
    body = _good_body(own_server)

    event = own_server.deployment.ditto.send(body, signed=sign(body, _secret(own_server)))

    assert_accepted(own_server.deployment.send(event), Dialect.V1, "ann")


@dialects
def test_accepts_body_that_the_gateway_encoded_as_base64(own_server: OwnServer, dialect: Dialect):
    body = own_server.deployment.ditto.body(signed(own_server.key, claims("ann")), dialect)

    event = own_server.deployment.ditto.send(body, base64_encoded=True)

    assert_accepted(own_server.deployment.send(event), dialect, "ann")


def test_ignores_members_that_the_contract_may_gain(own_server: OwnServer):
    event = own_server.deployment.ditto.send(_good_body(own_server, device={"os": ["a", 1, None]}))

    assert_accepted(own_server.deployment.send(event), Dialect.V1, "ann")


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=utf-8", "Application/JSON", None],
    ids=["with-charset", "oddly-cased", "none"],
)
def test_accepts_content_type(own_server: OwnServer, content_type: str | None):
    event = own_server.deployment.ditto.send(_good_body(own_server), content_type=content_type)

    assert_accepted(own_server.deployment.send(event), Dialect.V1, "ann")


def _members(**changes: object) -> Callable[[OwnServer], bytes]:
    def body(server: OwnServer) -> bytes:
        members = json.loads(_good_body(server)) | changes
        return json.dumps({name: value for name, value in members.items() if value is not None}).encode()

    return body


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(_members(databaseID=None), id="without-database"),
        pytest.param(_members(version="2"), id="of-another-version"),
        pytest.param(_members(appID="x"), id="of-both-dialects"),
    ],
)
def test_refuses_to_read_signed_body(own_server: OwnServer, body: Callable[[OwnServer], bytes]):
    event = own_server.deployment.ditto.send(body(own_server))

    assert_broken(own_server.deployment.send(event), 400, "request.dialect")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(lambda server: b"not json", id="not-json"),
        pytest.param(lambda server: b"", id="empty"),
        pytest.param(lambda server: b"[]", id="an-array"),
        pytest.param(lambda server: _good_body(server)[:-1], id="cut-off"),
        pytest.param(lambda server: _good_body(server) + b"{}", id="something-after-it"),
        pytest.param(_members(token=None), id="no-token"),
        pytest.param(_members(token=7), id="token-not-a-string"),
        pytest.param(_members(provider=None), id="no-provider"),
        pytest.param(_members(databaseID=7), id="database-not-a-string"),
        pytest.param(lambda server: _good_body(server)[:-1] + b',"token":"x"}', id="duplicate-members"),
        pytest.param(lambda server: b"[" * 60_000, id="deeply-nested"),
    ],
)
def test_refuses_to_read_signed_body_that_is(own_server: OwnServer, body: Callable[[OwnServer], bytes]):
    event = own_server.deployment.ditto.send(body(own_server))

    assert_broken(own_server.deployment.send(event), 400, "request.malformed")


def test_refuses_to_read_body_that_is_not_utf_8(own_server: OwnServer):
    event = own_server.deployment.ditto.send(b'{"token":"\xff"}', base64_encoded=True)

    assert_broken(own_server.deployment.send(event), 400, "request.malformed")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_refuses_method(own_server: OwnServer, method: str):
    event = own_server.deployment.ditto.send(_good_body(own_server), method=method)

    answer = own_server.deployment.send(event)

    assert_broken(answer, 405, "request.method")
    assert answer.headers.get("allow") == "POST"


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""],
    ids=["text", "form", "longer-name", "empty"],
)
def test_refuses_content_type(own_server: OwnServer, content_type: str):
    event = own_server.deployment.ditto.send(_good_body(own_server), content_type=content_type)

    assert_broken(own_server.deployment.send(event), 415, "request.media_type")


def _padded_to(server: OwnServer, size: int) -> bytes:
    return _good_body(server, filler="x" * (size - len(_good_body(server, filler=""))))


@pytest.mark.parametrize("base64_encoded", [False, True], ids=["text", "base64"])
def test_refuses_body_over_64_kib(own_server: OwnServer, base64_encoded: bool):
    body = _padded_to(own_server, MAX_BODY + 1)

    event = own_server.deployment.ditto.send(body, base64_encoded=base64_encoded)

    assert_broken(own_server.deployment.send(event), 413, "request.too_large")


@pytest.mark.parametrize("base64_encoded", [False, True], ids=["text", "base64"])
def test_accepts_body_of_64_kib(own_server: OwnServer, base64_encoded: bool):
    body = _padded_to(own_server, MAX_BODY)

    event = own_server.deployment.ditto.send(body, base64_encoded=base64_encoded)

    assert_accepted(own_server.deployment.send(event), Dialect.V1, "ann")


def _without_body(event: Event) -> Event:
    return {name: value for name, value in event.items() if name != "body"}


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(lambda ditto: ditto.send(b"\x00\x01\x02", base64_encoded=True), id="binary"),
        pytest.param(lambda ditto: ditto.send(b"x" * 100_000, signed="x" * 8000), id="huge-and-unsigned"),
        pytest.param(lambda ditto: _without_body(ditto.send(b"", signed=None)), id="no-body"),
        pytest.param(lambda ditto: ditto.login("..."), id="empty-token-parts"),
    ],
)
def test_answers_good_login_after_garbage(own_server: OwnServer, event: Callable[[DittoDatabase], Event]):
    garbage = own_server.deployment.send(event(own_server.deployment.ditto))

    assert garbage.body.get("authenticated", False) is False
    assert_accepted(own_server.deployment.log_in(signed(own_server.key, claims("ann"))), Dialect.V1, "ann")


@pytest.fixture(scope="module")
def unsigned_callers(secrets_manager: SecretsManager) -> Iterator[OwnServer]:
    key = new_key("ES256")
    settings = custom_settings("ES256") | {
        "DITTO_DATABASE_IDS": "*",
        "DITTO_SIGNATURE": "off",
        "DITTO_SIGNATURE_SECRET": None,
    }
    with Deployment("custom", secrets_manager, keys=jwk_set(key), settings=settings) as deployment:
        yield OwnServer(deployment, {"ES256": key})


def test_accepts_unsigned_caller_where_signatures_are_off(unsigned_callers: OwnServer):
    event = unsigned_callers.deployment.ditto.send(_good_body(unsigned_callers), signed=None)

    assert SIGNATURE_HEADER not in event["headers"]
    assert_accepted(unsigned_callers.deployment.send(event), Dialect.V1, "ann")


def test_accepts_every_database_where_all_are_allowed(unsigned_callers: OwnServer):
    other = unsigned_callers.deployment.ditto.with_(database_id="00000000-0000-4000-8000-000000000000")

    answer = unsigned_callers.deployment.send(other.login(signed(unsigned_callers.key, claims("ann"))))

    assert_accepted(answer, Dialect.V1, "ann")


@pytest.mark.parametrize("query", ["<", '"', "a b", "%zz", "?&=", "\u00e9", "x" * 9000])
@pytest.mark.parametrize("path", ["/login", "//", "/ a<b", ""])
def test_path_and_query_play_no_part(own_server: OwnServer, query: str, path: str):
    event = own_server.deployment.ditto.send(_good_body(own_server)) | {"rawQueryString": query, "rawPath": path}

    assert_accepted(own_server.deployment.send(event), Dialect.V1, "ann")


def test_refuses_body_that_claims_to_be_base64(own_server: OwnServer):
    event = own_server.deployment.ditto.send(_good_body(own_server)) | {"isBase64Encoded": True}

    assert_broken(own_server.deployment.send(event), 401, "caller.signature")
