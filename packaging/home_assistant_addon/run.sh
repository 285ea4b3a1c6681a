#!/bin/sh
# Starts the bridge with what its user has chosen in Home Assistant.
set -eu
umask 077
configuration=$(python /configure.py /data/options.json /tmp/bridge.yaml)
exec python -m openhab_bridge run --config "$configuration"
