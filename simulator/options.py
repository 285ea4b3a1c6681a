"""The command line."""

import argparse
import inspect
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from simulator.endpoint import DEFAULT_PORT, Endpoint
from simulator.faults.table import FAULTS, Fault
from simulator.house.charging.character import CHARACTERS
from simulator.scenario.file import load
from simulator.scenario.scenario import Scenario, ScenarioError
from simulator.sites.garages import chargers_of, with_character
from simulator.sites.site import GatewayKind, Site
from simulator.sites.table import SITES

EMBEDDED: Final = "embedded"
FAULT_AFTER_S: Final = 30.0
AS_THEY_ARE: Final = ""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for."""

    endpoint: Endpoint
    embedded: bool
    websocket_port: int | None
    host: str
    site: Site
    seed: int
    speed: float
    start: datetime | None
    faults: tuple[tuple[Fault, float], ...]
    mdns: bool
    history_hours: int
    history_file: Path | None
    scenario: Scenario
    chargers: bool
    """Whether the chargers are to be found on MQTT."""


def parse(arguments: list[str] | None = None) -> Options:
    """Read the command line; a mistake is explained on stderr and ends the program with 2."""
    parser = _parser()
    given = parser.parse_args(arguments)
    parser.set_defaults(**given.scenario.defaults)
    given = parser.parse_args(arguments)
    if given.history_file and not given.history_hours:
        parser.error("--history-file needs --history-hours")
    if given.broker and given.ws_port is not None:
        parser.error("--ws-port needs the embedded broker")
    try:
        chosen = with_chargers(chosen_site(given.profile, given.site), given.chargers)
        site = given.scenario.site_changes.applied_to(chosen)
    except (ValueError, ScenarioError) as error:
        parser.error(str(error))
    return Options(
        endpoint=given.broker or Endpoint(given.host, given.port),
        embedded=given.broker is None,
        websocket_port=given.ws_port,
        host=given.host,
        site=site,
        seed=given.seed,
        speed=given.speed,
        start=given.start,
        faults=tuple(given.fault),
        mdns=given.mdns,
        history_hours=given.history_hours,
        history_file=given.history_file,
        scenario=given.scenario,
        chargers=given.chargers is not None,
    )


def chosen_site(profile: str | None, site: str | None) -> str:
    """The name of the site, from either or both. Raises ValueError when they do not go together."""
    suitable = [name for name, each in SITES.items() if each.gateway == (profile or GatewayKind.GENIUS)]
    if site is None:
        return suitable[0]
    if profile is not None and site not in suitable:
        kind = SITES[site].gateway
        raise ValueError(f"--site {site} has a {kind}; with --profile {profile} choose one of: {', '.join(suitable)}")
    return site


def with_chargers(site: str, wanted: str | None) -> Site:
    """The site of that name with chargers of the character `wanted`; None and AS_THEY_ARE leave it as it is.

    Raises ValueError when chargers are wanted and the site has none that take commands.
    """
    if wanted is not None and not chargers_of(SITES[site]):
        choice = ", ".join(name for name, each in SITES.items() if chargers_of(each))
        raise ValueError(f"--site {site} has no charger that takes commands; with --chargers choose one of: {choice}")
    return with_character(SITES[site], CHARACTERS[wanted]) if wanted else SITES[site]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description="A simulated house and its Smappee gateway.",
        epilog=_fault_list(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--profile", choices=[kind.value for kind in GatewayKind], help="kind of gateway (default: that of the site)")
    add("--site", choices=SITES, help="the installation (default: the first with that kind of gateway)")
    add("--host", type=_ipv4, default="127.0.0.1", help="IPv4 address to listen on and to announce (%(default)s)")
    add("--port", type=int, default=DEFAULT_PORT, help="port of the embedded broker (default: %(default)s, 0: any)")
    add(
        "--ws-port", type=int, metavar="PORT", help="also speak MQTT over WebSocket there, path /mqtt (a gateway: 1884)"
    )
    add("--broker", type=_broker, help=f"'{EMBEDDED}' (default) or mqtt://[user:password@]host[:port]")
    add("--speed", type=_positive, default=1.0, help="simulated seconds per second (default: %(default)s)")
    add("--seed", type=int, default=1, help="another seed is another family (default: %(default)s)")
    add("--start", type=_time, help="simulated time to begin at, ISO 8601, UTC without an offset (default: now)")
    add(
        "--fault", type=_fault, action="append", default=[], metavar="NAME[@SECONDS]", help="may be repeated; see below"
    )
    add(
        "--scenario",
        type=_scenario,
        default=Scenario(),
        metavar="FILE",
        help="what happens and when (TOML); options given here go before what the file says",
    )
    add(
        "--chargers",
        nargs="?",
        choices=[AS_THEY_ARE, *CHARACTERS],
        const=AS_THEY_ARE,
        metavar="CHARACTER",
        help=f"also publish the site's chargers, charger/<id>/…; with a character: {', '.join(CHARACTERS)}",
    )
    add("--mdns", action="store_true", help="announce the gateway by mDNS")
    add("--history-hours", type=int, default=0, metavar="N", help="let the house live N hours before --start")
    add("--history-file", type=Path, metavar="FILE", help="write the true energies of those hours to FILE (JSON)")
    return parser


def _fault_list() -> str:
    heading = f"faults ({FAULT_AFTER_S:.0f} simulated seconds after the start unless told otherwise):"
    return "\n".join([heading, *(f"  {fault:<22} {_effect(fault)}" for fault in FAULTS)])


def _effect(fault: Fault) -> str:
    description = inspect.getdoc(FAULTS[fault].effect) or ""
    return description.split("\n", 1)[0].replace("`", "")


def _ipv4(text: str) -> str:
    return str(ipaddress.IPv4Address(text))


def _broker(text: str) -> Endpoint | None:
    return None if text == EMBEDDED else Endpoint.from_url(text)


def _positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise ValueError(text)
    return value


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _scenario(text: str) -> Scenario:
    try:
        return load(Path(text))
    except OSError as error:
        raise argparse.ArgumentTypeError(f"cannot read {text}: {error.strerror}") from error
    except ScenarioError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _fault(text: str) -> tuple[Fault, float]:
    name, _, seconds = text.partition("@")
    return Fault(name), float(seconds) if seconds else FAULT_AFTER_S
