"""A Docker engine and the Lambda base image, on whatever machine the tests run.

`python tests/sam/container_engine.py` brings both up ahead of the tests. As root on Debian it installs what is missing.
"""

from __future__ import annotations

import ipaddress
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from samcli.local.docker.lambda_image import LambdaImage, Runtime

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness.processes import Process, loopback_environment  # noqa: E402, found through the line above

RUNTIME = "provided.al2023"
WORK = Path(__file__).resolve().parent.parent.parent / "target" / "sam"

_ENGINE_START_SECONDS = 60.0
# A registry that is out of reach must not hold the tests up: there is the stand-in.
_PULL_SECONDS = 300


class EngineUnavailable(Exception):
    """No container can run here; the message says what is missing and how to get it."""


def host_architecture() -> str:
    """This machine's processor, by Lambda's name."""
    return "arm64" if platform.machine().lower() in ("arm64", "aarch64") else "x86_64"


def ensure_engine() -> None:
    """Makes sure that a Docker engine answers."""
    if _engine_answers():
        return
    if shutil.which("dockerd") is None and _can_install():
        _install("docker.io", "iptables", "debootstrap")
        # Where an init system runs, the installation has started the engine already.
        if _engine_answers():
            return
    if shutil.which("docker") is None:
        raise EngineUnavailable("Docker is not installed: install Docker, or run the tests as root on Debian")
    if shutil.which("dockerd") is None or not _is_root():
        raise EngineUnavailable(
            "the Docker engine does not answer: start Docker and allow this user to use it, or run the tests as root"
        )
    _start_engine()


def ensure_base_image(architecture: str) -> None:
    """Makes sure that the image is there in which `sam local` runs a function, pulled or else a stand-in."""
    image = base_image(architecture)
    if _succeeds("docker", "image", "inspect", image) or _pull(image):
        return
    if architecture != host_architecture():
        raise EngineUnavailable(f"{image} cannot be pulled, and a stand-in can only be made for this machine")
    if shutil.which("debootstrap") is None and _can_install():
        _install("debootstrap")
    if shutil.which("debootstrap") is None or not _is_root():
        raise EngineUnavailable(
            f"{image} cannot be pulled: connect to its registry, or run the tests as root on Debian for a stand-in"
        )
    _make_stand_in(image)


def base_image(architecture: str) -> str:
    """The image that `sam local` looks for; asked of SAM itself, so that both always mean the same one."""
    tag = Runtime.get_image_name_tag(RUNTIME, architecture)
    return f"{LambdaImage._INVOKE_REPO_PREFIX}/{tag}"


def host_addresses() -> tuple[str, str]:
    """Where a service on this machine must listen for containers, and how containers call it.

    It listens on Docker's own bridge and nowhere else: what it serves is for the containers only.
    """
    if _output("docker", "info", "--format", "{{.OperatingSystem}}") == "Docker Desktop":
        return "127.0.0.1", "host.docker.internal"
    (network,) = json.loads(_output("docker", "network", "inspect", "bridge"))
    addresses = network["IPAM"]["Config"][0]
    # Older engines leave the gateway out; it is the first address then.
    gateway = addresses.get("Gateway") or str(next(ipaddress.ip_network(addresses["Subnet"]).hosts()))
    return gateway, gateway


def _make_stand_in(image: str) -> None:
    """A minimal Debian under the image's name: enough to run `bootstrap`, as the functions need only a C library.

    Its C library is newer than that of the real image, so it cannot show that a function asks for too new a one.
    """
    _say(f"making a stand-in for {image}")
    with tempfile.TemporaryDirectory() as folder:
        release = _debian_release()
        _run("debootstrap", "--variant=minbase", "--include=ca-certificates", release, folder)
        packed = subprocess.Popen(["tar", "-C", folder, "-c", "."], stdout=subprocess.PIPE)
        imported = subprocess.run(["docker", "import", "-", image], stdin=packed.stdout, capture_output=True, text=True)
        assert packed.stdout is not None
        packed.stdout.close()
        if packed.wait() != 0 or imported.returncode != 0:
            raise EngineUnavailable(f"no stand-in for {image} could be made: {imported.stderr.strip()}")


def _start_engine() -> None:
    log = WORK / "dockerd.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        # Detached: it serves later runs as well, and must not die from a closed pipe or a Ctrl-C meant for the tests.
        subprocess.run(["setsid", "--fork", "dockerd"], stdout=output, stderr=output, check=True)
    with Process("dockerd", ["tail", "-n", "+1", "-F", str(log)], loopback_environment({})) as follower:
        try:
            line = follower.wait_for_line(
                lambda line: "API listen" in line or "failed to start daemon" in line, timeout=_ENGINE_START_SECONDS
            )
        except AssertionError as error:
            raise EngineUnavailable(f"dockerd does not start, see {log}: {error}") from error
    if "API listen" not in line:
        raise EngineUnavailable(f"dockerd does not start (it needs a privileged machine), see {log}: {line}")
    _say(f"started dockerd; it stays up, and logs to {log}")


def _pull(image: str) -> bool:
    _say(f"pulling {image}")
    try:
        return _succeeds("docker", "pull", "--quiet", image, timeout=_PULL_SECONDS)
    except subprocess.TimeoutExpired:
        return False


def _engine_answers() -> bool:
    return shutil.which("docker") is not None and _succeeds("docker", "version")


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _can_install() -> bool:
    return _is_root() and shutil.which("apt-get") is not None


def _install(*packages: str) -> None:
    _say(f"installing {', '.join(packages)}")
    _run("apt-get", "update")
    _run("apt-get", "install", "--yes", "--no-install-recommends", *packages)


def _debian_release() -> str:
    for line in Path("/etc/os-release").read_text().splitlines():
        name, _, value = line.partition("=")
        if name == "VERSION_CODENAME":
            return value.strip('"')
    raise EngineUnavailable("this system does not name its Debian release, so no stand-in image can be made")


def _run(*command: str) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    )
    if done.returncode != 0:
        raise EngineUnavailable(f"{' '.join(command)} failed: {(done.stderr or done.stdout).strip()[-2000:]}")


def _succeeds(*command: str, timeout: float | None = None) -> bool:
    return subprocess.run(command, capture_output=True, timeout=timeout).returncode == 0


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def main() -> int:
    """Brings the engine and the image up, or says why not."""
    try:
        ensure_engine()
        ensure_base_image(host_architecture())
    except EngineUnavailable as error:
        _say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
