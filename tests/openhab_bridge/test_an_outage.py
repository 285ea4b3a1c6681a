"""An outage is said once for all connections, and is news again only after all of them have stood."""

import logging

import pytest

from openhab_bridge.outage import Outage
from smappee_gateway.errors import CannotConnectError, InvalidAuthError
from tests.openhab_bridge.simulated import NOWHERE

AWAY = CannotConnectError("refused")


@pytest.fixture
def outage(caplog: pytest.LogCaptureFixture) -> Outage:
    caplog.set_level(logging.INFO)
    outage = Outage(NOWHERE)
    for name in ("a", "b"):
        outage.awaits(name)
    return outage


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage().split(":")[0].split(" 127")[0] for record in caplog.records]


def test_a_connection_that_was_never_made_keeps_the_outage_going(
    outage: Outage, caplog: pytest.LogCaptureFixture
) -> None:
    outage.begins("a", AWAY)
    outage.ends("a")
    outage.begins("b", AWAY)
    assert said(caplog) == ["Nothing can be published"]
    outage.ends("b")
    outage.begins("a", AWAY)
    assert said(caplog) == ["Nothing can be published", "Connected to", "Nothing can be published"]


def test_another_reason_is_news(outage: Outage, caplog: pytest.LogCaptureFixture) -> None:
    for error in (AWAY, InvalidAuthError("wrong"), AWAY, InvalidAuthError("wrong")):
        outage.begins("a", error)
    assert said(caplog) == ["Nothing can be published"] * 2


def test_a_start_without_a_fault_is_no_news(outage: Outage, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("a", "b"):
        outage.ends(name)
    assert said(caplog) == []
