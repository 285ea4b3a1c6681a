"""What the bytes of a Smappee gateway mean: topics, payloads, units, the domain model and the data-point table.

Nothing in this package does I/O or reads a clock.
"""
