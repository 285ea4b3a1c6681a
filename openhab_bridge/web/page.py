"""The status page: one document that needs nothing from elsewhere, and nothing but itself to stay current."""

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import Final

from openhab_bridge.status import ConnectionStatus, GatewayStatus, Status
from openhab_bridge.web.health import problems
from openhab_bridge.web.markup import Html, element, joined
from openhab_bridge.web.wording import State, connection_state, count, duration, gateway_state, last_heard

_OURS = files("openhab_bridge.web")
STYLE: Final = (_OURS / "page.css").read_text(encoding="utf-8")
SCRIPT: Final = (_OURS / "page.js").read_text(encoding="utf-8")
ICON: Final = (
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>"
    "<path fill='%231f8a4c' d='M9 0 2 9h5l-1 7 8-10H8z'/></svg>"
)


def _source(text: str) -> str:
    """Return what the policy calls this very text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        f"style-src {_source(STYLE)}",
        f"script-src {_source(SCRIPT)}",
        "img-src data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    )
)
"""Only our own style and script, as they are here; Home Assistant shows an add-on's page in a frame of its own."""


def page(status: Status) -> str:
    """Return the whole document."""
    head = joined(
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="color-scheme" content="light dark"><link rel="icon" href="'),
        ICON,
        Html('"><noscript><meta http-equiv="refresh" content="5"></noscript>'),
        element("title", "Smappee bridge"),
        element("style", Html(STYLE)),
    )
    body = joined(
        element("main", _summary(status), _gateways(status), _connections(status)),
        _links(),
        element("script", Html(SCRIPT)),
    )
    return "<!DOCTYPE html>" + element("html", element("head", head), element("body", body), lang="en")


def _summary(status: Status) -> Html:
    wrong = problems(status)
    state = State.BAD if wrong else State.GOOD
    heard = sum(gateway.fresh for gateway in status.gateways)
    working = sum(connection.works for connection in status.connections)
    return element(
        "header",
        element("h1", "Smappee bridge ", _pill(state, "needs attention" if wrong else "all is well")),
        element(
            "p",
            f"{heard} of {len(status.gateways)} gateways heard, "
            f"{working} of {len(status.connections)} connections to {status.target}",
        ),
        element(
            "p",
            " · ".join(part for part in (status.version and f"version {status.version}", _running(status)) if part),
            class_="quiet",
        ),
        element("p", id="silence", class_="failure", role="status"),
    )


def _running(status: Status) -> str:
    return f"running for {duration(status.running_s)}"


def _gateways(status: Status) -> Html:
    cards = joined(*(_gateway(gateway, place) for place, gateway in enumerate(status.gateways)))
    return element("section", element("h2", "Gateways"), element("div", cards, class_="cards"))


def _gateway(gateway: GatewayStatus, place: int) -> Html:
    state, word = gateway_state(gateway)
    figures = (
        _figure("Messages", gateway.messages, counter=f"gateway {place}"),
        _figure("Unreadable", gateway.bad_payloads, bad=gateway.bad_payloads > 0),
        _figure("Data points", gateway.properties),
        _figure("Commands", gateway.commands),
        _figure("Failed", gateway.failed_commands, bad=gateway.failed_commands > 0),
    )
    return element(
        "article",
        element("h3", element("span", gateway.name or "Gateway"), _pill(state, word)),
        element("p", " · ".join(part for part in (gateway.serial, gateway.address) if part), class_="quiet"),
        element("p", last_heard(gateway)),
        element("p", gateway.failure, class_="failure"),
        element("dl", *figures),
        class_=state.value,
    )


def _figure(name: str, number: int, *, counter: str = "", bad: bool = False) -> Html:
    """One counter; the script shows the rate of those that have a name."""
    value = element("dd", count(number), *_rate(number, counter), class_="failure" if bad else "")
    return element("div", element("dt", name), value)


def _rate(number: int, counter: str) -> tuple[Html, ...]:
    return (element("small", data_counter=counter, data_count=str(number)),) if counter else ()


def _connections(status: Status) -> Html:
    titles = element(
        "tr", *(element("th", title, scope="col") for title in ("Connection", "State", "Published", "Waiting"))
    )
    rows = joined(*(_connection(connection) for connection in status.connections))
    table = element("table", element("thead", titles), element("tbody", rows))
    nothing = element("p", "None yet: they are made when a gateway is known.", class_="quiet")
    return element("section", element("h2", "Connections"), table if status.connections else nothing)


def _connection(connection: ConnectionStatus) -> Html:
    state, word = connection_state(connection)
    failure = (element("div", connection.failure, class_="failure"),) if connection.failure else ()
    return element(
        "tr",
        element("th", connection.name, *failure, scope="row"),
        element("td", _pill(state, word)),
        element(
            "td", count(connection.published), *_rate(connection.published, connection.name), data_title="Published"
        ),
        element("td", count(connection.waiting), data_title="Waiting"),
    )


def _pill(state: State, word: str) -> Html:
    return element("span", word, class_=f"pill {state.value}")


def _links() -> Html:
    """The paths are relative: behind Home Assistant this page has a path in front of its own."""
    links = (("status.json", "Status as JSON"), ("health", "Health"), ("metrics", "Metrics for Prometheus"))
    return element("footer", *(element("a", text, href=path) for path, text in links))
