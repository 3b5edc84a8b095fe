"""The stack on this machine: `sam build`, then `sam local` with real containers, and moto as Secrets Manager."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import boto3

from container_engine import WORK, host_addresses, host_architecture
from dev_events import DittoAuth, KeyStore, provider_of
from harness.answers import Answer
from harness.ditto import Event
from harness.http import loopback_session
from harness.processes import Process, free_port, loopback_environment
from stack_template import ROOT, Template, functions, functions_by_provider, load_template

REGION = "eu-central-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}

# Beside .aws-sam, so that a deployment never picks up what was built for this machine's processor.
BUILD = WORK / "build"
_BUILT_TEMPLATE = BUILD / "template.yaml"
_LOCAL_TEMPLATE = BUILD / "local.json"
_ENVIRONMENT = WORK / "environment.json"
_KEY_STORE = WORK / "keystore.json"


class SamFailed(AssertionError):
    """A `sam` command failed; the message holds its output."""


class SecretsManager:
    """moto's server where containers reach it, filled from a key store."""

    def __init__(self) -> None:
        self._listen, reach = host_addresses()
        self._port = free_port()
        self.url = f"http://{reach}:{self._port}"

    def __enter__(self) -> Self:
        program = Path(sys.executable).with_name("moto_server")
        self._server = Process(
            "moto",
            [str(program), "-H", self._listen, "-p", str(self._port)],
            # Unbuffered, or the line that tells of readiness would stay in the server's buffer.
            loopback_environment({"PYTHONUNBUFFERED": "1", **CREDENTIALS}),
        )
        self._server.wait_for_line(lambda line: "Running on" in line)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    def fill(self, secrets: KeyStore) -> None:
        """Stores every secret; of each, all versions with their stages."""
        client: Any = boto3.client(
            "secretsmanager",
            endpoint_url=f"http://{self._listen}:{self._port}",
            region_name=REGION,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )
        for name, versions in secrets.items():
            client.create_secret(Name=name)
            for stage, value in versions.items():
                client.put_secret_value(SecretId=name, SecretString=value, VersionStages=[stage])


class LocalStack:
    """The built functions with fresh keys, ready for `sam local`."""

    def __init__(self) -> None:
        self._ditto_auth = DittoAuth()
        self._secrets_manager = SecretsManager()
        self._functions = functions_by_provider(load_template())

    def __enter__(self) -> Self:
        build()
        secrets = self._ditto_auth.write_key_store(_KEY_STORE)
        self._secrets_manager.__enter__()
        self._secrets_manager.fill(secrets)
        template = load_template(_BUILT_TEMPLATE)
        settings = {
            function: self._ditto_auth.settings(provider) for provider, function in self._functions.items()
        }
        _refuse_undeclared(template, settings)
        _ENVIRONMENT.write_text(json.dumps(settings))
        _LOCAL_TEMPLATE.write_text(json.dumps(_for_this_machine(template, self._secrets_manager.url)))
        return self

    def __exit__(self, *_: object) -> None:
        self._secrets_manager.__exit__()

    def sign(self, event_file: Path) -> Event:
        """The event with a token and a signature made now."""
        return self._ditto_auth.sign(event_file, _KEY_STORE)

    def invoke(self, event_file: Path) -> tuple[Answer, str]:
        """The answer to an event through `sam local invoke`, and what the function logged."""
        event = WORK / "event.json"
        event.write_text(json.dumps(self.sign(event_file)))
        function = self._functions[provider_of(event_file)]
        done = _sam("local", "invoke", function, "--event", str(event), *_LOCAL_OPTIONS)
        answer = json.loads(done.stdout)
        if "statusCode" not in answer:
            raise SamFailed(f"the function gave no answer: {done.stdout}\n{done.stderr}")
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        return Answer(answer["statusCode"], headers, answer["body"]), done.stderr

    @contextmanager
    def serve(self) -> Iterator[LocalApi]:
        """The HTTP API through `sam local start-api`."""
        port = free_port()
        command = ["sam", "local", "start-api", "--port", str(port), "--warm-containers", "LAZY", *_LOCAL_OPTIONS]
        with Process("sam local start-api", command, _environment()) as process:
            process.wait_for_line(lambda line: f"Running on http://127.0.0.1:{port}" in line, timeout=120)
            yield LocalApi(f"http://127.0.0.1:{port}", process)


class LocalApi:
    """A running `sam local start-api`."""

    def __init__(self, url: str, process: Process) -> None:
        self._url = url
        self._process = process
        self._session = loopback_session()

    def post(self, event: Event) -> Answer:
        """The answer to the HTTP request that `event` stands for."""
        body = event.get("body") or ""
        content = base64.b64decode(body) if event["isBase64Encoded"] else body.encode()
        headers = {name: value for name, value in event["headers"].items() if name != "host"}
        _, path = event["routeKey"].split(" ")
        return self.request("POST", path, content, headers)

    def request(self, method: str, path: str, content: bytes, headers: Mapping[str, str]) -> Answer:
        """The answer to any request."""
        # Long, because the first request to a function waits for its container.
        reply = self._session.request(method, self._url + path, data=content, headers=dict(headers), timeout=120)
        assert reply.status_code != 502, f"the function gave no answer:\n{self._process.tail()}"
        return Answer(reply.status_code, {name.lower(): value for name, value in reply.headers.items()}, reply.text)


def build() -> None:
    """Builds all functions for this machine's processor; quick when nothing changed."""
    started = time.monotonic()
    print("building the functions with sam build", file=sys.stderr, flush=True)
    _sam("build", "--build-dir", str(BUILD), "--parameter-overrides", f"Architecture={host_architecture()}")
    print(f"built in {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)


_LOCAL_OPTIONS = [
    "--template", str(_LOCAL_TEMPLATE),
    "--env-vars", str(_ENVIRONMENT),
    "--parameter-overrides", f"Architecture={host_architecture()}",
    # The image is there already, pulled or as a stand-in that a pull would fail to find.
    "--skip-pull-image",
]  # fmt: skip


def _for_this_machine(template: Template, secrets_manager: str) -> Template:
    """`sam local` passes on only variables that the template declares, so the address of moto has to be in it."""
    template["Globals"]["Function"]["Environment"]["Variables"]["AWS_ENDPOINT_URL_SECRETS_MANAGER"] = secrets_manager
    return template


def _refuse_undeclared(template: Template, settings: Mapping[str, Mapping[str, str]]) -> None:
    """Finds settings that `sam local` would drop without a word."""
    common = set(template["Globals"]["Function"]["Environment"]["Variables"])
    for function, variables in settings.items():
        declared = common | set(functions(template)[function]["Properties"]["Environment"]["Variables"])
        assert set(variables) <= declared, f"the template gives {function} no {sorted(set(variables) - declared)}"


def _sam(*arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(["sam", *arguments], cwd=ROOT, env=_environment(), capture_output=True, text=True)
    if done.returncode != 0:
        raise SamFailed(f"sam {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
    return done


def _environment() -> dict[str, str]:
    """Ours without the developer's AWS account, which no local run may reach."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    tools = f"{Path(sys.executable).parent}{os.pathsep}{own.get('PATH', '')}"
    return {
        **own,
        **CREDENTIALS,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "PATH": tools,
        "PYTHONUNBUFFERED": "1",
        "SAM_CLI_TELEMETRY": "0",
    }
