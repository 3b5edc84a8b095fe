"""The harness itself, against values that it did not make."""

import base64

import pytest
import requests

from harness.answers import query_literal
from harness.ditto import signature
from harness.idp import API_AUDIENCE, OpenIdProvider
from harness.tokens import header_of, payload_of


def test_signs_requests_as_the_contract_says():
    secret = base64.b64encode(bytes(range(128))).decode()
    body = b'{"databaseID":"3f5c1c0e-1111-4222-8333-0123456789ab","version":"1","provider":"my-auth","token":"abc"}'

    assert secret.startswith("AAECAwQFBgcICQoLDA0ODxAR") and secret.endswith("e3x9fn8=")
    assert signature(secret, 1700000000, body) == "12712b49b434737e2c932ef5b3491809614389469ce6cbbb52eeba2d7ef1cf71"


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        pytest.param("ann", "'ann'", id="plain"),
        pytest.param("x' || true || 'y", r"'x\u0027 || true || \u0027y'", id="quotes"),
        pytest.param('a"b\\c', r"'a\u0022b\u005cc'", id="double-quote-and-backslash"),
        pytest.param("\n\x7f", r"'\u000a\u007f'", id="control-characters"),
        pytest.param("å😀", "'å😀'", id="not-ascii"),
    ],
)
def test_writes_query_literals_as_measured(value: str, literal: str):
    assert query_literal(value) == literal


def test_provider_issues_the_tokens_that_the_tests_rely_on(provider: OpenIdProvider):
    login = provider.log_in("harness-user")

    assert header_of(login.access_token)["typ"] == "at+jwt"
    assert header_of(login.access_token)["alg"] == provider.algorithm
    assert payload_of(login.access_token)["aud"] == API_AUDIENCE
    assert payload_of(login.id_token)["aud"] == provider.client_id
    assert payload_of(login.access_token)["sub"] == payload_of(login.id_token)["sub"] == "harness-user"


def test_provider_describes_itself_as_discovery_demands(provider: OpenIdProvider):
    discovery = requests.get(f"{provider.issuer}/.well-known/openid-configuration", timeout=10).json()

    assert discovery["issuer"] == provider.issuer
    assert all("d" not in key for key in provider.jwks()["keys"])
