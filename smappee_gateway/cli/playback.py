"""Recorded messages in the same sessions that serve Home Assistant, for those who replay or record them."""

from rich.console import Group, RenderableType

from smappee_gateway.capture import RecordedMessage
from smappee_gateway.cli.device_table import module_table
from smappee_gateway.cli.display import Picture, feed_state, line
from smappee_gateway.cli.recording import as_received
from smappee_gateway.modules import NO_MODULES, Modules
from smappee_gateway.mqtt_decoder import MqttDecoder
from smappee_gateway.mqtt_transport import CAPABILITIES
from smappee_gateway.session import Session
from smappee_gateway.updates import IdentityUpdate


class Playback:
    """Sessions fed from a capture: one for each gateway that introduces itself. Time is that of the recording."""

    def __init__(self, modules: Modules = NO_MODULES) -> None:
        """Nothing has been played; `modules` are those that the gateway's owner declares."""
        self.sessions: dict[str, Session] = {}
        self.now = 0.0
        self._modules = modules
        self._decoder = MqttDecoder(modules)

    def play(self, message: RecordedMessage) -> None:
        """Take one message at its time."""
        self.now = message.at_s
        for session in self.sessions.values():
            session.tick(self.now)
        for update in self._decoder.decode(as_received(message)):
            if isinstance(update, IdentityUpdate):
                serial = update.identity.serial
                self.sessions.setdefault(serial, Session(serial, CAPABILITIES.stale_after_s, modules=self._modules))
            for session in self.sessions.values():
                session.apply(update, self.now)

    def picture(self, *, redrawn: bool) -> RenderableType:
        """Draw all gateways; what is redrawn shares the screen."""
        sharing = len(self.sessions) if redrawn else None
        sessions = self.sessions.values()
        return Group(*(Picture(session, feed_state(session, self.now), sharing) for session in sessions))

    def line(self) -> str:
        """All gateways in one line."""
        return "; ".join(line(session, feed_state(session, self.now)) for session in self.sessions.values())

    def modules(self) -> RenderableType:
        """Draw declared modules alone."""
        tables = (module_table(session) for session in self.sessions.values())
        return Group(*(table for table in tables if table is not None))
