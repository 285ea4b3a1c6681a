"""The broker, as a Thing of openHAB."""

from collections.abc import Iterator, Mapping

from smappee_gateway.broker import Broker

LABEL = "MQTT broker of the Smappee bridge"


def configuration(broker: Broker) -> Mapping[str, str | int | bool]:
    """Return what its Thing is configured with; never the password."""
    user = {} if broker.user is None else {"username": broker.user}
    return {"host": broker.host, "port": broker.port, "secure": broker.tls is not None, **user}


def advice(broker: Broker) -> Iterator[str]:
    """Say what the reader may have to change, line by line."""
    yield "openHAB connects once to each broker: if it has a Thing for this one, use that instead of the one here."
    yield "The host is named as the bridge reaches it; name it as openHAB does."
    if broker.user is not None:
        yield "The password is not written here: add `password` beside `username`."
    if broker.tls is not None and (broker.tls.authority is not None or not broker.tls.verify):
        yield "Java may not know who signed the certificate: then add `certificatepin` (true) beside `secure`."
