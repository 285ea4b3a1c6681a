"""How a house is written for others. Pure: what is to be retained where, and what a topic that comes back means."""
