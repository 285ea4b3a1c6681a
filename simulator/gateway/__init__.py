"""The gateway: what it measures and remembers, and the wire form of each kind."""
