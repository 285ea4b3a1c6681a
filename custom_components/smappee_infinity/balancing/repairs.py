"""What somebody should look at: repairs that come when something lasts, and go by themselves when it is over."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .._vendor.energy_control.balancing.arming import Obstacle, Refusal
from .._vendor.energy_control.balancing.decisions import Answer, Reason
from .._vendor.energy_control.balancing.reading import Reading
from .._vendor.energy_control.balancing.settings import Charger
from .._vendor.energy_control.balancing.wiring import Wiring, contradicts
from .._vendor.mqtt_schema.quantities import Phase
from ..const import DOMAIN
from . import obstacles, wiring_texts
from .const import LOST_AFTER_S, REPAIR_AFTER_S

LINE_LOST: Final = "line_lost"
CHARGER_DISOBEYS: Final = "charger_disobeys"
LOAD_DISOBEYS: Final = "load_disobeys"
CT_BACKWARDS: Final = "ct_backwards"
EXPORT_OVERLOAD: Final = "export_overload"
SETTINGS_CONTRADICT: Final = "settings_contradict"
WIRED_OTHERWISE: Final = "wired_otherwise"
KEYS: Final = (
    LINE_LOST,
    CHARGER_DISOBEYS,
    LOAD_DISOBEYS,
    CT_BACKWARDS,
    EXPORT_OVERLOAD,
    SETTINGS_CONTRADICT,
    WIRED_OTHERWISE,
)
FAULTY: Final = frozenset({Reason.UNREACHABLE, Reason.NOT_OBEYING})

type Key = tuple[str, str]
"""Which repair, and what it is about."""


class Repairs:
    """Of the balancing of one gateway."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, names: Mapping[str, str]) -> None:
        """Show nothing; `names`: of what is declared, by identifier."""
        self._hass = hass
        self._entry = entry
        self._names = names
        self._since: dict[Key, float] = {}
        self._shown: dict[Key, Mapping[str, str]] = {}

    @callback
    def settings(self, faults: Iterable[Refusal]) -> None:
        """Show what is wrong with what is declared. A fuse with nothing to control is only a beginning."""
        about = (SETTINGS_CONTRADICT, "")
        contradictions = (fault for fault in faults if fault.obstacle is not Obstacle.NOTHING_TO_CONTROL)
        problems = obstacles.explained(self._hass, contradictions, self._names)
        self._withdraw(about)
        if problems:
            self._show(about, ir.IssueSeverity.ERROR, {"problems": problems})

    @callback
    def follow(self, reading: Reading, answer: Answer, missing: AbstractSet[Phase], *, is_armed: bool) -> None:
        """Show what has lasted, and withdraw what is over."""
        at = reading.at
        lost = ", ".join(sorted(line.name for line in missing))
        self._lasting((LINE_LOST, ""), at, LOST_AFTER_S, holds=is_armed and bool(lost), texts={"lines": lost})
        for key, reason in _reasons(answer):
            texts = {"name": self._names[key[1]]}
            self._lasting(key, at, REPAIR_AFTER_S, holds=is_armed and reason in FAULTY, texts=texts)
        for id_, circuit in answer.circuits.items():
            texts = {"name": self._names[id_]}
            self._lasting((EXPORT_OVERLOAD, id_), at, LOST_AFTER_S, holds=circuit.export_overloaded, texts=texts)
            for line in Phase:
                key, seems = (CT_BACKWARDS, f"{id_}_{line.name}"), line in circuit.backwards
                self._lasting(key, at, 0.0, holds=seems, texts={**texts, "line": line.name})

    @callback
    def wiring(self, learned: Iterable[tuple[Charger, Wiring]]) -> None:
        """Show where what was learned contradicts what was said; that has lasted long enough to be learned."""
        for charger, seen in learned:
            about = (WIRED_OTHERWISE, charger.id)
            if not contradicts(charger, seen):
                self._withdraw(about)
                continue
            texts = {"said": wiring_texts.said(charger.lines), "seen": wiring_texts.learned(seen)}
            self._show(about, ir.IssueSeverity.WARNING, {"name": self._names[charger.id], **texts})

    @callback
    def clear(self) -> None:
        """Withdraw all."""
        for key in tuple(self._shown):
            self._withdraw(key)

    def _lasting(self, key: Key, at: float, after_s: float, *, holds: bool, texts: dict[str, str]) -> None:
        if not holds:
            self._since.pop(key, None)
            self._withdraw(key)
        elif at - self._since.setdefault(key, at) >= after_s:
            self._show(key, ir.IssueSeverity.WARNING, texts)

    def _show(self, key: Key, severity: ir.IssueSeverity, texts: dict[str, str]) -> None:
        if self._shown.get(key) == texts:
            return
        self._shown[key] = texts
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._id(key),
            is_fixable=False,
            severity=severity,
            translation_key=key[0],
            translation_placeholders={"serial": str(self._entry.unique_id), **texts},
        )

    def _withdraw(self, key: Key) -> None:
        if key in self._shown:
            del self._shown[key]
            ir.async_delete_issue(self._hass, DOMAIN, self._id(key))

    def _id(self, key: Key) -> str:
        return "_".join(part for part in (key[0], self._entry.entry_id, key[1]) if part)


def _reasons(answer: Answer) -> Iterator[tuple[Key, Reason]]:
    for id_, charger in answer.chargers.items():
        yield (CHARGER_DISOBEYS, id_), charger.reason
    for id_, load in answer.loads.items():
        yield (LOAD_DISOBEYS, id_), load.reason
