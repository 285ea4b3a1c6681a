"""Water, gas and Switches of a simulated house: what the session counts is what flowed, late intervals included."""

from datetime import UTC, datetime

from simulator import SITES, Fault, Gateway, House
from simulator.house.meter import Medium
from tests.feed import Feed

SITE = SITES["everything"]
WINTER = datetime(2026, 1, 15, 6, 0, tzinfo=UTC)


def test_no_pulse_is_lost_when_the_gateway_has_no_power_for_a_while() -> None:
    gateway = Gateway(House(SITE, seed=2, start=WINTER), seed=2)
    gateway.house.plumbing.leak_l_per_h = 20.0
    gateway.house.start("Washing machine")
    gateway.inject(Fault.REBOOT, after_s=1000, duration_s=1000)
    feed = Feed(SITE.identity.serial_number)
    for _ in range(2 * 3600):
        feed.now += 1
        for message in gateway.step():
            feed.message(message.topic, message.payload)
    volumes = gateway.house.meter.volumes_m3
    assert feed.session.readings.meter_pulses == {
        "3003009901_0": int(volumes[Medium.WATER] * 1000),
        "3003009901_1": int(volumes[Medium.GAS] * 100),
        "5800009902_0": int(volumes[Medium.RAINWATER] * 2000),
    }
    assert all(pulses > 0 for pulses in feed.session.readings.meter_pulses.values())
    assert gateway.occurred == {Fault.REBOOT: 1}
