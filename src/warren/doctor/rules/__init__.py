"""Rules of others, read so far that the end of a packet can be told: accepted, dropped, or either."""
