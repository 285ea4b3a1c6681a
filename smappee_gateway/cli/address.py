"""Where a gateway is: what people write on the command line, and how to speak of it without its password."""

import argparse
import re
from dataclasses import replace
from typing import Final, NoReturn, override

from smappee_gateway.broker import DEFAULT_PORT, TLS_PORT, Broker
from smappee_gateway.broker_url import HIGHEST_PORT, broker_at

URL_FORM = "mqtt://host, mqtt://host:1883 or mqtts://user:password@host:8883"
SECRET: Final = re.compile(r"(?<=://).*@", re.DOTALL)
"""User and password of a URL, and of whatever looks like one: all up to the last @."""


class DiscreetParser(argparse.ArgumentParser):
    """Repeats a mistake without the password that may be in it."""

    @override
    def error(self, message: str) -> NoReturn:
        super().error(URL_FORM.join(SECRET.sub("…@", part) for part in message.split(URL_FORM)))


def add_to(command: argparse.ArgumentParser) -> None:
    """Let a command ask for an address; `broker` reads it."""
    command.add_argument(
        "host",
        type=_host,
        metavar="HOST",
        help="address of the gateway, or of the broker it sends to; a broker that asks for a password or speaks TLS: "
        "mqtt[s]://[user:password@]host[:port]",
    )
    command.add_argument("--port", type=_port, help=f"MQTT port (default: {DEFAULT_PORT}, with mqtts {TLS_PORT})")


def broker(options: argparse.Namespace) -> Broker:
    """Return the address that was asked for."""
    host: Broker = options.host
    return host if options.port is None else replace(host, port=options.port)


def url(text: str) -> Broker:
    """Read the URL of a broker."""
    try:
        return broker_at(text)
    except ValueError as error:
        raise wrong(URL_FORM, text) from error


def wrong(allowed: str, text: str) -> argparse.ArgumentTypeError:
    """Return the error that says what may be written instead. What stands before an @ may be a password."""
    _, at, shown = text.rpartition("@")
    return argparse.ArgumentTypeError(f"must be {allowed}; it is {at and '…@'}{shown!r}")


def _host(text: str) -> Broker:
    return url(text) if "://" in text or "@" in text else Broker(text)


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) <= HIGHEST_PORT:
        return int(text)
    raise wrong(f"a whole number from 1 to {HIGHEST_PORT}", text)
