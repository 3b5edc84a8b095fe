"""Ditto's side of the contract: what it sends to the webhook, signed, and as API Gateway hands it on."""

from __future__ import annotations

import base64
import enum
import hashlib
import hmac
import json
import os
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

SIGNATURE_HEADER = "ditto-signature"

Event = dict[str, Any]


class Dialect(enum.Enum):
    """The two request formats, by how they name the database and the verdict."""

    V1 = ("databaseID", "authenticated")
    LEGACY = ("appID", "authenticate")

    def __init__(self, database_member: str, verdict_member: str) -> None:
        self.database_member = database_member
        self.verdict_member = verdict_member


def new_shared_secret() -> str:
    """A secret as the portal shows it: 128 random bytes in base64."""
    return base64.b64encode(os.urandom(128)).decode()


def signature(shared_secret: str, timestamp: int, body: bytes) -> str:
    """One `v1`: hex HMAC-SHA256 over `<timestamp>.<body>`, keyed with the decoded secret."""
    message = str(timestamp).encode() + b"." + body
    return hmac.new(base64.b64decode(shared_secret), message, hashlib.sha256).hexdigest()


def signature_header(body: bytes, *shared_secrets: str, age: int = 0) -> str:
    """The header's value, signed `age` seconds ago, with one `v1` for each secret."""
    timestamp = int(time.time()) - age
    return ",".join([f"t={timestamp}", *(f"v1={signature(secret, timestamp, body)}" for secret in shared_secrets)])


def gateway_event(
    body: bytes | None,
    headers: Mapping[str, str],
    *,
    method: str = "POST",
    path: str = "/login",
    base64_encoded: bool = False,
) -> Event:
    """An event in API Gateway's payload format 2.0 for HTTP APIs."""
    event: Event = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "webhook.example.org", **headers},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "webhook.example.org",
            "domainPrefix": "webhook",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "ditto",
            },
            "requestId": uuid.uuid4().hex,
            "routeKey": f"{method} {path}",
            "stage": "$default",
            "time": "01/Jan/2025:00:00:00 +0000",
            "timeEpoch": 1735689600000,
        },
        "isBase64Encoded": base64_encoded,
    }
    if body is not None:
        event["body"] = base64.b64encode(body).decode() if base64_encoded else body.decode()
    return event


@dataclass(frozen=True)
class DittoDatabase:
    """A database in Ditto's portal whose authentication webhook is the function under test."""

    database_id: str
    provider: str
    shared_secrets: tuple[str, ...] = field(repr=False)

    def with_(self, **changes: Any) -> DittoDatabase:
        """The same database but for `changes`."""
        return replace(self, **changes)

    def body(self, token: str, dialect: Dialect = Dialect.V1, **extra: Any) -> bytes:
        """The request body for a login with `token`; `extra` members replace or join the usual ones."""
        members: dict[str, Any] = {dialect.database_member: self.database_id}
        if dialect is Dialect.V1:
            members["version"] = "1"
        members |= {"provider": self.provider, "token": token, **extra}
        return json.dumps(members, separators=(",", ":")).encode()

    def login(self, token: str, dialect: Dialect = Dialect.V1) -> Event:
        """The signed event of a login with `token`."""
        return self.send(self.body(token, dialect))

    def send(
        self,
        body: bytes,
        *,
        signed: str | None = "",
        content_type: str | None = "application/json",
        method: str = "POST",
        base64_encoded: bool = False,
    ) -> Event:
        """The event of any body. `signed` is another signature header to send instead, None for no such header."""
        headers = self.headers(body) if signed == "" else {}
        if signed:
            headers[SIGNATURE_HEADER] = signed
        if content_type is not None:
            headers["content-type"] = content_type
        return gateway_event(body, headers, method=method, base64_encoded=base64_encoded)

    def headers(self, body: bytes) -> dict[str, str]:
        """The headers that prove a body to be Ditto's."""
        return {SIGNATURE_HEADER: signature_header(body, *self.shared_secrets)}
