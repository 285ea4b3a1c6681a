"""Houses whose chargers take commands, and whose main breaker is small for what hangs on it."""

from dataclasses import replace
from typing import Final
from uuid import UUID, uuid5

from simulator.house.appliances import HeatPump, Lighting
from simulator.house.breaker import Breaker, Curve
from simulator.house.charging.car import Car
from simulator.house.charging.character import Character
from simulator.house.charging.charger import Charger
from simulator.sites.site import Circuit, Identity, Role, Site, on_hubs
from simulator.sites.topology import THREE_STAR
from simulator.sites.usual_loads import (
    BOILER,
    DISHWASHER,
    DRYER,
    FRIDGE,
    HOB,
    L1N,
    L2N,
    L3N,
    OVEN,
    OVERNIGHT,
    STAR,
    WASHING_MACHINE,
    base_loads,
    inverter,
    used,
)

GRID, SOLAR, LOAD = Role.GRID, Role.SOLAR, Role.LOAD
MAIN: Final = "Main"
_FROM_THE_OFFICE: Final = replace(OVERNIGHT, state_of_charge=(0.5, 0.7))


def _identity(number: int) -> Identity:
    """A made-up gateway of series 50."""
    device = UUID(int=0x5D0C_6E1A_0B7F_4C2E_9A31_0000_0000_0000 + number)
    return Identity(
        serial_number=f"50{10_000_000 + number}",
        device_uuid=str(device),
        location_uuid=str(uuid5(device, "location")),
        location_id=40_000 + number,
    )


GARAGE: Final = Site(
    identity=_identity(2525),
    topology=THREE_STAR,
    circuits=(
        inverter("Solar", 4000.0, L2N),
        # An electrician spreads the first phases of chargers over the lines: L1 of this one is L2 of the house.
        Circuit("EV charger", Charger(visits=OVERNIGHT), (*L2N, *L3N, *L1N)),
        Circuit("Heat pump", HeatPump(9000.0), STAR),
        used("Oven", OVEN, L1N),
        used("Hob", HOB, L3N),
        used("Washing machine", WASHING_MACHINE, L2N),
        Circuit("Dryer", DRYER, L2N),
        Circuit("Dishwasher", DISHWASHER, L3N),
        Circuit("Boiler", BOILER, L1N),
        *base_loads(220.0),
    ),
    transformers=on_hubs(
        ("5500002501", "5500002502", "5500002503", "5500002504"),
        (
            ("Grid L{}", GRID, "ABC"),
            ("Solar", SOLAR, "B"),
            ("EV charger", LOAD, "ABC"),
            ("Heat pump", LOAD, "ABC"),
            ("Oven", LOAD, "A"),
            ("Hob", LOAD, "C"),
            ("Boiler", LOAD, "A"),
        ),
    ),
    breakers=(Breaker(MAIN, 25.0),),
)

TWO_CARS: Final = Site(
    identity=_identity(4040),
    topology=THREE_STAR,
    circuits=(
        inverter("Solar", 5000.0, L3N),
        Circuit("Left charger", Charger(switches_phases=True, visits=_FROM_THE_OFFICE), STAR),
        Circuit("Right charger", Charger(car=Car(phases=1, max_a=32.0), visits=_FROM_THE_OFFICE), (*L3N, *L1N, *L2N)),
        Circuit("Heat pump", HeatPump(14000.0), STAR),
        used("Oven", OVEN, L1N),
        used("Hob", HOB, L2N),
        used("Washing machine", WASHING_MACHINE, L3N),
        Circuit("Dryer", DRYER, L1N),
        Circuit("Fridge", FRIDGE, L2N),
        used("Lighting", Lighting(320.0), L3N),
        *base_loads(260.0),
    ),
    transformers=on_hubs(
        ("5500004001", "5500004002", "5500004003", "5500004004"),
        (
            ("Grid L{}", GRID, "ABC"),
            ("Solar", SOLAR, "C"),
            ("Left charger", LOAD, "ABC"),
            ("Right charger", LOAD, "ABC"),
            ("Heat pump", LOAD, "ABC"),
            ("Oven", LOAD, "A"),
            ("Hob", LOAD, "B"),
        ),
    ),
    breakers=(
        Breaker(MAIN, 40.0, Curve.C),
        Breaker("Garage", 32.0, circuits=("Left charger", "Right charger")),
    ),
)


def chargers_of(site: Site) -> dict[str, Charger]:
    """The chargers of `site` that take commands, by the name of their circuits."""
    return {each.name: each.appliance for each in site.circuits if isinstance(each.appliance, Charger)}


def with_character(site: Site, character: Character) -> Site:
    """Return `site` with chargers of another character."""
    others = {name: replace(charger, character=character) for name, charger in chargers_of(site).items()}
    return replace(
        site,
        circuits=tuple(replace(each, appliance=others.get(each.name, each.appliance)) for each in site.circuits),
    )
