"""Options: record messages while somebody acts, and hand out the file. One need not know what MQTT is."""

from collections.abc import Mapping
from typing import Final, override

import probatio
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import callback
from homeassistant.helpers.selector import SelectSelector, SelectSelectorConfig, SelectSelectorMode, TextSelector

from . import capture, errors
from ._vendor.smappee_gateway.errors import CannotConnectError
from .capture import Capture
from .capture_view import signed_link
from .ha_mqtt_transport import MqttNotConnectedError
from .options_steps import Input, OptionsSteps
from .transports import address_of

CONF_NOTE: Final = "note"
CONF_NEXT: Final = "next"
STOP: Final = "stop"
RECORD_ON: Final = "record_on"
CANNOT_RECORD: Final[Mapping[type[CannotConnectError], str]] = {
    CannotConnectError: "cannot_connect",
    MqttNotConnectedError: "mqtt_not_connected",
}
CANNOT_GET_IN: Final = "cannot_get_in"
"""All others are mended where the way to the gateway is entered, not here."""
NEXT: Final = "capture_next"
"""What can follow a note: the key of the texts."""
MOST_SHOWN: Final = 15
NONE: Final = "–"

RUNNING_SCHEMA: Final = probatio.Schema(
    {
        probatio.Optional(CONF_NOTE): TextSelector(),
        probatio.Required(CONF_NEXT, default=STOP): SelectSelector(
            SelectSelectorConfig(options=[STOP, RECORD_ON], mode=SelectSelectorMode.LIST, translation_key=NEXT)
        ),
    }
)


class CaptureSteps(OptionsSteps):
    """The steps of a recording. It belongs to the entry: who loses this dialog finds it again in the next one."""

    _capture: Capture | None = None
    """The recording that is shown; it ends when the dialog is closed."""

    async def async_step_capture(self, _user_input: Input | None = None) -> ConfigFlowResult:
        """Go to the recording that there is, if any."""
        self._capture = capture.find(self.hass, self.config_entry.entry_id)
        if self._capture is None:
            return await self.async_step_capture_start()
        if self._capture.is_running:
            return await self.async_step_capture_running()
        return await self.async_step_capture_kept()

    async def async_step_capture_kept(self, _user_input: Input | None = None) -> ConfigFlowResult:
        """Offer the recording that has been made."""
        return self.async_show_menu(step_id="capture_kept", menu_options=["capture_done", "capture_start"])

    async def async_step_capture_start(self, user_input: Input | None = None) -> ConfigFlowResult:
        """Explain what is recorded, and begin."""
        failure = None if user_input is None else await self._start()
        if user_input is not None and failure is None:
            return await self.async_step_capture_running()
        return self.async_show_form(
            step_id="capture_start",
            data_schema=probatio.Schema({}),
            errors={"base": CANNOT_RECORD.get(type(failure), CANNOT_GET_IN)} if failure else {},
            description_placeholders=self._address(failure),
        )

    async def async_step_capture_running(self, user_input: Input | None = None) -> ConfigFlowResult:
        """Invite to act, show what has come, keep what was done; until it is enough or something has ended it."""
        recording = self._recording
        if user_input is not None:
            self._note(user_input)
            if user_input[CONF_NEXT] == STOP or not recording.is_running:
                return await self.async_step_capture_done()
        return self.async_show_form(
            step_id="capture_running", data_schema=RUNNING_SCHEMA, description_placeholders=_progress(recording)
        )

    async def async_step_capture_done(self, user_input: Input | None = None) -> ConfigFlowResult:
        """Show what was recorded, and where to download it."""
        if user_input is not None:
            return self._changed({})
        recording = self._recording
        await recording.stop()
        if not recording.recorder.messages:
            return self.async_abort(reason="capture_empty", description_placeholders=self._address(None))
        link = signed_link(self.hass, self.config_entry.entry_id, capture.KEPT)
        return self.async_show_form(
            step_id="capture_done",
            data_schema=probatio.Schema({}),
            errors={"base": recording.ending} if recording.ending else {},
            # The pages of Home Assistant take every link to themselves for one of theirs, unless it opens a window.
            description_placeholders=_progress(recording)
            | {"link": f'<a href="{link}" target="_blank">', "link_end": "</a>"},
            last_step=True,
        )

    @callback
    @override
    def async_remove(self) -> None:
        """End the recording with the dialog."""
        if self._capture is not None:
            self._capture.end()

    @property
    def _recording(self) -> Capture:
        if self._capture is None:
            raise RuntimeError("no recording")
        return self._capture

    async def _start(self) -> CannotConnectError | None:
        """Begin to record; returns why that is not possible."""
        self._capture = Capture(self.hass, self.config_entry)
        try:
            await self._capture.start()
        except CannotConnectError as error:
            return error
        return None

    def _note(self, user_input: Input) -> None:
        text = user_input.get(CONF_NOTE, "").strip()
        if text:
            self._recording.recorder.note(text)

    def _address(self, error: CannotConnectError | None) -> dict[str, str]:
        address = address_of(self.hass, self.config_entry.data)
        return errors.placeholders(address, str(self.config_entry.unique_id), error)


def _progress(recording: Capture) -> dict[str, str]:
    """What has been recorded until now, for the texts."""
    recorder = recording.recorder
    return {
        "messages": str(recorder.messages),
        "topics": str(len(recorder.topics)),
        "undescribed": _listed(recorder.undescribed),
    }


def _listed(names: Mapping[str, int]) -> str:
    shown = [f"\n- `{name}`: {count}" for name, count in list(names.items())[:MOST_SHOWN]]
    return "".join([*shown, *(["\n- …"] if len(names) > MOST_SHOWN else [])]) or NONE
