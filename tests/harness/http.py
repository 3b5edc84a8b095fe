"""HTTP sessions for loopback services."""

from __future__ import annotations

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry


def loopback_session() -> requests.Session:
    """A session that ignores proxy settings and tries again while the port is not open yet.

    Only failed connections are tried again: such a request never arrived, so repeating it cannot count twice.
    """
    session = requests.Session()
    session.trust_env = False
    session.mount("http://127.0.0.1", HTTPAdapter(max_retries=Retry(total=8, connect=8, read=0, backoff_factor=0.05)))
    return session
