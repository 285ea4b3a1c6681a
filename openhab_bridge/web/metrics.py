"""/metrics: the state of the bridge for Prometheus."""

from collections.abc import Callable, Iterable, Iterator
from typing import override

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from openhab_bridge.status import ConnectionStatus, GatewayStatus, Status

CONTENT_TYPE = CONTENT_TYPE_LATEST
GATEWAY = ("serial", "address")
"""What tells gateways apart: the serial number is empty as long as it is not known."""
CONNECTION = ("connection",)


def metrics(status: Status) -> bytes:
    """Return the whole status in the text format."""
    registry = CollectorRegistry()
    registry.register(_Status(status))
    return generate_latest(registry)


class _Status(Collector):
    """One status as metrics; another one is made for each request, so nothing is kept."""

    def __init__(self, status: Status) -> None:
        self._status = status

    @override
    def collect(self) -> Iterator[Metric]:
        yield from _bridge(self._status)
        yield from _gateways(_told_apart(self._status.gateways, _gateway_labels))
        yield from _connections(_told_apart(self._status.connections, _connection_labels))


def _told_apart[T](items: Iterable[T], labels: Callable[[T], tuple[str, ...]]) -> dict[tuple[str, ...], T]:
    """Prometheus refuses everything when two have the same labels: the first counts."""
    found: dict[tuple[str, ...], T] = {}
    for item in items:
        found.setdefault(labels(item), item)
    return found


def _gateway_labels(gateway: GatewayStatus) -> tuple[str, ...]:
    return gateway.serial, gateway.address


def _connection_labels(connection: ConnectionStatus) -> tuple[str, ...]:
    return (connection.name,)


def _bridge(status: Status) -> Iterator[Metric]:
    info = {"version": status.version, "target": status.target}
    yield InfoMetricFamily("smappee_bridge", "The bridge, and the broker it publishes to.", value=info)
    yield GaugeMetricFamily("smappee_bridge_uptime_seconds", "Since the bridge was started.", value=status.running_s)
    yield GaugeMetricFamily(
        "smappee_bridge_healthy", "1 while every gateway is heard and every connection stands.", value=status.healthy
    )


def _gateways(gateways: dict[tuple[str, ...], GatewayStatus]) -> Iterator[Metric]:
    def gauge(name: str, text: str, value: Callable[[GatewayStatus], float | None]) -> Metric:
        return _filled(GaugeMetricFamily(f"smappee_bridge_gateway_{name}", text, labels=GATEWAY), gateways, value)

    def counter(name: str, text: str, value: Callable[[GatewayStatus], float]) -> Metric:
        return _filled(CounterMetricFamily(f"smappee_bridge_gateway_{name}", text, labels=GATEWAY), gateways, value)

    yield _names(gateways)
    yield gauge("connected", "1 while there is a connection to the gateway's broker.", lambda it: it.connected)
    yield gauge("fresh", "1 while measurements arrive.", lambda it: it.fresh)
    yield gauge(
        "measurement_age_seconds", "Since the last new measurement; none before the first.", lambda it: it.age_s
    )
    yield gauge("data_points", "Data points that the gateway has now.", lambda it: it.properties)
    yield counter("messages", "Messages received.", lambda it: it.messages)
    yield counter("bad_payloads", "Messages that could not be read.", lambda it: it.bad_payloads)
    yield counter("commands", "Commands sent to the gateway.", lambda it: it.commands)
    yield counter("failed_commands", "Commands that failed.", lambda it: it.failed_commands)


def _names(gateways: dict[tuple[str, ...], GatewayStatus]) -> Metric:
    """Names stand apart: the series above go on when one changes."""
    family = InfoMetricFamily("smappee_bridge_gateway", "What the gateway is called.", labels=GATEWAY)
    for labels, gateway in gateways.items():
        family.add_metric(labels, {"name": gateway.name})
    return family


def _connections(connections: dict[tuple[str, ...], ConnectionStatus]) -> Iterator[Metric]:
    yield _filled(
        GaugeMetricFamily("smappee_bridge_connection_connected", "1 while it stands.", labels=CONNECTION),
        connections,
        lambda it: it.connected,
    )
    yield _filled(
        CounterMetricFamily(
            "smappee_bridge_connection_published_messages", "Messages that the broker has taken.", labels=CONNECTION
        ),
        connections,
        lambda it: it.published,
    )
    yield _filled(
        GaugeMetricFamily(
            "smappee_bridge_connection_waiting_topics", "Topics whose newest value is not taken yet.", labels=CONNECTION
        ),
        connections,
        lambda it: it.waiting,
    )


def _filled[T](
    family: GaugeMetricFamily | CounterMetricFamily,
    items: dict[tuple[str, ...], T],
    value: Callable[[T], float | None],
) -> Metric:
    for labels, item in items.items():
        if (number := value(item)) is not None:
            family.add_metric(labels, number)
    return family
