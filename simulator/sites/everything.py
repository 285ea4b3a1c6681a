"""A house with one of everything that can hang on a Genius."""

from typing import Final
from uuid import UUID, uuid5

from simulator.house.appliances import BaseLoad, EvCharger, HeatPump, Lighting, Steady, Timer
from simulator.house.contacts import DoorContact, TariffContact
from simulator.house.heaters import ElectricBoiler, GasBoiler
from simulator.house.meter import Medium
from simulator.house.storage import Battery
from simulator.house.water import Heater, MachineFill, Outlet
from simulator.sites.accessories import GasWaterSensor, InputModule, OutputModule, PulseInput, Switch
from simulator.sites.site import Circuit, Identity, Plug, Role, Site, on_hubs
from simulator.sites.topology import THREE_STAR
from simulator.sites.usual_loads import (
    COFFEE_MACHINE,
    DISHWASHER,
    DRYER,
    FREEZER,
    FRIDGE,
    HOB,
    L1N,
    L2N,
    L3N,
    OVEN,
    POOL_PUMP,
    STAR,
    WASHING_MACHINE,
    base_loads,
    inverter,
    used,
)

GRID, SOLAR, LOAD = Role.GRID, Role.SOLAR, Role.LOAD

_DEVICE: Final = UUID("5d0c6e1a-0b7f-4c2e-9a31-0000000000e7")

_CIRCUITS: Final = (
    inverter("Solar", 9000.0, STAR),
    Circuit("Battery", Battery(capacity_kwh=10.0, charge_w=5000.0, discharge_w=5000.0), STAR, stores=True),
    Circuit("EV charger", EvCharger(phases=3), STAR),
    Circuit("Heat pump", HeatPump(5000.0), STAR),
    Circuit("Boiler", ElectricBoiler(watts=2400.0, litres=200.0), L1N),
    Circuit("Towel heater", Steady(600.0), L2N),
    used("Hob", HOB, (*L1N, *L2N)),
    used("Oven", OVEN, L3N),
    used("Washing machine", WASHING_MACHINE, L1N),
    Circuit("Dryer", DRYER, L2N),
    Circuit("Dishwasher", DISHWASHER, L3N),
    Circuit("Fridge", FRIDGE, L1N),
    Circuit("Freezer", FREEZER, L2N),
    Circuit("Pool pump", POOL_PUMP, L3N),
    used("Lighting", Lighting(320.0), L1N),
    Circuit("Office", BaseLoad(130.0), L2N),
    used("Coffee machine", COFFEE_MACHINE, L2N),
    Circuit("Garden lights", Steady(65.0, -0.9), L3N),
    Circuit("Fan heater", Steady(1500.0), L3N),
    Circuit("Aquarium", BaseLoad(90.0, 0.9), L1N),
    Circuit("Television", Timer(120.0, 0.92, 18.0, 23.0), L2N),
    *base_loads(75.0),
)

_CLAMPS: Final = (
    ("Grid L{}", GRID, "ABC"),
    ("Solar", SOLAR, "ABC"),
    ("Battery", LOAD, "ABC"),
    ("EV charger", LOAD, "ABC"),
    ("Heat pump", LOAD, "ABC"),
    ("Boiler", LOAD, "A"),
    ("Towel heater", LOAD, "B"),
    ("Hob", LOAD, "AB"),
    ("Oven", LOAD, "C"),
    ("Washing machine", LOAD, "A"),
    ("Dryer", LOAD, "B"),
    ("Dishwasher", LOAD, "C"),
    ("Fridge", LOAD, "A"),
    ("Freezer", LOAD, "B"),
    ("Pool pump", LOAD, "C"),
    ("Lighting", LOAD, "A"),
    ("Office", LOAD, "B"),
)

_WATER_USES: Final = (
    Outlet("Shower", 8.5, (4.0, 9.0), times_a_day=3.0, heater=Heater.TANK, hot_share=0.6),
    Outlet("Bathroom tap", 5.0, (0.2, 0.9), times_a_day=12.0, heater=Heater.TANK, hot_share=0.4),
    Outlet("Kitchen tap", 6.0, (0.1, 1.2), times_a_day=20.0, heater=Heater.GAS, hot_share=0.5),
    Outlet("Toilet", 7.0, (0.7, 1.0), times_a_day=16.0, medium=Medium.RAINWATER),
    MachineFill("Washing machine", litres=45.0, medium=Medium.RAINWATER),
    MachineFill("Dishwasher", litres=12.0),
)

_WATER: Final = PulseInput(Medium.WATER, 1000)
_GAS: Final = PulseInput(Medium.GAS, 100)
_RAINWATER: Final = PulseInput(Medium.RAINWATER, 2000)

EVERYTHING: Final = Site(
    identity=Identity(
        serial_number="5010009999",
        device_uuid=str(_DEVICE),
        location_uuid=str(uuid5(_DEVICE, "location")),
        location_id=49_999,
    ),
    topology=THREE_STAR,
    circuits=_CIRCUITS,
    transformers=on_hubs(tuple(f"55000099{hub:02}" for hub in range(1, 8)), _CLAMPS),
    plugs=(Plug(1, "Garden lights"), Plug(2, "Fan heater")),
    water_uses=_WATER_USES,
    gas_boiler=GasBoiler(watts=18000.0),
    contacts=(DoorContact("Front door"), TariffContact("Low tariff")),
    switches=(Switch(3, 11, "Aquarium", "4006009901"), Switch(4, 12, "Television", "4006009902")),
    sensors=(GasWaterSensor(21, "3003009901", (_WATER, _GAS)),),
    output_modules=(OutputModule("5800009901", ("Boiler", "Towel heater")),),
    input_modules=(InputModule(31, "5800009902", (_RAINWATER, None, "Front door", "Low tariff")),),
)
