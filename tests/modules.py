"""Declarations of modules as their owner would write them, and what such modules would say."""

from smappee_gateway.module_settings import modules_of
from smappee_gateway.modules import Modules

OUTPUT = "5600001234"
BOILER, TOWELS = f"{OUTPUT}_0", f"{OUTPUT}_1"
INPUT = "5700004321"
WATER, POWER, DOOR, TARIFF = (f"{INPUT}_{number}" for number in range(4))

INPUTS: list[dict[str, object]] = [
    {"input": 1, "kind": "pulse", "name": "Garden", "medium": "water", "pulses_per_unit": 1000},
    {"input": 2, "kind": "pulse", "name": "Car", "medium": "electricity", "pulses_per_unit": 500, "unit": "kWh"},
    {"input": 3, "kind": "contact", "name": "Door"},
    {"input": 4, "kind": "contact", "name": "Tariff", "normally_closed": True},
]


def output(**fields: object) -> dict[str, object]:
    return {"id": OUTPUT, "name": "Cellar", "relays": ["Boiler", "Towels"], "tried": True} | fields


def inputs(**fields: object) -> dict[str, object]:
    return {"id": INPUT, "name": "Meters", "dialect": "inputmodule", "inputs": INPUTS} | fields


def declared(*tables: dict[str, object]) -> Modules:
    """Modules of these tables; those with inputs are Input modules."""
    return modules_of(
        {
            "output_module": [table for table in tables if "inputs" not in table],
            "input_module": [table for table in tables if "inputs" in table],
        }
    )
