"""Layer 7, the lab: the declared network on one machine, in namespaces that vanish with one process."""
