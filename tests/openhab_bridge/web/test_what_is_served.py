import socket
from http import HTTPStatus

import aiohttp
import pytest
from aiohttp import hdrs

from openhab_bridge.settings import WebSettings
from openhab_bridge.web import CannotServeError, serving
from openhab_bridge.web.hosts import INGRESS, is_ours
from tests.mosquitto import free_port
from tests.openhab_bridge.web.conftest import Serve
from tests.openhab_bridge.web.examples import UNWELL, WELL

PATHS = ["/", "/status.json", "/health", "/metrics"]


@pytest.mark.parametrize("path", PATHS)
async def test_everything_is_read_with_get_and_head(serve: Serve, path: str) -> None:
    client = await serve(WELL)
    for method in (hdrs.METH_GET, hdrs.METH_HEAD):
        async with client.request(method, path) as answer:
            assert answer.status == HTTPStatus.OK
            assert bool(await answer.read()) == (method == hdrs.METH_GET)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", [hdrs.METH_POST, hdrs.METH_PUT, hdrs.METH_DELETE, hdrs.METH_PATCH])
async def test_nothing_can_be_changed(serve: Serve, path: str, method: str) -> None:
    client = await serve(WELL)
    async with client.request(method, path) as answer:
        assert answer.status == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize("path", ["/status", "/web/page.js", "/page.css", "/../settings.py", "/metrics/", "/health/x"])
async def test_other_paths_do_not_exist(serve: Serve, path: str) -> None:
    client = await serve(WELL)
    async with client.get(path) as answer:
        assert answer.status == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("path", [*PATHS, "/nothing"])
async def test_every_answer_takes_precautions_and_names_no_versions(serve: Serve, path: str) -> None:
    client = await serve(WELL)
    async with client.get(path) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none';")
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "Server" not in answer.headers


async def test_the_status_is_json(serve: Serve) -> None:
    client = await serve(UNWELL)
    async with client.get("/status.json") as answer:
        status = await answer.json()
    assert status["healthy"] is False
    assert [gateway["serial"] for gateway in status["gateways"]] == ["5010001234", "5010005678", "2009000042"]
    assert status["connections"][1]["waiting"] == 61


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8480", "127.0.0.1:8480", "[::1]:8480", "192.168.1.9", "localhost."]
)
async def test_addresses_and_localhost_are_answered(serve: Serve, host: str) -> None:
    client = await serve(WELL)
    async with client.get("/", headers={"Host": host}) as answer:
        assert answer.status == HTTPStatus.OK


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8480", "[::1", "", "a@b"]
)
@pytest.mark.parametrize("path", [*PATHS, "/nothing"])
async def test_other_names_are_refused(serve: Serve, host: str, path: str) -> None:
    client = await serve(WELL)
    async with client.get(path, headers={"Host": host}) as answer:
        assert answer.status == HTTPStatus.FORBIDDEN
        assert "5010001234" not in await answer.text()


@pytest.mark.parametrize(
    ("host", "peer", "answered"),
    [
        ("bridge.home.example:8480", "192.168.1.7", True),
        ("other.home.example", "192.168.1.7", False),
        ("other.home.example", INGRESS, True),
        (None, "192.168.1.7", True),
    ],
)
def test_the_configured_name_is_answered_and_home_assistant_by_any(
    host: str | None, peer: str, *, answered: bool
) -> None:
    assert is_ours(host, "Bridge.home.example", peer) is answered


def test_the_own_name_of_this_machine_is_answered() -> None:
    assert is_ours(f"{socket.gethostname()}.local:8480", "0.0.0.0", None)  # noqa: S104 - nothing listens


async def test_a_port_in_use_is_said_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CannotServeError, match=rf"port {port} of 127\.0\.0\.1 is in use.*web: port"):
            await _serve(WebSettings(port=port))


@pytest.mark.parametrize("host", ["203.0.113.7", "nobody.invalid", "a..b"])
async def test_an_address_of_another_machine_is_said_with_what_to_do(host: str) -> None:
    with pytest.raises(CannotServeError, match=r"is no address of this machine.*web: host"):
        await _serve(WebSettings(host=host, port=0))


async def test_the_port_is_free_again_when_serving_has_ended() -> None:
    async with serving(WebSettings(port=0), lambda: WELL) as port:
        pass
    async with serving(WebSettings(port=port), lambda: WELL) as again:
        assert again == port


async def test_nothing_is_served_when_it_is_switched_off() -> None:
    free = free_port()
    async with serving(WebSettings(enabled=False, port=free), lambda: WELL) as port:
        assert port == 0
        async with aiohttp.ClientSession() as client:
            with pytest.raises(aiohttp.ClientConnectorError):
                await client.get(f"http://127.0.0.1:{free}")


async def _serve(settings: WebSettings) -> None:
    async with serving(settings, lambda: WELL):
        pass
