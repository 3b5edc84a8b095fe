"""The local stack, once for all tests that need containers."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from container_engine import EngineUnavailable, ensure_base_image, ensure_engine, host_architecture
from local_stack import LocalApi, LocalStack


@pytest.fixture(scope="session")
def container_engine() -> None:
    """A Docker engine with the Lambda base image. Skips where there can be none, except in CI as root."""
    try:
        ensure_engine()
        ensure_base_image(host_architecture())
    except EngineUnavailable as error:
        # There the engine is part of what CI promises, and a skip would hide that the promise broke.
        if os.environ.get("CI") == "true" and os.geteuid() == 0:
            pytest.fail(f"sam local cannot run: {error}")
        pytest.skip(f"sam local cannot run: {error}")


@pytest.fixture(scope="session")
def stack(container_engine: None) -> Iterator[LocalStack]:
    with LocalStack() as running:
        yield running


@pytest.fixture(scope="session")
def api(stack: LocalStack) -> Iterator[LocalApi]:
    with stack.serve() as running:
        yield running
