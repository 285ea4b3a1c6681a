"""The chargers of a house on MQTT, as a generic charger with topics of its own (invented).

Below ``charger/<id>/``, the id being the name of the circuit in small letters with dashes:

* ``current``, ``enabled``, ``phases``: what it is set to; commanded on the same with ``/set``;
* ``heartbeat/set``: any payload is a sign of life;
* ``status``, ``pilot``: the state in a word and as the letter of IEC 61851; ``power`` (W) and ``draws`` (A per phase);
* ``error``: why it refused the last command, ``none`` when it did not;
* ``available``: ``online``, or ``offline`` while it does not answer; of all together ``charger/available``.

Everything but commands is retained and told when it changes.
"""

import re
from collections.abc import Callable
from typing import Final

from simulator.charger_discovery import ALL_CHARGERS, discovery
from simulator.gateway.message import Message
from simulator.house.charging.charger import LiveCharger, PilotState, Status
from simulator.house.charging.commands import Answer, Refused
from simulator.house.house import House

ROOT: Final = "charger"
ONLINE: Final = b"online"
OFFLINE: Final = b"offline"
NO_ERROR: Final = "none"
"""A broker would take an empty retained message for the end of the topic."""
WORDS: Final = {
    PilotState.NO_CAR: "no_car",
    PilotState.CONNECTED: "connected",
    PilotState.CHARGING: "charging",
    PilotState.ERROR: "error",
}
ON_OFF: Final = {True: "ON", False: "OFF"}
COMMANDS: Final = ("current", "enabled", "phases", "heartbeat")
_NOT_IN_ID: Final = re.compile(r"[^a-z0-9]+")
_COMMAND: Final = re.compile(rf"{ROOT}/([^/]+)/({'|'.join(COMMANDS)})/set")


class NotUnderstoodError(Exception):
    """The payload is no command; the message says what it should be."""


class ChargerTopics:
    """The chargers of `house` on MQTT. It does no input or output: what it returns is to be published."""

    commands = tuple(f"{ROOT}/+/{name}/set" for name in COMMANDS)

    def __init__(self, house: House) -> None:
        self._house = house
        self._chargers = {charger_id(name): charger for name, charger in house.chargers.items()}
        self._told: dict[str, bytes] = {}
        self._errors = dict.fromkeys(self._chargers, NO_ERROR)
        self._announcements = {
            f"homeassistant/device/{charger_id(name)}/config": discovery(
                house.site.identity.serial_number, charger_id(name), name, charger.charger, tuple(WORDS.values())
            )
            for name, charger in house.chargers.items()
        }

    @property
    def will(self) -> Message:
        """What the broker is to publish when the simulator is gone."""
        return self._retained(ALL_CHARGERS, OFFLINE)

    def every_second(self) -> list[Message]:
        """What has changed; at first everything."""
        news = {**self._announcements, ALL_CHARGERS: ONLINE}
        for charger, live in self._chargers.items():
            news |= {f"{ROOT}/{charger}/{name}": value.encode() for name, value in self._values(charger, live).items()}
        changed = {topic: value for topic, value in news.items() if self._told.get(topic) != value}
        self._told |= changed
        return [self._retained(topic, value) for topic, value in changed.items()]

    def handle(self, topic: str, payload: bytes) -> list[Message]:
        """Take a command; what is not for a charger here is ignored."""
        match = _COMMAND.fullmatch(topic)
        if not match or match[1] not in self._chargers:
            return []
        charger, name = match.groups()
        try:
            answer = _VERBS[name](self._chargers[charger], payload.decode(errors="replace").strip())
        except NotUnderstoodError as error:
            self._errors[charger] = str(error)
        else:
            self._errors[charger] = answer.reason.value if isinstance(answer, Refused) else NO_ERROR
        return self.every_second()

    def _values(self, charger: str, live: LiveCharger) -> dict[str, str]:
        status = live.status()
        if status is None:
            return {"available": OFFLINE.decode()}
        return {**_told_by(status), **_measured_by(live), "error": self._errors[charger], "available": ONLINE.decode()}

    def _retained(self, topic: str, payload: bytes) -> Message:
        return Message(topic, payload, self._house.now_ms, retain=True)


def charger_id(name: str) -> str:
    """The charger of the circuit `name` in topics."""
    return _NOT_IN_ID.sub("-", name.lower()).strip("-")


def _told_by(status: Status) -> dict[str, str]:
    return {
        "current": f"{status.limit_a:.1f}",
        "enabled": ON_OFF[status.enabled],
        "phases": str(status.phases),
        "status": WORDS[status.state],
        "pilot": status.state.value,
    }


def _measured_by(live: LiveCharger) -> dict[str, str]:
    return {"power": f"{sum(live.demands_va).real:.0f}", "draws": f"{live.current_a:.1f}"}


def _set_current(charger: LiveCharger, text: str) -> Answer:
    try:
        return charger.set_current(float(text))
    except ValueError:
        raise NotUnderstoodError("send a number of ampere, such as 10.5") from None


def _set_enabled(charger: LiveCharger, text: str) -> Answer:
    if text not in ON_OFF.values():
        raise NotUnderstoodError("send ON or OFF")
    return charger.set_enabled(on=text == ON_OFF[True])


def _set_phases(charger: LiveCharger, text: str) -> Answer:
    try:
        return charger.set_phases(int(text))
    except ValueError:
        raise NotUnderstoodError("send a number of phases, such as 3") from None


def _heartbeat(charger: LiveCharger, text: str) -> Answer:
    del text
    return charger.heartbeat()


_VERBS: Final[dict[str, Callable[[LiveCharger, str], Answer]]] = {
    "current": _set_current,
    "enabled": _set_enabled,
    "phases": _set_phases,
    "heartbeat": _heartbeat,
}
