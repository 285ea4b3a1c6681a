"""Make the bridge's configuration of the add-on's options, and print where it is. Needs nothing but Python."""

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

OWN_FILES = Path("/config")
"""Where the user's own files of this add-on are."""
STATE = "/data"
"""What the Supervisor keeps over updates and backs up."""
# Home Assistant's ingress comes from within the container network; the port is published nowhere else.
WEB = {"host": "0.0.0.0", "port": 8480}  # noqa: S104 - in a container
TIMEOUT_S = 10
NO_BROKER = "no MQTT broker: install the Mosquitto add-on, or fill in 'target' in the configuration of this add-on"


def main(options_file: str, written: str) -> int:
    """Write the configuration, or name the file that the user has written; 1 when there is no broker."""
    options = json.loads(Path(options_file).read_text(encoding="utf-8"))
    if options.get("config_file"):
        sys.stdout.write(f"{OWN_FILES / options['config_file']}\n")
        return 0
    target = filled(options.get("target", {}))
    try:
        configuration = configured(options, target if "host" in target else home_assistants_broker(os.environ))
    except (OSError, KeyError, ValueError) as error:
        sys.stderr.write(f"error: {NO_BROKER} ({type(error).__name__})\n")
        return 1
    # JSON is YAML, too. A password may be in it: nobody else reads it (umask of run.sh).
    Path(written).write_text(json.dumps(configuration, indent=1), encoding="utf-8")
    sys.stdout.write(f"{written}\n")
    return 0


def configured(options: Mapping[str, object], target: Mapping[str, object]) -> dict[str, object]:
    """Return the configuration."""
    gateways = options.get("gateways")
    return {
        "target": target,
        "gateways": [filled(gateway) for gateway in gateways] if isinstance(gateways, list) else [],
        "all_points": options.get("all_points", False),
        "home_assistant": {"enabled": options.get("discovery", False)},
        "web": WEB,
        "state_folder": STATE,
    }


def home_assistants_broker(environment: Mapping[str, str]) -> dict[str, object]:
    """Ask the Supervisor for the broker of Home Assistant. Raises OSError, KeyError or ValueError when it has none."""
    request = urllib.request.Request(  # noqa: S310 - http, as above - it is http
        environment.get("SUPERVISOR_URL", "http://supervisor") + "/services/mqtt",
        headers={"Authorization": f"Bearer {environment['SUPERVISOR_TOKEN']}"},
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - http, as above
        service = json.load(answer)["data"]
    broker = {
        "host": service["host"],
        "port": service["port"],
        "user": service.get("username"),
        "password": service.get("password"),
        "tls": service.get("ssl", False),
    }
    return filled(broker)


def filled(keys: Mapping[str, object]) -> dict[str, object]:
    """Leave out what was left empty."""
    return {key: value for key, value in keys.items() if value not in (None, "")}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
