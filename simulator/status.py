"""What the simulator tells while it runs: a live table on a terminal, a line now and then elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.live import Live
from rich.table import Table

from simulator.gateway.gateway import Gateway

KILOWATT_HOUR_J: Final = 3.6e6
REFRESHES_PER_S: Final = 4.0
LINE_EVERY_S: Final = 10.0


@contextmanager
def status(console: Console, speed: float) -> Iterator[Callable[[Gateway], None]]:
    """Yield what `runner.run` may call after each simulated second."""
    if not console.is_terminal:
        yield _every(LINE_EVERY_S * speed, lambda gateway: console.print(line(gateway), soft_wrap=True))
        return
    # Drawn by hand: rich would otherwise start a thread of its own.
    with Live(console=console, auto_refresh=False, transient=True) as live:
        yield _every(speed / REFRESHES_PER_S, lambda gateway: live.update(table(gateway), refresh=True))


def _every(simulated_s: float, show: Callable[[Gateway], None]) -> Callable[[Gateway], None]:
    next_ms = 0.0

    def watch(gateway: Gateway) -> None:
        nonlocal next_ms
        if gateway.house.now_ms >= next_ms:
            next_ms = gateway.house.now_ms + 1000.0 * simulated_s
            show(gateway)

    return watch


def line(gateway: Gateway) -> str:
    """The house in one line."""
    house = gateway.house
    faults = " ".join(f"{fault} x{count}" for fault, count in gateway.occurred.items())
    powers = f"grid {house.grid_power_w:.0f} W, solar {house.solar_power_w:.0f} W, house {house.load_power_w:.0f} W"
    return f"{_local_time(gateway)} {powers}{', happened: ' if faults else ''}{faults}"


def table(gateway: Gateway) -> Table:
    """The house with its circuits, the truth as the true meter counts it."""
    house, meter = gateway.house, gateway.house.meter
    rows = Table(title=f"Smappee{house.site.identity.serial_number}  {_local_time(gateway)}", caption=_caption(gateway))
    for heading in ("", "W", "kWh"):
        rows.add_column(heading, justify="right" if heading else "left")
    rows.add_row("Grid", f"{house.grid_power_w:.0f}", f"+{_kwh(meter.import_j)} -{_kwh(meter.export_j)}")
    rows.add_row("Solar", f"{house.solar_power_w:.0f}", _kwh(meter.solar_j))
    if house.batteries:
        row = f"{house.battery_power_w:.0f}", f"+{_kwh(meter.discharged_j)} -{_kwh(meter.charged_j)}"
        rows.add_row("Battery", *row)
    rows.add_row("House", f"{house.load_power_w:.0f}", _kwh(meter.house_j), end_section=True)
    for name, energy_j in meter.loads_j.items():
        rows.add_row(name, f"{house.circuits[name].demand.real:.0f}", _kwh(energy_j))
    return rows


def _caption(gateway: Gateway) -> str:
    return ", ".join(f"{fault} x{count}" for fault, count in gateway.occurred.items())


def _local_time(gateway: Gateway) -> str:
    zone = ZoneInfo(gateway.house.site.identity.time_zone)
    return datetime.fromtimestamp(gateway.house.now_ms / 1000, zone).strftime("%Y-%m-%d %H:%M:%S")


def _kwh(energy_j: float) -> str:
    return f"{energy_j / KILOWATT_HOUR_J:.3f}"
