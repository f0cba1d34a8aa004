"""Layer 3, what the network is: every address, tunnel, permission and exposure fixed. Pure."""
