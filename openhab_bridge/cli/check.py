"""`check`: says what is wrong with the configuration, or what the bridge would do, and whether it could do that now."""

import argparse
import sys
from collections.abc import Mapping

from openhab_bridge.cli.configured import configured
from openhab_bridge.cli.errors import CannotRunError
from openhab_bridge.cli.trial import try_all
from openhab_bridge.configuration.explanation import explain


async def main(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Print the explanation; raises ConfigurationError, or CannotRunError for what does not work."""
    settings = await configured(options.config, environment)
    sys.stdout.write(explain(settings).rstrip() + "\n")
    if options.offline:
        return 0
    sys.stdout.flush()
    works, problems = await try_all(settings)
    sys.stdout.write("".join(f"Tried now: {line}.\n" for line in works))
    if problems:
        raise CannotRunError("\nerror: ".join(problems))
    return 0
