"""warren: the whole network of a self-hoster from one file.

Read `pipeline.py` first: it lists the stages in their order.
"""

__version__ = "0.1.0"
