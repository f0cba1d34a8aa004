"""Hosts that are reached by OpenSSH: one shared connection each, with the user's own configuration and agent."""

from warren.hosts.ssh.host import SshHost
from warren.hosts.ssh.target import Target

__all__ = ["SshHost", "Target"]
