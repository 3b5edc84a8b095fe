"""Cold starts of a function under the Lambda runtime interface emulator, beside a hello-world function in the same run.

A cold start is what the emulator reports as the init phase: from the start of the process to its first question for
work, keys loaded from Secrets Manager (moto, over plain HTTP). The medians count, and the functions take turns, so that
a noisy machine disturbs all alike.
"""

from __future__ import annotations

import http.client
import json
import re
import statistics
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from conftest import custom_settings  # noqa: E402
from harness.deployment import Deployment  # noqa: E402
from harness.function import Function, FunctionFailed  # noqa: E402
from harness.secrets import SecretsManager  # noqa: E402
from harness.tokens import claims, jwk_set, new_key, signed  # noqa: E402

STARTS = 20
ROUND_TRIPS = 200
# What a cold start may cost more than hello world and one round trip to Secrets Manager, in ms.
AIM = 10.0


def init_duration(function: Function) -> float:
    """The duration of the first init phase, in ms."""
    report = function.wait_for_line(lambda line: "INIT REPORT(" in line)
    match = re.search(r"durationMs: ([0-9.]+)", report)
    assert match, report
    return float(match[1])


def cold_start_of_hello(secrets_manager: SecretsManager) -> float:
    """One cold start of the floor."""
    function = Function("bench-hello", secrets_manager.url, {})
    try:
        function.invoke({})
    except FunctionFailed:
        # Its answer is its event, which is no answer of HTTP.
        pass
    try:
        return init_duration(function)
    finally:
        function.stop()


def cold_start_of_login(deployment: Deployment, token: str) -> float:
    """One cold start of a function, proven to work by a login."""
    deployment.start()
    try:
        answer = deployment.log_in(token)
        assert json.loads(answer.text)["authenticated"] is True, answer
        return init_duration(deployment.function)
    finally:
        deployment.function.stop()


def round_trip(url: str, secret: str) -> float:
    """One GetSecretValue on a connection of its own, in ms."""
    started = time.perf_counter()
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "secretsmanager.GetSecretValue",
        # moto takes the region and the service from here and checks no signature.
        "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/secretsmanager/aws4_request",
    }
    connection.request("POST", "/", json.dumps({"SecretId": secret}), headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    assert response.status == 200, body
    return (time.perf_counter() - started) * 1000


def main() -> None:
    key = new_key("ES256")
    hello: list[float] = []
    login: list[float] = []
    with SecretsManager() as secrets_manager:
        deployment = Deployment("custom", secrets_manager, keys=jwk_set(key), settings=custom_settings("ES256"))
        deployment.store_secrets()
        for number in range(STARTS):
            print(f"\rcold start {number + 1} of {STARTS}", end="", file=sys.stderr, flush=True)
            hello.append(cold_start_of_hello(secrets_manager))
            login.append(cold_start_of_login(deployment, signed(key, claims("ann"))))
        print(file=sys.stderr)
        secrets_manager.create("bench", "x" * 600)
        trips = [round_trip(secrets_manager.url, "bench") for _ in range(ROUND_TRIPS)]
    floor, cold, trip = statistics.median(hello), statistics.median(login), statistics.median(trips)
    print(f"Cold start under the runtime interface emulator, median of {STARTS}\n")
    print("| what | ms |")
    print("|---|---:|")
    print(f"| hello world | {floor:.1f} |")
    print(f"| custom, keys and secret loaded | {cold:.1f} |")
    print(f"| one round trip to Secrets Manager | {trip:.1f} |")
    print(f"| beyond both (aim <= {AIM:.0f}) | {cold - floor - trip:.1f} |")


if __name__ == "__main__":
    main()
