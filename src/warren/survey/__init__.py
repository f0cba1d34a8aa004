"""Hosts asked about themselves, tried from outside, and mended: the effects of `doctor/`."""
