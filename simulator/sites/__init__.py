"""The installations: what a house has, and what its gateway is told about it."""
