"""What people write in bridge.yaml becomes settings."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from energy_control import running
from mqtt_schema.quantities import Quantity
from openhab_bridge.configuration import load
from openhab_bridge.settings import (
    USUAL_PACES,
    DiscoverySettings,
    GatewaySettings,
    HomieSettings,
    HomieVersion,
    LogFormat,
    Pace,
    Settings,
    TopicSettings,
    TrafficSettings,
    WebSettings,
)
from smappee_gateway.broker import Broker, Tls
from smappee_gateway.module_settings import load_modules
from smappee_gateway.told_loads import ToldLoads
from tests.authority import Authority
from tests.openhab_bridge.configuring import BOTH, LEAST, loaded

EXAMPLE = Path(__file__).parents[2] / "packaging" / "bridge.yaml"
MODULES = '[[output_module]]\nid = "5600001234"\nname = "Cellar"\nrelays = ["Boiler", "Fan"]\n'
ON_HUB = "5500001259"


def test_a_target_and_a_gateway_are_enough(tmp_path: Path) -> None:
    assert loaded(tmp_path, BOTH) == LEAST


def test_the_example_says_what_is_usual() -> None:
    assert load(EXAMPLE, {}) == Settings(
        target=Broker("localhost"), gateways=(GatewaySettings(broker=Broker("smappee.local")),)
    )


def test_everything_that_the_example_offers_can_be_used(tmp_path: Path) -> None:
    text = re.sub(r"^( *(?:parents|running)): \{\}\n", "", EXAMPLE.read_text(), flags=re.MULTILINE)
    text = re.sub(r"^target: .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^#(?! \S)", "", text, flags=re.MULTILINE)
    authority = Authority().pem
    (tmp_path / "authority.pem").write_text(authority)
    (tmp_path / "gateway-password.txt").write_text("for the gateway\n")
    (tmp_path / "modules.toml").write_text(MODULES)
    assert loaded(tmp_path, text, {"BRIDGE_PASSWORD": "for the bridge"}) == Settings(
        target=Broker("broker.example", 8883, "bridge", "for the bridge", Tls(authority=authority)),
        gateways=(
            GatewaySettings(
                broker=Broker("smappee.local", 1883, "reader", "for the gateway"),
                serial="5010001234",
                loads=ToldLoads(parents={f"{ON_HUB}_3": f"{ON_HUB}_0"}),
                running={f"{ON_HUB}_3": running.Settings()},
                modules=load_modules(tmp_path / "modules.toml"),
            ),
        ),
        state_folder=Path("/var/lib/smappee-bridge"),
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("house", Broker("house")),
        ("192.168.1.5", Broker("192.168.1.5")),
        ("fe80::1%eth0", Broker("fe80::1%eth0")),
        ("mqtt://house", Broker("house")),
        ("mqtt://house:1884/", Broker("house", 1884)),
        ("mqtt://[::1]:1884", Broker("::1", 1884)),
        ("mqtts://house", Broker("house", 8883, tls=Tls())),
        ("mqtts://a:b%40c@house:1", Broker("house", 1, "a", "b@c", Tls())),
        ("mqtt://a@house", Broker("house", user="a")),
        ("mqtt://@house", Broker("house")),
        ("{host: house}", Broker("house")),
        ("{host: küche.local, port: 01884}", Broker("küche.local", 1884)),
        ("{host: house, user: 0123, password: 18:83}", Broker("house", 1883, "0123", "18:83")),
        ("{host: house, user: a, password: 'on'}", Broker("house", 1883, "a", "on")),
        ("{host: house, tls: yes}", Broker("house", 8883, tls=Tls())),
        ("{host: house, tls: false}", Broker("house")),
        ("{host: house, tls: }", Broker("house", 8883, tls=Tls())),
        ("{host: house, port: 1, tls: {verify: false}}", Broker("house", 1, tls=Tls(verify=False))),
    ],
)
def test_a_broker_is_a_host_a_url_or_keys(tmp_path: Path, written: str, expected: Broker) -> None:
    settings = loaded(tmp_path, f"target: {written}\ngateways:\n  - {written}\n")
    assert (settings.target, settings.gateways[0].broker) == (expected, expected)


@pytest.mark.parametrize("written", ["0501000123", '"0501000123"', "'0501000123'", "!env SERIAL"])
def test_a_serial_is_taken_digit_by_digit(tmp_path: Path, written: str) -> None:
    text = f"target: house\ngateways:\n  - {{host: a, serial: {written}}}\n"
    assert loaded(tmp_path, text, {"SERIAL": "0501000123"}).gateways[0].serial == "0501000123"


@pytest.mark.parametrize("written", ["5500001259_3", "5500001259-3", "5500001259/D", "5500001259/d", "5500001259-03"])
def test_a_load_is_written_as_in_topics_or_as_on_its_hub(tmp_path: Path, written: str) -> None:
    text = f"""
        target: house
        gateways:
          - host: a
            batteries: [{written}]
            cars: [ct_1, channel-12]
            parents: {{{written}: ct_1}}
            running: {{{written}: {{off_delay_s: 600}}, ct_1: }}
    """
    [gateway] = loaded(tmp_path, text).gateways
    load_id = f"{ON_HUB}_3"
    assert gateway.loads == ToldLoads(
        batteries=frozenset({load_id}), cars=frozenset({"ct_1", "channel_12"}), parents={load_id: "ct_1"}
    )
    assert gateway.running == {load_id: running.Settings(off_delay_s=600), "ct_1": running.Settings()}


def test_what_is_published_can_be_chosen(tmp_path: Path) -> None:
    text = f"""{BOTH}
