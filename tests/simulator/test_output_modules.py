"""Output modules (an invented form): commands, echoes, what the relays carry, and modules that misbehave."""

from dataclasses import replace
from itertools import product

import pytest

from simulator import SITES, Fault, Gateway, House, Message
from simulator.gateway.output_modules import WORDS, Behaviour, OutputModules
from simulator.sites.accessories import InputModule, OutputModule
from simulator.sites.site import GatewayKind
from tests.simulator.living import MIDSUMMER_NOON, document, live, new_gateway, realtimes

SITE = SITES["everything"]
SERIAL = "5800009901"
STATE, SETSTATE = f"outputmodule/{SERIAL}/state", f"outputmodule/{SERIAL}/setstate"


def command(gateway: Gateway, word: str, name: str = SETSTATE) -> list[Message]:
    return gateway.handle(gateway.topic(name), f'{{"value":"{word}"}}'.encode())


def told(gateway: Gateway, messages: list[Message], name: str = STATE) -> list[str]:
    return [document(message)["value"] for message in messages if message.topic == gateway.topic(name)]


def gateway_with(*modules: OutputModule) -> Gateway:
    return Gateway(House(replace(SITE, output_modules=modules), seed=1, start=MIDSUMMER_NOON))


def wire_w(gateway: Gateway, load: str) -> int:
    indices = [index for index, ct in enumerate(SITE.transformers) if ct.name == load]
    (realtime,) = realtimes(gateway.step())
    return sum(channel["power"] for channel in realtime["channelPowers"] if channel["publishIndex"] in indices)


def test_a_relay_command_moves_the_measured_power_in_the_next_realtime() -> None:
    gateway = new_gateway("everything")
    live(gateway, 10)
    assert wire_w(gateway, "Boiler") == wire_w(gateway, "Towel heater") == 0
    command(gateway, "ON_OFF")
    assert wire_w(gateway, "Boiler") == 2400
    assert wire_w(gateway, "Towel heater") == 0
    command(gateway, "OFF_ON")
    assert wire_w(gateway, "Boiler") == 0
    assert wire_w(gateway, "Towel heater") == 600


@pytest.mark.parametrize("word", WORDS)
def test_each_of_the_four_words_is_obeyed_and_echoed_retained(word: str) -> None:
    gateway = new_gateway("everything")
    live(gateway, 10)
    (echo,) = command(gateway, word)
    assert echo.retain
    assert document(echo) == {"value": word, "since": gateway.house.now_ms}
    closed = [gateway.house.circuits[name].closed for name in ("Boiler", "Towel heater")]
    assert closed == [part == "ON" for part in word.split("_")]


@pytest.mark.parametrize(
    "payload", [b'{"value":"ON"}', b'{"value":3}', b'["ON_ON"]', b"ON_ON", b"", b"\xff", b'{"state":"ON_ON"}']
)
def test_what_is_no_command_is_ignored(payload: bytes) -> None:
    gateway = new_gateway("everything")
    assert gateway.handle(gateway.topic(SETSTATE), payload) == []
    assert gateway.provider(OutputModules).modules[SERIAL].relays == (False, False)


def test_another_module_or_location_is_not_meant() -> None:
    gateway = new_gateway("everything")
    assert command(gateway, "ON_ON", "outputmodule/5800000000/setstate") == []
    assert gateway.handle(new_gateway("home").topic(SETSTATE), b'{"value":"ON_ON"}') == []
    assert not gateway.house.circuits["Boiler"].closed


def test_relays_drop_when_the_power_fails_and_the_boot_tells_it() -> None:
    gateway = new_gateway("everything")
    live(gateway, 10)
    command(gateway, "ON_ON")
    gateway.inject(Fault.REBOOT, duration_s=30)
    live(gateway, 5)
    assert gateway.house.circuits["Boiler"].demand == 0
    assert told(gateway, live(gateway, 40)) == ["OFF_OFF"]


def test_a_boot_without_power_failure_keeps_the_relays_and_tells_them() -> None:
    gateway = new_gateway("everything")
    command(gateway, "ON_OFF")
    gateway.boot()
    assert told(gateway, live(gateway, 5)) == ["ON_OFF"]
    assert gateway.house.circuits["Boiler"].closed


