"""Examples of every command, as `--help`, the reference and the man pages show them.

In: the words that call a command. Out: lines to type, each with what it does. Never imports the engine.
"""

from __future__ import annotations

from collections.abc import Mapping

import click
from click.formatting import wrap_text

Example = tuple[str, str]

EXAMPLES: Mapping[str, tuple[Example, ...]] = {
    "warren": (
        ("warren init", "begin with a file that runs as it is"),
        ("warren check", "what is wrong with ./warren.yaml"),
        ("warren lab test", "try it all on this machine, without a server"),
        ("warren apply", "show what would change on the hosts, ask, do it"),
    ),
    "warren init": (("warren init", "write ./warren.yaml"), ("warren init net/warren.yaml", "write another one")),
    "warren check": (
        ("warren check", "check ./warren.yaml"),
        ("warren check --dns", "ask the names of HTTPS, too"),
        ("warren check --json other.yaml", "the same for programs"),
    ),
    "warren show": (
        ("warren show topology", "every address, tunnel and permission"),
        ("warren show desired vps", "every file, unit and rule of one host"),
    ),
    "warren plan": (
        ("warren plan", "what an apply would change"),
        ("warren plan --full", "with every command"),
        ("warren plan --detailed-exitcode", "for scripts: 2 where hosts differ from the file"),
    ),
    "warren apply": (
        ("warren apply", "show the plan, ask, change the hosts"),
        ("warren apply --yes --events", "for scripts: what happens, one JSON object a line"),
        ("warren apply --confirm manual --window 300", "it stays only if `warren confirm` comes in five minutes"),
    ),
    "warren confirm": (("warren confirm", "the change that waits stays"),),
    "warren rollback": (
        ("warren rollback", "all hosts, as they were before their last change"),
        ("warren rollback home 3", "one host, as it was after generation 3"),
    ),
    "warren log": (
        ("warren log", "the last ten changes of each host"),
        ("warren log -v -n 1 vps", "what the last was"),
    ),
    "warren verify": (("warren verify", "try who reaches whom"), ("warren verify --lab nine-worlds", "in that lab")),
    "warren explain": (
        ("warren explain internet cloud.web", "from outside to a port"),
        ("warren explain blog db:5432", "between services; `5432/udp` for UDP"),
        ("warren explain --static lan:home db", "from the file alone"),
    ),
    "warren trace": (
        ("warren trace --knock blog db.sql", "open a connection and watch it"),
        ("warren trace --for 60 internet cloud.web", "watch what comes in a minute"),
    ),
    "warren graph": (
        ("warren graph", "in the terminal"),
        ("warren graph --format svg > network.svg", "as a picture; mermaid and dot as text"),
    ),
    "warren doctor": (("warren doctor", "look at all hosts"), ("warren doctor --fix home", "mend one, too")),
    "warren status": (("warren status", "all hosts"), ("warren status --json", "the same for programs")),
    "warren logs": (
        ("warren logs cloud", "the last 100 lines"),
        ("warren logs -f -c app cloud", "one container, as it goes on"),
        ("warren logs --since 2h cloud", "of two hours"),
    ),
    "warren exec": (
        ("warren exec cloud -- ip addr", "in the network of a service"),
        ("warren exec -c app cloud -- ls /data", "inside a container"),
        ("warren exec home -- uptime", "on a host, as root"),
    ),
    "warren shell": (
        ("warren shell cloud", "as the user of a service"),
        ("warren shell -c app cloud", "in a container"),
    ),
    "warren pin": (
        ("warren pin", "every image, as its host has it now"),
        ("warren pin --pull --dry-run cloud", "what a newer one would be"),
    ),
    "warren trust": (
        ("warren trust", "all hosts, asking for each"),
        ("warren trust --fingerprint SHA256:... vps", "as the provider's console says it"),
    ),
    "warren traffic": (("warren traffic", "bytes and packets of every service"),),
    "warren leave": (
        ("warren leave home", "the host as it was; data stays"),
        ("warren leave --purge home", "and no data of its services is left"),
    ),
    "warren schema": (("warren schema > warren.schema.json", "for an editor"),),
    "warren completion": (
        ('eval "$(warren completion bash)"', "for this shell alone"),
        ("warren completion fish > ~/.config/fish/completions/warren.fish", "for all to come"),
    ),
    "warren lab": (
        ("warren lab test", "build, try everything, take down"),
        ("warren lab up", "build, and stay"),
        ("warren lab --machines up", "with whole systems, as root"),
    ),
    "warren lab up": (
        ("warren lab up", "the network of ./warren.yaml, in namespaces"),
        ("warren lab up --machines --name trial", "whole systems, under another name"),
    ),
    "warren lab apply": (("warren lab apply", "after an edit of the file"),),
    "warren lab test": (
        ("warren lab test", "as in CI; exit code 3 where a statement is false"),
        ("warren lab test --no-scan --keep", "quicker, and it stays"),
    ),
    "warren lab verify": (("warren lab verify", "try every flow"), ("warren lab verify --no-scan", "without the scan")),
    "warren lab plan": (("warren lab plan", "what `warren lab apply` would change"),),
    "warren lab status": (("warren lab status", "every lab"), ("warren lab status --name trial", "one")),
    "warren lab exec": (
        ("warren lab exec internet -- curl -s http://203.0.113.10", "from outside"),
        ("warren lab exec blog -- ip addr", "in a service"),
    ),
    "warren lab shell": (("warren lab shell lan:home", "as a neighbour on the LAN"),),
    "warren lab fault": (
        ("warren lab fault kill tunnel home", "end the tunnel of home to its gateway"),
        ("warren lab fault heal", "as if nothing had been"),
    ),
    "warren lab fault cut": (("warren lab fault cut home", "home is off the Internet"),),
    "warren lab fault heal": (("warren lab fault heal", "all faults"), ("warren lab fault heal home", "those of one")),
    "warren lab fault loss": (("warren lab fault loss 20 home", "every fifth packet of home"),),
    "warren lab fault readdress": (("warren lab fault readdress home", "its provider gives it another address"),),
    "warren lab fault kill": (("warren lab fault kill tunnel home vps", "the tunnel of home to vps"),),
    "warren lab fault list": (("warren lab fault list", "what is broken now"),),
    "warren lab reboot": (
        ("warren lab reboot home", "in order"),
        ("warren lab reboot --hard home", "as without power"),
    ),
    "warren lab down": (("warren lab down", "that of ./warren.yaml"), ("warren lab down --name trial", "another")),
}


# Wide enough for most of the lines, so that what they do stands beside them.
WIDEST = 44
# Where a terminal is narrower, it stands below.
ROOM = 72


def write(ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """The examples of the command that is asked about, at the end of its help."""
    shown = EXAMPLES.get(ctx.command_path, ())
    if not shown:
        return
    with formatter.section("Examples"):
        if formatter.width >= ROOM:
            formatter.write_dl(shown, col_max=WIDEST)
            return
        indent = " " * formatter.current_indent
        for line, meaning in shown:
            below = wrap_text(meaning, formatter.width, indent * 2, indent * 2)
            formatter.write(f"{indent}{line}\n{below}\n")