all_points: yes
homie: {{versions: [4, "5"], prefix: devices}}
topics: {{enabled: true, prefix: house/smappee}}
home_assistant: {{enabled: on, prefix: ha, per_device: true}}
traffic: {{settle_s: 30, power: {{deadband: 20.5}}, gas: {{min_interval_s: .5}}}}
web: {{enabled: false, host: "::", port: 80}}
state_folder: totals
log: json
"""
    assert loaded(tmp_path, text) == replace(
        LEAST,
        all_points=True,
        homie=HomieSettings(versions=frozenset(HomieVersion), prefix="devices"),
        topics=TopicSettings(enabled=True, prefix="house/smappee"),
        discovery=DiscoverySettings(enabled=True, prefix="ha", per_device=True),
        traffic=TrafficSettings(
            settle_s=30,
            paces={
                **USUAL_PACES,
                Quantity.POWER: Pace(deadband=20.5, min_interval_s=2),
                Quantity.GAS: Pace(min_interval_s=0.5),
            },
        ),
        web=WebSettings(enabled=False, host="::", port=80),
        state_folder=tmp_path / "totals",
        log=LogFormat.JSON,
    )


def test_one_version_of_homie_needs_no_list(tmp_path: Path) -> None:
    assert loaded(tmp_path, f"{BOTH}homie: {{versions: 5}}").homie == HomieSettings(
        versions=frozenset({HomieVersion.V5})
    )


def test_a_section_whose_keys_are_all_commented_out_is_as_usual(tmp_path: Path) -> None:
    text = f"{BOTH}homie:\n#  enabled: false\ntopics:\nhome_assistant: ~\ntraffic:\nweb: null\n"
    assert loaded(tmp_path, text) == LEAST


def test_empty_lists_and_tables_of_a_gateway_tell_nothing(tmp_path: Path) -> None:
    text = (
        "target: localhost\ngateways:\n  - host: gateway\n    batteries:\n    cars: []\n    parents:\n    running: {}\n"
    )
    assert loaded(tmp_path, text) == LEAST


def test_modules_are_read_from_their_file_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "modules.toml").write_text(MODULES)
    text = "target: house\ngateways:\n  - {host: a, serial: 5010001234, modules: modules.toml}\n  - {host: b}\n"
    one, other = loaded(tmp_path, text).gateways
    assert one.modules == load_modules(tmp_path / "modules.toml")
    assert [relay.name for relay in one.modules.outputs[0].module.relays] == ["Boiler", "Fan"]
    assert not other.modules.outputs


def test_several_gateways_at_one_broker_are_told_by_their_serials(tmp_path: Path) -> None:
    text = "target: house\ngateways:\n  - {host: house, serial: 5010001234}\n  - {host: HOUSE, serial: 5010001235}\n"
    assert [gateway.serial for gateway in loaded(tmp_path, text).gateways] == ["5010001234", "5010001235"]


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "bridge.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + BOTH.replace("\n", "\r\n").encode())
    assert load(file, {}) == LEAST
