"""Layer 1, foreign languages: text from values and values from text. Knows nothing of warren but its basis."""
