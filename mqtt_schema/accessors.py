"""How each data point is read: `(site, readings, scope id) -> value`; None means unknown, never zero."""

from mqtt_schema.model import Site
from mqtt_schema.quantities import JOULE_PER_KILOWATT_HOUR, Phase
from mqtt_schema.readings import Readings


def grid_power(_site: Site, readings: Readings, _scope: str) -> float | None:
    """Power at the grid connection in W; + import, − export."""
    return readings.site_power.grid_w


def solar_power(_site: Site, readings: Readings, _scope: str) -> float | None:
    """Solar power in W; + producing."""
    return readings.site_power.solar_w


def battery_power(_site: Site, readings: Readings, _scope: str) -> float | None:
    """Power of all batteries in W; + discharging, − charging."""
    return readings.site_power.battery_w


def house_power(_site: Site, readings: Readings, _scope: str) -> float | None:
    """Power of the whole house in W: grid plus solar, plus what batteries give."""
    return readings.site_power.house_w


def ev_power(_site: Site, readings: Readings, _scope: str) -> float | None:
    """Power of all charging points of electric cars in W; part of the house."""
    return readings.site_power.ev_w


def unmeasured_power(site: Site, readings: Readings, _scope: str) -> float | None:
    """What the house uses in W beside its measured loads; unknown while any of them is."""
    house_w, measured_w = readings.site_power.house_w, power_of(readings, site.uncontained)
    return None if house_w is None or measured_w is None else house_w - measured_w


def has_loads(site: Site, _scope: str) -> bool:
    """A load is measured."""
    return bool(site.uncontained)


def grid_import_energy(_site: Site, readings: Readings, _scope: str) -> float | None:
    """Energy bought in kWh."""
    return _kilowatt_hours(readings.site_energy.import_j)


def grid_export_energy(_site: Site, readings: Readings, _scope: str) -> float | None:
    """Energy sold in kWh."""
    return _kilowatt_hours(readings.site_energy.export_j)


def solar_energy(_site: Site, readings: Readings, _scope: str) -> float | None:
    """Energy produced in kWh."""
    return _kilowatt_hours(readings.site_energy.solar_j)


def battery_charge_energy(_site: Site, readings: Readings, _scope: str) -> float | None:
    """Energy that batteries have taken in kWh."""
    return _kilowatt_hours(readings.site_energy.charged_j)


def battery_discharge_energy(_site: Site, readings: Readings, _scope: str) -> float | None:
    """Energy that batteries have given in kWh."""
    return _kilowatt_hours(readings.site_energy.discharged_j)


def ev_energy(_site: Site, readings: Readings, _scope: str) -> float | None:
    """Energy that electric cars have taken in kWh; part of the house."""
    return _kilowatt_hours(readings.site_energy.ev_j)


def house_energy(_site: Site, readings: Readings, _scope: str) -> float | None:
    """Energy used by the house in kWh."""
    return _kilowatt_hours(readings.site_energy.house_j)


def always_on_power(_site: Site, readings: Readings, _scope: str) -> float | None:
    """The gateway's estimate of the power that never goes away, in W."""
    return readings.always_on_w


def frequency(_site: Site, readings: Readings, _scope: str) -> float | None:
    """Line frequency in Hz."""
    return readings.frequency_hz


def voltage(_site: Site, readings: Readings, scope: str) -> float | None:
    """Voltage of a line in V."""
    return readings.voltage_v.get(Phase[scope])


def load_power(site: Site, readings: Readings, scope: str) -> float | None:
    """Power of a load in W: the sum of its CTs, unknown while one of them is missing."""
    return power_of(readings, tuple(channel.index for channel in site.load_by_id[scope].channels))


def storage_power(site: Site, readings: Readings, scope: str) -> float | None:
    """Power of one battery in W; + discharging, − charging, against the sign of its CTs."""
    power_w = load_power(site, readings, scope)
    return None if power_w is None else -power_w


def load_import_energy(_site: Site, readings: Readings, scope: str) -> float | None:
    """Energy used (load), produced (solar) or taken (battery) in kWh."""
    return _kilowatt_hours(readings.load_energy[scope].import_j)


def load_export_energy(_site: Site, readings: Readings, scope: str) -> float | None:
    """Energy given back in kWh."""
    return _kilowatt_hours(readings.load_energy[scope].export_j)


def channel_current(site: Site, readings: Readings, scope: str) -> float | None:
    """Current of a CT in A; no sign, its direction is that of the power."""
    reading = readings.channels.get(site.channel_by_key[scope].index)
    return None if reading is None else reading.current_a


def presence(_site: Site, readings: Readings, _scope: str) -> bool | None:
    """The gateway believes that somebody is at home, judged by usage."""
    return readings.presence


def plug_on(_site: Site, readings: Readings, scope: str) -> bool | None:
    """A plug is on: what it was last told, or a Smappee Switch says."""
    plug = readings.plugs.get(scope)
    return None if plug is None else plug.on


def plug_connected(_site: Site, readings: Readings, scope: str) -> bool | None:
    """The gateway reaches a Smappee Switch."""
    plug = readings.plugs.get(scope)
    return None if plug is None else plug.connected


def relay_on(_site: Site, readings: Readings, scope: str) -> bool | None:
    """What a relay of an Output module switches has power."""
    return readings.relays[scope].on


def contact_active(_site: Site, readings: Readings, scope: str) -> bool | None:
    """A contact of an Input module is not as at rest: closed, or open where it is normally closed."""
    return readings.contacts[scope]


def relay_is_tried(site: Site, scope: str) -> bool:
    """Its owner has seen it obey."""
    return site.output_module_by_id[site.relay_by_id[scope].module].tried


def plug_measures(site: Site, scope: str) -> bool:
    """It is a Smappee Switch."""
    return site.plug_by_id[scope].measures


def power_of(readings: Readings, indexes: tuple[int, ...]) -> float | None:
    """Sum the power of some channels in W; unknown when any of them is missing."""
    total = 0.0
    for index in indexes:
        reading = readings.channels.get(index)
        if reading is None or reading.power_w is None:
            return None
        total += reading.power_w
    return total


def _kilowatt_hours(joule: float | None) -> float | None:
    return None if joule is None else joule / JOULE_PER_KILOWATT_HOUR
