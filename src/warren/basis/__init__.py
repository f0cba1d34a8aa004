"""Layer 0, words: diagnostics, names, addresses and keys. Imports nothing else of warren."""
