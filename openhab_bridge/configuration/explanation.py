"""What the bridge would do with its settings, in plain words and without secrets."""

from collections.abc import Iterator
from ipaddress import ip_address

from openhab_bridge import topics
from openhab_bridge.settings import (
    USUAL_PACES,
    DiscoverySettings,
    GatewaySettings,
    HomieSettings,
    HomieVersion,
    Settings,
    TopicSettings,
    TrafficSettings,
    WebSettings,
)
from openhab_bridge.writers.homie import HomieWriter
from openhab_bridge.writers.homie4 import Homie4
from openhab_bridge.writers.homie5 import Homie5
from smappee_gateway.broker import Broker

ANY_SERIAL = "<serial>"
"""Stands for a serial number that only the gateway will tell."""


def explain(settings: Settings) -> str:
    """Say what the bridge listens to, what it publishes where, what is off, and where the rest is found."""
    return "\n".join(_lines(settings)) + "\n"


def _lines(settings: Settings) -> Iterator[str]:
    yield f"Listens to {_count(len(settings.gateways), 'gateway')}:"
    for gateway in settings.gateways:
        yield from _gateway(gateway)
    yield f"Publishes to {_broker(settings.target)}:"
    serials = [gateway.serial or ANY_SERIAL for gateway in settings.gateways]
    yield from map(_item, (_homie(settings.homie, serials), _topics(settings.topics, serials)))
    yield _item(_discovery(settings.discovery))
    yield _item(_points(settings))
    yield from map(_item, _traffic(settings.traffic))
    if not (settings.homie.enabled or settings.topics.enabled or settings.discovery.enabled):
        yield _item("so nothing at all is published")
    yield _state_folder(settings)
    yield _web(settings.web)
    yield f"Writes its log as {settings.log.value}."


def _item(text: str) -> str:
    return f"  - {text}"


def _gateway(settings: GatewaySettings) -> Iterator[str]:
    which = "the only gateway" if settings.serial is None else f"gateway {settings.serial}"
    yield _item(f"{which} at {_broker(settings.broker)}")
    yield f"    days begin in the time zone {settings.time_zone}, unless the gateway tells its own"
    yield from (f"    {line}" for line in (*_loads(settings), *_modules(settings)))


def _loads(settings: GatewaySettings) -> Iterator[str]:
    loads = settings.loads
    for what, members in (("batteries", loads.batteries), ("charging points of cars", loads.cars)):
        if members:
            yield f"{what}: {', '.join(sorted(members))}"
    for load, parent in sorted(loads.parents.items()):
        yield f"{load} is contained in {parent}"
    for load, limits in sorted(settings.running.items()):
        yield (
            f"{load} runs from {limits.threshold_w:g} W on: after {limits.on_delay_s:g} s, until it has been below "
            f"for {limits.off_delay_s:g} s"
        )


def _modules(settings: GatewaySettings) -> Iterator[str]:
    modules = settings.modules
    parts = ((modules.outputs, "Output module"), (modules.inputs, "Input module"), (modules.meters, "meter"))
    told = [_count(len(members), what) for members, what in parts if members]
    if told:
        yield f"declared: {', '.join(told)}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _broker(broker: Broker) -> str:
    """Name a broker and the way to it; who we are to it is nobody else's business."""
    way = [_address(broker.host, broker.port)]
    if broker.user is not None:
        way.append("with a user and no password" if broker.password is None else "with a user and a password")
    if broker.tls is not None:
        trust = "of the authority that is named" if broker.tls.authority else "of an authority this system trusts"
        way.append(f"over TLS, with a certificate {trust}" if broker.tls.verify else "over TLS, whoever answers there")
    return ", ".join(way)


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _homie(settings: HomieSettings, serials: list[str]) -> str:
    if not settings.enabled:
        return _off("Homie", "homie")
    writers: dict[HomieVersion, HomieWriter] = {
        HomieVersion.V4: Homie4(settings.prefix),
        HomieVersion.V5: Homie5(settings.prefix),
    }
    return "; ".join(
        f"Homie {version.value}, as far as the gateway has parts for them: {_devices(writer, serials)}"
        for version, writer in writers.items()
        if version in settings.versions
    )


def _devices(writer: HomieWriter, serials: list[str]) -> str:
    """Name the topics of all devices there may be."""
    roots = (writer.root(device) for serial in serials for device in writer.device_ids(serial))
    return ", ".join(f"{root}/" for root in dict.fromkeys(roots))


def _topics(settings: TopicSettings, serials: list[str]) -> str:
    if not settings.enabled:
        return _off("plain topics", "topics")
    roots = dict.fromkeys(topics.root(settings.prefix, serial) for serial in serials)
    return f"plain topics below {', '.join(f'{root}/' for root in roots)}"


def _discovery(settings: DiscoverySettings) -> str:
    if not settings.enabled:
        return _off("Home Assistant discovery", "home_assistant")
    payload = "a whole device" if settings.per_device else "each entity"
    return f"Home Assistant discovery below {settings.prefix}/, one message for {payload}"


def _off(what: str, key: str) -> str:
    return f"{what}: off; to switch on, write {key}: {{enabled: true}}"


def _points(settings: Settings) -> str:
    if settings.all_points:
        return "every data point, those that are seldom needed too"
    return "without the data points that are seldom needed; to add them, write all_points: true"


def _traffic(settings: TrafficSettings) -> Iterator[str]:
    usual = "as usual" if settings.paces == USUAL_PACES else "at paces of your own"
    yield f"values {usual}; a small change that waits is published after {settings.settle_s:g} s"


def _state_folder(settings: Settings) -> str:
    if settings.state_folder is None:
        return "Keeps totals in the usual place of this system; state_folder: names another."
    return f"Keeps totals in {settings.state_folder}."


def _web(settings: WebSettings) -> str:
    if not settings.enabled:
        return f"{_off('Status page', 'web')}."
    url = f"http://{_address(_reachable(settings.host), settings.port)}/"
    return f"Shows its status at {url} (/health and /metrics beside it)."


def _reachable(host: str) -> str:
    """Return where a page is seen that is served on an address."""
    try:
        everywhere = ip_address(host).is_unspecified
    except ValueError:
        everywhere = False
    return "<this machine>" if everywhere else host
