"""What a host can hold: one file a kind, each with its whole life: key, observe, compare, change, undo."""
