"""The installations to choose from, and those that faults bring along."""

from collections import Counter
from dataclasses import replace
from typing import Final
from uuid import UUID, uuid5

from simulator.house.appliances import (
    BaseLoad,
    EvCharger,
    HeatPump,
    Lighting,
    Programme,
    Steady,
    Step,
    Thermostat,
    Timer,
)
from simulator.house.charging.charger import Charger
from simulator.sites.everything import EVERYTHING
from simulator.sites.garages import GARAGE, TWO_CARS
from simulator.sites.plus_sites import PLUS_SINGLE, PLUS_STAR, SOLAR_SINGLE
from simulator.sites.site import Circuit, CurrentTransformer, Identity, Plug, Role, Site, on_hubs
from simulator.sites.topology import SINGLE_PHASE, SPLIT_PHASE, THREE_DELTA, THREE_STAR, Phase
from simulator.sites.usual_loads import (
    BOILER,
    COFFEE_MACHINE,
    DELTA,
    DISHWASHER,
    DRYER,
    FREEZER,
    FRIDGE,
    HOB,
    L1N,
    L2N,
    L3N,
    L12,
    L13,
    L23,
    OVEN,
    OVERNIGHT,
    POOL_PUMP,
    STAR,
    WASHING_MACHINE,
    base_loads,
    inverter,
    used,
)

GRID, SOLAR, LOAD = Role.GRID, Role.SOLAR, Role.LOAD


def _identity(number: int, **differing: str) -> Identity:
    """A made-up gateway of series 50."""
    device = UUID(int=0x5D0C_6E1A_0B7F_4C2E_9A31_0000_0000_0000 + number)
    return Identity(
        serial_number=f"50{10_000_000 + number}",
        device_uuid=str(device),
        location_uuid=str(uuid5(device, "location")),
        location_id=40_000 + number,
        **differing,
    )


HOME: Final = Site(
    identity=_identity(1234),
    topology=THREE_STAR,
    circuits=(
        inverter("Solar", 5200.0, L2N),
        Circuit("EV charger", Charger(visits=OVERNIGHT), STAR),
        Circuit("Heat pump", HeatPump(4200.0), STAR),
        used("Oven", OVEN, L1N),
        used("Washing machine", WASHING_MACHINE, L3N),
        Circuit("Dryer", DRYER, L1N),
        Circuit("Dishwasher", DISHWASHER, L2N),
        Circuit("Fridge", FRIDGE, L3N),
        Circuit("Pool pump", POOL_PUMP, L3N),
        used("Lighting", Lighting(320.0), L1N),
        used("Hob", HOB, L3N),
        used("Coffee machine", COFFEE_MACHINE, L2N),
        Circuit("Garden lights", Steady(65.0, -0.9), L2N),
        Circuit("Towel heater", Steady(500.0), L1N),
        *base_loads(70.0),
    ),
    transformers=on_hubs(
        ("5500001101", "5500001102", "5500001103", "5500001104"),
        (
            ("Grid L{}", GRID, "ABC"),
            ("Solar", SOLAR, "B"),
            ("EV charger", LOAD, "ABC"),
            ("Oven", LOAD, "A"),
            ("Heat pump", LOAD, "ABC"),
            ("Pool pump", LOAD, "C"),
            ("Washing machine", LOAD, "C"),
            ("Dryer", LOAD, "A"),
            ("Dishwasher", LOAD, "B"),
            ("Fridge", LOAD, "C"),
        ),
    ),
    plugs=(Plug(1, "Garden lights"), Plug(2, "Towel heater")),
)

_HUB_190, _HUB_194, _HUB_198 = "5500000190", "5500000194", "5500000198"

