"""What runs in services, as files and items: Quadlet units, plain units, images, secrets, updates."""

from warren.desired.parts.workloads.part import workloads

__all__ = ["workloads"]
