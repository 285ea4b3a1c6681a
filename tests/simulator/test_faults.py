"""Every fault: what clients see of it, and that it is known to have happened."""

import json

import pytest

from simulator import FAULTS, SITES, Fault, Message
from simulator.sites.site import GatewayKind
from tests.simulator.living import SITE_OF_PROFILE, document, live, named, new_gateway, realtimes


def stamps(messages: list[Message]) -> list[int]:
    return [realtime["utcTimeStamp"] for realtime in realtimes(messages)]


SLOW = {Fault.WRAP_32_BIT, Fault.LATE_BACKLOG}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("profile", GatewayKind)
def test_each_fault_happens_once_and_is_counted(fault: Fault, profile: GatewayKind) -> None:
    gateway = new_gateway(SITE_OF_PROFILE[profile])
    gateway.inject(fault, after_s=10)
    live(gateway, 10)
    assert gateway.occurred[fault] == 0
    live(gateway, 1500 if fault in SLOW else 60)
    can_happen = (fault, profile) != (Fault.LATE_BACKLOG, GatewayKind.SOLAR)
    assert gateway.occurred == ({fault: 1} if can_happen else {})


def test_the_same_fault_can_be_injected_again() -> None:
    gateway = new_gateway("home")
    gateway.inject(Fault.BROKEN_JSON, after_s=10)
    gateway.inject(Fault.BROKEN_JSON, after_s=20)
    live(gateway, 30)
    assert gateway.occurred[Fault.BROKEN_JSON] == 2


def test_reboot_is_silence_then_the_boot_documents_with_a_new_time() -> None:
    gateway = new_gateway("home")
    (config, *_) = live(gateway, 10)
    gateway.inject(Fault.REBOOT, duration_s=40)
    assert live(gateway, 40) == []
    again = live(gateway, 5)
    assert [message.topic for message in again[:4]] == [
        gateway.topic(name) for name in ("config", "sensorConfig", "homeControlConfig", "channelConfigV2")
    ]
    assert document(again[0])["utcTimeStamp"] == document(config)["utcTimeStamp"] + 50_000
    assert realtimes(again)


def test_reboot_keeps_the_counters_and_loses_what_flowed_meanwhile() -> None:
    gateway = new_gateway("home")
    before = realtimes(live(gateway, 10))[-1]["totalImportEnergy"]
    gateway.inject(Fault.REBOOT, duration_s=600)
    after = realtimes(live(gateway, 605))[-1]["totalImportEnergy"]
    assert 0 <= after - before < 16 * 3600


def test_realtime_can_be_back_before_config() -> None:
    gateway = new_gateway("home")
    live(gateway, 10)
    gateway.inject(Fault.REBOOT_REALTIME_FIRST, duration_s=5)
    names = [message.topic.split("/", 2)[2] for message in live(gateway, 15)]
    assert names.index("realtime") < names.index("config")
    assert "channelConfigV2" in names


def test_counter_reset_begins_at_zero() -> None:
    gateway = new_gateway("home")
    gateway.inject(Fault.COUNTER_RESET, after_s=10, duration_s=5)
    live(gateway, 15)
    channels = realtimes(live(gateway, 10))[0]["channelPowers"]
    assert all(channel["importEnergy"] == channel["exportEnergy"] == 0 for channel in channels)


def test_silence_drops_every_message_while_the_counters_go_on() -> None:
    gateway = new_gateway("home")
    before = realtimes(live(gateway, 10))[-1]
    gateway.inject(Fault.SILENCE, duration_s=900)
    assert live(gateway, 900) == []
    assert gateway.handle(gateway.topic("plug/1/setstate"), b'{"value":"ON"}') == []
    after = realtimes(live(gateway, 1))[0]
    assert after["utcTimeStamp"] == before["utcTimeStamp"] + 901_000
    assert after["totalImportEnergy"] > before["totalImportEnergy"]


def test_frozen_time_repeats_one_realtime_and_then_goes_on() -> None:
    gateway = new_gateway("home")
    live(gateway, 10)
    gateway.inject(Fault.FROZEN_TIME, duration_s=30)
    frozen = named(live(gateway, 30), "realtime")
    assert len(frozen) == 30
    assert len({message.payload for message in frozen}) == 1
    assert len(set(stamps(live(gateway, 5)))) == 5


def test_one_garbage_counter_and_the_next_message_is_healthy() -> None:
    gateway = new_gateway("home")
    live(gateway, 10)
    gateway.inject(Fault.GARBAGE_COUNTER, after_s=1)
    before, garbage, after = (
        [channel["importEnergy"] for channel in realtime["channelPowers"]] for realtime in realtimes(live(gateway, 3))
    )
    assert garbage[0] > 10**15
    assert garbage[0] % 3600 == 0
    assert after[0] - before[0] in {0, 3600}
    assert garbage[1:] == pytest.approx(before[1:], abs=7200)


def test_one_broken_message_among_good_ones() -> None:
    gateway = new_gateway("home")
    live(gateway, 10)
    gateway.inject(Fault.BROKEN_JSON)
    broken, *good = named(live(gateway, 5), "realtime")
    with pytest.raises(json.JSONDecodeError):
        json.loads(broken.payload)
    assert len(realtimes(good)) == 4


def test_faults_may_come_together() -> None:
    gateway = new_gateway("home")
    live(gateway, 10)
    for fault in (Fault.BROKEN_JSON, Fault.GARBAGE_COUNTER, Fault.WRAP_32_BIT):
        gateway.inject(fault)
    broken, *good = named(live(gateway, 10), "realtime")
    with pytest.raises(json.JSONDecodeError):
        json.loads(broken.payload)
    assert realtimes(good)
    assert gateway.occurred[Fault.BROKEN_JSON] == gateway.occurred[Fault.GARBAGE_COUNTER] == 1


def test_a_child_location_has_its_own_uuid_config_and_numbers() -> None:
    gateway = new_gateway("home")
    live(gateway, 10)
    gateway.inject(Fault.CHILD_LOCATION)
    messages = live(gateway, 10)
    configs = [document(message) for message in named(messages, "config")]
    parent, child = configs
    assert parent["serialNumber"] == child["serialNumber"]
    assert parent["serviceLocationUuid"] != child["serviceLocationUuid"]
    uuid = child["serviceLocationUuid"]
    own = [message for message in messages if message.topic.startswith(f"servicelocation/{uuid}/")]
    assert {"config", "channelConfigV2", "realtime"} <= {message.topic.split("/", 2)[2] for message in own}
    channels = realtimes(own)[0]["channelPowers"]
    assert [channel["publishIndex"] for channel in channels] == [0, 1, 2]


def test_a_second_gateway_is_another_serial_number_in_step_with_the_first() -> None:
    gateway = new_gateway("single-phase")
    live(gateway, 10)
    gateway.inject(Fault.SECOND_GATEWAY)
    gateway.inject(Fault.SILENCE, after_s=10)
    first_ten, later = live(gateway, 10), live(gateway, 10)
    (config,) = (document(message) for message in named(first_ten, "config"))
    assert config["serialNumber"] != SITES["single-phase"].identity.serial_number
    assert len({message.topic for message in named(first_ten, "realtime")}) == 2
    others = {message.topic for message in later}
    assert others == {f"servicelocation/{config['serviceLocationUuid']}/realtime"}
