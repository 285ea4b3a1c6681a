"""Steps of config flows."""

from ipaddress import ip_address
from typing import Any

from homeassistant.config_entries import SOURCE_USER, SOURCE_ZEROCONF, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from custom_components.smappee_infinity.const import DOMAIN
from tests import genius
from tests.mosquitto import Mosquitto


async def start_by_hand(hass: HomeAssistant) -> ConfigFlowResult:
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "address"
    return result


async def discover(
    hass: HomeAssistant, host: str, name: str = f"Smappee{genius.SERIAL}", domain: str = DOMAIN
) -> ConfigFlowResult:
    """Let a gateway announce itself by mDNS."""
    found = ip_address(host)
    info = ZeroconfServiceInfo(
        ip_address=found,
        ip_addresses=[found],
        port=22,
        hostname=f"{name}.local.",
        type="_ssh._tcp.local.",
        name=f"{name}._ssh._tcp.local.",
        properties={},
    )
    return await hass.config_entries.flow.async_init(domain, context={"source": SOURCE_ZEROCONF}, data=info)


async def submit(hass: HomeAssistant, flow: ConfigFlowResult, answer: dict[str, Any]) -> ConfigFlowResult:
    """Answer a form; sit through the search when one follows."""
    manager = hass.config_entries.flow
    result = await manager.async_configure(flow["flow_id"], answer)
    while result["type"] is FlowResultType.SHOW_PROGRESS:
        assert result["progress_action"] == "probe"
        await hass.async_block_till_done()
        result = await manager.async_configure(flow["flow_id"])
    return result


def address(broker: Mosquitto) -> dict[str, Any]:
    return {CONF_HOST: broker.host, CONF_PORT: broker.port}
