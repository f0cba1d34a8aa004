"""The commands below `warren lab`."""
