"""Declared modules and the simulated ones: relays move loads, contacts follow, and every pulse counts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mqtt_schema.accessors import load_power
from simulator import SITES, Fault, Gateway, House
from simulator.gateway.output_modules import Behaviour, OutputModules
from simulator.house.meter import Medium
from simulator.sites.accessories import OutputModule
from simulator.sites.site import Site
from smappee_gateway.changes import Changes
from smappee_gateway.commands import Command
from smappee_gateway.errors import RelayStateUnknownError
from smappee_gateway.module_settings import modules_of
from smappee_gateway.mqtt_commands import publication
from tests.feed import Feed

SITE = SITES["everything"]
SERIAL = SITE.identity.serial_number
OUTPUT, INPUT = "5800009901", "5800009902"
RAIN, DOOR = f"{INPUT}_0", f"{INPUT}_2"
WINTER_MORNING = datetime(2026, 1, 15, 6, 0, tzinfo=UTC)
AMONG_PLUGS = replace(SITE, output_modules=(OutputModule(OUTPUT, ("Boiler", "Towel heater"), node_id=77),))
COMBINED = replace(SITE, output_modules=(OutputModule(OUTPUT, ("Towel heater", "Towel heater")),))
RAINWATER = {"input": 1, "kind": "pulse", "name": "Rainwater", "medium": "water", "pulses_per_unit": 2000}
FRONT_DOOR = {"input": 3, "kind": "contact", "name": "Front door"}
OF_ITS_OWN = {"dialect": "inputmodule", "inputs": [RAINWATER, FRONT_DOOR]}
AMONG_SENSORS = {"dialect": "gas_water", "inputs": [RAINWATER]}


class Home:
    """A simulated house, and a session that knows its modules; `changes` is what the last second has brought."""

    def __init__(
        self,
        site: Site = SITE,
        module: str = OUTPUT,
        dialect: str = "outputmodule",
        inputs: Mapping[str, object] = OF_ITS_OWN,
        **output: object,
    ) -> None:
        outputs = {"id": module, "name": "Cellar", "dialect": dialect, "tried": True, **output}
        written = {"output_module": [outputs], "input_module": [{"id": INPUT, "name": "Inputs", **inputs}]}
        self.modules = modules_of(written, SERIAL)
        self.gateway = Gateway(House(site, seed=2, start=WINTER_MORNING), seed=2)
        self.feed = Feed(SERIAL, modules=self.modules)
        self.session = self.feed.session
        self.changes = Changes()
        self.live(10)

    def live(self, seconds: int) -> None:
        for _ in range(seconds):
            self.feed.now += 1
            self.changes = self.session.tick(self.feed.now)
            for message in self.gateway.step():
                self.changes.merge(self.feed.message(message.topic, message.payload, retained=message.retain))

    def switch(self, relay: str, *, on: bool) -> bool:
        """Command a relay; tells whether the next second confirms it."""
        command = self.session.switch_relay(relay, self.feed.now, on=on)
        topic, payload = publication(command, self.modules.outputs)
        # The gateway publishes states retained; to a subscriber who is there they come live.
        for message in self.gateway.handle(topic, payload):
            self.changes.merge(self.feed.message(message.topic, message.payload))
        return command in self.changes.confirmed

    def watts(self, load: str) -> float:
        found = next(known for known in self.session.site.loads if known.name == load)
        return load_power(self.session.site, self.session.readings, found.id) or 0.0


@pytest.mark.parametrize(
    ("site", "module", "dialect"), [(SITE, OUTPUT, "outputmodule"), (AMONG_PLUGS, "77", "plug")], ids=["tree", "plugs"]
)
def test_a_relay_moves_its_load_and_leaves_the_other_as_it_is(site: Site, module: str, dialect: str) -> None:
    home = Home(site, module, dialect)
    towels = f"{module}_1"
    assert home.session.readings.relays[towels].on is False
    assert home.watts("Towel heater") < 50
    assert home.switch(towels, on=True)
    home.live(2)
    assert home.watts("Towel heater") > 300
    boiler = home.session.readings.relays[f"{module}_0"]
    assert (boiler.on, home.session.readings.relays[towels].assumed) == (False, False)
    assert home.switch(towels, on=False)
    home.live(2)
    assert home.watts("Towel heater") < 50


def test_combined_relays_move_together() -> None:
    home = Home(COMBINED, combined=True)
    (relay,) = home.session.readings.relays
    assert home.switch(relay, on=True)
    home.live(2)
    assert home.watts("Towel heater") > 300


def test_a_deaf_module_fails_and_then_the_other_relay_may_not_be_written() -> None:
    home = Home()
    home.gateway.provider(OutputModules).behaviour = Behaviour(echoes=False)
    boiler, towels = f"{OUTPUT}_0", f"{OUTPUT}_1"
    assert not home.switch(towels, on=True)
    failed: list[Command] = []
    for _ in range(10):
        home.live(1)
        failed += home.changes.failed
    assert len(failed) == 1
    assert home.session.readings.relays[towels].on is False
    assert home.watts("Towel heater") > 300
    with pytest.raises(RelayStateUnknownError):
        home.switch(boiler, on=True)


def test_after_a_power_failure_relays_are_unknown_until_they_are_told() -> None:
    home = Home()
    towels = f"{OUTPUT}_1"
    assert home.switch(towels, on=True)
    home.gateway.inject(Fault.REBOOT, duration_s=40)
    seen = set()
    for _ in range(60):
        home.live(1)
        seen.add(home.session.readings.relays[towels].on)
    assert seen == {True, None, False}


def test_a_contact_follows_its_door_and_every_pulse_counts_over_a_reboot() -> None:
    home = Home()
    home.gateway.house.start("Washing machine")
    home.gateway.inject(Fault.REBOOT, after_s=1800, duration_s=100)
    states, first = set(), None
    for second in range(3 * 3600):
        home.live(1)
        if home.session.readings.contacts[DOOR] is not None and not 1790 < second < 1910:
            assert home.session.readings.contacts[DOOR] is home.gateway.house.contacts["Front door"]
            states.add(home.session.readings.contacts[DOOR])
        first = home.gateway.house.meter.volumes_m3[Medium.RAINWATER] if first is None else first
    counted = home.session.readings.meter_pulses[RAIN]
    used = (home.gateway.house.meter.volumes_m3[Medium.RAINWATER] - (first or 0.0)) * 2000
    assert states == {True, False}
    assert counted > 10
    # A running count is told every five minutes, and what was counted before the power failed but not told is lost.
    assert used - 20 < counted <= used + 1


def test_an_input_module_among_the_sensors_counts_exactly_what_flowed_and_nothing_twice() -> None:
    home = Home(inputs=AMONG_SENSORS)
    home.gateway.house.start("Washing machine")
    home.gateway.inject(Fault.REBOOT, after_s=1000, duration_s=1000)
    home.live(2 * 3600 - 10)
    used = home.gateway.house.meter.volumes_m3[Medium.RAINWATER] * 2000
    assert home.session.readings.meter_pulses[RAIN] == int(used) > 10
    assert [meter.name for meter in home.session.site.meters if meter.sensor == INPUT] == ["Rainwater"]
    assert home.gateway.occurred == {Fault.REBOOT: 1}
