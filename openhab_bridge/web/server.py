"""The HTTP server: what is served where, to whom, and with which precautions."""

import dataclasses
import errno
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from openhab_bridge.settings import WebSettings
from openhab_bridge.status import Status
from openhab_bridge.web.health import problems
from openhab_bridge.web.hosts import is_ours
from openhab_bridge.web.metrics import CONTENT_TYPE, metrics
from openhab_bridge.web.page import CONTENT_SECURITY_POLICY, page

SHUTDOWN_S = 1.0
"""How long an answer that is on its way may take when the bridge stops."""
PRECAUTIONS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class CannotServeError(Exception):
    """The port cannot be used; the message says why, and what to do."""


@asynccontextmanager
async def serving(settings: WebSettings, read: Callable[[], Status]) -> AsyncIterator[int]:
    """Serve what `read` returns and yield the port; 0 when the server is switched off. Raises CannotServeError."""
    if not settings.enabled:
        yield 0
        return
    runner = web.AppRunner(_application(settings, read), access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        yield await _listen(runner, settings)
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, settings: WebSettings) -> int:
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except (OSError, UnicodeError) as error:
        raise CannotServeError(_explained(error, settings)) from error
    port: int = runner.addresses[0][1]
    return port


def _explained(error: OSError | UnicodeError, settings: WebSettings) -> str:
    host, port = settings.host, settings.port
    match error:
        case OSError(errno=errno.EADDRINUSE):
            return (
                f"the status page cannot be served: port {port} of {host} is in use, perhaps by another bridge; stop "
                "that program, or write another port (web: port)"
            )
        case OSError(errno=errno.EACCES):
            return (
                f"the status page cannot be served: port {port} is for the system; write one from 1024 on (web: port)"
            )
        case (
            UnicodeError() | socket.gaierror() | OSError(errno=None)
        ):  # asyncio tells no number when no address is ours
            return (
                f"the status page cannot be served: {host} is no address of this machine; write 127.0.0.1, 0.0.0.0 "
                "for all its addresses, or one of them (web: host)"
            )
        case _:
            return f"the status page cannot be served at {host}, port {port}: {error}; write others (web: host, port)"


def _application(settings: WebSettings, read: Callable[[], Status]) -> web.Application:
    async def show_page(_request: web.Request) -> web.Response:
        return web.Response(text=page(read()), content_type="text/html")

    async def show_json(_request: web.Request) -> web.Response:
        status = read()
        return web.json_response({"healthy": status.healthy, **dataclasses.asdict(status)})

    async def show_health(_request: web.Request) -> web.Response:
        wrong = problems(read())
        answer = HTTPStatus.SERVICE_UNAVAILABLE if wrong else HTTPStatus.OK
        return web.Response(text="".join(f"{line}\n" for line in wrong or ("ok",)), status=answer)

    async def show_metrics(_request: web.Request) -> web.Response:
        return web.Response(body=metrics(read()), headers={"Content-Type": CONTENT_TYPE})

    application = web.Application(middlewares=[_only_to_us(settings.host)])
    application.router.add_get("/", show_page)
    application.router.add_get("/status.json", show_json)
    application.router.add_get("/health", show_health)
    application.router.add_get("/metrics", show_metrics)
    application.on_response_prepare.append(_add_precautions)
    return application


def _only_to_us(configured: str) -> Middleware:
    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not is_ours(request.headers.get("Host"), configured, request.remote):
            raise web.HTTPForbidden(
                text="This name is not known here. Open the page by the address or the own name of this machine, or "
                "write the name in the configuration of the bridge (web: host).\n"
            )
        return await handler(request)

    return check


async def _add_precautions(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(PRECAUTIONS)
    response.headers.popall("Server", None)  # which versions run here is nobody's business
