"""Custom components of Home Assistant. A package, so that tests load these and not those of the test plugin."""
