"""The command line of the bridge."""
