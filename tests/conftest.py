"""The services that all tests share: each is slow to start and none keeps state that another test could see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from harness.deployment import Deployment
from harness.ditto import Dialect
from harness.idp import API_AUDIENCE, OpenIdProvider
from harness.secrets import SecretsManager
from harness.tokens import AUDIENCE, ISSUER, SigningKey, jwk_set, new_key

dialects = pytest.mark.parametrize("dialect", list(Dialect), ids=lambda dialect: dialect.name.lower())

OWN_SERVER_ALGORITHMS = ("HS256", "RS256", "ES256", "EdDSA")


@dataclass(frozen=True)
class OwnServer:
    """The function `custom`, and the keys of the server whose tokens it accepts."""

    deployment: Deployment
    keys: dict[str, SigningKey]

    @property
    def key(self) -> SigningKey:
        """The key for tests to which the algorithm does not matter."""
        return self.keys["ES256"]


@dataclass(frozen=True)
class Federation:
    """The function `oidc`, and the OpenID provider whose tokens it accepts."""

    deployment: Deployment
    provider: OpenIdProvider


def custom_settings(algorithms: str) -> dict[str, str]:
    """Settings of the function `custom` for tokens from `harness.tokens`."""
    return {"ISSUER": ISSUER, "AUDIENCE": AUDIENCE, "ALGORITHMS": algorithms}


def oidc_settings(provider: OpenIdProvider, kind: str = "access") -> dict[str, str]:
    """Settings of the function `oidc` for tokens of `provider`.

    Both audiences are accepted whatever the kind, so that only the check of the kind tells the tokens apart.
    """
    return {"ISSUER": provider.issuer, "AUDIENCE": f"{API_AUDIENCE},{provider.client_id}", "TOKEN_KIND": kind}


@pytest.fixture(scope="session")
def secrets_manager() -> Iterator[SecretsManager]:
    with SecretsManager() as running:
        yield running


@pytest.fixture(scope="session")
def own_server(secrets_manager: SecretsManager) -> Iterator[OwnServer]:
    keys = {algorithm: new_key(algorithm) for algorithm in OWN_SERVER_ALGORITHMS}
    settings = custom_settings(",".join(OWN_SERVER_ALGORITHMS))
    with Deployment("custom", secrets_manager, keys=jwk_set(*keys.values()), settings=settings) as deployment:
        yield OwnServer(deployment, keys)


@pytest.fixture(scope="session", params=["RS256", "ES256"])
def provider(request: pytest.FixtureRequest) -> Iterator[OpenIdProvider]:
    with OpenIdProvider(request.param) as running:
        yield running


@pytest.fixture(scope="session")
def access_tokens(secrets_manager: SecretsManager, provider: OpenIdProvider) -> Iterator[Federation]:
    """The function `oidc` for access tokens."""
    settings = oidc_settings(provider)
    with Deployment("oidc", secrets_manager, keys=provider.jwks(), settings=settings) as deployment:
        yield Federation(deployment, provider)


@pytest.fixture(scope="session")
def id_tokens(secrets_manager: SecretsManager, provider: OpenIdProvider) -> Iterator[Federation]:
    """The function `oidc` for ID tokens."""
    settings = oidc_settings(provider, kind="id")
    with Deployment("oidc", secrets_manager, keys=provider.jwks(), settings=settings) as deployment:
        yield Federation(deployment, provider)
