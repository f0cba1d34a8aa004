"""Layer 6, effects: how a script reaches a host. Nothing above this room knows which carrier is in use."""
