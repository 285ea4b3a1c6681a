"""Scenario files: things happen when they should, and mistakes are explained."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from simulator import Fault, Gateway, House, Message
from simulator.gateway.output_modules import Behaviour, OutputModules
from simulator.house.meter import Medium
from simulator.options import parse
from simulator.scenario.file import load
from simulator.scenario.scenario import Scenario, ScenarioError
from simulator.sites.table import SITES
from tests.simulator.living import MIDSUMMER_NOON, document, live, realtimes

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "simulator" / "scenarios"
EXAMPLES = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "simulator.md").read_text(encoding="utf-8"), re.DOTALL)


def written(folder: Path, text: str) -> Path:
    file = folder / "day.toml"
    file.write_text(text, encoding="utf-8")
    return file


def playing(scenario: Scenario, site: str = "everything") -> Gateway:
    changed = scenario.site_changes.applied_to(SITES[scenario.site or site])
    gateway = Gateway(House(changed, seed=scenario.seed or 1, start=scenario.start or MIDSUMMER_NOON))
    scenario.play(gateway)
    return gateway


def states(gateway: Gateway, messages: list[Message], name: str) -> list[tuple[int, str]]:
    return [(message.at_ms, document(message)["value"]) for message in messages if message.topic == gateway.topic(name)]


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.toml")), ids=lambda file: file.stem)
def test_a_shipped_scenario_runs_to_its_end_and_every_fault_of_it_occurs(file: Path) -> None:
    scenario = load(file)
    gateway = playing(scenario)
    live(gateway, round(scenario.events[-1].at_s) + 120)
    faults = [line.split('"')[1] for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("fault")]
    assert sorted(gateway.occurred.elements()) == sorted(faults)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_guide_can_be_played(tmp_path: Path, example: str) -> None:
    assert playing(load(written(tmp_path, example))).step()


def test_the_stormy_day_has_its_sun_its_car_and_its_darkness() -> None:
    gateway = playing(load(SHIPPED / "stormy_day.toml"))
    house = gateway.house
    live(gateway, 310)
    assert 0 < house.solar_power_w < 2000
    live(gateway, 720 - 310 + 5)
    assert house.solar_power_w > 6000
    charger = house.circuits["EV charger"]
    live(gateway, 900 - 725)
    assert charger.demand.real < 10
    live(gateway, 1)
    assert abs(charger.currents_a[0]) == pytest.approx(16.0, rel=0.02)
    live(gateway, 61)
    assert abs(charger.currents_a[0]) == pytest.approx(10.0, rel=0.02)


def test_the_evening_of_the_leak_switches_loads_and_loses_water() -> None:
    gateway = playing(load(SHIPPED / "a_leak_and_a_deaf_module.toml"))
    house = gateway.house
    begin_ms = house.now_ms
    messages = live(gateway, 3600)
    told = states(gateway, messages, "outputmodule/5800009901/state")
    at_s = [((at_ms - begin_ms) // 1000, word) for at_ms, word in told]
    assert at_s == [(3, "OFF_OFF"), (120, "ON_OFF"), (963, "OFF_ON")]
    assert states(gateway, messages, "plug/2/state")[-1] == (begin_ms + 1_200_000, "ON")
    assert house.circuits["Fan heater"].demand == 0
    assert house.meter.loads_j["Fan heater"] == pytest.approx(1500 * 300)
    assert house.meter.loads_j["Towel heater"] == pytest.approx(600 * (3600 - 630))
    assert house.plumbing.leak_l_per_h == 0.0
    live(gateway, 1)
    assert house.plumbing.leak_l_per_h == 45.0


def test_a_fault_begins_at_its_second_and_ends_after_its_duration(tmp_path: Path) -> None:
    gateway = playing(load(written(tmp_path, '[[event]]\nat = 00:00:30\nfault = "silence"\nduration = 20\n')))
    begin_ms = gateway.house.now_ms
    stamps = [(each["utcTimeStamp"] - begin_ms) // 1000 for each in realtimes(live(gateway, 60))]
    gap = set(range(4, 61)) - set(stamps)
    assert gap == set(range(31, 51))
    assert gateway.occurred == {Fault.SILENCE: 1}


def test_events_of_one_time_happen_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = "".join(f"[[event]]\nat = 5\ncharge_limit_a = {ampere}\n" for ampere in (30, 7, 12))
    gateway = playing(load(written(tmp_path, text)))
    live(gateway, 5)
    assert gateway.house.charge_limit_a == 32.0
    live(gateway, 1)
    assert gateway.house.charge_limit_a == 12.0


def test_a_command_without_power_is_lost_as_with_a_real_gateway(tmp_path: Path) -> None:
    text = '[[event]]\nat = 5\nfault = "reboot"\nduration = 20\n[[event]]\nat = 10\nrelay = "Boiler"\non = true\n'
    gateway = playing(load(written(tmp_path, text)))
    live(gateway, 60)
    assert not gateway.house.circuits["Boiler"].closed


@pytest.mark.parametrize(
    ("word", "behaviour"),
    [
        ("normal", Behaviour(delay_s=2.5)),
        ("deaf", Behaviour(echoes=False, delay_s=2.5)),
        ("stuck", Behaviour(acts=False, delay_s=2.5)),
        ("absent", Behaviour(acts=False, echoes=False, delay_s=2.5)),
    ],
)
def test_modules_can_be_told_how_to_behave(tmp_path: Path, word: str, behaviour: Behaviour) -> None:
    gateway = playing(load(written(tmp_path, f'[[event]]\nat = 1\noutput_modules = "{word}"\ndelay = 2.5\n')))
    live(gateway, 2)
    assert gateway.provider(OutputModules).behaviour == behaviour


def test_a_started_programme_runs_at_once_and_a_leak_is_counted(tmp_path: Path) -> None:
    text = '[[event]]\nat = 60\nstart = "Oven"\n[[event]]\nat = 60\nleak_l_per_h = 3600\n'
    gateway = playing(load(written(tmp_path, text)))
    live(gateway, 60)
    water = gateway.house.meter.volumes_m3[Medium.WATER]
    assert gateway.house.circuits["Oven"].demand.real < 10
    live(gateway, 1)
    assert gateway.house.circuits["Oven"].demand.real == 2900
    assert gateway.house.meter.volumes_m3[Medium.WATER] - water >= 0.001


def test_a_house_of_ones_own_begins_from_a_built_in_one(tmp_path: Path) -> None:
    text = '[site]\nlike = "home"\nserial_number = "5010004321"\ntime_zone = "Europe/Madrid"\nlatitude = 40.4\n'
    gateway = playing(load(written(tmp_path, text)))
    own, home = gateway.house.site, SITES["home"]
    assert own.identity.serial_number == "5010004321"
    assert own.identity.location_uuid != home.identity.location_uuid
    assert own.identity.device_uuid != home.identity.device_uuid
    assert own.identity.time_zone == "Europe/Madrid"
    assert (own.latitude_deg, own.longitude_deg) == (40.4, home.longitude_deg)
    assert own.circuits == home.circuits


def test_the_command_line_goes_before_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, 'site = "full"\nseed = 4\nspeed = 20\nstart = 2026-06-21T08:00:00Z\n')
    from_file = parse(["--scenario", str(file)])
    assert (from_file.site, from_file.seed, from_file.speed) == (SITES["full"], 4, 20.0)
    assert from_file.start == datetime(2026, 6, 21, 8, tzinfo=UTC)
    overruled = parse(["--seed", "9", "--scenario", str(file), "--site", "single-phase"])
    assert (overruled.site, overruled.seed, overruled.speed) == (SITES["single-phase"], 9, 20.0)


MISTAKES = [
    ('site = "home\n', "line 1"),
    ("sede = 1", "line 1: unknown key 'sede'; did you mean 'seed'?"),
    ('seed = 1\nsite = "hme"', "line 2: site = 'hme': did you mean 'home'?"),
    ('[[event]]\nat = 3\nfualt = "silence"', "line 3, event 1: unknown key 'fualt'; did you mean 'fault'?"),
    (
        '[[event]]\nat = 3\ncloud = 1\n[site]\nlike = "home"\n[[event]]\nat = 3\nclowd = 1',
        "line 8, event 2: unknown key 'clowd'; did you mean 'cloud'?",
    ),
    ("event = [{at = 1, cluod = 2}]", "event 1: unknown key 'cluod'; did you mean 'cloud'?"),
    ("[[event]]\nat = 1\nxyz = 1", "write one of: at, car_at, charge_limit_a"),
    ("[[event]]\nat = 1\ncloud = 1\nduration = 3", "line 4, event 1: unknown key 'duration'; write one of: at, cloud"),
    ('[[event]]\nat = "1:00"\ncloud = 1', "at = '1:00': write seconds, or hours, minutes and seconds as in \"00:05"),
    ("[[event]]\nat = -1\ncloud = 1", "line 2, event 1: at = -1"),
    ("[[event]]\nat = 1\ncloud = 2", "cloud = 2: write a number from 0 to 1, or 'by chance'"),
    ("[[event]]\nat = 1\nplug = 1", "line 1, event 1: 'on' is missing"),
    ('[[event]]\nat = 1\nplug = 1\non = "yes"', "line 4, event 1: on = 'yes': write true or false"),
    ("[[event]]\ncloud = 1", "line 1, event 1: 'at' is missing"),
    ("[[event]]\nat = 1\non = true", "nothing happens in this event; give it one of: fault, plug, relay"),
    ("[[event]]\nat = 1\ncloud = 1\nplug = 2", "line 4, event 1: an event has either 'cloud' or 'plug'"),
    ('[[event]]\nat = 1\nfault = "silent"', "fault = 'silent': did you mean 'silence'?"),
    ("event = 3", "headed [[event]]"),
    ('[site]\nlke = "home"', "line 2: unknown key 'lke'; did you mean 'like'?"),
    ('[site]\nlike = "home"\nserial_number = "501"', "line 3: serial_number = '501': write ten digits"),
    ('[site]\nlike = "home"\ntime_zone = "Brussels"', "time_zone = 'Brussels': write a time zone"),
    ('start = "noon"', "start = 'noon': write a date and time without quotes"),
    ("speed = 0", "speed = 0: write a number from 0.001 on"),
    ('profile = "energy"', "profile = 'energy': write one of: genius, plus, solar"),
]


@pytest.mark.parametrize(("text", "explanation"), MISTAKES)
def test_a_mistake_in_the_file_is_explained_with_its_place(
    tmp_path: Path, text: str, explanation: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, text)
    with pytest.raises(ScenarioError) as error:
        load(file)
    assert str(error.value).startswith(str(file))
    assert explanation in str(error.value)
    with pytest.raises(SystemExit) as stop:
        parse(["--scenario", str(file)])
    assert stop.value.code == 2
    assert str(error.value) in capsys.readouterr().err


@pytest.mark.parametrize(
    ("event", "explanation"),
    [
        ("plug = 7\non = true", "line 3, event 1: the site has no plug 7; it has 1, 2"),
        ('relay = "Boiler"\non = true', "no relay for the circuit 'Boiler'; it has none"),
        ('output_modules = "deaf"', "the site has no Output module; it has none"),
        ('circuit = "Sauna"\non = true', "the site has no circuit 'Sauna'; it has 'Solar', "),
        ('start = "Fridge"', "the site has no appliance to start 'Fridge'; it has 'Heat pump', 'Oven', "),
        ('car_at = "Oven"', "the site has no EV charger 'Oven'; it has 'EV charger'"),
    ],
)
def test_an_event_that_the_site_cannot_have_is_explained(tmp_path: Path, event: str, explanation: str) -> None:
    scenario = load(written(tmp_path, f'site = "home"\n[[event]]\n{event}\nat = 1\n'))
    with pytest.raises(ScenarioError) as error:
        playing(scenario)
    assert explanation in str(error.value)


def test_a_serial_number_of_another_kind_of_gateway_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, '[site]\nlike = "home"\nserial_number = "2010004321"\n')
    with pytest.raises(SystemExit):
        parse(["--scenario", str(file)])
    assert "begins with 50" in capsys.readouterr().err


def test_a_missing_file_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--scenario", "nowhere.toml"])
    assert "cannot read nowhere.toml: No such file" in capsys.readouterr().err
