"""Simulated houses with cars at them, and who looks after their fuses."""
