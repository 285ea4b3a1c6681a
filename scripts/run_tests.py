"""Run pytest, in up to three calls.

Importing Home Assistant replaces voluptuous, and its test plugin closes sockets. So only the component's own tests are
run with that plugin; the pure packages are tested without it, and so are whole systems, which have processes of their
own.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
WITHOUT_HOME_ASSISTANT = ("-p", "no:homeassistant")
OPTIONS = {
    "pure": WITHOUT_HOME_ASSISTANT,
    "component": (),
    "e2e": (*WITHOUT_HOME_ASSISTANT, "--timeout=300"),
}
SIDE_BY_SIDE = ("--dist", "loadfile", "-n")
OF_A_WHOLE_CALL = {
    "pure": ("--cov", *SIDE_BY_SIDE, "4"),
    "component": (*SIDE_BY_SIDE, "6"),
    "e2e": (*SIDE_BY_SIDE, "2"),
}
"""Many tests wait for brokers and for silence, so there may be more workers than cores. Of whole systems, each with a
browser, two are enough."""
CALL_OF_FOLDER = {"custom_components": "component", "e2e": "e2e"}
NO_TESTS_RAN = 5


def main() -> int:
    """Run what the command line asks for and return the exit status."""
    parser = argparse.ArgumentParser(prog="scripts/test", add_help=False, allow_abbrev=False)
    parser.add_argument("--ha")
    parser.add_argument("--python")
    known, arguments = parser.parse_known_args()
    results = {call: run(call, known.ha, arguments) for call in calls(known.ha, known.python, arguments)}
    failed = [call for call, status in results.items() if status not in (0, NO_TESTS_RAN)]
    if failed:
        sys.stderr.write(f"failed: {', '.join(failed)}\n")
    elif 0 not in results.values():
        sys.stderr.write("no test matches; arguments go to pytest, paths begin with tests/\n")
    return 0 if 0 in results.values() and not failed else 1


def calls(home_assistant: str | None, python: str | None, arguments: list[str]) -> list[str]:
    """Return the calls to make: those of the paths among the arguments, else all that this environment can make."""
    if home_assistant:
        return ["component"]
    if python:
        return ["pure"]
    named = {call for argument in arguments if (call := call_of(argument))}
    return [call for call in OPTIONS if (call in named if named else default_paths(call))]


def call_of(argument: str) -> str | None:
    """Return the call that runs a path below tests/, or None for any other argument."""
    path = Path(argument.partition("::")[0]).resolve()
    if not path.exists() or TESTS not in path.parents:
        return None
    return CALL_OF_FOLDER.get(path.relative_to(TESTS).parts[0], "pure")


def default_paths(call: str) -> list[str]:
    """Return the folders of a call that exist."""
    return [
        str(folder.relative_to(ROOT))
        for folder in sorted(TESTS.glob("[!_.]*/"))
        if CALL_OF_FOLDER.get(folder.name, "pure") == call
    ]


def run(call: str, home_assistant: str | None, arguments: list[str]) -> int:
    """Run one call of pytest and return its exit status."""
    options = [argument for argument in arguments if not call_of(argument)]
    paths = [argument for argument in arguments if call_of(argument) == call] or default_paths(call)
    command = [sys.executable, "-m", "pytest", *OPTIONS[call], *options, *paths]
    if home_assistant:
        command += ["-p", f"tests.custom_components.ha_{home_assistant.replace('.', '_')}_plugin"]
    if not arguments:
        command += OF_A_WHOLE_CALL[call]
    sys.stderr.write(f"==> {call} tests\n")
    sys.stderr.flush()
    environment = os.environ | {"HYPOTHESIS_STORAGE_DIRECTORY": ".cache/hypothesis"}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
