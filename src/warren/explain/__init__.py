"""Why something answers, or does not: every hop with the line of the file, and what is broken first."""
