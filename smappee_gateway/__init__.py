"""The protocol adapter: from what a gateway sends to a live `Site` with `Readings`, and commands back.

    message ─► Decoder ─► SiteUpdate ─► Session.apply(update, now) ─► Changes

`Session` has no socket and no clock; `Gateway` joins it to a transport.
"""
