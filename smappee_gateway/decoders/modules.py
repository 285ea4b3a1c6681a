"""Input and Output modules, read by the dialect that their owner has declared for each. All dialects are inferred.

The topics of declared modules are looked up by name, and only for messages that nothing else reads, so that the others
cost nothing. A message on the topic of a preset that no declaration names is noted and goes no further.
"""

from typing import Protocol

import msgspec

from mqtt_schema.accessories import Contact, InputModule, OutputModule
from mqtt_schema.dialects import INPUT_PRESETS, OUTPUT_PRESETS
from mqtt_schema.topics import Kind, ParsedTopic
from smappee_gateway.decoders.message import MqttMessage, Report
from smappee_gateway.decoders.module_sources import InputSource, OutputSource, source_topics
from smappee_gateway.modules import INPUTS, OUTPUTS, DeclaredInput, DeclaredOutput, Modules
from smappee_gateway.seen_modules import PRESETS, SeenModules
from smappee_gateway.updates import PlugsUpdate, SiteUpdate

_UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError, KeyError)


class Source(Protocol):
    """Where a declared module speaks."""

    @property
    def kind(self) -> Kind:
        """The kind of topic under which its faults are counted."""

    def read(self, location: str, message: MqttMessage) -> SiteUpdate:
        """Return what a message says; raises one of the errors of an unreadable payload."""


class ModulesDecoder:
    """Reads declared modules and notes others."""

    def __init__(self, modules: Modules, report: Report) -> None:
        """Tell faults to `report`."""
        self.seen = SeenModules()
        self._report = report
        self._sources = _sources(modules, report)

    def speaks(self, message: MqttMessage) -> bool:
        """Whether this is the topic of a declared module."""
        return _name(message.topic) in self._sources

    def decode(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        """Read a message on the topic of a declared module; note one on another."""
        source = self._sources.get(_name(message.topic))
        if source is None:
            self.note(topic, message)
            return []
        try:
            return [source.read(topic.location, message)]
        except _UNREADABLE as error:
            self._report(source.kind, error)
            return []

    def note(self, topic: ParsedTopic, message: MqttMessage) -> bool:
        """Note a module that nobody has declared to speak here; tells whether a preset could read its message."""
        if topic.kind not in PRESETS:
            return False
        understood = _reads_as(topic.kind, topic.node, message)
        if understood or topic.kind is not Kind.PLUG_STATE:
            self.seen.note(topic, topic.kind, understood=understood)
        return understood

    def without_modules(self, update: SiteUpdate) -> SiteUpdate:
        """Take declared modules out of the list of plugs."""
        if not isinstance(update, PlugsUpdate):
            return update
        plugs = tuple(plug for plug in update.plugs if f"plug/{plug.id}/state" not in self._sources)
        return PlugsUpdate(location=update.location, plugs=plugs)


def _sources(modules: Modules, report: Report) -> dict[str, Source]:
    """Return the sources of all declared modules by their topic below the service location."""
    sources: dict[str, Source] = {}
    for output in modules.outputs:
        topics = source_topics(
            output.dialect.state_topic, output.module.id, "output", output.dialect.first_output, OUTPUTS
        )
        sources |= {topic: OutputSource(output, outputs) for topic, outputs in topics.items()}
    for inputs in modules.inputs:
        topics = source_topics(
            inputs.dialect.state_topic, inputs.module.id, "input", inputs.dialect.first_input, INPUTS
        )
        sources |= {topic: InputSource(inputs, numbers, report) for topic, numbers in topics.items()}
    return sources


def _reads_as(kind: Kind, module: str, message: MqttMessage) -> bool:
    """Tell whether a message can be read with the preset of its topic."""
    source = _preset_source(kind, module)
    try:
        source.read("", message)
    except _UNREADABLE:
        return False
    return True


def _preset_source(kind: Kind, module: str) -> Source:
    preset = PRESETS[kind]
    if preset in OUTPUT_PRESETS:
        output = OutputModule(id=module, name=module, relays=(), joint=True)
        return OutputSource(DeclaredOutput(module=output, dialect=OUTPUT_PRESETS[preset]), tuple(range(OUTPUTS)))
    contacts = tuple(Contact(id="", name="", module=module, input=input_) for input_ in range(INPUTS))
    inputs = InputModule(id=module, name=module, contacts=contacts)
    declared = DeclaredInput(module=inputs, dialect=INPUT_PRESETS[preset])
    return InputSource(declared, tuple(range(INPUTS)), lambda _kind, _error: None)


def _name(topic: str) -> str:
    """Return the name of a topic below its service location."""
    return topic.split("/", 2)[2]
