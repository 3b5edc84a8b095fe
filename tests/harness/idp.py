"""A certified OpenID provider (npm `oidc-provider`) and the logins of its users, without a browser."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urljoin, urlsplit

from harness.http import loopback_session
from harness.processes import Process, loopback_environment

_SERVER = Path(__file__).resolve().parent.parent / "idp" / "server.mjs"
_MOST_REDIRECTS = 10

API_AUDIENCE = "https://ditto.example.org"


@dataclass(frozen=True)
class Login:
    """What one login gives the app."""

    access_token: str
    id_token: str


class OpenIdProvider:
    """A running provider that signs with `algorithm`."""

    def __init__(self, algorithm: str) -> None:
        self.algorithm = algorithm

    def __enter__(self) -> Self:
        node = shutil.which("node")
        assert node is not None, "Node.js is missing: install Node 20 or later"
        assert (_SERVER.parent.parent / "node_modules" / "oidc-provider").is_dir(), (
            "oidc-provider is missing: run `npm ci` in tests/"
        )
        self._process = Process(
            "OpenID provider",
            [node, str(_SERVER), "--alg", self.algorithm],
            loopback_environment({}),
        )
        ready = json.loads(self._process.wait_for_line(lambda line: line.startswith('{"ready":true')))
        self.issuer: str = ready["issuer"]
        self.client_id: str = ready["client_id"]
        self._jwks_uri: str = ready["jwks_uri"]
        self._redirect_uri: str = ready["redirect_uri"]
        self._control = loopback_session()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stop()

    def jwks(self) -> dict[str, Any]:
        """The public keys, as published at the provider's `jwks_uri`."""
        answer = self._control.get(self._jwks_uri, timeout=10)
        answer.raise_for_status()
        return dict(answer.json())

    def rotate_key(self, *, keep_previous: bool) -> None:
        """Makes a new signing key. The old ones stay published only if asked for."""
        self._tell("rotate", keep_previous=keep_previous)

    def set_claims(self, sub: str, claims: dict[str, Any]) -> None:
        """The extra claims that this user's tokens carry from now on."""
        self._tell("users", sub=sub, claims=claims)

    @contextlib.contextmanager
    def clock_shifted_by(self, seconds: int) -> Iterator[None]:
        """The provider's clock is wrong for a while: tokens made meanwhile are genuine, but of another time."""
        self._tell("clock", offset_seconds=seconds)
        try:
            yield
        finally:
            self._tell("clock", offset_seconds=0)

    def _tell(self, control: str, **parameters: Any) -> None:
        self._control.post(f"{self.issuer}/control/{control}", json=parameters, timeout=10).raise_for_status()

    def access_token(self, sub: str, *, audience: str = API_AUDIENCE) -> str:
        """An RFC 9068 access token of this user for the API `audience`."""
        return self.log_in(sub, audience=audience).access_token

    def id_token(self, sub: str) -> str:
        """An ID token of this user; its audience is `client_id`."""
        return self.log_in(sub).id_token

    def log_in(self, sub: str, *, audience: str = API_AUDIENCE) -> Login:
        """Authorization code flow with PKCE, as a native app does it."""
        browser = loopback_session()
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        answer = browser.get(
            f"{self.issuer}/auth",
            params={
                "client_id": self.client_id,
                "response_type": "code",
                "redirect_uri": self._redirect_uri,
                "scope": "openid sync",
                "resource": audience,
                "code_challenge": challenge,
                "code_challenge_method": "S256",
                "login_hint": sub,
                "nonce": secrets.token_urlsafe(16),
            },
            allow_redirects=False,
            timeout=10,
        )
        # By hand, because nothing listens at the app's redirect URI.
        for _ in range(_MOST_REDIRECTS):
            assert answer.is_redirect, f"the provider answered {answer.status_code}: {answer.text[:500]}"
            location = urljoin(answer.url, answer.headers["location"])
            if location.startswith(self._redirect_uri):
                break
            answer = browser.get(location, allow_redirects=False, timeout=10)
        callback = parse_qs(urlsplit(location).query)
        assert "code" in callback, f"the provider refused the login: {callback}"
        tokens = browser.post(
            f"{self.issuer}/token",
            data={
                "grant_type": "authorization_code",
                "client_id": self.client_id,
                "code": callback["code"][0],
                "redirect_uri": self._redirect_uri,
                "code_verifier": verifier,
                "resource": audience,
            },
            timeout=10,
        )
        assert tokens.ok, f"the provider gave no tokens: {tokens.text[:500]}"
        return Login(access_token=tokens.json()["access_token"], id_token=tokens.json()["id_token"])
