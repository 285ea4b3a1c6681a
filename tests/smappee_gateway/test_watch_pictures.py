"""What `watch` and `replay` draw, in terminals of any size."""

import io
import re
from collections.abc import Iterable

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from smappee_gateway.cli.channel_table import COLUMNS
from smappee_gateway.cli.display import Picture
from smappee_gateway.modules import NO_MODULES, Modules
from smappee_gateway.mqtt_decoder import MqttDecoder, MqttMessage
from smappee_gateway.session import Session
from tests import genius, modules, plus
from tests.simulator.living import live, new_gateway

FRESH = Text("● fresh")
CUT_NAME = re.compile(r".…( +(grid|solar|load) +(L\d|–))?( +[−\d.–]+)+ *$")
"""A row that is cut is cut in the name of its load."""


def fed(serial: str, messages: Iterable[tuple[str, bytes]], declared: Modules = NO_MODULES) -> Session:
    """A session that has received messages, a second apart."""
    session, decoder = Session(serial, 15.0, modules=declared), MqttDecoder(declared)
    for second, (topic, payload) in enumerate(messages):
        for update in decoder.decode(MqttMessage(topic, payload)):
            session.apply(update, second)
    return session


def simulated(site: str) -> Session:
    gateway = new_gateway(site)
    return fed(gateway.house.site.identity.serial_number, [(m.topic, m.payload) for m in live(gateway, 8)])


def drawn(session: Session, width: int, height: int = 200, sharing: int | None = None) -> list[str]:
    file = io.StringIO()
    console = Console(file=file, width=width, height=height, highlight=False, color_system=None)
    console.print(Picture(session, FRESH, sharing))
    return file.getvalue().splitlines()


def rows(lines: Iterable[str]) -> list[str]:
    """The lines of channels."""
    return [line for line in lines if line.strip()[:1].isdigit()]


@pytest.mark.parametrize("site", ["home", "captured", "full"])
@pytest.mark.parametrize("width", [40, 47, 48, 60, 63, 64, 79, 80, 120])
def test_no_line_is_broken_and_no_number_is_cut(site: str, width: int) -> None:
    session = simulated(site)
    lines = drawn(session, width)
    assert max(map(cell_len, lines)) <= width
    assert len(rows(lines)) == len(session.site.channels)
    assert all(CUT_NAME.search(row) for row in rows(lines) if "…" in row)
    heading = next(line for line in lines if "Load" in line)
    last = "V L-L" if width >= 80 else "I A"
    assert heading.rstrip("* ").endswith(last)
    assert all(len(row.rstrip()) >= len(heading.rstrip("* ")) - 1 for row in rows(lines))


@pytest.mark.parametrize(
    ("width", "missing"),
    [(80, set()), (79, {"V L-N", "V L-L*"}), (63, {"V L-N", "V L-L*", "Q* var", "PF"})],
)
def test_narrow_terminals_lose_what_is_derived_first(width: int, missing: set[str]) -> None:
    text = "\n".join(drawn(simulated("captured"), width)).replace("V L-L ", "V L-L*")
    assert {column.heading for column in COLUMNS if column.heading not in text} == missing
    assert ("derived" in text) is ("Q* var" not in missing)


def test_the_narrowest_shows_load_power_and_current() -> None:
    heading = next(line for line in drawn(simulated("home"), 40) if "Load" in line)
    assert heading.split() == ["CT", "Load", "P", "W", "I", "A"]


def test_a_low_screen_keeps_the_site_and_its_grid_and_solar_channels() -> None:
    lines = drawn(simulated("full"), 80, height=24, sharing=1)
    assert len(lines) < 24
    text = "\n".join(lines)
    assert "Power" in text
    shown, whole = (
        [row for row in rows(picture) if " grid " in row or " solar " in row]
        for picture in (lines, drawn(simulated("full"), 80))
    )
    assert len(shown) == len(whole) == 6
    assert "more; a taller window shows them" in text


def test_a_high_screen_shows_everything() -> None:
    session = simulated("full")
    assert drawn(session, 80, height=60, sharing=1) == drawn(session, 80)


def test_two_gateways_share_the_screen() -> None:
    assert len(drawn(simulated("full"), 80, height=48, sharing=2)) < 24


def sensed() -> Session:
    """A Plus with a gas meter, a switch and what they have told."""
    sent = {
        "config": plus.config(),
        "channelConfig": plus.channel_config(),
        "sensorConfig": plus.sensor_config(),
        "homeControlConfig": genius.home_control((1, "Lamp [left]")),
        "plug/1/state": {"value": "ON", "since": 0},
        "realtime": plus.running(1),
        "aggregatedGW": {"gwIntervalDatas": [plus.gas_water(250)]},
        "aggregatedSwitch": {"switchIntervalDatas": [plus.switched(1_800_000)]},
    }
    return fed(plus.SERIAL, [(genius.topic(name, plus.LOCATION), genius.encode(told)) for name, told in sent.items()])


@pytest.mark.parametrize(
    ("device", "told"),
    [
        ("Gas meter 3003000078_0", "2.500 m³"),
        ("Sensor 3003000078", "22.6 °C, 41 % humidity, battery 100 %"),
        ("Meter of Heater", "0.500 kWh"),
        ("Switch Lamp [left]", "on"),
    ],
)
def test_meters_sensors_and_switches_stand_below(device: str, told: str) -> None:
    (line,) = (line for line in drawn(sensed(), 80) if device in line)
    assert line.split(device)[1].strip() == told


def test_a_site_without_other_devices_has_no_table_for_them() -> None:
    session = fed(genius.SERIAL, [(genius.topic("config"), genius.encode(genius.config()))])
    assert "Device" not in "\n".join(drawn(session, 80))


def test_declared_relays_and_contacts_stand_among_the_devices() -> None:
    said = [
        ("config", genius.config()),
        ("channelConfigV2", genius.channel_config()),
        (f"outputmodule/{modules.OUTPUT}/state", {"value": "ON_OFF"}),
        (f"inputmodule/{modules.INPUT}/state", {"inputs": [{"count": 3}, {}, {"state": "OPEN"}, {"state": "CLOSED"}]}),
    ]
    session = fed(
        genius.SERIAL,
        [(genius.topic(name), genius.encode(document)) for name, document in said],
        modules.declared(modules.output(), modules.inputs()),
    )
    lines = [" ".join(line.split()) for line in drawn(session, 80)]
    for line in (
        "Relay Boiler on (assumed)",
        "Relay Towels off (assumed)",
        "Contact Door open",
        "Contact Tariff closed",
    ):
        assert line in lines
    assert any(line.startswith("Garden 0.000 m³") for line in lines)
