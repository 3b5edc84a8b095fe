"""Secrets Manager on the loopback interface: moto's server, filled as an operator would fill the real one."""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import boto3
import requests

from harness.certificates import ServerCertificate
from harness.processes import Process, free_port, loopback_environment

REGION = "eu-central-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


class SecretsManager:
    """A moto server of its own. Secrets live in its memory, so they end with `stop`. With a certificate, over TLS."""

    def __init__(self, certificate: ServerCertificate | None = None) -> None:
        self._port = free_port()
        self._certificate = certificate
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self._port}"
        self._server: Process | None = None
        self._client: Any = boto3.client(
            "secretsmanager",
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            verify=str(certificate.authority) if certificate else None,
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Starts the server, always on the same port, and waits until it listens."""
        command = Path(sys.executable).with_name("moto_server")
        tls = ["-c", str(self._certificate.chain), "-k", str(self._certificate.key)] if self._certificate else []
        self._server = Process(
            "moto",
            [str(command), "-H", "127.0.0.1", "-p", str(self._port), *tls],
            # Unbuffered, or the line that tells of readiness would stay in the server's buffer.
            loopback_environment({"PYTHONUNBUFFERED": "1", **CREDENTIALS}),
        )
        self._server.wait_for_line(lambda line: "Running on" in line)

    def requests_served(self) -> int:
        """How many API requests the server has answered since `start`, those of this harness included."""
        assert self._server is not None
        # The server logs each request before it answers, so a request of our own marks the end of the earlier ones.
        barrier = f"/moto-api/{uuid.uuid4().hex}"
        requests.get(self.url + barrier, timeout=10)
        self._server.wait_for_line(lambda line: barrier in line)
        return sum('"POST / HTTP' in line for line in self._server.lines)

    def stop(self) -> None:
        """Stops the server: from now on nothing listens on its port."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def create(self, name: str, value: str) -> None:
        """Makes a secret with a first version, AWSCURRENT."""
        self._client.create_secret(Name=name, SecretString=value)

    def rotate(self, name: str, value: str) -> None:
        """Stores a new version: it becomes AWSCURRENT, and the one before AWSPREVIOUS."""
        self._client.put_secret_value(SecretId=name, SecretString=value)

    def create_json(self, name: str, value: Mapping[str, Any]) -> None:
        """`create` for a JSON document."""
        self.create(name, json.dumps(value))

    def rotate_json(self, name: str, value: Mapping[str, Any]) -> None:
        """`rotate` for a JSON document."""
        self.rotate(name, json.dumps(value))
