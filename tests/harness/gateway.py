"""API Gateway in small: real HTTP in front of a function, for clients that react to HTTP themselves."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from harness.answers import Answer
from harness.ditto import gateway_event
from harness.function import Function


class Gateway:
    """Turns each POST into an event for the function, and its answer back into HTTP."""

    def __init__(self, function: Function) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # noqa: N802, the name that http.server asks for
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                answer = function.invoke(gateway_event(body, headers, path=self.path))
                content = answer.text.encode()
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing: the function's own output tells more."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/login"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def post_honouring_retry_after(url: str, body: bytes, headers: dict[str, str], *, attempts: int) -> Answer:
    """Posts as a patient client does: after a 503 it waits as long as Retry-After says and asks again."""
    session = requests.Session()
    session.trust_env = False
    patience = Retry(
        total=attempts,
        status_forcelist=[503],
        allowed_methods=None,
        respect_retry_after_header=True,
        raise_on_status=False,
    )
    session.mount("http://127.0.0.1", HTTPAdapter(max_retries=patience))
    reply = session.post(url, data=body, headers={"content-type": "application/json", **headers}, timeout=30)
    return Answer(reply.status_code, {name.lower(): value for name, value in reply.headers.items()}, reply.text)