CAPTURED: Final = Site(
    identity=Identity(
        serial_number="5010000631",
        device_uuid="8ebeaca6-4105-47b6-b471-eb6970f0cd6f",
        location_uuid="57e3e0d8-bb05-4b04-8662-1a9871998f3f",
        location_id=39277,
    ),
    topology=THREE_DELTA,
    circuits=(
        inverter("Zonnepanelen", 6000.0, L12),
        Circuit("Tesla", EvCharger(phases=1, max_a=32.0), L12),
        Circuit("Carport", Steady(20.0, 0.8), L23),
        used("Verlichting beneden", Lighting(300.0), L23),
        Circuit("Zwembad", Timer(1100.0, 0.8, 9.0, 18.0), L13),
        used("Wasmachine", WASHING_MACHINE, L23),
        Circuit("Droogkast", DRYER, L13),
        Circuit("System D + Verwarming", BaseLoad(110.0, 0.5), L12),
        Circuit("Sluimerverbruik", BaseLoad(90.0), L13),
        Circuit("Tester", Steady(40.0), L23),
    ),
    transformers=(
        CurrentTransformer("Zonnepanelen", SOLAR, Phase.B, _HUB_190, 0, "Zonnepanelen"),
        CurrentTransformer("Zonnepanelen", SOLAR, Phase.A, _HUB_190, 1, "Zonnepanelen"),
        CurrentTransformer("GridA", GRID, Phase.A, _HUB_190, 2, nilm=True),
        CurrentTransformer("GridB", GRID, Phase.B, _HUB_190, 3),
        CurrentTransformer("Tesla", LOAD, Phase.A, _HUB_194, 1, "Tesla"),
        CurrentTransformer("Tesla", LOAD, Phase.B, _HUB_194, 2, "Tesla"),
        CurrentTransformer("Carport", LOAD, Phase.B, _HUB_194, 0, "Carport", is_reversed=True),
        CurrentTransformer("Verlichting beneden", LOAD, Phase.B, _HUB_198, 2, "Verlichting beneden", is_reversed=True),
        CurrentTransformer("Zwembad", LOAD, Phase.A, _HUB_194, 3, "Zwembad"),
        CurrentTransformer("Wasmachine", LOAD, Phase.B, _HUB_198, 0, "Wasmachine"),
        CurrentTransformer("Droogkast", LOAD, Phase.A, _HUB_198, 1, "Droogkast", is_reversed=True),
        CurrentTransformer("System D + Verwarming", LOAD, Phase.C, _HUB_198, 3, "System D + Verwarming"),
    ),
    plugs=(Plug(1, "Tester"),),
)

