"""Keys come over TLS, from a server whose certificate is trusted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import custom_settings
from harness.answers import assert_accepted, assert_broken
from harness.certificates import ServerCertificate, new_server_certificate
from harness.deployment import Deployment
from harness.ditto import Dialect
from harness.secrets import SecretsManager
from harness.tokens import claims, jwk_set, new_key, signed


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ServerCertificate:
    return new_server_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def tls_secrets_manager(certificate: ServerCertificate) -> Iterator[SecretsManager]:
    with SecretsManager(certificate) as running:
        yield running


def test_reads_keys_from_a_server_whose_authority_is_trusted(
    tls_secrets_manager: SecretsManager, certificate: ServerCertificate
):
    key = new_key("ES256")
    settings = {**custom_settings("ES256"), "SSL_CERT_FILE": str(certificate.authority)}

    with Deployment("custom", tls_secrets_manager, keys=jwk_set(key), settings=settings) as deployment:
        assert_accepted(deployment.log_in(signed(key, claims("ann"))), Dialect.V1, "ann")


@pytest.mark.parametrize("trusted", ["the system's", "another"])
def test_reads_nothing_from_a_server_whose_authority_is_not_trusted(
    tls_secrets_manager: SecretsManager, tmp_path: Path, trusted: str
):
    key = new_key("ES256")
    another = new_server_certificate(tmp_path).authority
    settings = custom_settings("ES256") | ({"SSL_CERT_FILE": str(another)} if trusted == "another" else {})

    with Deployment("custom", tls_secrets_manager, keys=jwk_set(key), settings=settings) as deployment:
        answer = deployment.log_in(signed(key, claims("ann")))
        assert_broken(answer, 503, "caller.secret_unavailable")
