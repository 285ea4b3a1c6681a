"""Policies: what follows from measurements, and what to do about it. No input or output, no clock: time is passed in.

Each policy is a reducer: `step(state, reading, settings) -> (state, answer)`. States are plain data that a host keeps
over its restarts.
"""
