"""Layer 2, what the user wrote: the file as frozen models, checked. Pure."""
