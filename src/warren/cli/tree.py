"""The commands by name, each with a short text, so that help needs to import none of them.

In: a table. Out: a click group that imports a command when it is called. Never imports anything of the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

from warren.cli import examples

COMMANDS: Mapping[str, str] = {
    "init": "Write a file to start from.",
    "check": "Say everything that is wrong with a file.",
    "show": "Print a stage: the spec, the topology, or what a host should hold.",
    "plan": "Print what would change on every host, and why.",
    "apply": "Change the hosts, all of them or none.",
    "confirm": "Keep a change that `apply --confirm manual` has made.",
    "rollback": "Lead hosts back to what they held before.",
    "log": "Print the changes of the hosts, with when and by whom.",
    "verify": "Send real packets and compare with what is declared.",
    "explain": "Say why something answers, or what is broken first.",
    "trace": "Follow the packets of a live connection through the hosts.",
    "graph": "Draw the network.",
    "doctor": "Say what would keep hosts from working, and mend what is safe.",
    "status": "Print hosts, tunnels, services and drift.",
    "logs": "Print what a service said.",
    "exec": "Run a command where a service runs.",
    "shell": "Open a shell where a service runs.",
    "pin": "Write the digests of images into the file.",
    "trust": "Remember the key that a host shows.",
    "traffic": "Print what every service sent and received.",
    "leave": "Take everything of warren from hosts, and put back what was there.",
    "lab": "Build the declared network on this machine and try it.",
    "schema": "Print the JSON Schema of the file, for editors.",
    "completion": "Print the completion of a shell.",
}

LAB_COMMANDS: Mapping[str, str] = {
    "up": "Build a file's network here and apply it.",
    "apply": "Change a running lab to what the file says now.",
    "test": "Build, verify, take down.",
    "verify": "Verify a running lab.",
    "plan": "Print what `lab apply` would change.",
    "status": "Print the labs that run.",
    "exec": "Run a command at a place of the lab.",
    "shell": "Open a shell at a place of the lab.",
    "fault": "Cut a link, lose packets, change a home's address, end a tunnel.",
    "reboot": "Reboot a machine of the lab, or switch it on.",
    "down": "End a lab; nothing of it is left.",
}

FAULTS: Mapping[str, str] = {
    "cut": "Cut a host off from its network.",
    "heal": "Undo every fault, or those of one host.",
    "loss": "Lose a share of the packets.",
    "readdress": "Give a home another public address.",
    "kill": "End a tunnel of a host.",
    "list": "Print the faults that are in force.",
}

# Where `warren -f FILE COMMAND` keeps the file for the command.
FOR_ALL = "warren.file"
# Where `warren lab --machines COMMAND` keeps its wish.
MACHINES = "warren.machines"


class HelpfulGroup(click.Group):
    """A group that prints its help, as an error, when it is called without a command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What click itself does here differs between its versions."""
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(1)
        return super().parse_args(ctx, args)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Examples, and what holds for all commands below."""
        examples.write(ctx, formatter)
        super().format_epilog(ctx, formatter)


class LazyGroup(HelpfulGroup):
    """A group whose commands are the modules of a package, each with a `command`."""

    def __init__(self, package: str, short: Mapping[str, str], name: str, help_text: str, epilog: str = "") -> None:
        super().__init__(name, help=help_text, epilog=epilog, context_settings={"help_option_names": ["-h", "--help"]})
        self.package, self.short = package, short

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table, which is that of use."""
        return list(self.short)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the command."""
        if cmd_name not in self.short:
            return None
        found = import_module(f"{self.package}.{cmd_name}").command
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The short texts, without an import."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.short.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A word that is no command is refused with what was meant."""
        if args and args[0] not in self.short and not args[0].startswith("-"):
            from warren.basis.diagnostic import did_you_mean

            meant = did_you_mean(args[0], self.short)
            raise click.UsageError(f"there is no command `{args[0]}`{f'; {meant}' if meant else ''}", ctx)
        return super().resolve_command(ctx, args)
