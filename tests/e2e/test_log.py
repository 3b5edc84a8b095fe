"""What the function writes down about a request, and what it must never write down."""

import re
from collections.abc import Callable, Iterator

import pytest

from conftest import Federation, OwnServer, custom_settings, dialects
from harness.answers import Answer, assert_accepted, assert_broken, assert_refused
from harness.deployment import Deployment
from harness.ditto import SIGNATURE_HEADER, Dialect, Event
from harness.function import LogRecord
from harness.secrets import SecretsManager
from harness.tokens import claims, jwk_set, new_key, payload_of, signed, tampered


def _decide(server: OwnServer, event: Event) -> tuple[Answer, LogRecord]:
    """The answer to an event, and the one decision that it leaves in the log."""
    function = server.deployment.function
    mark = function.mark
    answer = server.deployment.send(event)
    # The next request's line marks the end of this one's, so a second line of this request cannot be missed.
    server.deployment.send(server.deployment.ditto.send(b"end", signed="end"))
    first, *others = function.decisions_since(mark, at_least=2)
    assert len(others) == 1, (first, others)
    return answer, first


def test_logs_one_decision_for_an_accepted_login(own_server: OwnServer):
    answer, decision = _decide(own_server, own_server.deployment.ditto.login(signed(own_server.key, claims("ann"))))

    assert_accepted(answer, Dialect.V1, "ann")
    assert decision["verdict"] == "accepted", decision
    assert decision["provider"] == "custom"
    assert decision["database_id"] == own_server.deployment.ditto.database_id
    assert decision["kid"] == own_server.key.kid
    assert decision["request_id"]
    assert 0 <= decision["key_age_s"] <= 300
    assert decision["duration_us"] > 0


@dialects
def test_logs_one_decision_for_a_refused_login_under_the_id_that_the_app_gets(own_server: OwnServer, dialect: Dialect):
    token = tampered(signed(own_server.key, claims("ann")), sub="root")

    answer, decision = _decide(own_server, own_server.deployment.ditto.login(token, dialect))

    assert_refused(answer, dialect, "token.signature")
    assert decision["code"] == "token.signature"
    assert decision["request_id"] == answer.body["clientInfo"]["id"]


def test_logs_one_decision_for_a_broken_request_under_the_id_that_the_caller_gets(own_server: OwnServer):
    answer, decision = _decide(own_server, own_server.deployment.ditto.send(b"{}", signed=None))

    assert_broken(answer, 401, "caller.signature_missing")
    assert decision["code"] == "caller.signature_missing"
    assert decision["request_id"] == answer.body["id"]


@pytest.fixture(scope="module", params=["info", "debug", "trace"])
def logging_server(request: pytest.FixtureRequest, secrets_manager: SecretsManager) -> Iterator[OwnServer]:
    """At every level: whoever turns it up to find a fault must not get tokens into the log by it."""
    key = new_key("ES256")
    settings = custom_settings("ES256") | {"LOG_LEVEL": request.param}
    with Deployment("custom", secrets_manager, keys=jwk_set(key), settings=settings) as deployment:
        yield OwnServer(deployment, {"ES256": key})


MARKED_CLAIMS = {
    "groups": ["leakmark-group"],
    "email": "leakmark-email@example.org",
    "name": "Leakmark Name\nlogin decided",
    "nested": {"leakmark-member": ["leakmark-value"]},
}
MARKED_SUB = "leakmark-sub"


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda server, token: server.deployment.ditto.login(token), id="accepted"),
        pytest.param(
            lambda server, token: server.deployment.ditto.login(tampered(token, sub="leakmark-root")), id="tampered"
        ),
        pytest.param(
            lambda server, token: server.deployment.ditto.login(
                signed(server.key, {**payload_of(token), "aud": "leakmark-audience", "iss": "leakmark-issuer"})
            ),
            id="refused-claims",
        ),
        pytest.param(
            lambda server, token: server.deployment.ditto.login(
                signed(server.key, {**payload_of(token), "exp": "leakmark-expiry"})
            ),
            id="claim-of-wrong-type",
        ),
        pytest.param(
            lambda server, token: server.deployment.ditto.send(
                server.deployment.ditto.body(token), signed="t=1,v1=leakmark-signature"
            ),
            id="refused-caller",
        ),
        pytest.param(
            lambda server, token: server.deployment.ditto.send(server.deployment.ditto.body(token)[:-1]),
            id="cut-off-body",
        ),
        pytest.param(
            lambda server, token: server.deployment.ditto.send(server.deployment.ditto.body(token, databaseID=[token])),
            id="token-in-another-member",
        ),
    ],
)
def test_log_has_nothing_of(logging_server: OwnServer, spoil: Callable[[OwnServer, str], Event]):
    token = signed(logging_server.key, claims(MARKED_SUB, **MARKED_CLAIMS))
    event = spoil(logging_server, token)

    _decide(logging_server, event)

    _assert_nothing_leaked(logging_server.deployment, event, token)


def test_log_has_nothing_of_the_provider_s_tokens(access_tokens: Federation):
    access_tokens.provider.set_claims(MARKED_SUB, MARKED_CLAIMS)
    token = access_tokens.provider.access_token(MARKED_SUB)
    deployment = access_tokens.deployment
    event = deployment.ditto.login(token)
    mark = deployment.function.mark

    assert_accepted(deployment.send(event), Dialect.V1, MARKED_SUB)
    deployment.function.decisions_since(mark, at_least=1)

    _assert_nothing_leaked(deployment, event, token)


def _assert_nothing_leaked(deployment: Deployment, event: Event, token: str) -> None:
    output = deployment.function.output
    header = event["headers"].get(SIGNATURE_HEADER, "")
    forbidden = [
        *(part for part in token.split(".") if part),
        header,
        *re.findall(r"v1=([^,]+)", header),
        payload_of(token)["jti"],
        *deployment.ditto.shared_secrets,
    ]
    assert [text for text in forbidden if text and text in output] == []
    assert re.findall(r"[^\n]*leakmark[^\n]*", output, re.IGNORECASE) == []
