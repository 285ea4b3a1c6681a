"""Whether a text is YAML that can be taken as a configuration; what is not is told in plain words, with its line.

The parser's own words repeat parts of the file, which may be secrets, so they are not passed on.
"""

from typing import Final, NamedTuple

import yaml

DEEPEST: Final = 20
"""Levels; the configuration has five."""


class _Reason(NamedTuple):
    begins: str
    """How the parser's own reason begins."""
    text: str
    at_begin: bool = False
    """Whether the line to look at is that where the thing begins, not where the parser has given up."""


_QUOTES = "write the value in quotes"
_REASONS: Final = (
    _Reason("mapping values are not allowed", f"there is a second ': ' in this line, or it is indented; {_QUOTES}"),
    _Reason("could not find expected ':'", "this is neither `key: value` nor `- value`", at_begin=True),
    _Reason("found character '\\t'", "there is a tab; indent with spaces"),
    _Reason("found character", f"a value cannot begin with this character; {_QUOTES}"),
    _Reason("found unexpected end", "the quote that begins here has no end", at_begin=True),
    _Reason("expected <block end>", "this is indented in another way than what it belongs to, or is no `key: value`"),
    _Reason("expected ',' or", "a comma or the closing bracket is missing"),
    _Reason("found unknown escape", "within double quotes \\ has a meaning of its own; use single quotes"),
    _Reason("expected escape sequence", "within double quotes \\ has a meaning of its own; use single quotes"),
    _Reason("but found another document", "a second document begins; there may be only one"),
)
_ELSE: Final = "this cannot be understood as YAML; when it is a value, write it in quotes"


class NotYamlError(Exception):
    """A text is not YAML."""

    def __init__(self, line: int, reason: str) -> None:
        """Keep the line, counted from 1."""
        super().__init__(reason)
        self.line = line


def tree(text: str) -> yaml.Node | None:
    """Return what the text says, None for nothing; raises NotYamlError."""
    try:
        _require_plain(text)
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise NotYamlError(line, "there is a character that does not belong in a text") from None
    except yaml.MarkedYAMLError as error:
        raise _explained(error) from None
    except (ValueError, OverflowError):  # the parser stumbles over "\UFFFFFFFF"
        raise NotYamlError(1, "within double quotes \\U is followed by a letter that does not exist") from None


def _require_plain(text: str) -> None:
    """Raise for what no configuration needs: references, and levels without end."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            raise NotYamlError(
                line, f"& and * at the beginning of a value refer to others, which is not used; {_QUOTES}"
            )
        if isinstance(event, yaml.CollectionStartEvent | yaml.CollectionEndEvent):
            depth += 1 if isinstance(event, yaml.CollectionStartEvent) else -1
        if depth > DEEPEST:
            raise NotYamlError(line, "this is nested too deeply")


def _explained(error: yaml.MarkedYAMLError) -> NotYamlError:
    said = error.problem or ""
    for reason in _REASONS:
        if said.startswith(reason.begins):
            mark = (error.context_mark if reason.at_begin else None) or error.problem_mark
            return NotYamlError(mark.line + 1, reason.text)
    return NotYamlError(error.problem_mark.line + 1, _ELSE)
