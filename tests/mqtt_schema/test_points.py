"""The table of data points: what a site has follows from what is installed."""

from collections import Counter
from dataclasses import replace

import pytest

from mqtt_schema.accessories import Plug
from mqtt_schema.electrical import line_pairs
from mqtt_schema.model import Channel, Identity, Site
from mqtt_schema.points import POINTS, Row, Scope, ScopeKind, points
from mqtt_schema.quantities import Nature, Phase, Quantity, Role, Topology, Unit
from mqtt_schema.readings import Readings


def ct(index: int, name: str, role: Role, phase: Phase = Phase.L1) -> Channel:
    return Channel(index=index, key=f"hub_{index}", name=name, role=role, phase=phase, sends_apparent=True)


GRID = tuple(ct(phase, f"Mains {phase.name}", Role.GRID, phase) for phase in Phase)
ROOF = ct(3, "Roof", Role.SOLAR)
LAMP = Plug(id="1", name="Lamp")
HEATER = Plug(id="2", name="Heater", serial="4006000001")
OVEN = ct(4, "Oven", Role.LOAD)
PUMP = (ct(5, "Pump", Role.LOAD), ct(6, "Pump", Role.LOAD, Phase.L2))
HOUSE = Site(topology=Topology.STAR, channels=(*GRID, ROOF, OVEN, *PUMP), phases=tuple(Phase), plugs=(LAMP, HEATER))


def keys(site: Site) -> Counter[str]:
    return Counter(row.key for row, _ in points(site))


def test_a_house_with_everything_has_every_point() -> None:
    assert keys(HOUSE) == {
        "unmeasured_power": 1,
        **dict.fromkeys(("grid_power", "grid_import_energy", "grid_export_energy"), 1),
        **dict.fromkeys(("solar_power", "solar_energy", "house_power", "house_energy"), 1),
        **dict.fromkeys(("always_on_power", "frequency", "presence"), 1),
        "plug": 2,
        "plug_connected": 1,
        **dict.fromkeys(("voltage", "line_voltage", "grid_current", "grid_channel_power"), 3),
        **dict.fromkeys(("grid_apparent_power", "grid_reactive_power", "grid_power_factor"), 3),
        **dict.fromkeys(("load_power", "load_import_energy", "load_export_energy"), 3),
        **dict.fromkeys(("channel_current", "channel_apparent_power", "channel_reactive_power"), 4),
        "channel_power_factor": 4,
        "channel_power": 2,
    }


def test_what_is_not_measured_has_no_points() -> None:
    flat = Site(channels=(GRID[0], OVEN), phases=(Phase.L1,))
    assert not keys(flat).keys() & {"solar_power", "solar_energy"}
    assert keys(Site()) == {"always_on_power": 1, "presence": 1}
    assert "house_power" not in keys(Site(channels=(OVEN,)))


def test_of_two_cts_on_a_delta_supply_only_the_sum_has_a_power() -> None:
    delta = replace(HOUSE, topology=Topology.DELTA)
    assert not keys(delta).keys() & {"grid_channel_power", "grid_power_factor", "channel_power", "line_voltage"}
    with_power = {scope.id for row, scope in points(delta) if row.key == "channel_apparent_power"}
    assert with_power == {ROOF.key, OVEN.key}


def test_a_gateway_that_sends_no_apparent_power_has_no_point_for_it() -> None:
    channels = tuple(replace(channel, sends_apparent=False) for channel in HOUSE.channels)
    found = keys(replace(HOUSE, channels=channels))
    assert not [key for key in found if "apparent" in key or "reactive" in key or "factor" in key]
    assert "frequency" not in found
    assert (found["grid_channel_power"], found["channel_power"]) == (3, 2)


@pytest.mark.parametrize(
    ("topology", "phases", "pairs"),
    [
        (Topology.STAR, tuple(Phase), ["L1-L2", "L2-L3", "L3-L1"]),
        (Topology.STAR, (Phase.L1, Phase.L3), ["L1-L3"]),
        (Topology.STAR, (Phase.L2,), []),
        (Topology.SPLIT_PHASE, (Phase.L1, Phase.L2), ["L1-L2"]),
        (Topology.SINGLE_PHASE, (Phase.L1,), []),
        (Topology.DELTA, (Phase.L1, Phase.L2), []),
        (Topology.UNKNOWN, tuple(Phase), []),
    ],
)
def test_lines_with_a_neutral_make_pairs(topology: Topology, phases: tuple[Phase, ...], pairs: list[str]) -> None:
    assert list(line_pairs(Site(topology=topology, phases=phases))) == pairs


