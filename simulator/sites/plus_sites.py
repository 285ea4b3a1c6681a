"""Installations with a gateway that has its CT inputs in itself: a Plus or a Solar."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID, uuid5

from simulator.house.appliances import BaseLoad, EvCharger, HeatPump, Lighting, Steady
from simulator.sites.site import Circuit, CurrentTransformer, GatewayKind, Identity, Plug, Role, Site
from simulator.sites.topology import SINGLE_PHASE, THREE_STAR, Phase
from simulator.sites.usual_loads import (
    BOILER,
    DISHWASHER,
    FRIDGE,
    HOB,
    L1N,
    L2N,
    L3N,
    OVEN,
    STAR,
    WASHING_MACHINE,
    base_loads,
    inverter,
    used,
)

PLUS_INPUTS: Final = 9
"""As many as the vendor's captures show (protocol facts 6)."""


def _identity(serial_number: str) -> Identity:
    """A made-up gateway."""
    number = int(serial_number[2:])
    device = UUID(int=0x5D0C_6E1A_0B7F_4C2E_9A31_0000_0000_0000 + int(serial_number))
    return Identity(
        serial_number=serial_number,
        device_uuid=str(device),
        location_uuid=str(uuid5(device, "location")),
        location_id=100_000 + number % 1_000,
    )


def _on_inputs(clamps: Iterable[tuple[str, Role, str, str]], phases: str) -> tuple[CurrentTransformer, ...]:
    """CTs on the inputs of a Plus for rows of name, role, circuit and phases (``"ABC"``); the rest is unused.

    A name holds ``{}`` where the number of the line belongs. `phases` are the letters of the supply.
    """
    single = [(name, role, circuit, Phase[letter]) for name, role, circuit, letters in clamps for letter in letters]
    used_inputs = [
        CurrentTransformer(name.format(phase.value + 1), role, phase, "", number, circuit, nilm=role is Role.GRID)
        for number, (name, role, circuit, phase) in enumerate(single)
    ]
    unused = [
        CurrentTransformer("", Role.UNUSED, Phase[phases[number % len(phases)]], "", number)
        for number in range(len(used_inputs), PLUS_INPUTS)
    ]
    return (*used_inputs, *unused)


PLUS_STAR: Final = Site(
    identity=_identity("2010002391"),
    gateway=GatewayKind.PLUS,
    topology=THREE_STAR,
    circuits=(
        inverter("Solar", 7200.0, STAR),
        Circuit("EV charger", EvCharger(phases=3), STAR),
        Circuit("Heat pump", HeatPump(4200.0), STAR),
        used("Oven", OVEN, L1N),
        used("Washing machine", WASHING_MACHINE, L2N),
        Circuit("Dishwasher", DISHWASHER, L3N),
        Circuit("Fridge", FRIDGE, L1N),
        used("Lighting", Lighting(320.0), L2N),
        Circuit("Towel heater", Steady(500.0), L3N),
        Circuit("Garden lights", Steady(65.0, -0.9), L2N),
        *base_loads(70.0),
    ),
    transformers=_on_inputs(
        (
            ("Grid - Phase {}", Role.GRID, "", "ABC"),
            ("Solar - Phase {}", Role.SOLAR, "Solar", "ABC"),
            ("EV charger", Role.LOAD, "EV charger", "ABC"),
        ),
        "ABC",
    ),
    plugs=(Plug(1, "Towel heater"), Plug(2, "Garden lights")),
)

_FLAT_CIRCUITS: Final = (
    inverter("Solar", 2600.0, L1N),
    used("Hob", HOB, L1N),
    used("Washing machine", WASHING_MACHINE, L1N),
    Circuit("Fridge", FRIDGE, L1N),
    Circuit("Boiler", BOILER, L1N),
    used("Lighting", Lighting(180.0), L1N),
    Circuit("Reading lamp", Steady(12.0, -0.6), L1N),
    Circuit("Base load", BaseLoad(80.0), L1N),
)

PLUS_SINGLE: Final = Site(
    identity=_identity("2010001101"),
    gateway=GatewayKind.PLUS,
    topology=SINGLE_PHASE,
    circuits=_FLAT_CIRCUITS,
    transformers=_on_inputs(
        (
            ("Grid", Role.GRID, "", "A"),
            ("Solar", Role.SOLAR, "Solar", "A"),
            ("Washing machine", Role.LOAD, "Washing machine", "A"),
            ("Boiler", Role.LOAD, "Boiler", "A"),
        ),
        "A",
    ),
    plugs=(Plug(1, "Reading lamp"),),
)

SOLAR_SINGLE: Final = Site(
    identity=_identity("1110001107"),
    gateway=GatewayKind.SOLAR,
    topology=SINGLE_PHASE,
    circuits=_FLAT_CIRCUITS,
    transformers=(
        CurrentTransformer("Solar", Role.SOLAR, Phase.A, "", 1, "Solar"),
        CurrentTransformer("Consumption", Role.HOUSE, Phase.A, "", 2),
    ),
)
