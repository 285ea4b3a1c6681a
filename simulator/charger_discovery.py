"""How a charger announces itself to Home Assistant's MQTT integration: one device with all of its entities."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from simulator.house.charging.character import BelowMinimum
from simulator.house.charging.charger import Charger
from simulator.house.charging.commands import MINIMUM_A

type Payload = str | float | Sequence[Payload] | Mapping[str, Payload]
type Entity = dict[str, Payload]

ALL_CHARGERS: Final = "charger/available"


def discovery(serial_number: str, charger_id: str, name: str, charger: Charger, statuses: Sequence[str]) -> bytes:
    """Write the payload for ``homeassistant/device/<id>/config``; `statuses` are the words of ``status``."""
    unique = f"simulated-{serial_number}-{charger_id}"
    base = f"charger/{charger_id}"
    entities = {**_settings(base, charger), **_sensors(base, statuses)}
    payload = {
        "device": {
            "identifiers": [unique],
            "name": name,
            "manufacturer": "Simulator",
            "model": f"Charger: {charger.character.title}",
        },
        "origin": {"name": "Simulator"},
        "availability": [{"topic": ALL_CHARGERS}, {"topic": f"{base}/available"}],
        "availability_mode": "all",
        "components": {key: {**entity, "unique_id": f"{unique}-{key}"} for key, entity in entities.items()},
    }
    return json.dumps(payload, separators=(",", ":")).encode()


def _settings(base: str, charger: Charger) -> dict[str, Entity]:
    """What one can set."""
    pauses = charger.character.below_minimum is BelowMinimum.PAUSE
    current: Entity = {
        "platform": "number",
        "name": "Current limit",
        "device_class": "current",
        "unit_of_measurement": "A",
        "min": 0.0 if pauses else MINIMUM_A,
        "max": charger.max_a,
        "step": charger.character.step_a,
        "mode": "box",
        **_settable(base, "current"),
    }
    enabled: Entity = {"platform": "switch", "name": "Charging allowed", **_settable(base, "enabled")}
    heartbeat: Entity = {"platform": "button", "name": "Heartbeat", "command_topic": f"{base}/heartbeat/set"}
    phases: Entity = {"platform": "select", "name": "Phases", "options": ["1", "3"], **_settable(base, "phases")}
    settings = {"current": current, "enabled": enabled, "heartbeat": heartbeat}
    return {**settings, "phases": phases} if charger.switches_phases else settings


def _settable(base: str, name: str) -> Entity:
    return {"state_topic": f"{base}/{name}", "command_topic": f"{base}/{name}/set"}


def _sensors(base: str, statuses: Sequence[str]) -> dict[str, Entity]:
    """What one can only see."""
    return {
        "status": _sensor(base, "status", "Status", device_class="enum", options=statuses),
        "pilot": _sensor(base, "pilot", "Control pilot", entity_category="diagnostic"),
        "power": _sensor(base, "power", "Power", **_measured("power", "W")),
        "draws": _sensor(base, "draws", "Current", **_measured("current", "A")),
        "error": _sensor(base, "error", "Last error", entity_category="diagnostic"),
    }


def _measured(device_class: str, unit: str) -> Entity:
    return {"device_class": device_class, "unit_of_measurement": unit, "state_class": "measurement"}


def _sensor(base: str, topic: str, name: str, **more: Payload) -> Entity:
    return {"platform": "sensor", "name": name, "state_topic": f"{base}/{topic}", **more}
