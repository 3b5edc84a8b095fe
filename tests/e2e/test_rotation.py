"""Keys and secrets change while the function runs."""

from collections.abc import Iterator

import pytest

from conftest import Federation, OwnServer, custom_settings, oidc_settings
from harness.answers import assert_accepted, assert_broken, assert_refused
from harness.deployment import Deployment
from harness.ditto import Dialect, new_shared_secret
from harness.idp import OpenIdProvider
from harness.secrets import SecretsManager
from harness.tokens import claims, header_of, jwk_set, new_key, signed


@pytest.fixture
def rotating(secrets_manager: SecretsManager) -> Iterator[Federation]:
    """A provider and a function of the test's own, because rotations are felt by all who share them."""
    with OpenIdProvider("ES256") as provider:
        settings = oidc_settings(provider)
        with Deployment("oidc", secrets_manager, keys=provider.jwks(), settings=settings) as deployment:
            yield Federation(deployment, provider)


@pytest.fixture
def fresh_own_server(secrets_manager: SecretsManager) -> Iterator[OwnServer]:
    key = new_key("ES256")
    settings = custom_settings("ES256")
    with Deployment("custom", secrets_manager, keys=jwk_set(key), settings=settings) as deployment:
        yield OwnServer(deployment, {"ES256": key})


def test_accepts_token_of_a_new_key_at_once_and_keeps_the_old_one(rotating: Federation):
    old_token = rotating.provider.access_token("ann")
    assert_accepted(rotating.deployment.log_in(old_token), Dialect.V1, "ann")

    rotating.provider.rotate_key(keep_previous=True)
    rotating.deployment.rotate_keys(rotating.provider.jwks())
    new_token = rotating.provider.access_token("bob")

    assert header_of(new_token)["kid"] != header_of(old_token)["kid"]
    assert_accepted(rotating.deployment.log_in(new_token), Dialect.V1, "bob")
    assert_accepted(rotating.deployment.log_in(old_token), Dialect.V1, "ann")


def test_rejects_token_of_a_removed_key_once_the_new_set_is_loaded(rotating: Federation):
    old_token = rotating.provider.access_token("ann")
    assert_accepted(rotating.deployment.log_in(old_token), Dialect.V1, "ann")

    rotating.provider.rotate_key(keep_previous=False)
    rotating.deployment.rotate_keys(rotating.provider.jwks())

    assert_accepted(rotating.deployment.log_in(rotating.provider.access_token("bob")), Dialect.V1, "bob")
    assert_refused(rotating.deployment.log_in(old_token), Dialect.V1, "token.key_unknown")


def test_rejects_token_of_a_new_key_that_was_never_published(rotating: Federation):
    rotating.provider.rotate_key(keep_previous=True)

    answer = rotating.deployment.log_in(rotating.provider.access_token("ann"))

    assert_refused(answer, Dialect.V1, "token.key_unknown")


def test_no_login_fails_while_ditto_signs_with_the_old_and_the_new_shared_secret(fresh_own_server: OwnServer):
    deployment, token = fresh_own_server.deployment, signed(fresh_own_server.key, claims("ann"))
    before = deployment.ditto
    next_secret = new_shared_secret()
    during = before.with_(shared_secrets=(next_secret, *before.shared_secrets))
    assert_accepted(deployment.send(before.login(token)), Dialect.V1, "ann")

    deployment.rotate_shared_secret(next_secret)

    assert_accepted(deployment.send(during.login(token)), Dialect.V1, "ann")
    assert_accepted(deployment.send(before.login(token)), Dialect.V1, "ann")


def test_accepts_a_new_shared_secret_at_once_while_the_function_runs(fresh_own_server: OwnServer):
    deployment, token = fresh_own_server.deployment, signed(fresh_own_server.key, claims("ann"))
    after = deployment.ditto.with_(shared_secrets=(new_shared_secret(),))
    assert_accepted(deployment.send(deployment.ditto.login(token)), Dialect.V1, "ann")

    deployment.rotate_shared_secret(after.shared_secrets[0])

    assert_accepted(deployment.send(after.login(token)), Dialect.V1, "ann")


def test_accepts_both_stages_of_the_shared_secret_from_the_start(secrets_manager: SecretsManager):
    key = new_key("ES256")
    deployment = Deployment("custom", secrets_manager, keys=jwk_set(key), settings=custom_settings("ES256"))
    previous = deployment.ditto
    current = previous.with_(shared_secrets=(new_shared_secret(),))
    retired = previous.with_(shared_secrets=(new_shared_secret(),))
    token = signed(key, claims("ann"))
    deployment.store_secrets()
    deployment.rotate_shared_secret(current.shared_secrets[0])

    deployment.start()
    with deployment.function:
        assert_accepted(deployment.send(current.login(token)), Dialect.V1, "ann")
        assert_accepted(deployment.send(previous.login(token)), Dialect.V1, "ann")
        assert_broken(deployment.send(retired.login(token)), 401, "caller.signature")


def test_reads_the_keys_once_for_many_unknown_key_ids():
    key = new_key("ES256")
    with (
        SecretsManager() as secrets_manager,
        Deployment("custom", secrets_manager, keys=jwk_set(key), settings=custom_settings("ES256")) as deployment,
    ):
        assert_accepted(deployment.log_in(signed(key, claims("ann"))), Dialect.V1, "ann")
        at_start = secrets_manager.requests_served()

        def log_in_with_unknown_kid(kid: str) -> int:
            assert_refused(deployment.log_in(signed(key, claims(), kid=kid)), Dialect.V1, "token.key_unknown")
            return secrets_manager.requests_served()

        after_first = log_in_with_unknown_kid("unknown-0")
        after_others = [log_in_with_unknown_kid(f"unknown-{number}") for number in range(1, 6)]

        assert after_first > at_start
        assert after_others == [after_first] * 5
        assert_accepted(deployment.log_in(signed(key, claims("ann"))), Dialect.V1, "ann")
        assert secrets_manager.requests_served() == after_first
