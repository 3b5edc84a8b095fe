"""Logins with tokens of an own server: each kind of key, and every way in which a token can be wrong."""

import time
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from conftest import OWN_SERVER_ALGORITHMS, OwnServer, dialects
from harness.answers import assert_accepted, assert_refused
from harness.ditto import Dialect
from harness.tokens import SigningKey, claims, header, new_key, signed, signed_with_secret, tampered, unsigned

MINUTE = 60
HOUR = 3600


@dialects
@pytest.mark.parametrize("algorithm", OWN_SERVER_ALGORITHMS)
def test_accepts_token_signed_with(own_server: OwnServer, algorithm: str, dialect: Dialect):
    token = signed(own_server.keys[algorithm], claims("ann"))

    assert_accepted(own_server.deployment.log_in(token, dialect), dialect, "ann")


@pytest.mark.parametrize("algorithm", OWN_SERVER_ALGORITHMS)
def test_rejects_token_signed_by_another_key(own_server: OwnServer, algorithm: str):
    impostor = SigningKey(algorithm, own_server.keys[algorithm].kid, new_key(algorithm).jwk)

    answer = own_server.deployment.log_in(signed(impostor, claims("ann")))

    assert_refused(answer, Dialect.V1, "token.signature")


@pytest.mark.parametrize("algorithm", OWN_SERVER_ALGORITHMS)
def test_rejects_other_claims_under_an_old_signature(own_server: OwnServer, algorithm: str):
    token = tampered(signed(own_server.keys[algorithm], claims("ann")), sub="root")

    assert_refused(own_server.deployment.log_in(token), Dialect.V1, "token.signature")


def _ago(seconds: int) -> int:
    return int(time.time()) - seconds


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        pytest.param(lambda: claims(iat=_ago(2 * HOUR), exp=_ago(HOUR)), "token.expired", id="expired"),
        pytest.param(lambda: claims(exp=None), "token.expiry_missing", id="no-expiry"),
        pytest.param(lambda: claims(exp=str(_ago(-HOUR))), "token.claim_type", id="expiry-as-string"),
        pytest.param(lambda: claims(nbf=_ago(-10 * MINUTE)), "token.not_yet_valid", id="not-yet-valid"),
        pytest.param(lambda: claims(iat=_ago(-10 * MINUTE)), "token.issued_in_future", id="issued-in-future"),
        pytest.param(lambda: claims(iss="https://evil.example.org"), "token.issuer", id="another-issuer"),
        pytest.param(lambda: claims(iss="https://login.example.org/"), "token.issuer", id="issuer-with-slash"),
        pytest.param(lambda: claims(iss=None), "token.issuer", id="no-issuer"),
        pytest.param(lambda: claims(aud="https://shop.example.org"), "token.audience", id="another-audience"),
        pytest.param(lambda: claims(aud=[]), "token.audience", id="empty-audience"),
        pytest.param(lambda: claims(aud=None), "token.audience", id="no-audience"),
        pytest.param(lambda: claims(sub=None), "token.subject", id="no-subject"),
        pytest.param(lambda: claims(sub=""), "token.subject", id="empty-subject"),
        pytest.param(lambda: claims(sub="a\nb"), "token.subject", id="subject-with-control-character"),
        pytest.param(lambda: claims(sub="x" * 256), "token.subject", id="subject-too-long"),
        pytest.param(lambda: claims(sub=42), "token.claim_type", id="subject-as-number"),
        pytest.param(lambda: claims(nonce="n", scope=None), "token.kind", id="id-token"),
        pytest.param(lambda: b"not json", "token.malformed", id="payload-not-json"),
        pytest.param(lambda: b"[]", "token.malformed", id="payload-not-an-object"),
        pytest.param(lambda: b'{"sub":"ann","sub":"root"}', "token.malformed", id="duplicate-members"),
    ],
)
def test_rejects_claims(own_server: OwnServer, payload: Callable[[], dict | bytes], code: str):
    answer = own_server.deployment.log_in(signed(own_server.key, payload()))

    assert_refused(answer, Dialect.V1, code)


def _confused(encoding: Encoding) -> Callable[[OwnServer], str]:
    def forge(server: OwnServer) -> str:
        victim = server.keys["RS256"]
        return signed_with_secret(victim.public_bytes(encoding), header(victim, alg="HS256"), claims("root"))

    return forge


def _confused_under_the_hmac_key(server: OwnServer) -> str:
    known = server.keys["RS256"].public_bytes(Encoding.PEM)
    return signed_with_secret(known, header(server.keys["HS256"]), claims("root"))


def _good(server: OwnServer) -> str:
    return signed(server.key, claims("ann"))


@pytest.mark.parametrize(
    ("forge", "code"),
    [
        pytest.param(lambda server: unsigned(server.key, claims("root")), "token.unsigned", id="alg-none"),
        pytest.param(
            lambda server: unsigned(server.key, claims("root"), "nOnE"), "token.unsigned", id="alg-none-oddly-cased"
        ),
        pytest.param(_confused(Encoding.PEM), "token.algorithm", id="hmac-with-public-key-pem"),
        pytest.param(_confused(Encoding.DER), "token.algorithm", id="hmac-with-public-key-der"),
        pytest.param(_confused_under_the_hmac_key, "token.signature", id="hmac-with-public-key-under-the-hmac-kid"),
        pytest.param(lambda server: signed(server.key, claims(), kid="unknown"), "token.key_unknown", id="unknown-kid"),
        pytest.param(lambda server: signed(server.key, claims(), kid=None), "token.key_missing", id="no-kid"),
        pytest.param(
            lambda server: signed(server.key, claims(), crit=["b64"], b64=True),
            "token.header_unsupported",
            id="critical-header",
        ),
        pytest.param(lambda server: signed(server.key, claims(), typ="logout+jwt"), "token.kind", id="logout-token"),
        pytest.param(lambda server: f"{_good(server)}.x.y", "token.encrypted", id="five-parts"),
        pytest.param(lambda server: _good(server).rsplit(".", 1)[0], "token.malformed", id="two-parts"),
        pytest.param(lambda _: "opaque", "token.malformed", id="opaque"),
        pytest.param(lambda _: "", "token.malformed", id="empty"),
        pytest.param(lambda server: _good(server) + "=", "token.malformed", id="padded-signature"),
        pytest.param(lambda server: f" {_good(server)}", "token.malformed", id="leading-space"),
        pytest.param(
            lambda server: signed(server.key, claims(filler="x" * 17 * 1024)), "token.too_large", id="over-16-kib"
        ),
    ],
)
def test_rejects_token(own_server: OwnServer, forge: Callable[[OwnServer], str], code: str):
    assert_refused(own_server.deployment.log_in(forge(own_server)), Dialect.V1, code)


def test_accepts_token_of_11_kib(own_server: OwnServer):
    token = signed(own_server.key, claims("ann", filler="x" * 8 * 1024))

    assert 11 * 1024 < len(token) < 16 * 1024
    assert_accepted(own_server.deployment.log_in(token), Dialect.V1, "ann")


@dialects
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param(
            {"database_id": "00000000-0000-4000-8000-000000000000"}, "request.database", id="another-database"
        ),
        pytest.param({"provider": "another"}, "request.provider", id="another-provider"),
    ],
)
def test_rejects_good_token_sent_for(own_server: OwnServer, changes: dict[str, str], code: str, dialect: Dialect):
    other = own_server.deployment.ditto.with_(**changes)

    answer = own_server.deployment.send(other.login(_good(own_server), dialect))

    assert_refused(answer, dialect, code)
