"""Helpers to let a gateway live and to read what it wrote."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from simulator import SITES, Gateway, House, Message
from simulator.sites.site import GatewayKind

type Document = dict[str, Any]

SITE_OF_PROFILE = {GatewayKind.GENIUS: "home", GatewayKind.PLUS: "plus-star", GatewayKind.SOLAR: "solar-single"}

MIDSUMMER_NOON = datetime(2026, 6, 21, 10, 0, tzinfo=UTC)


def new_gateway(site: str = "home", *, seed: int = 1, start: datetime = MIDSUMMER_NOON) -> Gateway:
    return Gateway(House(SITES[site], seed=seed, start=start), seed=seed)


def live(gateway: Gateway, seconds: int) -> list[Message]:
    return [message for _ in range(seconds) for message in gateway.step()]


def named(messages: Iterable[Message], name: str) -> list[Message]:
    """The messages whose topic ends in `name`, of any location."""
    return [message for message in messages if message.topic.split("/", 2)[2] == name]


def document(message: Message) -> Document:
    content: Document = json.loads(message.payload)
    return content


def realtimes(messages: Iterable[Message]) -> list[Document]:
    return [document(message) for message in named(messages, "realtime")]
