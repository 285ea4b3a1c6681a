"""Reads sitemaps as openHAB does, and refuses what it refuses. Only the widgets that are written here are known."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.openhab_bridge.files.reader import NotUnderstoodError, Reader


@dataclass
class Widget:
    kind: str
    properties: dict[str, str]
    children: list["Widget"] = field(default_factory=list)

    def all(self) -> Iterator["Widget"]:
        yield self
        for child in self.children:
            yield from child.all()


def sitemap(text: str) -> Widget:
    return _SitemapReader(text).read()


class _SitemapReader(Reader):
    PROPERTIES = frozenset({"item", "label", "icon"})
    CAN_HAVE_CHILDREN = frozenset({"Frame", "Text", "Group"})
    WIDGETS = CAN_HAVE_CHILDREN | {"Switch"}

    def read(self) -> Widget:
        self.next(text="sitemap")
        site = Widget("sitemap", {"name": self.id()} | self._properties())
        site.children = self._children()
        if not self.ended:
            raise NotUnderstoodError("something follows the sitemap")
        return site

    def _children(self) -> list[Widget]:
        self.next(text="{")
        found = [self._widget()]
        while not self.maybe("}"):
            found.append(self._widget())
        if len({widget.kind == "Frame" for widget in found}) > 1:
            raise NotUnderstoodError("frames stand beside what is in none")
        return found

    def _widget(self) -> Widget:
        kind = self.id()
        if kind not in self.WIDGETS:
            raise NotUnderstoodError(f"{kind} is no widget that is written here")
        widget = Widget(kind, self._properties())
        if self.peek("{") and kind in self.CAN_HAVE_CHILDREN:
            widget.children = self._children()
        if kind == "Frame" and any(child.kind == "Frame" for child in widget.children):
            raise NotUnderstoodError("a frame is in a frame")
        return widget

    def _properties(self) -> dict[str, str]:
        found = {}
        while self.peek("=", ahead=1):
            key = self.id()
            if key not in self.PROPERTIES:
                raise NotUnderstoodError(f"{key} is no property that is written here")
            self.next(text="=")
            found[key] = self.id() if key == "item" else self.id_or_string()
        return found
