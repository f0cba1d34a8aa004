"""Declared against probed, until they agree.

In: a topology and the ground on which it runs. Out: a report. Never changes a host and never prints.
"""

from warren.verify.leaks import Leaks
from warren.verify.report import Report, document, sentences
from warren.verify.run import unwatch, verify, watch

__all__ = ["Leaks", "Report", "document", "sentences", "unwatch", "verify", "watch"]
