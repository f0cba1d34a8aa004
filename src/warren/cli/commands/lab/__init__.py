"""`warren lab`: the declared network on this machine; one file below a command."""

import click

from warren.cli.tree import LAB_COMMANDS, MACHINES, LazyGroup

ABOUT = """Build the declared network on this machine and try it.

Hosts are namespaces, joined by a small Internet with a NAT router before each home, clients outside and neighbours on
every LAN. They take the very same changes as real hosts. With --machines they are whole Debian systems, which are
reached by ssh, have users and containers, and can be rebooted.
"""

command = LazyGroup("warren.cli.commands.lab", LAB_COMMANDS, "lab", ABOUT)
command.params.append(
    click.Option(
        ["--machines"],
        is_flag=True,
        expose_value=False,
        help="The same as after `up` and `test`.",
        callback=lambda ctx, _, value: ctx.meta.update({MACHINES: value}),
    )  # fmt: skip
)
