"""The steps from a spec to a topology, each a function (ground, topology) -> topology."""
