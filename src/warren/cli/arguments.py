"""Options that many commands share, and the kind of command that they all are.

In: decorators' parameters. Out: click options and commands. Never imports the engine before a command runs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
from click.core import ParameterSource

from warren.cli import completing, events, examples
from warren.cli.completing import DEFAULT_FILE
from warren.cli.tree import FOR_ALL, MACHINES

P = ParamSpec("P")
R = TypeVar("R")
Decorator = Callable[[Callable[..., R]], Callable[..., R]]


class Face(click.Command):
    """A command that knows its file, and whose refusals are told as the caller asked: as sentences, or as JSON."""

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command; what the engine refuses is told, everything else passes."""
        ctx.params["path"] = _file(ctx)
        if events.asked():
            # A stream of lines is not one document.
            ctx.params["as_json"] = False
        try:
            return super().invoke(ctx)
        except Exception as stopped:
            from warren.cli import refusal

            if (found := refusal.diagnostics(stopped)) is None:
                raise
            refusal.tell(found, bool(ctx.params.get("as_json")))
            return 1

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What words may stand there, and examples."""
        super().format_epilog(ctx, formatter)
        examples.write(ctx, formatter)


def _file(ctx: click.Context) -> Path:
    """The nearest one that was typed: the plain word, the command's own option, that before the command."""
    typed = ctx.get_parameter_source("path") is ParameterSource.COMMANDLINE
    found = ctx.params.pop("given", None) or (not typed and ctx.meta.get(FOR_ALL)) or ctx.params["path"]
    return Path(found)


def command(name: str, short: str, epilog: str | None = None) -> Callable[[Callable[..., object]], click.Command]:
    """A command with `--file` and `--json`; its docstring is its help."""

    def decorate(function: Callable[..., object]) -> click.Command:
        made = click.command(name, cls=Face, short_help=short, epilog=epilog)(json_option(file_option(function)))
        assert isinstance(made, click.Command)
        return made

    return decorate


def file_option(function: Callable[P, R]) -> Callable[P, R]:
    """The file, wherever a command needs one."""
    return click.option(
        "-f",
        "--file",
        "path",
        type=click.Path(path_type=Path),
        default=DEFAULT_FILE,
        envvar="WARREN_FILE",
        show_default=True,
        help="The file of the network.",
    )(function)


def json_option(function: Callable[P, R]) -> Callable[P, R]:
    """The same values for programs."""
    return click.option("--json", "as_json", is_flag=True, envvar="WARREN_JSON", help="Print JSON, for programs.")(
        function
    )


def file_argument(function: Callable[P, R]) -> Callable[P, R]:
    """The file as a plain word, for commands that take no other; it wins over `--file`."""
    return click.argument("given", metavar="[FILE]", required=False, type=click.Path(path_type=Path))(function)


def lab_option(function: Callable[P, R]) -> Callable[P, R]:
    """Which lab's hosts to act on."""
    return click.option(
        "--lab",
        envvar="WARREN_LAB",
        metavar="NAME",
        help="Act on the hosts of this lab; by default on the file's own.",
        shell_complete=completing.labs,
    )(function)


def machines_option(function: Callable[P, R]) -> Callable[P, R]:
    """What the hosts of a lab are; also before the command, as in `warren lab --machines up`."""
    return click.option(
        "--machines", is_flag=True, envvar="WARREN_LAB_MACHINES",
        help="Boot whole Debian systems as hosts, with systemd and Podman; needs root.",
        callback=lambda ctx, _, value: value or bool(ctx.meta.get(MACHINES)),
    )(function)  # fmt: skip


def name_option(function: Callable[P, R]) -> Callable[P, R]:
    """The name of a lab."""
    return click.option(
        "--name",
        envvar="WARREN_LAB",
        metavar="NAME",
        help="The lab's name; by default that of the file's network.",
        shell_complete=completing.labs,
    )(function)
