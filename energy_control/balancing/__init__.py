"""Load balancing: keeps every circuit of a house within its fuses by lowering chargers and switching off loads.

`controller.step` takes one moment and returns what to command and why. It knows no clock, no network and no host.
Nothing here replaces a protective device: it is software, it reads measurements that are a second old, and what it
commands may not obey.
"""
