"""Load balancing inside Home Assistant: what owners declare of it, what it sees, what it commands, what it shows.

What is decided, and why, is decided in `energy_control.balancing`; here is nothing but the way in and the way out.
"""
