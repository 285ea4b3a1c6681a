"""The payloads as they travel: one `msgspec.Struct` per message, field names and units exactly as on the wire.

Unknown fields are ignored and every field a gateway might omit has a default, so that a newer firmware is read too.
Each field carries its meaning, unit and confidence as `msgspec.Meta`; the generated documents are made from that.
"""
