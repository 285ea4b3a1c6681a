"""Whatever stands in bridge.yaml, it becomes settings or is explained, and no secret is in any message."""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openhab_bridge.configuration import load
from openhab_bridge.configuration.errors import ConfigurationError
from openhab_bridge.configuration.explanation import explain
from openhab_bridge.settings import Settings
from tests.openhab_bridge.test_configuration import EXAMPLE

SECRET = "from-outside"  # noqa: S105 # made up
"""What !env and !file give: in no message. Where it is a host, `explain` names it all the same."""
PASSWORD = "hunter2xyz"  # noqa: S105 # made up
"""Shown nowhere."""
ENVIRONMENT = {"SECRET": SECRET, "SECRET_URL": f"mqtts://anna:{PASSWORD}@house:1884"}
PASSWORDS = [
    "!env SECRET",
    "!env SECRET_URL",
    "!file secret",
    f"mqtt://anna:{PASSWORD}@house",
    f"mqtt://anna:{PASSWORD}@house:x",
    f"mqtt://anna:{PASSWORD}@ho use",
]
WORDS = [
    *PASSWORDS,
    *("1", "-1", "4", "0123", "5010001234", "1e999", "0x1", "1:30", "on", "~", "", "2026-01-01", "<<", "=", "house"),
    *(
        "ct_1",
        "5500001259/D",
        "UTC",
        "modules.toml",
        ".",
        "secret",
        "json",
        "a/b",
        "a/#",
        "!x y",
        "'\x00'",
        '"\\ud800"',
    ),
]
KEYS = [
    *("target", "gateways", "host", "port", "user", "tls", "verify", "certificate", "serial", "time_zone", "batteries"),
    *("cars", "parents", "running", "threshold_w", "modules", "all_points", "homie", "topics", "home_assistant"),
    *("enabled", "versions", "prefix", "per_device", "traffic", "settle_s", "power", "deadband", "web", "state_folder"),
    *("log", "ct_1", "prot", "a b", "? ", "!env SECRET"),
]

type Tree = str | list[Tree] | dict[str, Tree]


def flow(tree: Tree) -> str:
    """Write a tree as YAML in one line."""
    match tree:
        case dict():
            return "{" + ", ".join(f"{key}: {flow(value)}" for key, value in tree.items()) + "}"
        case list():
            return "[" + ", ".join(map(flow, tree)) + "]"
        case _:
            return tree


def trees() -> st.SearchStrategy[Tree]:
    """Return trees of words that mean something here."""
    words: st.SearchStrategy[Tree] = st.sampled_from(WORDS) | st.text(max_size=8).map(json.dumps)
    return st.recursive(
        words,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
        max_leaves=20,
    )


def result(content: bytes, environment: Mapping[str, str] = ENVIRONMENT) -> Settings | str:
    """Return the settings, or what is said."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "bridge.yaml")
        file.write_bytes(content)
        file.with_name("secret").write_text(SECRET)
        try:
            return load(file, environment)
        except ConfigurationError as error:
            return str(error).replace(str(file), "")


def require_discretion(found: Settings | str) -> None:
    """Fail when a secret is said to people. A folder is named as it is written, whatever that is."""
    if isinstance(found, str):
        assert SECRET not in found
        assert PASSWORD not in found
    elif found.state_folder is None:
        assert PASSWORD not in explain(found) + repr(found)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_settings_or_explained(content: bytes) -> None:
    require_discretion(result(content))


@given(st.text(alphabet="ab:-?[]{}!&*|>'\"%@`#, \n\t\\0<=~", max_size=60))
def test_any_signs_of_yaml_are_settings_or_explained(text: str) -> None:
    require_discretion(result(text.encode()))


@example({"gateways": ["!env SECRET", "!env SECRET"]})
@given(st.dictionaries(st.sampled_from(KEYS), trees(), max_size=8))
def test_any_tree_is_settings_or_explained_without_secrets(tree: dict[str, Tree]) -> None:
    require_discretion(result("\n".join(f"{key}: {flow(value)}" for key, value in tree.items()).encode()))


@given(trees(), st.sampled_from(["gateway", "target", "tls", "section", "traffic"]), st.sampled_from(KEYS))
def test_any_value_in_a_place_of_its_own_is_settings_or_explained(tree: Tree, kind: str, key: str) -> None:
    value = f"{{{key}: {flow(tree)}, host: house, user: a, password: {PASSWORD}}}"
    text = {
        "gateway": f"target: house\ngateways: [{value}]",
        "target": f"target: {value}\ngateways: [house]",
        "tls": f"target: {{host: house, tls: {flow(tree)}, user: a, password: {PASSWORD}}}\ngateways: [house]",
        "section": f"target: house\ngateways: [house]\n{key}: {flow(tree)}",
        "traffic": f"target: house\ngateways: [house]\ntraffic: {{{key}: {flow(tree)}}}",
    }[kind]
    require_discretion(result(text.encode()))


@pytest.mark.parametrize("password", PASSWORDS)
@given(st.data())
def test_a_file_with_something_lost_or_added_is_settings_or_explained(password: str, data: st.DataObject) -> None:
    text = EXAMPLE.read_text().replace("mqtt://localhost", password)
    begin = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 20))
    added = data.draw(st.sampled_from(WORDS) | st.text(max_size=5))
    whole = text[:begin] + added + text[begin + length :]
    require_discretion(result(whole.encode()))
