"""Reads the tokens that openHAB's textual files are made of, and what those files have in common.

Written from the grammars of openHAB 5, which are in Xtext.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
TOKEN = re.compile(
    r"""(?P<hidden>\s+|/\*.*?\*/|//[^\n\r]*)
    |(?P<string>"(?:\\[btnfru"'\\]|[^\\"])*"|'(?:\\[btnfru"'\\]|[^\\'])*')
    |(?P<id>\^?[a-zA-Z_0-9-]+)
    |(?P<sign>[:()\[\]{}<>,=@\#.])""",
    re.VERBOSE | re.DOTALL,
)


class NotUnderstoodError(Exception):
    """openHAB would not read this file."""


class Token(NamedTuple):
    kind: str
    text: str
    line: int


type Value = str | int | float | bool


class Reader:
    """Tokens, one after the other."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0

    @property
    def ended(self) -> bool:
        return self._at == len(self._tokens)

    def peek(self, *texts: str, ahead: int = 0) -> bool:
        place = self._at + ahead
        return place < len(self._tokens) and self._is(self._tokens[place], texts)

    def next(self, kind: str = "", text: str = "") -> str:
        if self.ended:
            raise NotUnderstoodError(f"the file ends where {text or kind} is wanted")
        token = self._tokens[self._at]
        if (kind and token.kind != kind) or (text and not self._is(token, (text,))):
            raise NotUnderstoodError(f"line {token.line}: {token.text} instead of {text or kind}")
        self._at += 1
        return token.text

    def maybe(self, text: str) -> bool:
        if not self.peek(text):
            return False
        self._at += 1
        return True

    def string(self) -> str:
        return _unescaped(self.next("string"))

    def maybe_string(self) -> str:
        return self.string() if self._is_kind("string") else ""

    def id(self) -> str:
        return self.next("id").removeprefix("^")

    def id_or_string(self) -> str:
        return self.string() if self._is_kind("string") else self.id()

    def list_of[T](self, read: Callable[[], T], end: str) -> list[T]:
        found = [read()]
        while self.maybe(","):
            found.append(read())
        self.next(text=end)
        return found

    def property(self) -> tuple[str, list[Value]]:
        key = self.id()
        self.next(text="=")
        values = [self.value()]
        while self.peek(",") and not self.peek("=", ahead=2):
            self.next(text=",")
            values.append(self.value())
        return key, values

    def value(self) -> Value:
        if self._is_kind("string"):
            return self.string()
        word = self.id()
        if word in {"true", "false"}:
            return word == "true"
        number = f"{word}.{self.id()}" if self.maybe(".") else word
        try:
            return float(number) if "." in number else int(number)
        except ValueError:
            raise NotUnderstoodError(f"{number} is no value; strings have quotes") from None

    def properties(self) -> dict[str, list[Value]]:
        return dict(self.list_of(self.property, "]")) if self.maybe("[") else {}

    def _is_kind(self, kind: str) -> bool:
        return not self.ended and self._tokens[self._at].kind == kind

    @staticmethod
    def _is(token: Token, texts: tuple[str, ...]) -> bool:
        return token.kind != "string" and token.text in texts


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        line = text.count("\n", 0, at) + 1
        if found is None or found.lastgroup is None:
            raise NotUnderstoodError(f"line {line}: {text[at]!r} cannot stand here")
        if found.lastgroup != "hidden":
            yield Token(found.lastgroup, found.group(), line)
        at = found.end()


def _unescaped(literal: str) -> str:
    """As Java does; the `u` of a code point wants four digits."""

    def letter(found: re.Match[str]) -> str:
        code = found.group(1)
        if code[0] == "u":
            if len(code) != 5:
                raise NotUnderstoodError(f"{found.group()} is no character")
            return chr(int(code[1:], 16))
        return ESCAPES[code]

    return re.sub(r"\\(u[0-9a-fA-F]{0,4}|.)", letter, literal[1:-1], flags=re.DOTALL)
