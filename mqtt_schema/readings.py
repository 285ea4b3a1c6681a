"""The live values of a site. Decoders may bring classes of their own, so that nothing is copied."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from mqtt_schema.quantities import Phase, Unit


class ChannelReading(Protocol):
    """One channel at one moment; None = not given. Decoders bring their own class, so that nothing is copied."""

    @property
    def power_w(self) -> float | None:
        """Active power in W, sign as in `quantities`."""

    @property
    def import_j(self) -> float | None:
        """Counter as sent, in J; totals that people see come from `Readings.load_energy`."""

    @property
    def export_j(self) -> float | None:
        """Counter as sent, in J."""

    @property
    def current_a(self) -> float | None:
        """RMS current in A, without a sign."""

    @property
    def apparent_va(self) -> float | None:
        """Apparent power in VA, without a sign."""

    @property
    def power_factor_percent(self) -> float | None:
        """Power factor in %, with the sign of the power; made of noise where the apparent power is 0 (captured)."""


class LoadEnergy(Protocol):
    """Totals of one load; None until its counters have proved themselves."""

    @property
    def import_j(self) -> float | None:
        """Energy used (load) or produced (solar) in J."""

    @property
    def export_j(self) -> float | None:
        """Energy given back in J."""


class MeterTotal(Protocol):
    """What a pulse meter has counted since it was first seen."""

    @property
    def unit(self) -> Unit | None:
        """In which it is counted; None = none that is known."""

    @property
    def amount(self) -> float:
        """How much that is."""


@dataclass(slots=True)
class SitePower:
    """Powers of the whole house in watt, signs as in `quantities`; None when a channel needed for it is missing."""

    grid_w: float | None = None
    solar_w: float | None = None
    battery_w: float | None = None
    ev_w: float | None = None
    house_w: float | None = None


@dataclass(slots=True)
class SiteEnergy:
    """Energies of the whole house in joule, integrated by us since the first message; None = not yet measured."""

    import_j: float | None = None
    export_j: float | None = None
    solar_j: float | None = None
    charged_j: float | None = None
    discharged_j: float | None = None
    ev_j: float | None = None
    house_j: float | None = None
    approximated: bool = False
    """Part of the totals was filled in from counters because messages were missing."""


@dataclass(slots=True)
class PlugReading:
    """State of a plug; None = not yet told. `connected` is only sent by Smappee Switches."""

    on: bool | None = None
    connected: bool | None = None


@dataclass(slots=True)
class RelayReading:
    """State of what a relay switches; None = not told since the gateway's last start, or neither on nor off."""

    on: bool | None = None
    """It has power: of a normally closed relay, while that is at rest."""
    assumed: bool = True
    """It may differ from what the relay does: its module has not answered a command yet, or not the latest."""


@dataclass(slots=True)
class SensorReading:
    """What a gas & water sensor feels; None = not told, or impossible."""

    temperature_c: float | None = None
    humidity_percent: float | None = None
    battery_percent: float | None = None


@dataclass(slots=True)
class Readings:
    """The live values of a site. Written by the session only, read by everyone."""

    channels: Mapping[int, ChannelReading] = field(default_factory=dict)
    voltage_v: Mapping[Phase, float] = field(default_factory=dict)
    frequency_hz: float | None = None
    site_power: SitePower = field(default_factory=SitePower)
    site_energy: SiteEnergy = field(default_factory=SiteEnergy)
    load_energy: Mapping[str, LoadEnergy] = field(default_factory=dict)
    """By load identifier."""
    always_on_w: float | None = None
    presence: bool | None = None
    plugs: dict[str, PlugReading] = field(default_factory=dict)
    relays: dict[str, RelayReading] = field(default_factory=dict)
    """By relay identifier; every declared relay is in it."""
    contacts: dict[str, bool | None] = field(default_factory=dict)
    """By contact identifier; every declared contact is in it. True = not as at rest; None = not told."""
    sensors: dict[str, SensorReading] = field(default_factory=dict)
    """By sensor identifier."""
    meter_pulses: Mapping[str, float] = field(default_factory=dict)
    """Pulses by meter identifier, counted since the meter was first seen."""
    meter_totals: Mapping[str, MeterTotal] = field(default_factory=dict)
    """By meter identifier; meters whose pulses per unit were never known have none."""
    meter_pulses_per_s: dict[str, float | None] = field(default_factory=dict)
    """By meter identifier, the mean of the latest interval; None = not told. Running counts tell none."""
    switch_energy_j: Mapping[str, float] = field(default_factory=dict)
    """Energy in J by switch meter identifier, counted since it was first seen."""
