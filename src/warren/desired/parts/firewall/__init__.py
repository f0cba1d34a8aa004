"""The host's one nftables table: a fixed skeleton of rules, and elements that say who may do what."""

from warren.desired.parts.firewall.table import firewall

__all__ = ["firewall"]
