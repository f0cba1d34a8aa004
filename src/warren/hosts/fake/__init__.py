"""A host in memory: carries out our own scripts as a kernel would, and refuses every word that it does not know."""

from warren.hosts.fake.host import FakeHost

__all__ = ["FakeHost"]