FULL: Final = Site(
    identity=_identity(2828),
    topology=THREE_STAR,
    circuits=(
        inverter("Solar", 9800.0, STAR),
        Circuit("EV charger", EvCharger(phases=3), STAR),
        Circuit("Heat pump", HeatPump(6500.0), STAR),
        used("Hob", HOB, (*L1N, *L2N)),
        Circuit("Sauna", Programme((Step(90.0, 7500.0),), (19.0,), chance=0.3), STAR),
        used("Oven", OVEN, L3N),
        used("Washing machine", WASHING_MACHINE, L1N),
        Circuit("Dryer", DRYER, L2N),
        Circuit("Dishwasher", DISHWASHER, L3N),
        Circuit("Fridge", FRIDGE, L1N),
        Circuit("Freezer", FREEZER, L2N),
        Circuit("Pool pump", POOL_PUMP, L3N),
        Circuit("Boiler", BOILER, L1N),
        used("Lighting", Lighting(350.0), L2N),
        Circuit("Ventilation", Steady(62.0, 0.6), L3N),
        Circuit("Office", BaseLoad(140.0), L1N),
        used("Coffee machine", COFFEE_MACHINE, L2N),
        Circuit("Towel heater", Steady(500.0), L3N),
        *base_loads(85.0),
    ),
    transformers=on_hubs(
        tuple(f"55000028{hub:02}" for hub in range(1, 8)),
        (
            ("Grid L{}", GRID, "ABC"),
            ("Solar", SOLAR, "ABC"),
            ("EV charger", LOAD, "ABC"),
            ("Heat pump", LOAD, "ABC"),
            ("Sauna", LOAD, "ABC"),
            ("Hob", LOAD, "AB"),
            ("Oven", LOAD, "C"),
            ("Washing machine", LOAD, "A"),
            ("Dryer", LOAD, "B"),
            ("Dishwasher", LOAD, "C"),
            ("Fridge", LOAD, "A"),
            ("Freezer", LOAD, "B"),
            ("Pool pump", LOAD, "C"),
            ("Boiler", LOAD, "A"),
            ("Lighting", LOAD, "B"),
            ("Ventilation", LOAD, "C"),
            ("Office", LOAD, "A"),
        ),
    ),
    plugs=(Plug(1, "Towel heater"),),
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
_FLAT_CLAMPS: Final = (
    ("Grid", GRID, "A"),
    ("Solar", SOLAR, "A"),
    ("Washing machine", LOAD, "A"),
    ("Fridge", LOAD, "A"),
    ("Boiler", LOAD, "A"),
)

SINGLE: Final = Site(
    identity=_identity(1101),
    topology=SINGLE_PHASE,
    circuits=_FLAT_CIRCUITS,
    transformers=on_hubs(("5500001131", "5500001132"), _FLAT_CLAMPS),
    plugs=(Plug(1, "Reading lamp"),),
)

ONE_PHASE_SOLAR: Final = Site(
    identity=_identity(1301),
    topology=THREE_STAR,
    circuits=(
        inverter("Solar", 5000.0, L1N),
        Circuit("Ground floor", BaseLoad(600.0, 0.95), L1N),
        Circuit("Upper floor", BaseLoad(600.0, 0.95), L2N),
        Circuit("Workshop", BaseLoad(600.0, 0.95), L3N),
    ),
    transformers=on_hubs(
        ("5500001301", "5500001302"),
        (
            ("Grid L{}", GRID, "ABC"),
            ("Solar", SOLAR, "A"),
            ("Ground floor", LOAD, "A"),
            ("Upper floor", LOAD, "B"),
            ("Workshop", LOAD, "C"),
        ),
    ),
)

DELTA_TWO_CT: Final = Site(
    identity=_identity(1302),
    topology=THREE_DELTA,
    circuits=(
        inverter("Solar", 4600.0, L12),
        Circuit("Compressor", Timer(900.0, 0.3, 6.0, 22.0), DELTA),
        Circuit("Welder", Programme((Step(25.0, 1500.0, 0.3),), (10.0, 15.0), standby_w=4.0), L12),
        Circuit("Heating", HeatPump(3000.0), DELTA),
        Circuit("Household", BaseLoad(450.0), L23),
        Circuit("Well pump", Thermostat(550.0, 0.75, on_min=6.0, off_min=20.0), L13),
    ),
    transformers=on_hubs(
        ("5500001321", "5500001322", "5500001323"),
        (
            ("Grid L{}", GRID, "AB"),
            ("Solar", SOLAR, "AB"),
            ("Compressor", LOAD, "AB"),
            ("Heating", LOAD, "AB"),
            ("Welder", LOAD, "C"),
            ("Household", LOAD, "B"),
            ("Well pump", LOAD, "A"),
        ),
    ),
)

SPLIT: Final = Site(
    identity=_identity(1201, time_zone="America/New_York"),
    topology=SPLIT_PHASE,
    circuits=(
        inverter("Solar", 6000.0, L12),
        Circuit("EV charger", EvCharger(phases=2, max_a=32.0), (*L1N, *L2N)),
        Circuit("Fridge", FRIDGE, L1N),
        used("Oven", OVEN, L12),
        Circuit("Base load L1", BaseLoad(160.0), L1N),
        Circuit("Base load L2", BaseLoad(120.0), L2N),
    ),
    transformers=on_hubs(
        ("5500001201", "5500001202", "5500001203"),
        (
            ("Grid L{}", GRID, "AB"),
            ("Solar", SOLAR, "AB"),
            ("EV charger", LOAD, "AB"),
            ("Oven", LOAD, "AB"),
            ("Fridge", LOAD, "A"),
        ),
    ),
    latitude_deg=40.7,
    longitude_deg=-74.0,
)

SITES: Final = {
    "home": HOME,
    "captured": CAPTURED,
    "full": FULL,
    "single-phase": SINGLE,
    "one-phase-solar": ONE_PHASE_SOLAR,
    "delta-two-ct": DELTA_TWO_CT,
    "split-phase": SPLIT,
    "everything": EVERYTHING,
    "garage": GARAGE,
    "two-cars": TWO_CARS,
    "plus-star": PLUS_STAR,
    "plus-single": PLUS_SINGLE,
    "solar-single": SOLAR_SINGLE,
}

NEIGHBOUR: Final = replace(SINGLE, identity=_identity(7777), plugs=())


def child_of(site: Site) -> Site:
    """A second service location on the same gateway: the load with the most CTs, numbered from 0 on a Genius."""
    counts = Counter(ct.name for ct in site.transformers if ct.role in {Role.LOAD, Role.HOUSE})
    largest, _ = counts.most_common(1)[0]
    parent = site.identity
    identity = replace(
        parent,
        location_uuid=str(uuid5(UUID(parent.location_uuid), "child")),
        location_id=parent.location_id + 1,
    )
    own = tuple(ct for ct in site.transformers if ct.name == largest)
    return replace(site, identity=identity, transformers=own, plugs=())
