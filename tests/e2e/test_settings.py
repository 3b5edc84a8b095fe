"""A deployment that cannot work must not start, and must say everything that is wrong with it at once."""

import re

import pytest

from conftest import custom_settings
from harness.answers import assert_accepted, assert_refused
from harness.deployment import PROVIDER_NAME, Deployment
from harness.ditto import Dialect, DittoDatabase, new_shared_secret
from harness.function import Function, FunctionFailed
from harness.secrets import SecretsManager
from harness.tokens import AUDIENCE, ISSUER, claims, jwk_set, new_key, signed

GOOD = {
    "PROVIDER_NAME": PROVIDER_NAME,
    "DITTO_DATABASE_IDS": "3f5c1c0e-1111-4222-8333-0123456789ab",
    "DITTO_SIGNATURE_SECRET": "stack/ditto-signature",
    "SIGNING_KEYS_SECRET": "stack/signing-keys",
    **custom_settings("ES256"),
}
DITTO = DittoDatabase(GOOD["DITTO_DATABASE_IDS"], PROVIDER_NAME, (new_shared_secret(),))


@pytest.mark.parametrize("function_name", ["oidc", "custom"])
@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(
            {"ISSUER": None, "AUDIENCE": None, "SIGNING_KEYS_SECRET": None, "DITTO_DATABASE_IDS": None}, id="missing"
        ),
        pytest.param(
            {"ALGORITHMS": "none", "TOKEN_KIND": "both", "DITTO_SIGNATURE": "maybe", "LOG_LEVEL": "loud"},
            id="not-a-choice",
        ),
        pytest.param({"AUDIENCE": "", "ISSUER": " "}, id="empty"),
        pytest.param({"DITTO_DATABASE_IDS": None, "DITTO_DATABASE_ID": "x"}, id="misspelt"),
        pytest.param({"DITTO_SIGNATURE_SECRET": None}, id="signature-required-without-secret"),
        pytest.param({"DITTO_SIGNATURE": "off", "DITTO_SIGNATURE_SECRET": "x"}, id="secret-without-signature"),
    ],
)
def test_refuses_to_start_and_names_every_bad_setting(
    secrets_manager: SecretsManager, function_name: str, bad: dict[str, str | None]
):
    settings = {name: value for name, value in {**GOOD, **bad}.items() if value is not None}

    with Function(function_name, secrets_manager.url, settings) as function:
        with pytest.raises(FunctionFailed):
            function.invoke(DITTO.login("x"))
        output = function.output_of_failed_start()

    named = {name for name in GOOD | bad if re.search(rf"\b{name}\b", output)}
    assert named == set(bad), output


def test_rejects_token_of_an_algorithm_that_is_not_configured(secrets_manager: SecretsManager):
    allowed, other = new_key("ES256"), new_key("RS256")
    settings = custom_settings("ES256")

    with Deployment("custom", secrets_manager, keys=jwk_set(allowed, other), settings=settings) as deployment:
        assert_refused(deployment.log_in(signed(other, claims("ann"))), Dialect.V1, "token.algorithm")
