"""Tries what the bridge would do with its brokers, without a trace there."""

import asyncio
from collections.abc import Iterator

from openhab_bridge import topics
from openhab_bridge.explanations import forbidden, of_gateway, of_several, of_silence, of_target
from openhab_bridge.publishing import HOMIE
from openhab_bridge.settings import GatewaySettings, Settings
from smappee_gateway.broker import Broker
from smappee_gateway.errors import CannotConnectError, GatewayError, InvalidAuthError, WrongGatewayError
from smappee_gateway.mqtt_client import Link, connected, new_client_id
from smappee_gateway.mqtt_decoder import MqttMessage
from smappee_gateway.mqtt_transport import MqttTransport
from smappee_gateway.probe import identify

PROBE = "$check"
"""The last level of the topics that are tried: no convention knows it, and nothing is retained there."""
ECHO_S = 2.0
"""How long a broker may take to bring back what was published."""


async def try_all(settings: Settings) -> tuple[list[str], list[str]]:
    """Return what works, and what does not and what to do, a line each."""
    outcomes = await asyncio.gather(*(_gateway(gateway) for gateway in settings.gateways))
    heard = [outcome for outcome in outcomes if not isinstance(outcome, str)]
    problems = [outcome for outcome in outcomes if isinstance(outcome, str)]
    works = [f"gateway {serial} is heard at {address}" for serial, address in heard]
    serials = {serial for serial, _ in heard} | {gateway.serial for gateway in settings.gateways if gateway.serial}
    of_the_target = await _target(settings, sorted(serials))
    if not of_the_target:
        works.append(f"the broker at {settings.target.address} takes what is published")
    return works, problems + of_the_target


async def _gateway(settings: GatewaySettings) -> tuple[str, str] | str:
    """Return the serial number and the address of a gateway, or what is wrong."""
    try:
        found = [identity.serial for identity in await identify(MqttTransport(settings.broker))]
        if settings.serial is not None and settings.serial not in found:
            raise WrongGatewayError(settings.serial, min(found))
    except GatewayError as error:
        return of_gateway(error, settings)
    if settings.serial is None and len(found) > 1:
        return of_several(found, settings.broker)
    return settings.serial or found[0], settings.broker.address


async def _target(settings: Settings, serials: list[str]) -> list[str]:
    roots = [root for serial in serials for root in _roots(settings, serial)]
    try:
        async with connected(settings.target, new_client_id()) as link:
            return await _not_arriving(link, roots, settings.target)
    except CannotConnectError as error:
        return [of_target(error, settings.target)]


def _roots(settings: Settings, serial: str) -> Iterator[str]:
    """Return what the topics begin with that are published for a gateway."""
    if settings.topics.enabled:
        yield topics.root(settings.topics.prefix, serial)
    if settings.homie.enabled:
        for version in settings.homie.versions:
            writer = HOMIE[version](settings.homie.prefix)
            yield from map(writer.root, writer.device_ids(serial))


async def _not_arriving(link: Link, roots: list[str], broker: Broker) -> list[str]:
    """Publish an empty message below each root, and say which do not come back."""
    awaited, problems = dict[str, str](), list[str]()
    for root in roots:
        topic = f"{root}/{PROBE}"
        try:
            await link.subscribe(topic)
        except InvalidAuthError:
            problems.append(forbidden(f"{root}/#", broker))
        else:
            awaited[topic] = of_silence(root, broker)
    for topic in awaited:
        await link.publish(MqttMessage(topic, b"", retained=False))
    if awaited:
        await _wait_for(link, awaited)
    return problems + list(awaited.values())


async def _wait_for(link: Link, awaited: dict[str, str]) -> None:
    """Take out what comes back, until the time is up."""
    try:
        async with asyncio.timeout(ECHO_S):
            async for message in link.messages():
                awaited.pop(message.topic, None)
                if not awaited:
                    return
    except TimeoutError:
        pass
