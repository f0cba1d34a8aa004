"""What hosts show of a connection: what they hold, who listens, where packets come through, what real ones get."""
