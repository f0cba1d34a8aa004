"""A plan carried out on all hosts, or undone on all: directly in a lab, with a way back on real hosts."""

from warren.apply.direct import apply, make_keys
from warren.apply.outcome import Failure, Outcome, Progress, StepFailed

__all__ = ["Failure", "Outcome", "Progress", "StepFailed", "apply", "make_keys"]
