"""Brokers that ask for a password or speak TLS, and how each refusal is told apart from the others."""

import asyncio
from datetime import timedelta
from pathlib import Path

import aiomqtt
import pytest

from smappee_gateway import backoff, mqtt_client
from smappee_gateway.broker import Broker, Tls
from smappee_gateway.commands import PlugCommand
from smappee_gateway.errors import (
    CannotConnectError,
    InvalidAuthError,
    NotASmappeeError,
    NoTlsError,
    TlsRequiredError,
    UnreadableCertificateError,
    UntrustedCertificateError,
)
from smappee_gateway.mqtt_decoder import MqttMessage
from smappee_gateway.mqtt_transport import MqttTransport
from smappee_gateway.probe import identify
from tests import genius
from tests.authority import Authority
from tests.mosquitto import PASSWORD, USER, Mosquitto
from tests.waiting import until


async def hear_one(broker: Broker) -> MqttMessage:
    """Return the first message of a broker."""
    async with asyncio.timeout(20), MqttTransport(broker).messages() as messages:
        return await anext(messages)


async def refusal(broker: Broker) -> CannotConnectError:
    """Return why there is no connection."""
    with pytest.raises(CannotConnectError) as error:
        await hear_one(broker)
    assert PASSWORD not in str(error.value)
    return error.value


@pytest.fixture
def guarded(mosquitto: Mosquitto) -> Mosquitto:
    mosquitto.ask_for_a_password()
    mosquitto.restart()
    return mosquitto


@pytest.fixture
def authority() -> Authority:
    return Authority()


@pytest.fixture
def private(mosquitto: Mosquitto, authority: Authority, tmp_path: Path) -> Mosquitto:
    """A broker with a certificate of the house."""
    mosquitto.use_tls(authority.sign(tmp_path))
    mosquitto.restart()
    return mosquitto


def plain(broker: Mosquitto, user: str | None = None, password: str | None = None) -> Broker:
    return Broker(broker.host, broker.port, user, password)


def with_tls(broker: Mosquitto, authority: str | None, *, verify: bool = True) -> Broker:
    return Broker(broker.host, broker.port, tls=Tls(verify=verify, authority=authority))


async def test_user_and_password_open_a_broker_that_asks(guarded: Mosquitto) -> None:
    async with aiomqtt.Client(guarded.host, guarded.port, username=USER, password=PASSWORD) as client:
        await client.publish(genius.topic("config"), b"1", qos=1, retain=True)
    assert (await hear_one(plain(guarded, USER, PASSWORD))).payload == b"1"


@pytest.mark.parametrize(("user", "password"), [(None, None), (USER, "wrong"), ("nobody", PASSWORD), (USER, None)])
async def test_wrong_credentials_are_told_as_such(guarded: Mosquitto, user: str | None, password: str | None) -> None:
    assert isinstance(await refusal(plain(guarded, user, password)), InvalidAuthError)


async def test_a_user_who_may_read_nothing_hears_nothing(guarded: Mosquitto) -> None:
    guarded.ask_for_a_password(guarded.forbid("servicelocation/#"))
    guarded.restart()
    async with aiomqtt.Client(guarded.host, guarded.port, username=USER, password=PASSWORD) as client:
        await client.publish(genius.topic("config"), genius.encode(genius.config()), qos=1, retain=True)
    with pytest.raises(NotASmappeeError):
        await identify(MqttTransport(plain(guarded, USER, PASSWORD)), 0.5)


async def test_a_refused_subscription_is_a_matter_of_permission(mosquitto: Mosquitto) -> None:
    mosquitto.refuse_subscriptions(allowed="nothing/of/ours")
    mosquitto.restart()
    error = await refusal(plain(mosquitto))
    assert isinstance(error, InvalidAuthError)
    assert "servicelocation" in str(error)


