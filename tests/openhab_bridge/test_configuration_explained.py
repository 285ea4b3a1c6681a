"""What `check` says of settings, and what the bridge does without a file."""

from dataclasses import replace
from pathlib import Path

import pytest

from openhab_bridge.configuration.automatic import automatic
from openhab_bridge.configuration.errors import ConfigurationError
from openhab_bridge.configuration.explanation import explain
from openhab_bridge.settings import GatewaySettings, Settings, WebSettings
from smappee_gateway.broker import Broker
from smappee_gateway.discovery import FoundGateway
from tests.authority import Authority
from tests.openhab_bridge.configuring import BOTH, LEAST, loaded

SECRETS = ("for-the-bridge", "for-the-gateway", "anna")
WITH_PASSWORD = "with a user and a password, over TLS, with a certificate of"  # noqa: S105 # words, no password


def test_the_least_is_explained_in_full() -> None:
    assert explain(LEAST) == (
        "Listens to 1 gateway:\n"
        "  - the only gateway at gateway:1883\n"
        "    days begin in the time zone UTC, unless the gateway tells its own\n"
        "Publishes to localhost:1883:\n"
        "  - Homie 4, as far as the gateway has parts for them: homie/smappee-<serial>/, "
        "homie/smappee-<serial>-loads/, homie/smappee-<serial>-cts/, homie/smappee-<serial>-modules/\n"
        "  - plain topics below smappee/<serial>/\n"
        "  - Home Assistant discovery: off; to switch on, write home_assistant: {enabled: true}\n"
        "  - without the data points that are seldom needed; to add them, write all_points: true\n"
        "  - values as usual; a small change that waits is published after 60 s\n"
        "Keeps totals in the usual place of this system; state_folder: names another.\n"
        "Shows its status at http://127.0.0.1:8480/ (/health and /metrics beside it).\n"
        "Writes its log as text.\n"
    )


def test_everything_is_explained_without_secrets(tmp_path: Path) -> None:
    (tmp_path / "authority.pem").write_text(Authority().pem)
    (tmp_path / "modules.toml").write_text(
        '[[output_module]]\nid = "5600001234"\nname = "Cellar"\n[[meter]]\nid = "5600009999_0"\nname = "Gas"\n'
    )
    text = """
        target:
          host: broker.example
          user: anna
          password: for-the-bridge
          tls: {certificate: authority.pem}
        gateways:
          - host: 192.168.1.5
            serial: 5010001234
            time_zone: Europe/Brussels
            batteries: [ct_2, ct_1]
            cars: [ct_3]
            parents: {ct_4: ct_5}
            running: {ct_6: {threshold_w: 20.5}}
            modules: modules.toml
          - mqtts://anna:for-the-gateway@house
          - {host: "fe80::1", user: anna, tls: {verify: false}}
        all_points: true
        homie: {versions: [5, 4], prefix: devices}
        topics: {prefix: power}
        home_assistant: {enabled: true, prefix: ha}
        traffic: {settle_s: 30, power: {deadband: 1}}
        state_folder: /var/lib/totals
        log: json
    """
    told = explain(loaded(tmp_path, text))
    for line in (
        "Listens to 3 gateways:",
        "  - gateway 5010001234 at 192.168.1.5:1883",
        "    days begin in the time zone Europe/Brussels, unless the gateway tells its own",
        "    batteries: ct_1, ct_2",
        "    charging points of cars: ct_3",
        "    ct_4 is contained in ct_5",
        "    ct_6 runs from 20.5 W on: after 10 s, until it has been below for 180 s",
        "    declared: 1 Output module, 1 meter",
        f"  - the only gateway at house:8883, {WITH_PASSWORD} an authority this system trusts",
        "  - the only gateway at [fe80::1]:8883, with a user and no password, over TLS, whoever answers there",
        f"Publishes to broker.example:8883, {WITH_PASSWORD} the authority that is named:",
        "  - plain topics below power/5010001234/, power/<serial>/",
        "  - Home Assistant discovery below ha/, one message for each entity",
        "  - every data point, those that are seldom needed too",
        "  - values at paces of your own; a small change that waits is published after 30 s",
        "Keeps totals in /var/lib/totals.",
        "Writes its log as json.",
    ):
        assert f"{line}\n" in told
    assert "them: devices/smappee-5010001234/, " in told
    assert "devices/5/smappee-5010001234/, " in told
    assert not any(secret in told for secret in SECRETS)


def test_what_is_off_is_told_with_the_key_that_switches_it_on(tmp_path: Path) -> None:
    off = "{enabled: false}"
    told = explain(loaded(tmp_path, f"{BOTH}homie: {off}\ntopics: {off}\nweb: {off}\n"))
    for line in (
        "  - Homie: off; to switch on, write homie: {enabled: true}",
        "  - plain topics: off; to switch on, write topics: {enabled: true}",
        "  - so nothing at all is published",
        "Status page: off; to switch on, write web: {enabled: true}.",
    ):
        assert f"{line}\n" in told


def test_discovery_by_device_is_told(tmp_path: Path) -> None:
    told = explain(loaded(tmp_path, f"{BOTH}home_assistant: {{enabled: true, per_device: true}}"))
    assert "  - Home Assistant discovery below homeassistant/, one message for a whole device\n" in told


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://<this machine>:8480/"),  # noqa: S104 # nothing is served
        ("::", "http://<this machine>:8480/"),
        ("::1", "http://[::1]:8480/"),
        ("house.local", "http://house.local:8480/"),
    ],
)
def test_the_status_page_is_named_as_it_can_be_opened(host: str, url: str) -> None:
    assert f"Shows its status at {url} (" in explain(replace(LEAST, web=WebSettings(host=host)))


def test_without_a_file_every_gateway_of_the_network_is_read() -> None:
    found = [
        FoundGateway(serial="5010001235", address="fe80::1%eth0"),
        FoundGateway(serial="2010001234", address="192.168.1.5"),
    ]
    assert automatic(found) == Settings(
        target=Broker("localhost"),
        gateways=(
            GatewaySettings(broker=Broker("192.168.1.5"), serial="2010001234"),
            GatewaySettings(broker=Broker("fe80::1%eth0"), serial="5010001235"),
        ),
    )


def test_without_a_file_and_without_a_gateway_it_is_told_what_to_do() -> None:
    with pytest.raises(ConfigurationError) as caught:
        automatic([])
    assert "write a file bridge.yaml" in caught.value.problems[0]
    assert "mDNS crosses no router" in caught.value.problems[1]
