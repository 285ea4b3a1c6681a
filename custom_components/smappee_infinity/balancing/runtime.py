"""The balancing of one gateway at work: every message is a step, and what is decided leaves while it is handled."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .._vendor.energy_control.balancing import arming, controller
from .._vendor.energy_control.balancing.arming import Refusal, Supply
from .._vendor.energy_control.balancing.decisions import Answer, Command, Heartbeat, SetCurrent, SwitchLoad
from .._vendor.energy_control.balancing.reading import Reading
from .._vendor.energy_control.balancing.settings import Mode, Settings
from .._vendor.energy_control.balancing.wiring import Wiring
from .._vendor.mqtt_schema.quantities import Phase
from .._vendor.smappee_gateway.changes import Changes
from .._vendor.smappee_gateway.gateway import Gateway
from .._vendor.smappee_gateway.mqtt_decoder import MqttMessage
from ..const import LOGGER
from . import declared
from .charger_entities import Action, switching
from .const import CONF_SWITCH_ENTITY, SHED_LOAD, SILENT_AFTER_S, TICK_S
from .declared import Table
from .memory import BalancingMemory, Clock
from .news import is_news
from .repairs import Repairs
from .sending import ActionOf, Sender, Senders
from .sight import Sight

type Listener = Callable[[], None]
type Save = Callable[[], Awaitable[None]]


class Balancing:
    """Decides from its start to its end, whether it may command or not: what it would do is shown before it may."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        gateway: Gateway[MqttMessage],
        memory: BalancingMemory,
        save: Save,
    ) -> None:
        """Continue from memory; `save` writes that."""
        self._hass = hass
        self._entry = entry
        self._gateway = gateway
        self._memory = memory
        self._save = save
        self.declared = declared.declared(entry)
        self.names = declared.names(entry)
        self.settings = Settings()
        self.answer = Answer()
        self._sight = Sight(hass, entry, gateway.session)
        self._senders = self._make_senders()
        self._repairs = Repairs(hass, entry, self.names)
        self._clock = Clock(hass.loop.time(), dt_util.utcnow().timestamp(), memory.at)
        self._listeners: list[Listener] = []
        self._fresh_at = 0.0
        self._measured_at: float | None = None
        self._works = False

    @property
    def is_declared(self) -> bool:
        """Whether there is anything to balance."""
        return bool(self.declared)

    @property
    def works(self) -> bool:
        """Whether it decides."""
        return self._works

    @property
    def memory(self) -> BalancingMemory:
        """What is kept of it."""
        return self._memory

    @property
    def enabled(self) -> bool:
        """Whether its owner wants it to command, and it can."""
        return self._memory.enabled and not arming.faults(self.settings)

    @callback
    def start(self) -> None:
        """Begin to decide; the gateway measures."""
        if not self.is_declared:
            return
        self._works = True
        self._keep_only_declared()
        self._memory.state = controller.begun(self._memory.state)
        self._measured_at = self._gateway.session.memory.measured_at
        self._settle()
        self._step(fresh=False)
        entry, job = self._entry, HassJob(self.farewell, cancel_on_shutdown=False)
        entry.async_on_unload(self._hass.async_add_shutdown_job(job))
        entry.async_on_unload(self._gateway.listen(self._follow))
        entry.async_on_unload(
            async_track_time_interval(self._hass, self._time_passes, timedelta(seconds=TICK_S), cancel_on_shutdown=True)
        )
        entry.async_on_unload(self._repairs.clear)

    @callback
    def listen(self, listener: Listener) -> CALLBACK_TYPE:
        """Call `listener` when a decision is another; returns the function that stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def farewell(self) -> None:
        """Send what chargers are left with, and wait for it; nothing is commanded after that."""
        if not self._works:
            return
        self._works = False
        if self.enabled:
            await self._say_farewell()
        self._tell()

    def lines(self, circuit: str) -> tuple[Phase, ...]:
        """Return the lines of a circuit that are measured."""
        return next(found.lines for found in self.settings.circuits if found.id == circuit)

    def time_of(self, at: float) -> datetime:
        """Return the time of day of a moment, to the second."""
        in_s = at - self._clock.at(self._hass.loop.time())
        return (dt_util.utcnow() + timedelta(seconds=in_s)).replace(microsecond=0)

    def look(self) -> Reading:
        """Return what is seen now, whether it was taken already or not."""
        return self._reading(fresh=False)

    def refusals(self) -> tuple[Refusal, ...]:
        """Return what stands in the way of control now. Without a main fuse nobody knows what is to be measured."""
        if arming.main_circuit(self.settings) is None:
            return arming.faults(self.settings)
        return arming.refusals(self.settings, self._supply(self.look()))

    async def enable(self) -> None:
        """Let it command from the next measurement on; its caller has seen that nothing stands in the way."""
        self._memory.enabled = True
        await self._save()

    async def disable(self) -> None:
        """Let it command no more; chargers are left with their fallback current."""
        was_enabled, self._memory.enabled = self.enabled, False
        if was_enabled:
            await self._say_farewell()
        await self._save()

    def mode(self, charger: str) -> Mode:
        """Return what its user wants of a charger."""
        return self._memory.modes.get(charger, Mode.FAST)

    async def set_mode(self, charger: str, mode: Mode) -> None:
        """Take what a user wants of a charger; it counts from the next measurement on."""
        self._memory.modes[charger] = mode
        await self._save()

    def wish_a(self, charger: str) -> float | None:
        """Return the most in A that a user wants; None = the most that the charger can."""
        return self._memory.wishes.get(charger)

    async def set_wish(self, charger: str, current_a: float) -> None:
        """Take the most that a user wants."""
        self._memory.wishes[charger] = current_a
        await self._save()

    def wiring(self, charger: str) -> Wiring:
        """Return what was learned of the wiring of a charger."""
        memory = self._memory.state.chargers.get(charger)
        return Wiring() if memory is None else memory.wiring

    def failures(self) -> dict[str, str]:
        """Return why the last commands were not carried out, by charger or load; only of those that were not."""
        return self._senders.failures()

    @callback
    def _follow(self, changes: Changes) -> None:
        """Take a message: one step for each measurement, before anything else is done with it."""
        if changes.installation:
            self._settle()
        measured_at = self._gateway.session.memory.measured_at
        if self._gateway.available and measured_at != self._measured_at:
            self._measured_at, self._fresh_at = measured_at, self._hass.loop.time()
            self._step(fresh=True)

    @callback
    def _time_passes(self, _now: datetime) -> None:
        """Let time pass while nothing is measured."""
        if self._hass.loop.time() - self._fresh_at >= SILENT_AFTER_S:
            self._step(fresh=False)

    @callback
    def _settle(self) -> None:
        """Look at what is declared anew: the CTs are others."""
        self.settings = declared.settings_of(self._entry, self._gateway.session.site)
        self._repairs.settings(arming.faults(self.settings))

    @callback
    def _step(self, *, fresh: bool) -> None:
        """Decide, and send what is decided. A fault of this program is as good as no program: the last word is said."""
        if not self._works:
            return
        try:
            self._decide(fresh=fresh)
        except Exception:  # noqa: BLE001 - whatever it is, nobody must go on as if somebody watched
            LOGGER.exception("The load balancing stops after a fault of this program; please report it")
            self._entry.async_create_task(self._hass, self.farewell(), name=f"{self._entry.title} says the last word")

    @callback
    def _decide(self, *, fresh: bool) -> None:
        before, reading = self.answer, self._reading(fresh=fresh)
        self._memory.at = reading.at
        self._memory.state, self.answer = controller.step(
            self._memory.state, reading, self.settings, armed=self.enabled
        )
        self._senders.send(self.answer.commands)
        if any(not isinstance(command, SetCurrent | Heartbeat) for command in self.answer.commands):
            self._save_soon()  # who has switched something off must know after a crash that it was he
        self._repairs.follow(reading, self.answer, self._missing(reading), is_armed=self.enabled)
        self._repairs.wiring((charger, self.wiring(charger.id)) for charger in self.settings.chargers)
        if is_news(before, self.answer):
            self._tell()

    def _reading(self, *, fresh: bool) -> Reading:
        at = self._clock.at(self._hass.loop.time())
        return self._sight.reading(at, fresh=fresh, modes=self._memory.modes, wishes=self._memory.wishes)

    def _supply(self, reading: Reading) -> Supply:
        main = arming.main_circuit(self.settings)
        measured = reading.circuits[main.id].current_a if main else {}
        return Supply(
            connected=frozenset(self._gateway.session.site.phases),
            measured=frozenset(measured),
            sign_faults=self._sight.sign_faults(),
            backwards=self._backwards(),
        )

    def _backwards(self) -> tuple[str, ...]:
        """Return which lines of which circuits seem to be measured the wrong way round, as their owner knows them."""
        found = self.answer.circuits.items()
        return tuple(f"{self.names[id_]}, {line.name}" for id_, circuit in found for line in circuit.backwards)

    def _missing(self, reading: Reading) -> frozenset[Phase]:
        """Return the connected lines without a current."""
        supply = self._supply(reading)
        return supply.connected - supply.measured

    async def _say_farewell(self) -> None:
        reading = self.look()
        last = controller.farewell(self._memory.state, self.settings, reading)
        self._memory.state = controller.left(self._memory.state, last, reading.at)
        await self._senders.finish(last)

    @callback
    def _save_soon(self) -> None:
        self._entry.async_create_task(self._hass, self._write(), name=f"{self._entry.title} keeps what it has switched")

    async def _write(self) -> None:
        await self._save()

    @callback
    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    def _make_senders(self) -> Senders:
        chargers = {
            id_: Sender(self._hass, self._entry, self.names[id_], entities.action)
            for id_, entities in self._sight.entities.items()
        }
        loads = {
            id_: Sender(self._hass, self._entry, self.names[id_], _switching_of(subentry.data))
            for id_, subentry in declared.of_kind(self._entry, SHED_LOAD).items()
        }
        return Senders(chargers | loads)

    def _keep_only_declared(self) -> None:
        """Forget chargers that are no longer declared."""
        memory = self._memory
        memory.modes = {id_: mode for id_, mode in memory.modes.items() if id_ in self.declared}
        memory.wishes = {id_: wish_a for id_, wish_a in memory.wishes.items() if id_ in self.declared}


def _switching_of(table: Table) -> ActionOf:
    """Return how a load is switched."""

    def action(command: Command) -> Action | None:
        return switching(table[CONF_SWITCH_ENTITY], on=command.on) if isinstance(command, SwitchLoad) else None

    return action
