"""One file for each subject that a host is examined for."""
