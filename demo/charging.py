"""The charger of the house and the fuse it must stay below: declared as an owner would, and under control from then on.

The simulated charger speaks MQTT as many do, so Home Assistant has it by its own integration; ours commands it there.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from demo.broker import Broker
from demo.gateway import FLOW
from demo.home_assistant import HomeAssistant, Json
from demo.house import Entity
from demo.program import Program
from demo.waiting import until

SUBENTRIES: Final = "/api/config/config_entries/subentries/flow"
NAME: Final = "EV charging"
LOAD: Final = "EV charger"
FUSE: Final = "Main fuse"
FUSE_A: Final = 25
CHARGER_A: Final = 16
STEP_A: Final = 0.1
PLAIN: Final = {"set_client_cert": False, "set_ca_cert": "off"}
CHOSEN: Final = {"circuit": FUSE, "load": LOAD}


class Charging(msgspec.Struct):
    """The entities of the balancing."""

    mode: str
    reason: str
    target: str
    enabled: str
    headroom: Sequence[str]
    """Of the main fuse, a line each."""


async def begin(home_assistant: HomeAssistant, entry_id: str, broker: Broker, *programs: Program) -> Charging:
    """Let Home Assistant find the charger at the broker, declare fuse and charger, and enable control."""
    await _connect(home_assistant, broker)
    charger = await until(lambda: _charger(home_assistant), "Home Assistant finds the charger", *programs)
    await _declare(home_assistant, entry_id, "circuit", *programs, name=FUSE, rating=FUSE_A, details={})
    await _declare(home_assistant, entry_id, "ev_charger", *programs, **charger)
    charging = await until(lambda: _found(home_assistant, entry_id), "fuse and charger are set up", *programs)

    async def enabled() -> bool | None:
        state = await home_assistant.get(f"/api/states/{charging.target}")
        return state["state"] not in {"unknown", "unavailable"} or None

    await until(enabled, "the balancing has measured", *programs)
    await home_assistant.post("/api/services/switch/turn_on", entity_id=charging.enabled)
    return charging


async def _connect(home_assistant: HomeAssistant, broker: Broker) -> None:
    """Set up Home Assistant's own MQTT integration."""
    form = await home_assistant.post(FLOW, handler="mqtt")
    step = f"{FLOW}/{form['flow_id']}"
    await home_assistant.post(step, broker=broker.host, port=broker.port, other_settings=PLAIN)


async def _charger(home_assistant: HomeAssistant) -> Json | None:
    """Return what the form of a charger asks for; None while Home Assistant does not have it whole."""
    rows = await home_assistant.command("config/entity_registry/list")
    mqtt = {row["unique_id"].rpartition("-")[2]: row["entity_id"] for row in rows if row["platform"] == "mqtt"}
    if not {"current", "enabled", "status"} <= mqtt.keys():
        return None
    return {
        "name": NAME,
        "current_entity": mqtt["current"],
        "switch_entity": mqtt["enabled"],
        "max_current": CHARGER_A,
        "wiring": {},
        "entities": {"connected_entity": mqtt["status"]},
        "details": {"step": STEP_A},
    }


async def _declare(
    home_assistant: HomeAssistant, entry_id: str, kind: str, *programs: Program, **answers: object
) -> None:
    """Add a subentry. What belongs to it is chosen by name, as in the form."""

    async def opened() -> Json | None:
        # After each subentry the gateway is set up anew, and has no forms meanwhile.
        form: Json = await home_assistant.post(SUBENTRIES, handler=[entry_id, kind])
        return form if form["type"] == "form" else None

    form = await until(opened, "the form opens", *programs)
    options = {field["name"]: _options(field) for field in form["data_schema"]}
    chosen = {field: options[field][name] for field, name in CHOSEN.items() if field in options}
    await home_assistant.post(f"{SUBENTRIES}/{form['flow_id']}", **answers, **chosen)


def _options(field: Json) -> Mapping[str, str]:
    """Return the identifiers to choose from by what they are called."""
    select = field.get("selector", {}).get("select", {})
    return {option["label"]: option["value"] for option in select.get("options", ()) if isinstance(option, dict)}


async def _found(home_assistant: HomeAssistant, entry_id: str) -> Charging | None:
    """Return the entities; None while not all are there."""
    rows = msgspec.convert(await home_assistant.command("config/entity_registry/list"), list[Entity])
    ours = [row for row in rows if row.config_entry_id == entry_id and row.disabled_by is None]
    by_key = {row.translation_key: row.entity_id for row in ours}
    if not {"charger_mode", "charger_reason", "target_current", "control_enabled", "headroom_phase"} <= by_key.keys():
        return None
    return Charging(
        mode=by_key["charger_mode"],
        reason=by_key["charger_reason"],
        target=by_key["target_current"],
        enabled=by_key["control_enabled"],
        headroom=[row.entity_id for row in ours if row.translation_key == "headroom_phase"],
    )
