"""HTML that cannot be broken by a text: everything that is not HTML already is escaped."""

from html import escape


class Html(str):
    """A text that is HTML."""

    __slots__ = ()


def element(name: str, *content: str, **attributes: str) -> Html:
    """Make an element. `class_` is the attribute class, `data_of` is data-of; one that is empty is left out."""
    written = "".join(
        f' {key.removesuffix("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items() if value
    )
    return Html(f"<{name}{written}>{joined(*content)}</{name}>")


def joined(*content: str) -> Html:
    """Put HTML and texts behind each other."""
    return Html("".join(part if isinstance(part, Html) else escape(part) for part in content))
