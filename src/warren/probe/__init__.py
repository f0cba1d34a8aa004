"""Real packets between real places.

In: places (network namespaces) and what to send from them. Out: what came back, as values. Never judges an answer.
"""
