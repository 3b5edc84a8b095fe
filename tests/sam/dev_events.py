"""The events of `events/<provider>/`, made fresh by `ditto-auth event`, and what they should be answered."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.answers import Answer
from harness.ditto import Event
from stack_template import ROOT

EVENTS = ROOT / "events"

KeyStore = dict[str, Any]


@dataclass(frozen=True)
class Expectation:
    """What an event file says about its answer."""

    status: int
    authenticated: bool | None
    code: str | None

    def mismatches(self, answer: Answer) -> list[str]:
        """What differs, in words; nothing if the answer is as expected."""
        found = _read_answer(answer)
        return [
            f"{name} should be {expected!r} and is {actual!r}"
            for name, expected, actual in (
                ("status", self.status, found.status),
                ("authenticated", self.authenticated, found.authenticated),
                ("code", self.code, found.code),
            )
            if expected != actual
        ]


def _read_answer(answer: Answer) -> Expectation:
    body = answer.body
    # Legacy requests are answered with `authenticate`; what is no verdict names its reason at the top.
    verdict = body.get("authenticated", body.get("authenticate"))
    explanation = body if verdict is None else body.get("clientInfo") or {}
    code = None if verdict is True else explanation.get("code")
    return Expectation(answer.status, verdict, code)


def event_files(provider: str | None = None) -> list[Path]:
    """The event files of one provider, or of all."""
    return sorted(EVENTS.glob(f"{provider or '*'}/*.json"))


def provider_of(event_file: Path) -> str:
    """The provider that an event is for: its folder's name."""
    return event_file.parent.name


def expectation_of(event_file: Path) -> Expectation:
    """What the file says about the answer."""
    expect = json.loads(event_file.read_text(encoding="utf-8"))["x-login"]["expect"]
    return Expectation(expect["status"], expect["authenticated"], expect["code"])


class DittoAuth:
    """The command line tool, which plays the identity provider and Ditto."""

    def __init__(self) -> None:
        target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
        candidates = [target / profile / "ditto-auth" for profile in ("debug", "release")]
        built = [path for path in candidates if path.is_file()]
        if not built:
            # The debug build shares its dependencies with `cargo test`.
            subprocess.run(["cargo", "build", "--locked", "--bin", "ditto-auth"], cwd=ROOT, check=True)
            built = [target / "debug" / "ditto-auth"]
        self._program = max(built, key=lambda path: path.stat().st_mtime)

    def write_key_store(self, file: Path) -> KeyStore:
        """Writes a key store with fresh keys and returns the secrets in it by name."""
        self._run("keystore", str(file))
        store: KeyStore = json.loads(file.read_text(encoding="utf-8"))
        # What the other parties sign with never reaches Secrets Manager.
        store.pop("private")
        return store

    def settings(self, provider: str) -> dict[str, str]:
        """The environment variables of a provider's function."""
        return dict(json.loads(self._run("settings", provider)))

    def sign(self, event_file: Path, key_store: Path) -> Event:
        """The event with its token and its signature made now."""
        return dict(json.loads(self._run("sign", str(event_file), "--keystore", str(key_store))))

    def _run(self, *arguments: str) -> str:
        done = subprocess.run([self._program, "event", *arguments], capture_output=True, text=True)
        assert done.returncode == 0, f"ditto-auth event {' '.join(arguments)}: {done.stderr.strip()}"
        return done.stdout
