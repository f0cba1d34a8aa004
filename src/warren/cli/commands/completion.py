"""`warren completion`: what a shell needs to complete commands and options.

In: the name of a shell. Out: its script. Never writes to a shell's start files.
"""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from warren.cli.arguments import command as declare


@declare("completion", "Print the completion of a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str, path: object, as_json: bool) -> int:
    """Print the completion script of a shell.

    \b
    bash  warren completion bash > ~/.local/share/bash-completion/completions/warren
    zsh   warren completion zsh > "${fpath[1]}/_warren"
    fish  warren completion fish > ~/.config/fish/completions/warren.fish
    """
    from warren.cli.main import warren
    from warren.cli.views import json

    found = get_completion_class(shell)
    assert found is not None
    script = found(warren, {}, "warren", "_WARREN_COMPLETE").source()
    click.echo(json.text({"shell": shell, "script": script}) if as_json else script)
    return 0
