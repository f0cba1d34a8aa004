"""Layer 5, beside plan and proof: the topology as pictures for people. Pure."""
