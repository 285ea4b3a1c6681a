"""Everything a gateway switches, in one way: its plugs, and the relays of Output modules that were tried."""

from collections.abc import Iterable

from ._vendor.mqtt_schema.points import Scope, ScopeKind
from ._vendor.smappee_gateway.changes import Changes
from ._vendor.smappee_gateway.gateway import Gateway
from ._vendor.smappee_gateway.mqtt_decoder import MqttMessage


class Actuators:
    """The switches of one gateway, each known by its scope."""

    def __init__(self, gateway: Gateway[MqttMessage]) -> None:
        """Switch nothing."""
        self._gateway = gateway

    @property
    def serial(self) -> str:
        """Serial number of the gateway."""
        return self._gateway.session.serial

    @property
    def available(self) -> bool:
        """Whether commands have a chance now."""
        return self._gateway.available

    def present(self) -> set[Scope]:
        """Return what can be switched."""
        site = self._gateway.session.site
        tried = (module for module in site.output_modules if module.tried)
        return {Scope(ScopeKind.PLUG, plug.id) for plug in site.plugs} | {
            Scope(ScopeKind.RELAY, relay.id) for module in tried for relay in module.relays
        }

    def is_on(self, scope: Scope) -> bool | None:
        """Return what the gateway says; None = nothing yet."""
        readings = self._gateway.session.readings
        states = readings.plugs if scope.kind is ScopeKind.PLUG else readings.relays
        return states[scope.id].on if scope.id in states else None

    def name(self, scope: Scope) -> str:
        """Return what its owner calls it."""
        site = self._gateway.session.site
        parts = site.plug_by_id if scope.kind is ScopeKind.PLUG else site.relay_by_id
        return parts[scope.id].name if scope.id in parts else scope.id

    async def switch(self, scope: Scope, *, on: bool) -> None:
        """Switch, and wait for the echo; raises a CommandError when it is not confirmed."""
        if scope.kind is ScopeKind.PLUG:
            await self._gateway.switch_plug(scope.id, on=on)
        else:
            await self._gateway.switch_relay(scope.id, on=on)


def switched(changes: Changes) -> Iterable[Scope]:
    """Return what changes tell a new state of."""
    yield from (Scope(ScopeKind.PLUG, plug) for plug in changes.plugs)
    yield from (Scope(ScopeKind.RELAY, relay) for relay in changes.relays)


def change_of(scope: Scope) -> Changes:
    """Return changes that touch one switch."""
    return Changes(plugs={scope.id}) if scope.kind is ScopeKind.PLUG else Changes(relays={scope.id})
