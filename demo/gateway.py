"""Adding the simulated gateway to Home Assistant: the config flow, answered as a user would."""

import re
from typing import Final

from demo.broker import Broker
from demo.errors import SetUpError
from demo.home_assistant import HomeAssistant, Json
from demo.program import Program
from demo.waiting import until

DOMAIN: Final = "smappee_infinity"
FLOW: Final = "/api/config/config_entries/flow"
ADDRESS: Final = re.compile(r"mqtt://([\d.]+):(\d+)")


async def announced(simulator: Program) -> Broker | None:
    """Return the broker that the simulator names in its first line; None while it is silent."""
    match = ADDRESS.search(simulator.output)
    return Broker(match[1], int(match[2])) if match else None


async def add(home_assistant: HomeAssistant, broker: Broker, *programs: Program) -> str:
    """Add the gateway behind `broker` and return the identifier of its config entry."""
    form = await home_assistant.post(FLOW, handler=DOMAIN)
    await home_assistant.post(f"{FLOW}/{form['flow_id']}", host=broker.host, port=broker.port)

    async def searched() -> Json | None:
        answer: Json = await home_assistant.get(f"{FLOW}/{form['flow_id']}")
        return None if answer["type"] == "progress" else answer

    result = await until(searched, "the search for the gateway ends", *programs)
    if result["type"] != "create_entry":
        raise SetUpError(f"the gateway was not added: {result.get('errors') or result.get('reason')}")
    return str(result["result"]["entry_id"])
