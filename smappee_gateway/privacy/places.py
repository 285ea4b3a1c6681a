"""Where in a document a value stands, and what that says of it."""

import re
from functools import lru_cache
from typing import NamedTuple

from smappee_gateway.privacy.protocol_words import PROTOCOL_WORDS
from smappee_gateway.privacy.vocabulary import parts

_PERSONAL = re.compile(
    "name|label|title|description|comment|remark|address|street|phone|e?mail|ssid|host|domain|url|passw|secret|token"
    "|login|account|owner|customer|tenant|installer|person|nickname",
    re.IGNORECASE,
)
_PERSONAL_PARTS = frozenset(
    """
    alias author badge bssid city contract country ean family gsm iban iccid imei imsi ip ipv4 ipv6 mac mobile note
    notes pin postal postcode psk pwd rfid room street tel town uri user vat vin zip
    """.split()  # noqa: SIM905 - it is read and kept as a list of words
)
_GEOGRAPHIC_PARTS = frozenset(
    """
    altitude coordinate coordinates coords elevation geo geohash geolocation gps lat latitude lng lon long longitude
    """.split()  # noqa: SIM905 - it is read and kept as a list of words
)
_GEOGRAPHIC = frozenset({"location", "geometry"})
_NUMBERED = re.compile("serial|locationId$", re.IGNORECASE)
_ID = re.compile("(id|ids|number|nr|identifier)$", re.IGNORECASE)
_TYPED_IN_THE_PROTOCOL = frozenset({"name"})


class Place(NamedTuple):
    """A key and what stands above it."""

    key: str = ""
    personal: bool = False
    """Here or above stands a key for what a person has typed, or for how to reach somebody."""
    geographic: bool = False
    """Here or above stands a key for where on earth something is."""


@lru_cache(maxsize=4096)
def below(above: Place, key: str) -> Place:
    """Return the place of a key of an object."""
    return Place(key, above.personal or is_personal(key), above.geographic or _is_geographic(key))


@lru_cache(maxsize=4096)
def is_personal(key: str) -> bool:
    """Whether a key announces what a person has typed. Of the protocol's own words only `name` does."""
    if key in PROTOCOL_WORDS:
        return key in _TYPED_IN_THE_PROTOCOL
    return _PERSONAL.search(key) is not None or not _PERSONAL_PARTS.isdisjoint(parts(key))


@lru_cache(maxsize=4096)
def is_numbered(key: str) -> bool:
    """Whether a key announces a serial number, or the number of the service location."""
    return _NUMBERED.search(key) is not None


@lru_cache(maxsize=4096)
def is_identifier(key: str) -> bool:
    """Whether a long number under this key is an identifier."""
    return _ID.search(key) is not None


def _is_geographic(key: str) -> bool:
    return key.lower() in _GEOGRAPHIC or not _GEOGRAPHIC_PARTS.isdisjoint(parts(key))
