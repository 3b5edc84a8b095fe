"""Logins with tokens of a certified OpenID provider."""

import pytest

from conftest import Federation, dialects
from harness.answers import assert_accepted, assert_refused, read_queries
from harness.ditto import Dialect
from harness.tokens import tampered

HOUR = 3600


@dialects
def test_accepts_access_token(access_tokens: Federation, dialect: Dialect):
    token = access_tokens.provider.access_token("ann")

    assert_accepted(access_tokens.deployment.log_in(token, dialect), dialect, "ann")


@dialects
def test_accepts_id_token_where_id_tokens_are_configured(id_tokens: Federation, dialect: Dialect):
    token = id_tokens.provider.id_token("ann")

    assert_accepted(id_tokens.deployment.log_in(token, dialect), dialect, "ann")


@dialects
def test_rejects_id_token_where_access_tokens_are_configured(access_tokens: Federation, dialect: Dialect):
    token = access_tokens.provider.id_token("ann")

    assert_refused(access_tokens.deployment.log_in(token, dialect), dialect, "token.kind")


@dialects
def test_rejects_access_token_where_id_tokens_are_configured(id_tokens: Federation, dialect: Dialect):
    token = id_tokens.provider.access_token("ann")

    assert_refused(id_tokens.deployment.log_in(token, dialect), dialect, "token.kind")


@pytest.mark.parametrize(
    "sub",
    [
        pytest.param("x' || true || 'y", id="quotes-and-operators"),
        pytest.param('x" || true || "y', id="double-quotes"),
        pytest.param("x\\", id="backslash"),
        pytest.param("https://id.example.org/users/42", id="url"),
        pytest.param("Åsa 😀", id="not-ascii"),
    ],
)
def test_no_user_id_breaks_out_of_its_query(access_tokens: Federation, sub: str):
    answer = access_tokens.deployment.log_in(access_tokens.provider.access_token(sub))

    assert_accepted(answer, Dialect.V1, sub)
    for query in read_queries(answer):
        literal = query.split("'")
        assert len(literal) % 2 == 1, query
        assert '"' not in query, query


def test_rejects_expired_token(access_tokens: Federation):
    with access_tokens.provider.clock_shifted_by(-2 * HOUR):
        token = access_tokens.provider.access_token("ann")

    assert_refused(access_tokens.deployment.log_in(token), Dialect.V1, "token.expired")


def test_rejects_token_issued_in_the_future(access_tokens: Federation):
    with access_tokens.provider.clock_shifted_by(2 * HOUR):
        token = access_tokens.provider.access_token("ann")

    assert_refused(access_tokens.deployment.log_in(token), Dialect.V1, "token.issued_in_future")


def test_rejects_token_for_another_audience(access_tokens: Federation):
    token = access_tokens.provider.access_token("ann", audience="https://shop.example.org")

    assert_refused(access_tokens.deployment.log_in(token), Dialect.V1, "token.audience")


def test_rejects_token_of_another_user_under_an_old_signature(access_tokens: Federation):
    token = tampered(access_tokens.provider.access_token("ann"), sub="root")

    assert_refused(access_tokens.deployment.log_in(token), Dialect.V1, "token.signature")
