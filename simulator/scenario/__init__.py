"""Scenario files: a house, a time, and what happens."""
