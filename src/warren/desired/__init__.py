"""Layer 4, what every host should hold: items, made from the topology by parts. Pure."""
