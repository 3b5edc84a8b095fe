"""Child processes that are ready when they say so.

Readiness comes from the process's own output, so nothing here sleeps or polls. All output is kept: the tests search
it, and a failure shows its tail.
"""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Self

_LINES_SHOWN_ON_FAILURE = 40


def free_port() -> int:
    """A TCP port on the loopback interface that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def loopback_environment(extra: Mapping[str, str]) -> dict[str, str]:
    """An environment with `extra` and nothing else of ours.

    The developer's AWS profile, proxies and log settings must not reach the processes under test. PATH stays, because
    scripts find their interpreter there.
    """
    return {"PATH": os.environ["PATH"], **extra}


class Process:
    """A running child process whose standard output and error are read line by line into `lines`."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self._changed = threading.Condition()
        self._lines: list[str] = []
        self._closed = False
        self._child = subprocess.Popen(
            list(command),
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, name=f"output of {name}", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _read(self) -> None:
        assert self._child.stdout is not None
        with self._child.stdout as stream:
            for line in stream:
                with self._changed:
                    self._lines.append(line.rstrip("\n"))
                    self._changed.notify_all()
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def lines(self) -> list[str]:
        """Every line so far."""
        with self._changed:
            return list(self._lines)

    def wait_for_line(self, matches: Callable[[str], bool], *, since: int = 0, timeout: float = 30.0) -> str:
        """The first line from index `since` on that `matches`, as soon as the process prints it."""
        found: list[str] = []

        def is_decided() -> bool:
            found.extend(line for line in self._lines[since:] if matches(line))
            return bool(found) or self._closed

        with self._changed:
            self._changed.wait_for(is_decided, timeout)
        if not found:
            why = "ended" if self._closed else f"did not do so within {timeout:g} s"
            raise AssertionError(f"{self.name} should have printed a line, but {why}; its output:\n{self.tail()}")
        return found[0]

    def tail(self) -> str:
        """The last lines, for failure messages."""
        return "\n".join(self.lines[-_LINES_SHOWN_ON_FAILURE:])

    def stop(self) -> None:
        """Ends the process and waits for it, and for the last of its output."""
        if self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        self._reader.join(timeout=5)
