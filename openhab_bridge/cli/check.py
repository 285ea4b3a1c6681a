"""`check`: says what is wrong with the configuration, or what the bridge would do."""

import argparse
import sys
from collections.abc import Mapping

from openhab_bridge.cli.configured import configured
from openhab_bridge.configuration.explanation import explain


async def main(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Print the explanation; raises ConfigurationError."""
    sys.stdout.write(explain(await configured(options.config, environment)).rstrip() + "\n")
    return 0
