"""One topic of one declared module, and how to read what it says."""

from collections.abc import Callable, Iterable, Mapping

from mqtt_schema.dialects import Counting
from mqtt_schema.templates import document_of, fill, pick, placeholders, word_of
from mqtt_schema.topics import Kind
from smappee_gateway.decoders.message import MqttMessage, Report
from smappee_gateway.modules import DeclaredInput, DeclaredOutput
from smappee_gateway.updates import ModuleInputsUpdate, ModuleStateUpdate

HIGHEST_COUNT = 1e15
"""No count runs further; a float holds every whole number up to here."""


def source_topics(
    template: str, module: str, placeholder: str, first: int, parts: int
) -> Mapping[str, tuple[int, ...]]:
    """Return the topics of a module, each with the relays or inputs that it tells of, from 0."""
    if not template:
        return {}
    if placeholder not in placeholders(template):
        return {fill(template, {"module": module}): tuple(range(parts))}
    return {fill(template, {"module": module, placeholder: str(first + part)}): (part,) for part in range(parts)}


class OutputSource:
    """Where an Output module tells the states of its relays."""

    kind = Kind.OUTPUT_MODULE_STATE

    def __init__(self, declared: DeclaredOutput, outputs: tuple[int, ...]) -> None:
        """`outputs` are the relays of this topic."""
        self._module = declared.module
        self._dialect = declared.dialect
        self._outputs = outputs

    def read(self, location: str, message: MqttMessage) -> ModuleStateUpdate:
        """Read the states; raises KeyError where nothing stands, or ValueError for a word that says nothing."""
        return ModuleStateUpdate(
            location=location,
            module=self._module.id,
            states=self._states(document_of(message.payload, self._dialect.value_path)),
            retained=message.retained,
        )

    def _states(self, document: object) -> Mapping[int, bool | None]:
        dialect = self._dialect
        if dialect.tells_relays_apart:
            return _each(self._outputs, lambda output: self._state(document, output))
        states = dialect.states(word_of(pick(document, dialect.value_path)))
        if len(self._module.relays) == 1:
            return {0: states[0] if len(set(states)) == 1 else None}
        return dict(enumerate(states))

    def _state(self, document: object, output: int) -> bool:
        """Read one relay that has a place of its own."""
        path = fill(self._dialect.value_path, {"output": str(self._dialect.first_output + output)})
        return self._dialect.states(word_of(pick(document, path)))[0]


class InputSource:
    """Where an Input module tells the states and counts of its inputs."""

    kind = Kind.INPUT_MODULE_STATE

    def __init__(self, declared: DeclaredInput, inputs: tuple[int, ...], report: Report) -> None:
        """`inputs` are those of this topic. A broken one is told to `report` and lost alone."""
        self._module = declared.module
        self._dialect = declared.dialect
        self._contacts = [contact.input for contact in declared.module.contacts if contact.input in inputs]
        counts = declared.dialect.counting is Counting.RUNNING
        self._counters = [meter.input for meter in declared.module.meters if counts and meter.input in inputs]
        self._report = report

    def read(self, location: str, message: MqttMessage) -> ModuleInputsUpdate:
        """Read the inputs that are in use; raises KeyError when the message tells of none of them."""
        closed = self._told(self._contacts, self._dialect.state_path, message.payload, self._is_closed)
        counts = self._told(self._counters, self._dialect.count_path, message.payload, _count)
        if not closed and not counts and (self._contacts or self._counters):
            raise KeyError("no input")
        return ModuleInputsUpdate(
            location=location,
            module=self._module.id,
            closed=closed,
            counts={input_: count for input_, count in counts.items() if count is not None},
        )

    def _told[T](
        self, inputs: Iterable[int], path: str, payload: bytes, read: Callable[[object], T]
    ) -> dict[int, T | None]:
        """Read inputs; one that is not in the message is left out, one that says nothing is None."""
        document = document_of(payload, path) if inputs else None
        told: dict[int, T | None] = {}
        for input_ in inputs:
            try:
                told[input_] = read(pick(document, self._path(path, input_)))
            except KeyError:
                continue
            except ValueError as error:
                told[input_] = None
                self._report(self.kind, error)
        return told

    def _is_closed(self, value: object) -> bool:
        return self._dialect.is_closed(word_of(value))

    def _path(self, path: str, input_: int) -> str:
        return fill(path, {"input": str(self._dialect.first_input + input_)})


def _count(value: object) -> float:
    """Return a count of pulses; a bare one may be written as a word."""
    count = int(value) if isinstance(value, str) and value.isdecimal() else value
    if isinstance(count, bool) or not isinstance(count, int | float) or not 0 <= count <= HIGHEST_COUNT:
        raise ValueError("not a count of pulses")
    return count


def _each(outputs: Iterable[int], read: Callable[[int], bool]) -> dict[int, bool]:
    """Read the relays that are in a message; raises KeyError when none is."""
    told: dict[int, bool] = {}
    for output in outputs:
        try:
            told[output] = read(output)
        except KeyError:
            continue
    if not told:
        raise KeyError("no relay")
    return told
