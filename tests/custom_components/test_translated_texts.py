"""What texts say: no text asks for what it is not given, and every language says the same."""

import json
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import translation

from custom_components.smappee_infinity import errors, options_loads
from custom_components.smappee_infinity._vendor.smappee_gateway.setting_problems import SENTENCES, Wrong
from custom_components.smappee_infinity.balancing import controls, repairs
from custom_components.smappee_infinity.const import DOMAIN
from tests.custom_components.translated import (
    ABOUT_A_LOAD,
    FOLDER,
    MISTAKES,
    OBSTACLES,
    TEXTS,
    placeholders,
    texts_below,
    texts_in,
)

GIVEN = set(errors.placeholders(("", 0), "", None))
"""What forms, errors and repairs are given."""
RECORDED = {"messages", "topics", "undescribed"}
GIVEN_TO_RECORDINGS = {
    "options.abort.capture_empty": {"host", "port", "serial"},
    "options.error.cannot_connect": {"host", "port", "reason"},
    "options.error.cannot_get_in": {"host", "port", "reason"},
    "options.step.capture_running.description": RECORDED,
    "options.step.capture_done.description": RECORDED | {"link", "link_end"},
}
LANGUAGES = ("de", "fr", "nl")
LONGEST_WORD = 20
"""Longer texts are never the same in two languages."""
GIVEN_TO_SUBENTRIES = {
    "error": {"problems", "name", "serial"},
    "abort": {"relay"},
    "step": {"name", "serial", "relays", "meter"},
}
GIVEN_TO_REPAIRS = {
    repairs.LINE_LOST: {"serial", "lines"},
    repairs.CHARGER_DISOBEYS: {"serial", "name"},
    repairs.LOAD_DISOBEYS: {"serial", "name"},
    repairs.CT_BACKWARDS: {"serial", "name", "line"},
    repairs.EXPORT_OVERLOAD: {"serial", "name"},
    repairs.SETTINGS_CONTRADICT: {"serial", "problems"},
    repairs.WIRED_OTHERWISE: {"serial", "name", "said", "seen"},
}


def test_names_that_say_which_have_a_place_for_it() -> None:
    for path, text in texts_below("entity"):
        if path.endswith(".name"):
            expected = {"name"} if ".named_" in path else {"phase"} if path.endswith("_phase.name") else set()
            assert placeholders(text) == expected, path


def test_texts_mention_only_what_they_are_given() -> None:
    parts = ("config.error", "config.step", "config.progress", "exceptions", "issues")
    given = {f"exceptions.{key}.message": {"name", "serial"} for key in errors.COMMAND_KEYS.values()}
    given[f"exceptions.{errors.TOO_OFTEN}.message"] = {"name", "count", "seconds"}
    given |= {f"exceptions.{key}.message": {"problems"} for key in (errors.NOT_DECLARABLE, controls.NOT_ENABLED)}
    given |= {f"exceptions.{key}.message": {"name"} for key in OBSTACLES}
    given |= {f"exceptions.{key}.message": placeholders(sentence) for key, sentence in MISTAKES.items()}
    given |= {
        f"issues.{key}.{text}": GIVEN_TO_REPAIRS[key] for key in repairs.KEYS for text in ("title", "description")
    }
    given |= {f"issues.{errors.DOUBLED}.{text}": {"serial"} for text in ("title", "description")}
    given |= {f"issues.{errors.LEFT_ON}.{text}": {"name", "serial"} for text in ("title", "description")}
    for part in parts:
        for path, text in texts_below(part):
            assert placeholders(text) <= given.get(path, GIVEN), path
    for path, text in texts_below("config_subentries"):
        assert placeholders(text) <= GIVEN_TO_SUBENTRIES.get(path.split(".", 3)[2], set()), path
    for part in ("config.abort", "options"):
        for path, text in texts_below(part):
            about_a_load = path.split(".")[2] in ABOUT_A_LOAD
            named = {options_loads.CONF_LOAD} if about_a_load else GIVEN_TO_RECORDINGS.get(path, set())
            assert placeholders(text) <= named, path
    assert placeholders(TEXTS["config"]["flow_title"]) == {"name"}


def test_everything_that_is_given_is_mentioned_somewhere() -> None:
    mentioned = {
        name
        for part in ("config", "exceptions", "issues")
        for _, text in texts_below(part)
        for name in placeholders(text)
    }
    assert mentioned >= GIVEN


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_texts_have_nothing_that_pages_take_for_a_tag(language: str) -> None:
    assert "<" not in (FOLDER / "translations" / f"{language}.json").read_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_the_same_places(language: str) -> None:
    theirs: dict[str, Any] = json.loads((FOLDER / "translations" / f"{language}.json").read_text())
    english, translated = dict(texts_in("", TEXTS)), dict(texts_in("", theirs))
    assert list(translated) == list(english)
    for path, text in translated.items():
        assert placeholders(text) == placeholders(english[path]), path
        assert text.count("\n") == english[path].count("\n"), path
    sentences = [path for path, text in english.items() if len(text) > LONGEST_WORD]
    assert not [path for path in sentences if translated[path] == english[path]]


def test_there_are_no_other_languages() -> None:
    assert {file.stem for file in (FOLDER / "translations").iterdir()} == {"en", *LANGUAGES}


def test_mistakes_in_declarations_are_called_as_they_are_on_the_command_line() -> None:
    assert set(SENTENCES) == set(Wrong)
    for key, sentence in MISTAKES.items():
        assert TEXTS["exceptions"][key]["message"] == sentence


@pytest.mark.parametrize("language", LANGUAGES)
async def test_home_assistant_speaks_them(hass: HomeAssistant, language: str) -> None:
    english = await translation.async_get_translations(hass, "en", "entity", {DOMAIN})
    loaded = await translation.async_get_translations(hass, language, "entity", {DOMAIN})
    key = f"component.{DOMAIN}.entity.sensor.grid_power.name"
    assert loaded[key] != english[key]


async def test_home_assistant_finds_the_texts(hass: HomeAssistant) -> None:
    loaded = await translation.async_get_translations(hass, "en", "exceptions", {DOMAIN})
    for key in (*errors.TRANSLATION_KEYS.values(), *errors.COMMAND_KEYS.values()):
        assert loaded[f"component.{DOMAIN}.exceptions.{key}.message"] == TEXTS["exceptions"][key]["message"]
