"""The small table of what is not a CT: pulse meters, sensors, and switches with what they have measured."""

from collections.abc import Iterable, Iterator

from rich import box
from rich.markup import escape
from rich.table import Table

from mqtt_schema.accessories import Meter
from mqtt_schema.metering import meter_total, unit_of
from mqtt_schema.quantities import JOULE_PER_KILOWATT_HOUR
from mqtt_schema.readings import SensorReading
from smappee_gateway.cli.wording import UNKNOWN, number, with_unit
from smappee_gateway.session import Session

STATES = {True: "on", False: "off", None: UNKNOWN}

CONTACTS = {True: "closed", False: "open"}

type Line = tuple[str, str]
"""What it is, and what it tells."""


def device_table(session: Session) -> Table | None:
    """Draw the devices of a site; None when it has none."""
    return _table(
        *_meters(session, session.site.meters),
        *_sensors(session),
        *_switch_meters(session),
        *_plugs(session),
        *_modules(session),
    )


def module_table(session: Session) -> Table | None:
    """Draw declared modules alone; None when there are none."""
    modules = session.site.input_module_by_id
    return _table(
        *_meters(session, (meter for meter in session.site.meters if meter.sensor in modules)), *_modules(session)
    )


def _table(*lines: Line) -> Table | None:
    if not lines:
        return None
    table = Table("Device", "Tells", box=box.SIMPLE_HEAD, padding=(0, 1))
    for name, told in lines:
        table.add_row(escape(name), escape(told))
    return table


def _meters(session: Session, meters: Iterable[Meter]) -> Iterator[Line]:
    for meter in meters:
        name = meter.name or f"{meter.medium.capitalize()} meter {meter.id}"
        yield name, _counted(session, meter)


def _counted(session: Session, meter: Meter) -> str:
    """What a meter has counted since it was first seen; in pulses when nobody knows how many make a unit."""
    total = meter_total(session.site, session.readings, meter.id)
    if total is None:
        return with_unit(session.readings.meter_pulses.get(meter.id), "pulses")
    return with_unit(total, unit_of(meter) or meter.unit, 3)


def _sensors(session: Session) -> Iterator[Line]:
    for sensor in session.site.sensors:
        reading = session.readings.sensors.get(sensor.id)
        if reading is not None:
            yield f"Sensor {sensor.id}", _felt(reading)


def _felt(reading: SensorReading) -> str:
    return (
        f"{number(reading.temperature_c, 1)} °C, {number(reading.humidity_percent)} % humidity, "
        f"battery {number(reading.battery_percent)} %"
    )


def _switch_meters(session: Session) -> Iterator[Line]:
    for switch in session.site.switch_meters:
        energy_j = session.readings.switch_energy_j.get(switch.id)
        kilowatt_hours = None if energy_j is None else energy_j / JOULE_PER_KILOWATT_HOUR
        yield f"Meter of {switch.name}", with_unit(kilowatt_hours, "kWh", 3)


def _plugs(session: Session) -> Iterator[Line]:
    for plug in session.site.plugs:
        reading = session.readings.plugs.get(plug.id)
        yield f"Switch {plug.name}", STATES[None if reading is None else reading.on]


def _modules(session: Session) -> Iterator[Line]:
    """Relays and contacts that their owner has declared; what no module has confirmed is said to be assumed."""
    site, readings = session.site, session.readings
    for relay in site.relay_by_id.values():
        state = readings.relays[relay.id]
        assumed = " (assumed)" if state.assumed and state.on is not None else ""
        yield f"Relay {relay.name}", STATES[state.on] + assumed
    for contact in site.contact_by_id.values():
        active = readings.contacts[contact.id]
        yield f"Contact {contact.name}", UNKNOWN if active is None else CONTACTS[active is not contact.normally_closed]
