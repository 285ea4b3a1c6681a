"""A Homie controller that we did not write understands the tree that our checker accepts."""

import asyncio
import itertools

import aiomqtt

from tests.mosquitto import Mosquitto
from tests.openhab_bridge.homie.collector import keep
from tests.openhab_bridge.homie.example import DEVICE, GOOD
from tests.openhab_bridge.homie.third_party import Property, consumer, discovered
from tests.waiting import WAIT_S

POWER, SWITCH = f"{DEVICE}/grid/power", f"{DEVICE}/plug-1/on"
WELCOME = bytes([0x20, 2, 0, 0])
"""MQTT's CONNACK."""


async def test_it_discovers_devices_nodes_and_properties(mosquitto: Mosquitto) -> None:
    await keep(mosquitto.host, mosquitto.port, GOOD)

    seen = await discovered(mosquitto.host, mosquitto.port)

    assert {name: (device.name, device.state) for name, device in seen.devices.items()} == {
        DEVICE: ("Demo house", "ready")
    }
    assert {name: (node.name, node.type) for name, node in seen.devices[DEVICE].nodes.items()} == {
        "grid": ("Grid", "site"),
        "plug-1": ("Kettle", "plug"),
        "everything": ("Everything else", "example"),
    }
    assert seen.properties[POWER] == Property(name="Power", datatype="integer", unit="W", value="-1250")
    assert seen.properties[SWITCH] == Property(name="On", datatype="boolean", settable=True, value="true")
    assert seen.properties[f"{DEVICE}/everything/mode"] == Property(
        name="Mode", datatype="enum", format="eco,comfort", value="eco"
    )
    assert seen.properties[f"{DEVICE}/plug-1/presses"] == Property(
        name="Presses", datatype="enum", format="short,long", retained=False
    )


async def test_it_discovers_every_unit_and_every_value(mosquitto: Mosquitto) -> None:
    await keep(mosquitto.host, mosquitto.port, GOOD)

    seen = await discovered(mosquitto.host, mosquitto.port)

    assert {f"homie/{pointer}/$unit": unit for pointer, unit in seen.units.items()} == {
        topic: payload for topic, payload in GOOD.items() if topic.endswith("/$unit")
    }
    assert {f"homie/{pointer}": item.value for pointer, item in seen.properties.items() if item.value} == {
        topic: payload for topic, payload in GOOD.items() if "$" not in topic
    }


async def test_it_discovers_several_devices_below_another_prefix(mosquitto: Mosquitto) -> None:
    other = {topic.replace(f"homie/{DEVICE}", "house/second"): payload for topic, payload in GOOD.items()}
    await keep(mosquitto.host, mosquitto.port, other | {t.replace("homie/", "house/"): p for t, p in GOOD.items()})

    seen = await discovered(mosquitto.host, mosquitto.port, "house", devices=2)

    assert seen.devices.keys() == {DEVICE, "second"}
    assert seen.devices[DEVICE] == seen.devices["second"]


async def test_values_that_never_rest_do_not_hold_it_up(mosquitto: Mosquitto) -> None:
    await keep(mosquitto.host, mosquitto.port, GOOD)

    async def change_forever() -> None:
        async with aiomqtt.Client(mosquitto.host, mosquitto.port) as device:
            for power in itertools.count():
                await device.publish(f"homie/{POWER}", f"{power}", qos=1, retain=True)

    changing = asyncio.create_task(change_forever())
    seen = await discovered(mosquitto.host, mosquitto.port)
    changing.cancel()
    await asyncio.gather(changing, return_exceptions=True)

    assert seen.properties.keys() == {
        topic.removeprefix("homie/").removesuffix("/$datatype") for topic in GOOD if topic.endswith("/$datatype")
    }


async def test_it_follows_values(mosquitto: Mosquitto) -> None:
    await keep(mosquitto.host, mosquitto.port, GOOD)
    async with consumer(mosquitto.host, mosquitto.port) as running:
        await running.until(lambda seen: POWER in seen.properties and seen.properties[POWER].value == "-1250")

        await keep(mosquitto.host, mosquitto.port, {f"homie/{POWER}": "2400"})

        await running.until(lambda seen: seen.properties[POWER].value == "2400")


async def test_it_sees_a_device_that_is_lost_and_comes_back(mosquitto: Mosquitto) -> None:
    state = f"homie/{DEVICE}/$state"
    await keep(mosquitto.host, mosquitto.port, GOOD)
    async with consumer(mosquitto.host, mosquitto.port) as running:
        reader, writer = await asyncio.open_connection(mosquitto.host, mosquitto.port)
        writer.write(connect_packet(will_topic=state, will="lost"))
        assert await reader.readexactly(len(WELCOME)) == WELCOME
        await running.until(lambda seen: DEVICE in seen.devices and seen.devices[DEVICE].state == "ready")

        writer.close()  # without a goodbye in MQTT
        await running.until(lambda seen: seen.devices[DEVICE].state == "lost")

        await keep(mosquitto.host, mosquitto.port, {state: "ready"})
        await running.until(lambda seen: seen.devices[DEVICE].state == "ready")


async def test_its_command_arrives_live(mosquitto: Mosquitto) -> None:
    await keep(mosquitto.host, mosquitto.port, GOOD)
    async with (
        aiomqtt.Client(mosquitto.host, mosquitto.port) as device,
        consumer(mosquitto.host, mosquitto.port) as running,
    ):
        await device.subscribe("homie/+/+/+/set", qos=1)
        await running.until(lambda seen: SWITCH in seen.properties and seen.properties[SWITCH].settable)

        await running.set(SWITCH, "false")

        async with asyncio.timeout(WAIT_S):
            command = await anext(device.messages)
        assert (command.topic.value, command.payload, command.retain) == (f"homie/{SWITCH}/set", b"false", False)


def connect_packet(will_topic: str, will: str) -> bytes:
    """Return MQTT 3.1.1's CONNECT of a client that dies without a word when its socket closes."""

    def field(text: str) -> bytes:
        return len(text).to_bytes(2) + text.encode()

    clean_session, has_will, will_qos_1, will_is_kept = 0x02, 0x04, 0x08, 0x20
    flags = clean_session | has_will | will_qos_1 | will_is_kept
    content = field("MQTT") + bytes([4, flags]) + (60).to_bytes(2) + field("dying") + field(will_topic) + field(will)
    return bytes([0x10, len(content)]) + content
