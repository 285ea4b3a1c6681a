from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from typing import override

import pytest

from openhab_bridge.status import Status
from openhab_bridge.web.page import page
from openhab_bridge.web.wording import count, duration
from tests.openhab_bridge.web.conftest import Serve
from tests.openhab_bridge.web.examples import ATTACKED, HOSTILE, UNKNOWN, UNWELL, WELL, bridge


class Document(HTMLParser):
    """What a browser makes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    @override
    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_hostile_names_are_texts_and_nothing_else() -> None:
    document = Document(page(ATTACKED))
    assert document.tags.count("script") == 1
    assert document.texts.count(HOSTILE) == 4  # name and failure of the gateway and of the connection
    assert ("data-counter", HOSTILE) in document.attributes


@pytest.mark.parametrize("status", [WELL, UNWELL, ATTACKED, bridge(UNKNOWN)])
def test_nothing_is_fetched_from_elsewhere(status: Status) -> None:
    document = Document(page(status))
    sources = [value or "" for name, value in document.attributes if name in {"src", "href", "action"}]
    assert sources[1:] == ["status.json", "health", "metrics"]
    assert sources[0].startswith("data:image/svg+xml,")
    assert not [name for name, _ in document.attributes if name == "style" or name.startswith("on")]


async def test_the_policy_allows_this_style_and_this_script(serve: Serve) -> None:
    client = await serve(WELL)
    async with client.get("/") as answer:
        text, policy = await answer.text(), answer.headers["Content-Security-Policy"]
    for tag in ("style", "script"):
        content = text.split(f"<{tag}>")[1].split(f"</{tag}>")[0]
        assert f"{tag}-src 'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'" in policy


def test_what_is_wrong_is_seen_at_once() -> None:
    assert "all is well" in Document(page(WELL)).texts
    texts = Document(page(UNWELL)).texts
    assert "needs attention" in texts
    assert "1 of 3 gateways heard, 1 of 2 connections to openhab.local:1883" in texts
    assert {"live", "silent", "not connected", "no route to host", "connection refused"} <= set(texts)
    assert "last measurement 5 min 12 s ago" in texts


def test_a_bridge_that_knows_no_gateway_yet_says_so() -> None:
    texts = Document(page(bridge(UNKNOWN))).texts
    assert {
        "looking for a gateway",
        "no measurement yet",
        "0 of 1 gateways heard, 0 of 0 connections to openhab.local:1883",
    } <= set(texts)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.4, "0 s"),
        (59.6, "1 min 0 s"),
        (3599.0, "59 min 59 s"),
        (3600.0, "1 h 0 min"),
        (90_000.0, "1 d 1 h"),
    ],
)
def test_a_duration_has_at_most_two_units(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_numbers_are_in_groups_of_three() -> None:
    assert count(1_234_567).split("\N{NARROW NO-BREAK SPACE}") == ["1", "234", "567"]
