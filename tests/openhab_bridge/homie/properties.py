"""The rules for a property: its attributes, its value, and what may stand below it."""

from collections.abc import Iterator

from tests.openhab_bridge.homie.payloads import CHECKS, COLORS, NUMBERS, limits, misfit
from tests.openhab_bridge.homie.tree import Branch
from tests.openhab_bridge.homie.units import DIMENSIONS

MANDATORY = ("$name", "$datatype")
OPTIONAL = ("$format", "$settable", "$retained", "$unit")
FLAGS = ("$settable", "$retained")
NEEDS_FORMAT = ("enum", "color")
SLIDER = "0:100"


def attribute_problems(item: Branch) -> Iterator[str]:
    """Return what is wrong with the attributes of a property, apart from those that are missing."""
    for flag in FLAGS:
        if item.attribute(flag) not in {None, "true", "false"}:
            yield f"{item.topic}/{flag}: {item.attribute(flag)!r} is neither 'true' nor 'false'"
    datatype = item.attribute("$datatype")
    if datatype is None:
        return
    if datatype not in CHECKS:
        yield f"{item.topic}/$datatype: {datatype!r} is no datatype that openHAB knows: it makes it a text"
        return
    yield from _format_problems(item, datatype)
    yield from _unit_problems(item, datatype)


def value_problems(item: Branch) -> Iterator[str]:
    """Return what is wrong with the value. A property whose value is not known yet has none, and that is fine."""
    if item.payload is None:
        return
    if item.attribute("$retained") == "false":
        yield f"{item.topic}: kept, although $retained says that it is not"
    datatype = item.attribute("$datatype")
    if datatype in CHECKS and (problem := misfit(datatype, item.attribute("$format"), item.payload)):
        yield f"{item.topic}: {problem}"


def problems_below(item: Branch) -> Iterator[str]:
    for name, branch in item.children.items():
        if name == "set" and branch.payload is not None:
            yield f"{branch.topic}: a command is kept: it would be given again at every start"
        elif name != "set" or branch.below:
            yield f"{branch.topic}: no topic of Homie"


def _format_problems(item: Branch, datatype: str) -> Iterator[str]:
    topic, layout = f"{item.topic}/$format", item.attribute("$format")
    if layout is None:
        if datatype in NEEDS_FORMAT:
            yield f"{topic}: missing, and {datatype} needs it"
    elif datatype in NUMBERS:
        if limits(datatype, layout) is None:
            yield f"{topic}: {layout!r} is no range from:to of {datatype}"
    elif datatype == "enum":
        yield from _choice_problems(topic, layout.split(","))
    elif datatype == "color":
        if layout not in COLORS:
            yield f"{topic}: {layout!r} is no colour model that openHAB knows"
    else:
        yield f"{topic}: means nothing for {datatype}"


def _choice_problems(topic: str, choices: list[str]) -> Iterator[str]:
    if any(not choice or choice != choice.strip() for choice in choices):
        yield f"{topic}: a choice is empty or has spaces around it, which count"
    if len(set(choices)) < len(choices):
        yield f"{topic}: a choice stands there twice"


def _unit_problems(item: Branch, datatype: str) -> Iterator[str]:
    topic, unit = f"{item.topic}/$unit", item.attribute("$unit")
    if unit is None:
        return
    if datatype not in NUMBERS:
        yield f"{topic}: openHAB would take a {datatype} with a unit for a number"
    elif unit not in DIMENSIONS:
        yield f"{topic}: openHAB does not know {unit!r} and shows the number without a unit"
    elif unit == "%" and item.attribute("$settable") == "true" and item.attribute("$format") != SLIDER:
        yield f"{topic}: openHAB makes a settable percentage a dimmer, from 0 to 100"