def test_used_together_both_relays_are_one_and_mixed_words_are_no_command() -> None:
    gateway = gateway_with(OutputModule(SERIAL, ("Boiler", "Boiler")))
    for first, second in product(("ON", "OFF"), repeat=2):
        before = gateway.house.circuits["Boiler"].closed
        answers = command(gateway, f"{first}_{second}")
        assert bool(answers) == (first == second)
        assert gateway.house.circuits["Boiler"].closed == (first == "ON" if first == second else before)


def test_a_relay_without_a_load_moves_all_the_same() -> None:
    gateway = gateway_with(OutputModule(SERIAL, ("", "Towel heater")))
    (echo,) = command(gateway, "ON_ON")
    assert document(echo)["value"] == "ON_ON"
    assert gateway.house.circuits["Towel heater"].closed


def test_a_module_can_live_among_the_plugs() -> None:
    gateway = gateway_with(OutputModule(SERIAL, ("Boiler", "Towel heater"), node_id=9))
    assert told(gateway, live(gateway, 5), "plug/9/state") == ["OFF_OFF"]
    (echo,) = command(gateway, "ON_OFF", "plug/9/setstate")
    assert echo.topic == gateway.topic("plug/9/state")
    assert gateway.house.circuits["Boiler"].closed
    assert command(gateway, "ON_OFF", SETSTATE) == []


def test_an_echo_can_be_late_and_tells_the_state_of_its_own_time() -> None:
    gateway = new_gateway("everything")
    live(gateway, 10)
    gateway.provider(OutputModules).behaviour = Behaviour(delay_s=3.0)
    assert command(gateway, "ON_OFF") == []
    assert told(gateway, live(gateway, 2)) == []
    assert command(gateway, "ON_ON") == []
    assert told(gateway, live(gateway, 1)) == ["ON_ON"]
    assert told(gateway, live(gateway, 1)) == []
    assert told(gateway, live(gateway, 1)) == ["ON_ON"]


def test_a_deaf_module_acts_without_an_echo() -> None:
    gateway = new_gateway("everything")
    live(gateway, 10)
    gateway.provider(OutputModules).behaviour = Behaviour(echoes=False)
    assert command(gateway, "ON_OFF") == []
    assert told(gateway, live(gateway, 20)) == []
    assert gateway.house.circuits["Boiler"].demand == 2400


def test_a_stuck_module_echoes_the_state_it_really_has() -> None:
    gateway = new_gateway("everything")
    gateway.provider(OutputModules).behaviour = Behaviour(acts=False)
    (echo,) = command(gateway, "ON_OFF")
    assert document(echo)["value"] == "OFF_OFF"
    assert not gateway.house.circuits["Boiler"].closed


def test_a_command_that_is_swallowed_does_nothing_at_all() -> None:
    gateway = new_gateway("everything")
    live(gateway, 10)
    gateway.provider(OutputModules).behaviour = Behaviour(acts=False, echoes=False)
    assert command(gateway, "ON_OFF") == []
    assert told(gateway, live(gateway, 20)) == []
    assert not gateway.house.circuits["Boiler"].closed


def test_there_are_at_most_ten_modules() -> None:
    ten = tuple(OutputModule(f"58000099{number:02}", ("", "")) for number in range(10))
    replace(SITE, output_modules=ten, input_modules=())
    with pytest.raises(ValueError, match="at most 10"):
        replace(SITE, output_modules=ten)


@pytest.mark.parametrize("kind", [GatewayKind.PLUS, GatewayKind.SOLAR])
def test_another_gateway_than_a_genius_refuses_modules(kind: GatewayKind) -> None:
    plus = next(site for site in SITES.values() if site.gateway is kind)
    with pytest.raises(ValueError, match="need a genius"):
        replace(plus, output_modules=(OutputModule(SERIAL, ("", "")),))
    with pytest.raises(ValueError, match="need a genius"):
        replace(plus, input_modules=(InputModule(31, SERIAL, (None, None, None, None)),))
