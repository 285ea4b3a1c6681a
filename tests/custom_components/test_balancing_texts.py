"""Every text of the forms in which circuits, chargers and loads are declared, and none too many."""

import inspect
import re
from typing import Any

import probatio
import pytest
from homeassistant.data_entry_flow import section

from custom_components.smappee_infinity._vendor.mqtt_schema.model import Site
from custom_components.smappee_infinity.balancing import checks, flows, forms
from custom_components.smappee_infinity.balancing.const import CIRCUIT, EV_CHARGER, SHED_LOAD
from tests.custom_components.translated import TEXTS, texts_below

SITE = Site()
NOBODY = forms.choice({})
FORMS = {
    (CIRCUIT, "main"): forms.main_schema(forms.limit_entity([])),
    (CIRCUIT, "sub"): forms.sub_schema(NOBODY, SITE, forms.limit_entity([])),
    (EV_CHARGER, "charger"): forms.charger_schema(NOBODY, SITE, [], []),
    (SHED_LOAD, "load"): forms.load_schema(NOBODY, SITE, []),
}
FLOWS = {CIRCUIT: flows.CircuitFlow, EV_CHARGER: flows.ChargerFlow, SHED_LOAD: flows.ShedLoadFlow}
CHECKS = {
    CIRCUIT: (checks.of_circuit,),
    EV_CHARGER: (checks.of_charger, checks._of_current, checks._of_phases, checks.of_commanded),  # noqa: SLF001
    SHED_LOAD: (checks.of_commanded,),
}


@pytest.mark.parametrize(("kind", "step"), FORMS)
def test_every_field_has_a_name_and_a_description(kind: str, step: str) -> None:
    texts, fields = TEXTS["config_subentries"][kind]["step"][step], FORMS[kind, step].schema
    assert_named(texts, fields)
    sections = {str(field): part.schema.schema for field, part in fields.items() if isinstance(part, section)}
    assert texts["sections"].keys() == sections.keys()
    for name, inner in sections.items():
        assert_named(texts["sections"][name], inner)


def assert_named(texts: dict[str, Any], fields: dict[probatio.Marker, object]) -> None:
    plain = {str(field) for field, value in fields.items() if not isinstance(value, section)}
    assert set(texts["data"]) == set(texts["data_description"]) == plain


@pytest.mark.parametrize("kind", FLOWS)
def test_every_step_every_error_and_every_end_has_its_text(kind: str) -> None:
    texts = TEXTS["config_subentries"][kind]
    assert texts["step"].keys() == {step for of_kind, step in FORMS if of_kind == kind}
    reasons = re.findall(r'async_abort\(reason="(\w+)"', inspect.getsource(FLOWS[kind]))
    assert texts["abort"].keys() == set(reasons)
    found = "".join(inspect.getsource(check) for check in CHECKS[kind])
    assert texts["error"].keys() == set(re.findall(r'yield "(\w+)"', found))
    assert texts["initiate_flow"].keys() == {"user", "reconfigure"}
    assert texts["entry_type"]


@pytest.mark.parametrize("kind", FLOWS)
def test_no_text_of_a_form_asks_for_what_it_is_not_given(kind: str) -> None:
    assert not [path for path, text in texts_below(f"config_subentries.{kind}") if "{" in text]
