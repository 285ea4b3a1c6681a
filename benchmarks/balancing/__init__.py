"""What balancing is worth: a simulated house, its fuse and its car, under several controllers."""
