"""The bridge: gateways in, and to one MQTT broker out: Homie, plain topics, discovery; files for openHAB and evcc."""
