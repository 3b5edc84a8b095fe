"""`python tests/sam/invoke.py PROVIDER [EVENT]`: one login through `sam local invoke`, with fresh keys.

EVENT is a file, or the name of one in `events/PROVIDER/`; without it, `accepted`. Exit code: 0 the answer is as the
event file says, 1 it is not, 2 nothing could be invoked.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from container_engine import EngineUnavailable, ensure_base_image, ensure_engine, host_architecture  # noqa: E402
from dev_events import EVENTS, event_files, expectation_of, provider_of  # noqa: E402
from harness.answers import Answer  # noqa: E402
from local_stack import LocalStack  # noqa: E402
from stack_template import functions_by_provider, load_template  # noqa: E402


def main() -> int:
    arguments = _arguments()
    event_file = arguments.event_file
    try:
        ensure_engine()
        ensure_base_image(host_architecture())
        with LocalStack() as stack:
            answer, log = stack.invoke(event_file)
    except (EngineUnavailable, AssertionError) as error:
        print(error, file=sys.stderr)
        return 2
    print(log.rstrip(), file=sys.stderr, flush=True)
    _show(answer)
    mismatches = expectation_of(event_file).mismatches(answer)
    for mismatch in mismatches:
        print(f"unexpected: {mismatch}", file=sys.stderr)
    return 1 if mismatches else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(": ")[2])
    parser.add_argument("provider", choices=sorted(functions_by_provider(load_template())))
    parser.add_argument("event", nargs="?", default="accepted")
    arguments = parser.parse_args()
    named = EVENTS / arguments.provider / f"{arguments.event.removesuffix('.json')}.json"
    arguments.event_file = (named if named.is_file() else Path(arguments.event)).resolve()
    if not arguments.event_file.is_file():
        known = ", ".join(file.stem for file in event_files(arguments.provider))
        parser.error(f"there is no event {arguments.event}; events of {arguments.provider}: {known}")
    if provider_of(arguments.event_file) != arguments.provider:
        parser.error(f"{arguments.event} is an event of {provider_of(arguments.event_file)}")
    return arguments


def _show(answer: Answer) -> None:
    print(f"HTTP {answer.status}")
    for name, value in sorted(answer.headers.items()):
        print(f"{name}: {value}")
    print()
    print(json.dumps(answer.body, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
