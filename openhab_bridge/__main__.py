"""``python -m openhab_bridge``: the bridge on the command line."""

import sys

from openhab_bridge.cli.program import main

if __name__ == "__main__":
    sys.exit(main())
