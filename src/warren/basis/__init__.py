"""Layer 0, words: diagnostics, names, addresses and ports. Imports nothing else of warren."""