def test_each_point_is_one_row_and_one_scope() -> None:
    found = list(points(HOUSE))
    assert len(set(found)) == len(found)
    assert len({row.key for row in POINTS}) == len(POINTS)


def test_a_load_is_known_by_its_first_input_whatever_its_name() -> None:
    renamed = Site(channels=(PUMP[1], PUMP[0]))
    assert [load.id for load in renamed.loads] == ["hub_5"]


def test_two_roles_with_one_name_are_two_loads() -> None:
    site = Site(channels=(ct(0, "Garage", Role.LOAD), ct(1, "Garage", Role.SOLAR)))
    assert [(load.name, load.role) for load in site.loads] == [("Garage", Role.LOAD), ("Garage", Role.SOLAR)]


@pytest.mark.parametrize("row", POINTS, ids=lambda row: row.key)
def test_quantity_unit_and_nature_belong_together(row: Row) -> None:
    units = {
        Quantity.GAS: Unit.CUBIC_METRE,
        Quantity.WATER: Unit.CUBIC_METRE,
        Quantity.VOLUME: Unit.CUBIC_METRE,
        Quantity.MASS: Unit.KILOGRAM,
        Quantity.TEMPERATURE: Unit.CELSIUS,
        Quantity.HUMIDITY: Unit.PERCENT,
        Quantity.BATTERY_LEVEL: Unit.PERCENT,
        Quantity.POWER: Unit.WATT,
        Quantity.APPARENT_POWER: Unit.VOLT_AMPERE,
        Quantity.REACTIVE_POWER: Unit.VAR,
        Quantity.POWER_FACTOR: Unit.PERCENT,
        Quantity.ENERGY: Unit.KILOWATT_HOUR,
        Quantity.CURRENT: Unit.AMPERE,
        Quantity.VOLTAGE: Unit.VOLT,
        Quantity.FREQUENCY: Unit.HERTZ,
    }
    flows = {Unit.CUBIC_METRE_PER_HOUR, Unit.LITRE_PER_MINUTE}
    assert row.unit is units.get(row.quantity) or (row.quantity is Quantity.VOLUME_FLOW and row.unit in flows)
    is_number = row.nature not in {Nature.STATE, Nature.SETTING}
    assert (row.unit is not None) is (is_number and row.quantity is not Quantity.COUNT)
    counted = {Quantity.ENERGY, Quantity.GAS, Quantity.WATER, Quantity.VOLUME, Quantity.MASS, Quantity.COUNT}
    assert (row.nature in {Nature.COUNTER, Nature.READING}) is (row.quantity in counted)


@pytest.mark.parametrize(("row", "scope"), list(points(HOUSE)), ids=lambda part: getattr(part, "key", None))
def test_before_anything_is_measured_every_value_is_unknown(row: Row, scope: Scope) -> None:
    readings = Readings(load_energy={load.id: NothingYet() for load in HOUSE.loads})
    assert row.value(HOUSE, readings, scope.id) is None


class NothingYet:
    """The totals of a load whose counters have not proved themselves."""

    import_j: float | None = None
    export_j: float | None = None


def test_a_site_finds_its_parts_by_id() -> None:
    assert HOUSE.load_by_id["hub_4"].channels == (OVEN,)
    assert HOUSE.channel_by_key["hub_6"] is PUMP[1]
    assert (HOUSE.grid, HOUSE.solar) == ((0, 1, 2), (3,))
    assert Scope(ScopeKind.LOAD, "hub_4") in {scope for _, scope in points(HOUSE)}


@pytest.mark.parametrize(
    ("serial", "model"),
    [
        ("5010012345", "Genius"),
        ("5110012345", "Connect"),
        ("2004000832", "Plus"),
        ("1006000212", "Energy"),
        ("1100012345", "Solar"),
        ("5700012345", "P1/S1 module"),
        ("9900012345", ""),
    ],
)
def test_the_model_is_told_by_the_serial_number(serial: str, model: str) -> None:
    assert Identity(serial=serial, location="x").model == model
