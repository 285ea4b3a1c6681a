"""Reads a file in YAML into texts, lists and tables, with all that is wrong with it as a whole."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml

from openhab_bridge.configuration.errors import ConfigurationError
from openhab_bridge.configuration.secrets import ENV, FILE, NoSecretError, Secrets
from openhab_bridge.configuration.written import Document, Place, Problem, Reading, Value, Written
from openhab_bridge.configuration.yaml_text import NotYamlError, tree

_YAML: Final = "tag:yaml.org,2002:"
_READINGS: Final = {_YAML + "bool": Reading.SWITCH, _YAML + "null": Reading.NOTHING}
_TEXTS: Final = frozenset(_YAML + kind for kind in ("str", "int", "float", "timestamp", "value", "merge"))
_TABLE, _LIST = _YAML + "map", _YAML + "seq"
_WRONG_TAG: Final = "only !env NAME and !file PATH may stand before a text; a text that begins with ! needs quotes"


def read(file: Path, environment: Mapping[str, str]) -> Document:
    """Read a file; raises ConfigurationError when it cannot be read as YAML at all."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigurationError([f"{file}: cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError:
        raise ConfigurationError([f"{file}: is not a text in UTF-8"]) from None
    except ValueError as error:
        raise ConfigurationError([f"{file!r}: is not the path of a file"]) from error
    try:
        root = tree(text)
    except NotYamlError as error:
        raise ConfigurationError([f"{file}:{error.line}: {error}"]) from None
    return _Reader(Secrets(file.parent, environment)).document(root)


class _Reader:
    """Goes through what the parser has found."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._lines: dict[Place, int] = {(): 1}
        self._problems: list[Problem] = []

    def document(self, root: yaml.Node | None) -> Document:
        content = {} if root is None else self._value(root, ())
        return Document(content=content, lines=self._lines, problems=tuple(self._problems))

    def _value(self, node: yaml.Node, place: Place) -> Value:
        self._lines.setdefault(place, _line(node))
        if isinstance(node, yaml.ScalarNode):
            return self._text(node, place)
        if node.tag not in (_TABLE, _LIST):
            self._problem(place, _WRONG_TAG)
        if isinstance(node, yaml.MappingNode):
            return self._table(node, place)
        return [self._value(item, (*place, index)) for index, item in enumerate(node.value)]

    def _text(self, node: yaml.ScalarNode, place: Place) -> Written:
        if node.tag in (ENV, FILE):
            return self._secret(node, place)
        if node.tag not in _READINGS and node.tag not in _TEXTS:
            self._problem(place, _WRONG_TAG)
        return Written(node.value, _READINGS.get(node.tag, Reading.TEXT))

    def _secret(self, node: yaml.ScalarNode, place: Place) -> Written:
        try:
            return Written(self._secrets.get(node.tag, node.value), source=f"{node.tag} {node.value}")
        except NoSecretError as error:
            self._problem(place, str(error))
            return Written("")

    def _table(self, node: yaml.MappingNode, place: Place) -> dict[str, Value]:
        table: dict[str, Value] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag.startswith("!"):
                self._problem(place, f"line {_line(key)}: a key must be a plain word")
                continue
            inner = (*place, key.value)
            if key.value in table:
                self._problem(inner, f"is there twice, in line {self._lines[inner]} and in line {_line(key)}")
                continue
            self._lines[inner] = _line(key)
            table[key.value] = self._value(value, inner)
        return table

    def _problem(self, place: Place, text: str) -> None:
        self._problems.append(Problem(place, text))


def _line(node: yaml.Node) -> int:
    line: int = node.start_mark.line
    return line + 1
