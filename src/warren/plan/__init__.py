"""Layer 5, thinking about states: what would change, and in which order. Pure."""
