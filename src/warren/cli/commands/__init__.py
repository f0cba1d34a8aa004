"""One file a command: it calls the pipeline and hands the values to a view."""
