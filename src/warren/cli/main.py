"""The command line: `warren COMMAND`.

In: the words of the caller. Out: an exit code. Never decides anything about a network, and imports click alone, so
that help and completion are there at once.
"""

from __future__ import annotations

import gc
from collections.abc import Sequence

import click

from warren import __version__
from warren.cli import colour
from warren.cli.guard import guarded
from warren.cli.tree import COMMANDS, FOR_ALL, LazyGroup

ABOUT = """The whole network of a self-hoster from one file.

One file says which hosts there are, which services run on them, who may talk to whom and what the Internet may reach.
warren works out the network, shows what would change, changes it with a way back, and proves it.
"""
EXIT_CODES = """\b
Exit codes:
  0    done, or nothing to do
  1    an error
  2    there are changes (plan --detailed-exitcode)
  3    what is declared is not so (check, plan, apply, verify, lab test),
       or a connection does not work (explain)
  130  interrupted
  exec and shell end with the exit code of what ran.

Every option can be given as WARREN_COMMAND_OPTION too; WARREN_FILE, WARREN_LAB and WARREN_JSON hold for all.
NO_COLOR and FORCE_COLOR decide on colour.
"""


class Warren(LazyGroup):
    """The whole command line."""

    def invoke(self, ctx: click.Context) -> object:
        """Decides on colour before any command prints, and keeps a file that was named before the command."""
        ctx.color = colour.wanted()
        ctx.meta[FOR_ALL] = ctx.params.pop("file", None)
        return super().invoke(ctx)


warren = Warren("warren.cli.commands", COMMANDS, "warren", ABOUT, EXIT_CODES)
click.version_option(__version__, prog_name="warren", message="%(prog)s %(version)s")(warren)
click.option("-f", "--file", type=click.Path(), allow_from_autoenv=False, help="The file, for any COMMAND.")(warren)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; whatever happens becomes a sentence."""
    # A command makes frozen values, which have no cycles, and ends: with 10,000 services the collector would take half
    # of its time to find nothing.
    gc.disable()
    return guarded(
        lambda: warren.main(arguments, prog_name="warren", standalone_mode=False, auto_envvar_prefix="WARREN")
    )
