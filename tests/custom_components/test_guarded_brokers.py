"""A broker that asks for a password or speaks TLS: asked for, tried before it is saved, and asked for anew."""

import json
import logging
import ssl
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry, ConfigEntryState, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_SSL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.smappee_infinity._vendor.smappee_gateway import backoff, mqtt_client
from custom_components.smappee_infinity.connection_form import CONF_SECURITY
from custom_components.smappee_infinity.transports import CONF_CERTIFICATE
from tests import genius
from tests.authority import Authority
from tests.custom_components.flows import address, start_by_hand, submit
from tests.custom_components.running import returned, set_up
from tests.custom_components.sender import Sender, connected
from tests.mosquitto import PASSWORD, USER, Mosquitto
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("quick_probe", "quick_set_up")

LOGIN = {CONF_USERNAME: USER, CONF_PASSWORD: PASSWORD}
WRONG = "not-this-one"


@pytest.fixture
def guarded(broker: Mosquitto) -> Mosquitto:
    broker.ask_for_a_password()
    broker.restart()
    return broker


@pytest.fixture
async def member(hass: HomeAssistant, guarded: Mosquitto) -> AsyncIterator[Sender]:  # noqa: ARG001 - outlives it
    """A gateway that the broker lets in."""
    async with connected(guarded.host, guarded.port, USER, PASSWORD) as client:
        sender = Sender(client)
        await sender.introduce()
        yield sender


@pytest.fixture
def authority() -> Authority:
    return Authority()


@pytest.fixture
def private(broker: Mosquitto, authority: Authority, tmp_path: Path) -> Mosquitto:
    """A broker with a certificate of the house."""
    broker.use_tls(authority.sign(tmp_path))
    broker.restart()
    return broker


@pytest.fixture
def with_login(entry: MockConfigEntry) -> MockConfigEntry:
    """An entry whose user and password are saved."""
    return MockConfigEntry(
        domain=entry.domain, title=entry.title, unique_id=entry.unique_id, data={**entry.data, **LOGIN}
    )


def answer(broker: Mosquitto, **security: Any) -> dict[str, Any]:  # noqa: ANN401 - as the original - what a form is sent
    return {**address(broker), CONF_SECURITY: security}


def with_tls(broker: Mosquitto, certificate: str = "", *, verify: bool = True) -> dict[str, Any]:
    return answer(broker, **{CONF_SSL: True, CONF_VERIFY_SSL: verify, CONF_CERTIFICATE: certificate})


def reauths(hass: HomeAssistant) -> list[Any]:
    flows = hass.config_entries.flow.async_progress()
    return [flow for flow in flows if flow["context"]["source"] == SOURCE_REAUTH]


def shown_in(form: ConfigFlowResult) -> str:
    """What a form is filled with."""
    schema = form["data_schema"]
    assert schema
    fields = [*schema.schema.items()]
    for key, value in schema.schema.items():
        if key == CONF_SECURITY:
            fields += value.schema.schema.items()
    return str([(key, key.description) for key, _ in fields])


async def test_user_and_password_are_tried_and_saved(hass: HomeAssistant, guarded: Mosquitto, member: Sender) -> None:
    flow = await start_by_hand(hass)
    result = await member.during(submit(hass, flow, answer(guarded, **LOGIN)))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {**address(guarded), **LOGIN}
    assert result["result"].state is ConfigEntryState.LOADED


async def test_a_wrong_password_is_asked_for_again_and_never_sent_back(
    hass: HomeAssistant, guarded: Mosquitto, member: Sender
) -> None:
    form = await submit(hass, await start_by_hand(hass), answer(guarded, **LOGIN | {CONF_PASSWORD: WRONG}))
    assert form["errors"] == {"base": "invalid_auth"}
    assert USER in shown_in(form)
    assert WRONG not in str(form)
    assert WRONG not in shown_in(form)
    result = await member.during(submit(hass, form, answer(guarded, **LOGIN)))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_password_that_was_entered_need_not_be_entered_again(
    hass: HomeAssistant, guarded: Mosquitto, member: Sender
) -> None:
    form = await submit(hass, await start_by_hand(hass), answer(guarded, **LOGIN))
    assert form["errors"] == {"base": "no_data"}
    result = await member.during(submit(hass, form, answer(guarded, **{CONF_USERNAME: USER})))
    assert result["data"] == {**address(guarded), **LOGIN}


