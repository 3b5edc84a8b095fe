"""Tokens of an own server, genuine and forged."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

ISSUER = "https://login.example.org"
AUDIENCE = "https://ditto.example.org"

Claims = dict[str, Any]


@dataclass(frozen=True)
class SigningKey:
    """A key for one algorithm, as an own server holds it."""

    algorithm: str
    kid: str
    jwk: OctKey | RSAKey | ECKey | OKPKey = field(repr=False)

    def verification_jwk(self) -> dict[str, Any]:
        """What the webhook is given: the public half, or for HS256 the secret itself."""
        parameters = self.jwk.as_dict(private=isinstance(self.jwk, OctKey))
        return {**parameters, "alg": self.algorithm, "kid": self.kid, "use": "sig"}

    def public_bytes(self, encoding: Encoding) -> bytes:
        """The public key as PEM or DER, which anybody may know."""
        public_key: PublicKeyTypes = self.jwk.public_key  # type: ignore[union-attr]
        return public_key.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)


def new_key(algorithm: str) -> SigningKey:
    """A random key with a random `kid`."""
    make = {
        "HS256": lambda: OctKey.generate_key(256),
        "RS256": lambda: RSAKey.generate_key(2048),
        "ES256": lambda: ECKey.generate_key("P-256"),
        "EdDSA": lambda: OKPKey.generate_key("Ed25519"),
    }[algorithm]
    return SigningKey(algorithm, f"{algorithm.lower()}-{uuid.uuid4().hex[:12]}", make())


def jwk_set(*keys: SigningKey) -> dict[str, Any]:
    """The content of the signing-keys secret."""
    return {"keys": [key.verification_jwk() for key in keys]}


def claims(sub: str = "ann", **changes: Any) -> Claims:
    """The claims of a good access token; a change to None leaves the claim out."""
    now = int(time.time())
    all_claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": sub,
        "iat": now,
        "exp": now + 900,
        "jti": uuid.uuid4().hex,
        "client_id": "field-app",
        "scope": "sync",
        **changes,
    }
    return {name: value for name, value in all_claims.items() if value is not None}


def header(key: SigningKey, **changes: Any) -> dict[str, Any]:
    """The header of a good access token; a change to None leaves the parameter out."""
    parameters = {"alg": key.algorithm, "kid": key.kid, "typ": "at+jwt", **changes}
    return {name: value for name, value in parameters.items() if value is not None}


def signed(key: SigningKey, payload: Claims | bytes, **header_changes: Any) -> str:
    """A token signed with `key`. Bytes are signed as they are, so they need not be sound JSON."""
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return jws.serialize_compact(header(key, **header_changes), content, key.jwk, algorithms=[key.algorithm])


def unsigned(key: SigningKey, payload: Claims, algorithm: str = "none") -> str:
    """A token that claims to need no signature (RFC 8725 2.1)."""
    return f"{_part(header(key, alg=algorithm))}.{_part(payload)}."


def tampered(token: str, **changes: Any) -> str:
    """The token with other claims under the old signature."""
    head, payload, signature = token.split(".")
    return f"{head}.{_part({**payload_of(token), **changes})}.{signature}"


def signed_with_secret(secret: bytes, head: Mapping[str, Any], payload: Claims) -> str:
    """An HS256 token by somebody who takes known bytes, such as a public key, for the secret (RFC 8725 2.1)."""
    signing_input = f"{_part(head)}.{_part(payload)}"
    mac = hmac.new(secret, signing_input.encode(), hashlib.sha256).digest()
    return f"{signing_input}.{_base64url(mac)}"


def header_of(token: str) -> dict[str, Any]:
    """The header, unverified."""
    return dict(json.loads(_decoded(token.split(".")[0])))


def payload_of(token: str) -> Claims:
    """The claims, unverified."""
    return dict(json.loads(_decoded(token.split(".")[1])))


def _part(members: Mapping[str, Any]) -> str:
    return _base64url(json.dumps(members).encode())


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
