"""`warren lab`: the declared network on this machine; one file below a command."""

from warren.cli.tree import LAB_COMMANDS, LazyGroup

ABOUT = """Build the declared network on this machine and try it.

Hosts are namespaces, joined by a small Internet with a NAT router before each home, clients outside and neighbours on
every LAN. They take the very same changes as real hosts.
"""

command = LazyGroup("warren.cli.commands.lab", LAB_COMMANDS, "lab", ABOUT)