async def test_a_user_who_may_read_nothing_is_told_what_to_allow(hass: HomeAssistant, guarded: Mosquitto) -> None:
    guarded.ask_for_a_password(guarded.forbid("servicelocation/#"))
    guarded.restart()
    async with connected(guarded.host, guarded.port, USER, PASSWORD) as client:
        sender = Sender(client)
        await sender.introduce()
        form = await sender.during(submit(hass, await start_by_hand(hass), answer(guarded, **LOGIN)))
    assert form["errors"] == {"base": "not_a_smappee"}


async def test_a_gateway_is_added_over_tls(
    hass: HomeAssistant, private: Mosquitto, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what blocks is done in a thread."""
    threads = []
    load = ssl.SSLContext.load_verify_locations

    def noted(*args: Any, **options: Any) -> None:  # noqa: ANN401 - as the original
        threads.append(threading.current_thread())
        load(*args, **options)

    async with connected(private.host, private.port, tls=ssl._create_unverified_context()) as client:  # noqa: S323, SLF001 - ours
        sender = Sender(client)
        await sender.introduce()
        monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", noted)
        flow = await start_by_hand(hass)
        result = await sender.during(submit(hass, flow, with_tls(private, f"\n{authority.pem}\n")))
        assert result["data"] == {
            **address(private),
            CONF_SSL: True,
            CONF_VERIFY_SSL: True,
            CONF_CERTIFICATE: authority.pem.strip(),
        }
        assert result["result"].state is ConfigEntryState.LOADED
    assert threads
    assert threading.main_thread() not in threads


async def test_each_problem_with_tls_has_its_own_text(
    hass: HomeAssistant,
    private: Mosquitto,
    authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mqtt_client, "CONNECT_TIMEOUT_S", 0.5)
    form = await start_by_hand(hass)

    async def problem(answer: dict[str, Any]) -> str:
        nonlocal form
        form = await submit(hass, form, answer)
        assert form["errors"]
        return form["errors"]["base"]

    assert await problem(address(private)) == "tls_required"
    assert await problem(with_tls(private)) == "untrusted_certificate"
    assert await problem(with_tls(private, Authority("Another house").pem)) == "untrusted_certificate"
    assert await problem(with_tls(private, "nonsense")) == "unreadable_certificate"
    assert await problem(with_tls(private, verify=False)) == "not_a_smappee"
    private.use_tls(authority.sign(tmp_path, valid=-timedelta(days=1)))
    private.restart()
    assert await problem(with_tls(private, authority.pem)) == "untrusted_certificate"
    assert "expired" in str(form["description_placeholders"])
    private.configure("allow_anonymous true")
    private.restart()
    assert await problem(with_tls(private, authority.pem)) == "no_tls"
    private.stop()
    assert await problem(with_tls(private, authority.pem)) == "cannot_connect"


async def test_an_untrusted_certificate_at_the_set_up_is_tried_again(
    hass: HomeAssistant, private: Mosquitto, entry: MockConfigEntry
) -> None:
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data={**address(private), CONF_SSL: True})
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "untrusted_certificate"


async def test_a_password_that_is_refused_at_the_set_up_is_asked_for(
    hass: HomeAssistant, guarded: Mosquitto, member: Sender, with_login: MockConfigEntry
) -> None:
    entry = with_login
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_PASSWORD: WRONG})
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "invalid_auth"
    await hass.async_block_till_done()
    (flow,) = reauths(hass)
    assert flow["step_id"] == "reauth_confirm"
    form = await hass.config_entries.flow.async_configure(flow["flow_id"])
    placeholders = form["description_placeholders"]
    assert placeholders
    assert (placeholders["host"], placeholders["serial"]) == (guarded.host, genius.SERIAL)
    assert WRONG not in shown_in(form)
    form = await submit(hass, flow, LOGIN | {CONF_PASSWORD: "still-wrong"})
    assert form["errors"] == {"base": "invalid_auth"}
    assert entry.data[CONF_PASSWORD] == WRONG
    result = await member.during(submit(hass, flow, LOGIN))
    assert result["reason"] == "reauth_successful"
    assert entry.data == {**address(guarded), **LOGIN}
    await member.during(until(lambda: entry.state is ConfigEntryState.LOADED))


async def test_a_password_of_another_gateways_broker_is_not_saved(
    hass: HomeAssistant, member: Sender, with_login: MockConfigEntry
) -> None:
    entry = with_login
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, unique_id="5010099999", data={**entry.data, CONF_PASSWORD: WRONG})
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    (flow,) = reauths(hass)
    form = await member.during(submit(hass, flow, LOGIN))
    assert form["errors"] == {"base": "wrong_gateway"}
    assert entry.data[CONF_PASSWORD] == WRONG


async def test_a_broker_that_begins_to_refuse_is_asked_about_once_and_tried_on(
    hass: HomeAssistant,
    broker: Mosquitto,
    gateway: Sender,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 0.05)
    monkeypatch.setattr(backoff, "LONGEST_S", 0.05)
    coordinator = await set_up(hass, entry, gateway)
    broker.ask_for_a_password()
    broker.restart()
    await until(lambda: bool(reauths(hass)))
    refusal = coordinator.gateway.failure
    await until(lambda: coordinator.gateway.failure is not refusal)
    assert len(reauths(hass)) == 1
    assert entry.state is ConfigEntryState.LOADED
    broker.configure("allow_anonymous true")
    broker.restart()
    await returned(coordinator, broker, gateway)


async def test_a_reconfigured_entry_keeps_its_password_or_loses_it_with_its_user(
    hass: HomeAssistant, guarded: Mosquitto, member: Sender, with_login: MockConfigEntry
) -> None:
    await set_up(hass, with_login, member)
    form = await with_login.start_reconfigure_flow(hass)
    assert USER in shown_in(form)
    assert PASSWORD not in shown_in(form)
    result = await member.during(submit(hass, form, answer(guarded, **{CONF_USERNAME: USER})))
    assert result["reason"] == "reconfigure_successful"
    assert with_login.data == {**address(guarded), **LOGIN}
    await member.during(hass.async_block_till_done())
    guarded.configure("allow_anonymous true")
    guarded.restart()
    async with connected(guarded.host, guarded.port) as client:
        sender = Sender(client)
        await sender.introduce()
        await sender.during(submit(hass, await with_login.start_reconfigure_flow(hass), answer(guarded)))
        await sender.during(hass.async_block_till_done())
    assert with_login.data == address(guarded)


async def test_no_secret_is_in_a_log_or_in_the_diagnostics(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    guarded: Mosquitto,
    member: Sender,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    form = await submit(hass, await start_by_hand(hass), answer(guarded, **LOGIN | {CONF_PASSWORD: WRONG}))
    result = await member.during(submit(hass, form, answer(guarded, **LOGIN)))
    entry: ConfigEntry = result["result"]
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_CERTIFICATE: "a house"})
    document = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    part = document["entry"]
    assert isinstance(part, dict)
    assert part["data"] == {
        CONF_HOST: "host",
        CONF_PORT: guarded.port,
        CONF_USERNAME: "**REDACTED**",
        CONF_PASSWORD: "**REDACTED**",
        CONF_CERTIFICATE: "**REDACTED**",
    }
    told = json.dumps(document) + caplog.text
    for secret in (PASSWORD, WRONG, "a house"):
        assert secret not in told
