"""``watch`` and ``capture`` take the URL of a broker where they take the address of a gateway; no password is shown."""

from pathlib import Path

import aiomqtt
import pytest

from smappee_gateway.broker import Broker, Tls
from smappee_gateway.cli import address
from smappee_gateway.cli.options import parser
from smappee_gateway.cli.program import main
from tests import genius
from tests.authority import Authority
from tests.command_line import run
from tests.mosquitto import PASSWORD, USER, Mosquitto, free_port

QUOTED = PASSWORD.replace("@", "%40")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("gateway.local",), Broker("gateway.local")),
        (("gateway.local", "--port", "1884"), Broker("gateway.local", 1884)),
        (("mqtt://house",), Broker("house")),
        (("mqtt://house:1884",), Broker("house", 1884)),
        (("mqtt://house:1884", "--port", "1885"), Broker("house", 1885)),
        (("mqtts://house",), Broker("house", 8883, tls=Tls())),
        (("mqtts://a:b%40c@house:1",), Broker("house", 1, "a", "b@c", Tls())),
    ],
)
def test_an_address_is_a_name_or_a_url(arguments: tuple[str, ...], expected: Broker) -> None:
    assert address.broker(parser().parse_args(["watch", *arguments])) == expected


@pytest.fixture
async def guarded(mosquitto: Mosquitto) -> Mosquitto:
    """A broker that asks for a password, with one message."""
    mosquitto.ask_for_a_password()
    mosquitto.restart()
    async with aiomqtt.Client(mosquitto.host, mosquitto.port, username=USER, password=PASSWORD) as client:
        await client.publish(genius.topic("config"), genius.encode(genius.config()), qos=1, retain=True)
    return mosquitto


def url(broker: Mosquitto, login: str = f"{USER}:{QUOTED}@", scheme: str = "mqtt") -> str:
    return f"{scheme}://{login}{broker.host}:{broker.port}"


async def test_a_broker_that_asks_for_a_password_is_recorded(guarded: Mosquitto, tmp_path: Path) -> None:
    status, out, err = await run("capture", url(guarded), "-o", str(tmp_path / "x.jsonl"), "--seconds", "0.5")
    assert (status, err) == (0, "")
    assert "1 messages" in out
    status, out, err = await run("watch", url(guarded), "--wait", "0.5")
    assert f"{guarded.host}:{guarded.port} …" in out
    assert "no measurements arrive" in err
    assert PASSWORD not in out + err
    assert QUOTED not in out + err


async def test_a_wrong_password_is_explained_without_it(guarded: Mosquitto) -> None:
    status, out, err = await run("watch", url(guarded, f"{USER}:wrong-one@"))
    assert status == 2
    assert "does not let this user in" in err
    assert "wrong-one" not in out + err


async def test_a_broker_with_tls_is_recorded(
    mosquitto: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority()
    mosquitto.use_tls(authority.sign(tmp_path))
    mosquitto.restart()
    capture = ("capture", url(mosquitto, "", "mqtts"), "-o", str(tmp_path / "x.jsonl"), "--seconds", "0.5")
    _, _, err = await run(*capture)
    assert "is not trusted" in err
    pem = tmp_path / "authority.pem"
    pem.write_text(authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    _, _, err = await run(*capture)
    assert "nothing was sent" in err
    _, _, err = await run("capture", url(mosquitto, "", "mqtts"), "--port", str(free_port()), "-o", "never-made")
    assert "no MQTT broker answers" in err


async def test_tls_where_there_is_none_is_explained(mosquitto: Mosquitto) -> None:
    _, _, err = await run("watch", url(mosquitto, "", "mqtts"))
    assert "does not speak TLS" in err


@pytest.mark.parametrize(
    "mistake",
    [
        ("watch", "mqtt://anna:p@ss@house:99999"),
        ("watch", "http://anna:p@ss@house"),
        ("watch", "mqtt://anna:p@s/s@house"),
        ("watch", "mqtt:/anna:p@ss@house"),
        ("watch", "anna:p@ss@house"),
        ("watch", "mqtt://anna:p ss@house:99999"),
        ("watch", "house", "mqtt://anna:p@ss@house"),
        ("watch", "house", "mqtt://anna:p ss@house"),
        ("mqtt://anna:p@ss@house",),
        ("replay", "x", "--to", "mqtt://anna:p@ss@house:x"),
    ],
)
def test_a_mistake_does_not_show_the_password(mistake: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(list(mistake))
    err = capsys.readouterr().err
    assert "house" in err
    assert "anna" not in err
    assert "ss@" not in err
