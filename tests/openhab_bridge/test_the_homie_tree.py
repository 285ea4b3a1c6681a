"""The trees of simulated houses: accepted by openHAB's rules, and discovered by a controller that others made."""

from dataclasses import replace

import pytest

from openhab_bridge.settings import Settings
from tests.mosquitto import Mosquitto
from tests.openhab_bridge.broker_view import view
from tests.openhab_bridge.conftest import StartBridge, living
from tests.openhab_bridge.homie.collector import retained
from tests.openhab_bridge.homie.conformance import problems
from tests.openhab_bridge.homie.third_party import consumer
from tests.waiting import until

PARTS = {"": "ready", "-loads": "ready", "-cts": "ready", "-modules": "ready"}


@pytest.mark.parametrize("all_points", [False, True], ids=["as usual", "with all points"])
@pytest.mark.parametrize("site", ["everything", "split-phase", "plus-star", "solar-single"])
async def test_openhab_would_accept_it(  # noqa: PLR0913 - fixtures
    mosquitto: Mosquitto, target: Mosquitto, settings: Settings, start: StartBridge, site: str, *, all_points: bool
) -> None:
    async with living(site, mosquitto) as gateway:
        serial = gateway.house.site.identity.serial_number
        place = replace(settings.gateways[0], serial=serial)
        bridge = await start(replace(settings, gateways=(place,), all_points=all_points))
        async with view(target, "homie/+/$state") as states:
            await until(lambda: len(states.now) >= 3 and set(states.now.values()) == {"ready"})
            await until(lambda: not any(link.waiting for link in bridge.status().connections))
        tree = await retained(target.host, target.port)
    assert len(tree) > 60
    assert problems(tree) == []


async def test_a_controller_of_others_discovers_it_and_switches_a_plug(
    mosquitto: Mosquitto, target: Mosquitto, settings: Settings, start: StartBridge
) -> None:
    async with living("everything", mosquitto), consumer(target.host, target.port) as seen:
        await start(settings)
        device = f"smappee-{settings.gateways[0].serial}"
        whole = await seen.until(
            lambda now: now.is_whole and {name: now.devices[name].state for name in now.devices} == states(device)
        )
        assert whole.units[f"{device}/site/grid-power"] == "W"
        assert whole.units[f"{device}-modules/meter-3003009901-0/water-flow"] == "l/min"
        plug = f"{device}-modules/plug-1/plug"
        wanted = "false" if whole.properties[plug].value == "true" else "true"
        await seen.set(plug, wanted)
        await seen.until(lambda now: now.properties[plug].value == wanted)


def states(device: str) -> dict[str, str]:
    return {f"{device}{part}": state for part, state in PARTS.items()}
