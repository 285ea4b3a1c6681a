"""`python -m smappee_gateway`: find gateways, watch one, record what it sends, and play that back."""

import sys

from smappee_gateway.cli.program import main

if __name__ == "__main__":
    sys.exit(main())
