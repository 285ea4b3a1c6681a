"""What can go wrong between a gateway and its clients."""
