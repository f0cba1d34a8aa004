"""A plan carried out on all hosts, or undone on all: directly in a lab, with a way back on real hosts."""

from warren.apply.direct import apply, make_keys
from warren.apply.outcome import Failure, Outcome, Progress, StepFailed
from warren.apply.safe import apply_safely
from warren.apply.terms import Confirm, Probe, Terms

__all__ = [
    "Confirm",
    "Failure",
    "Outcome",
    "Probe",
    "Progress",
    "StepFailed",
    "Terms",
    "apply",
    "apply_safely",
    "make_keys",
]
