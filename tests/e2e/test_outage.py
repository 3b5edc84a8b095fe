"""Secrets Manager is out of reach."""

from collections.abc import Iterator, Mapping

import pytest

from conftest import custom_settings
from harness.answers import assert_accepted, assert_unavailable
from harness.deployment import Deployment
from harness.ditto import Dialect
from harness.gateway import Gateway, post_honouring_retry_after
from harness.secrets import SecretsManager
from harness.tokens import SigningKey, claims, jwk_set, new_key, signed


@pytest.fixture
def failing_secrets_manager() -> Iterator[SecretsManager]:
    """Not started, and of the test's own: nobody else must notice that it fails."""
    secrets_manager = SecretsManager()
    yield secrets_manager
    secrets_manager.stop()


@pytest.fixture
def key() -> SigningKey:
    return new_key("ES256")


def _deployment(
    secrets_manager: SecretsManager, key: SigningKey, settings: Mapping[str, str | None] | None = None
) -> Deployment:
    all_settings = {**custom_settings("ES256"), **(settings or {})}
    return Deployment("custom", secrets_manager, keys=jwk_set(key), settings=all_settings)


def test_logins_go_on_while_secrets_manager_is_down(failing_secrets_manager: SecretsManager, key: SigningKey):
    failing_secrets_manager.start()
    with _deployment(failing_secrets_manager, key) as deployment:
        assert_accepted(deployment.log_in(signed(key, claims("ann"))), Dialect.V1, "ann")

        failing_secrets_manager.stop()

        assert_accepted(deployment.log_in(signed(key, claims("bob"))), Dialect.V1, "bob")


def test_gives_no_verdict_on_an_unknown_key_while_secrets_manager_is_down(
    failing_secrets_manager: SecretsManager, key: SigningKey
):
    failing_secrets_manager.start()
    with _deployment(failing_secrets_manager, key) as deployment:
        assert_accepted(deployment.log_in(signed(key, claims("ann"))), Dialect.V1, "ann")

        failing_secrets_manager.stop()

        answer = deployment.log_in(signed(key, claims("ann"), kid="of-a-rotation-not-seen-yet"))
        assert_unavailable(answer, "keys.unavailable")
        assert_accepted(deployment.log_in(signed(key, claims("ann"))), Dialect.V1, "ann")


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        pytest.param({}, "caller.secret_unavailable", id="with-signatures"),
        pytest.param(
            {"DITTO_SIGNATURE": "off", "DITTO_SIGNATURE_SECRET": None}, "keys.unavailable", id="without-signatures"
        ),
    ],
)
def test_same_process_accepts_logins_once_secrets_manager_is_back(
    failing_secrets_manager: SecretsManager, key: SigningKey, settings: dict[str, str | None], code: str
):
    deployment = _deployment(failing_secrets_manager, key, settings)
    deployment.start()
    with deployment.function as function, Gateway(function) as gateway:
        assert_unavailable(deployment.log_in(signed(key, claims("ann"))), code)

        failing_secrets_manager.start()
        deployment.store_secrets()

        body = deployment.ditto.body(signed(key, claims("ann")))
        answer = post_honouring_retry_after(gateway.url, body, deployment.ditto.headers(body), attempts=5)
        assert_accepted(answer, Dialect.V1, "ann")
        assert function.starts == 1
