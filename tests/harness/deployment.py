"""A function with its settings, its secrets and the Ditto database that calls it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Self

from harness.answers import Answer
from harness.ditto import Dialect, DittoDatabase, Event, new_shared_secret
from harness.function import Function
from harness.secrets import SecretsManager

PROVIDER_NAME = "my-auth"


class Deployment:
    """One deployed function. Names of secrets and of the database are its own, so deployments can share a moto.

    A setting of None is left out.
    """

    def __init__(
        self,
        function_name: str,
        secrets_manager: SecretsManager,
        *,
        keys: Mapping[str, Any],
        settings: Mapping[str, str | None],
    ) -> None:
        stack = uuid.uuid4().hex[:12]
        self._function_name = function_name
        self._secrets_manager = secrets_manager
        self._keys = keys
        self._signature_secret = f"{stack}/ditto-signature"
        self._keys_secret = f"{stack}/{function_name}/signing-keys"
        self.ditto = DittoDatabase(str(uuid.uuid4()), PROVIDER_NAME, (new_shared_secret(),))
        all_settings = {
            "PROVIDER_NAME": PROVIDER_NAME,
            "DITTO_DATABASE_IDS": self.ditto.database_id,
            "DITTO_SIGNATURE_SECRET": self._signature_secret,
            "SIGNING_KEYS_SECRET": self._keys_secret,
            "LOG_LEVEL": "info",
            **settings,
        }
        self._settings = {name: value for name, value in all_settings.items() if value is not None}

    def __enter__(self) -> Self:
        self.store_secrets()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.function.stop()

    def store_secrets(self) -> None:
        """Fills the secrets, as an operator does before the first login."""
        self._secrets_manager.create(self._signature_secret, self.ditto.shared_secrets[0])
        self._secrets_manager.create_json(self._keys_secret, self._keys)

    def start(self) -> None:
        """Starts the function."""
        self.function = Function(self._function_name, self._secrets_manager.url, self._settings)

    def rotate_keys(self, keys: Mapping[str, Any]) -> None:
        """Publishes another set of signing keys, as the key rotation does."""
        self._secrets_manager.rotate_json(self._keys_secret, keys)

    def rotate_shared_secret(self, shared_secret: str) -> None:
        """Stores Ditto's next shared secret; the one before stays as AWSPREVIOUS."""
        self._secrets_manager.rotate(self._signature_secret, shared_secret)

    def log_in(self, token: str, dialect: Dialect = Dialect.V1) -> Answer:
        """The answer to a login with `token`, signed by Ditto."""
        return self.send(self.ditto.login(token, dialect))

    def send(self, event: Event) -> Answer:
        """The answer to any event."""
        return self.function.invoke(event)