async def test_a_certificate_of_a_known_authority_is_trusted(private: Mosquitto, authority: Authority) -> None:
    broker = with_tls(private, authority.pem)
    transport = MqttTransport(broker)
    async with asyncio.timeout(20), transport.messages() as messages:
        await transport.send(PlugCommand(location="x", plug="1", on=True))
        assert (await anext(messages)).topic == "servicelocation/x/plug/1/setstate"


@pytest.mark.parametrize("pem", [None, Authority("Another house").pem], ids=["none named", "another named"])
async def test_a_certificate_of_an_unknown_authority_is_not(private: Mosquitto, pem: str | None) -> None:
    assert isinstance(await refusal(with_tls(private, pem)), UntrustedCertificateError)


async def test_an_expired_certificate_is_not_trusted(
    mosquitto: Mosquitto, authority: Authority, tmp_path: Path
) -> None:
    mosquitto.use_tls(authority.sign(tmp_path, valid=-timedelta(days=1)))
    mosquitto.restart()
    error = await refusal(with_tls(mosquitto, authority.pem))
    assert isinstance(error, UntrustedCertificateError)
    assert "expired" in str(error)


async def test_a_certificate_for_another_address_is_not_trusted(
    mosquitto: Mosquitto, authority: Authority, tmp_path: Path
) -> None:
    mosquitto.use_tls(authority.sign(tmp_path, "192.0.2.7"))
    mosquitto.restart()
    error = await refusal(with_tls(mosquitto, authority.pem))
    assert isinstance(error, UntrustedCertificateError)
    assert "not valid for '127.0.0.1'" in str(error)


async def test_an_unchecked_certificate_may_be_any(private: Mosquitto) -> None:
    async with MqttTransport(with_tls(private, None, verify=False)).messages():
        pass


@pytest.mark.parametrize("pem", ["nonsense", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "é"])
async def test_what_is_no_certificate_is_told_as_such(private: Mosquitto, pem: str) -> None:
    assert isinstance(await refusal(with_tls(private, pem)), UnreadableCertificateError)


async def test_tls_where_plain_text_is_spoken_is_told_as_such(mosquitto: Mosquitto) -> None:
    assert isinstance(await refusal(with_tls(mosquitto, None)), NoTlsError)


async def test_plain_text_where_tls_is_spoken_is_told_as_such(
    private: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt_client, "CONNECT_TIMEOUT_S", 0.5)
    assert isinstance(await refusal(plain(private)), TlsRequiredError)


async def test_something_that_says_nothing_is_not_taken_for_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt_client, "CONNECT_TIMEOUT_S", 0.5)
    monkeypatch.setattr("smappee_gateway.broker.HANDSHAKE_TIMEOUT_S", 0.5)
    connections: list[asyncio.StreamWriter] = []
    async with await asyncio.start_server(lambda _, writer: connections.append(writer), "127.0.0.1", 0) as server:
        broker = Broker("127.0.0.1", server.sockets[0].getsockname()[1])
        assert type(await refusal(broker)) is CannotConnectError
        for writer in connections:
            writer.close()


@pytest.mark.parametrize("tls", [None, Tls()])
async def test_nobody_is_neither_a_matter_of_tls_nor_of_credentials(mosquitto: Mosquitto, tls: Tls | None) -> None:
    mosquitto.stop()
    broker = Broker(mosquitto.host, mosquitto.port, USER, PASSWORD, tls)
    assert type(await refusal(broker)) is CannotConnectError


async def test_a_broker_that_begins_to_refuse_is_tried_again(
    mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 0.05)
    connections: list[CannotConnectError | None] = []
    transport = MqttTransport(plain(mosquitto))
    running = asyncio.create_task(transport.run(lambda _: None, connections.append))
    await until(lambda: connections == [None])
    mosquitto.ask_for_a_password()
    mosquitto.restart()
    await until(lambda: isinstance(connections[-1], InvalidAuthError))
    mosquitto.configure("allow_anonymous true")
    mosquitto.restart()
    await until(lambda: connections[-1] is None)
    running.cancel()


def test_a_broker_does_not_show_its_password() -> None:
    assert PASSWORD not in repr(Broker("host", 1, USER, PASSWORD))
