"""Whether openHAB accepts what is retained below a Homie prefix, and other consumers of Homie 4 with it.

The rules are those of the Homie convention 4.0.0, and of openHAB's Homie binding where that asks for more, forgives
less or shows something odd. Written from their facts alone: it shares nothing with the writer that it judges.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from tests.openhab_bridge.homie import properties
from tests.openhab_bridge.homie.tree import Branch, grown

LARGEST_DEVICE = 800
"""Topics: a consumer that subscribes to more at once may lose some in the default queue of Mosquitto."""
IDENTIFIER = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
VERSION = re.compile(r"[34]\.[0-9]+(\.[0-9]+)?")
STATES = {"init", "ready", "disconnected", "sleeping", "lost", "alert"}
DEVICE_MANDATORY = ("$homie", "$name", "$state", "$nodes")
DEVICE_OPTIONAL = ("$extensions", "$implementation")
NODE_MANDATORY = ("$name", "$type", "$properties")
EXTENSION = re.compile(r"[a-z0-9.-]+:[0-9.]+:\[[0-9.x]+(;[0-9.x]+)*\]")
FIRMWARE, STATISTICS = "org.homie.legacy-firmware", "org.homie.legacy-stats"
ATTRIBUTES_OF_EXTENSIONS = {"$localip": FIRMWARE, "$mac": FIRMWARE, "$fw": FIRMWARE, "$stats": STATISTICS}


def problems(retained: Mapping[str, str], prefix: str = "homie") -> list[str]:
    """Return everything that is wrong with it, each with its topic; nothing when it is accepted.

    `retained` is all that the broker keeps below the prefix: payloads by topic.
    """
    return [
        *_problems_of_messages(retained, prefix),
        *_problems_of_devices(grown({t: p for t, p in retained.items() if t.startswith(f"{prefix}/")}, prefix)),
    ]


def _problems_of_messages(retained: Mapping[str, str], prefix: str) -> Iterator[str]:
    if "/" in prefix:
        yield f"{prefix}: openHAB only finds devices below a prefix of one level"
    for topic, payload in retained.items():
        if not topic.startswith(f"{prefix}/"):
            yield f"{topic}: not below {prefix}/"
        if not payload:
            yield f"{topic}: a broker cannot keep an empty payload"


def _problems_of_devices(root: Branch) -> Iterator[str]:
    if not root.children:
        yield f"{root.topic}: there is no device"
    for name in root.attributes:
        yield f"{root.topic}/{name}: no topic of Homie that is kept"
    for name, device in root.children.items():
        yield from _identifier_problems(name, device)
        yield from _device_problems(device)


def _device_problems(device: Branch) -> Iterator[str]:
    yield from _attribute_problems(device, DEVICE_MANDATORY, (*DEVICE_OPTIONAL, *ATTRIBUTES_OF_EXTENSIONS))
    yield from _version_and_state_problems(device)
    yield from _extension_problems(device)
    yield from _list_problems(device, "$nodes")
    yield from _problems_of_labels(device)
    if device.payload is not None:
        yield f"{device.topic}: a device has no value"
    if device.size >= LARGEST_DEVICE:
        yield f"{device.topic}: {device.size} topics are too many for one device"
    for name, node in device.children.items():
        yield from _identifier_problems(name, node)
        yield from _node_problems(node)


def _version_and_state_problems(device: Branch) -> Iterator[str]:
    version, state = device.attribute("$homie"), device.attribute("$state")
    if version is not None and not VERSION.fullmatch(version):
        yield f"{device.topic}/$homie: openHAB finds only devices of Homie 3 and 4, not {version!r}"
    if state is not None and state not in STATES:
        yield f"{device.topic}/$state: {state!r} is no state"


def _extension_problems(device: Branch) -> Iterator[str]:
    listed = device.attribute("$extensions")
    for extension in listed.split(",") if listed else ():
        if not EXTENSION.fullmatch(extension):
            yield f"{device.topic}/$extensions: {extension!r} is not written as name:version:[versions of Homie]"
    for attribute, extension in ATTRIBUTES_OF_EXTENSIONS.items():
        if attribute in device.below and f"{extension}:" not in (listed or ""):
            yield f"{device.topic}/{attribute}: belongs to the extension {extension}, which is not listed"


def _node_problems(node: Branch) -> Iterator[str]:
    yield from _attribute_problems(node, NODE_MANDATORY, ())
    yield from _list_problems(node, "$properties")
    yield from _problems_of_labels(node)
    if node.payload is not None:
        yield f"{node.topic}: a node has no value"
    for name, item in node.children.items():
        yield from _identifier_problems(name, item)
        yield from _attribute_problems(item, properties.MANDATORY, properties.OPTIONAL)
        yield from properties.attribute_problems(item)
        yield from properties.value_problems(item)
        yield from properties.problems_below(item)


def _identifier_problems(name: str, branch: Branch) -> Iterator[str]:
    if not IDENTIFIER.fullmatch(name):
        yield f"{branch.topic}: {name!r} is no id: a to z, 0 to 9 and dashes, but not at its ends"


def _attribute_problems(branch: Branch, mandatory: tuple[str, ...], optional: tuple[str, ...]) -> Iterator[str]:
    for name in mandatory:
        if branch.attribute(name) is None:
            yield f"{branch.topic}/{name}: missing"
    for name in branch.attributes:
        if name not in {*mandatory, *optional}:
            yield f"{branch.topic}/{name}: no attribute of Homie here"
    label = branch.attribute("$name")
    if label and not label.strip():
        yield f"{branch.topic}/$name: nothing but spaces"


def _list_problems(branch: Branch, attribute: str) -> Iterator[str]:
    """Compare a list of children with the children there are. openHAB takes it letter by letter, spaces included."""
    listed = branch.attribute(attribute)
    if not listed:  # reported as missing, or as empty
        return
    counted = Counter(listed.split(","))
    for name, count in counted.items():
        if count > 1:
            yield f"{branch.topic}/{attribute}: lists {name!r} twice"
        if name not in branch.children:
            yield f"{branch.topic}/{attribute}: lists {name!r}, of which there is nothing"
    for name, child in branch.children.items():
        if name not in counted:
            yield f"{child.topic}: an orphan, not listed in {attribute}"


def _problems_of_labels(branch: Branch) -> Iterator[str]:
    """Two parts of one device, or two values of one part, that openHAB shows under the same label."""
    labels = Counter(
        label.casefold().strip() for child in branch.children.values() if (label := child.attribute("$name"))
    )
    for label, count in labels.items():
        if count > 1:
            yield f"{branch.topic}: {count} of its parts are shown as {label!r}"
