"""The last line: no traceback ever reaches a user.

In: a run of the command line. Out: its exit code, and on stderr a sentence for whatever went wrong. Never swallows a
fault: the traceback is kept in a log, and WARREN_DEBUG=1 lets it through.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Callable
from difflib import get_close_matches

import click

ERROR = 1
INTERRUPTED = 130
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def guarded(run: Callable[[], object]) -> int:
    """Runs; an exit code comes back whatever happens."""
    _end_as_if_interrupted()
    try:
        code = run()
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except (KeyboardInterrupt, click.Abort) as ended:
        # Whoever says no to a question has seen what it was about.
        struck = isinstance(ended, KeyboardInterrupt) or isinstance(ended.__cause__, KeyboardInterrupt)
        click.echo("interrupted" if struck else "not done", err=True)
        return INTERRUPTED
    except click.ClickException as wrong:
        return _usage(wrong)
    except BrokenPipeError:
        # Who read our output has seen enough; the interpreter must not complain about it at its end.
        sys.stdout = click.open_file(os.devnull, "w")
        return ERROR
    except Exception as fault:
        if isinstance(fault, OSError) and fault.errno in FULL and fault.filename is None:
            return _full(fault)
        if os.environ.get("WARREN_DEBUG", "0") not in ("", "0"):
            raise
        return _fault(fault)


def _full(fault: OSError) -> int:
    """What was printed had no room; the rest of it must not be tried again at the interpreter's end."""
    sys.stdout = click.open_file(os.devnull, "w")
    click.echo(f"error: the output cannot be written: {str(fault.strerror).lower()}", err=True)
    return ERROR


def _end_as_if_interrupted() -> None:
    """A closed terminal and a plain `kill` undo what is half done, as Ctrl-C does."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, signal.default_int_handler)


def _usage(wrong: click.ClickException) -> int:
    """Exit code 2 means changes, so wrong usage is an error like others."""
    click.echo(f"error: {_sentence(wrong)}", err=True)
    if isinstance(wrong, click.UsageError) and wrong.ctx:
        click.echo(f"hint: {wrong.ctx.command_path} --help", err=True)
    return ERROR


def _sentence(wrong: click.ClickException) -> str:
    """In our own words, as those of click differ between its versions."""
    if isinstance(wrong, click.NoSuchOption):
        close = get_close_matches(wrong.option_name, sorted(wrong.possibilities or ()), 1)
        meant = f"; did you mean `{close[0]}`?" if close else ""
        return f"there is no option `{wrong.option_name}`{meant}"
    if isinstance(wrong, click.BadParameter) and wrong.param and isinstance(wrong.param.type, click.Choice):
        return _choice(wrong, wrong.param, [str(each) for each in wrong.param.type.choices])
    message = " ".join(wrong.format_message().split())
    return f"{message[:1].lower()}{message[1:].rstrip('.')}"


def _choice(wrong: click.BadParameter, parameter: click.Parameter, choices: list[str]) -> str:
    """What may stand there; for a wrong word what was meant."""
    where = f" for {parameter.opts[0]}" if isinstance(parameter, click.Option) else ""
    if isinstance(wrong, click.MissingParameter):
        return f"a word is missing{where}: {_listed(choices)}"
    word = wrong.message.partition("'")[2].partition("'")[0]
    close = get_close_matches(word, choices, 1)
    meant = f"did you mean `{close[0]}`?" if close else f"say {_listed(choices)}"
    return f"`{word}` cannot stand{where or ' there'}; {meant}"


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def _fault(fault: Exception) -> int:
    import traceback

    words = "".join(traceback.format_exception_only(fault)).strip().splitlines()[-1]
    click.echo(f"error: this is a fault in warren: {click.unstyle(words)}", err=True)
    try:
        log = log_path()
        _keep(log, "".join(traceback.format_exception(fault)))
        click.echo(f"hint: please report it to the project; the details are in {log}", err=True)
    except OSError:
        click.echo("hint: please report it to the project; WARREN_DEBUG=1 shows the details", err=True)
    return ERROR


def log_path() -> str:
    """Where faults are kept, by the XDG rules."""
    state = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    return os.path.join(state, "warren", "fault.log")


def _keep(log: str, text: str) -> None:
    from warren import __version__

    os.makedirs(os.path.dirname(log), exist_ok=True)
    with click.open_file(log, "a", encoding="utf-8") as file:
        file.write(f"warren {__version__}, python {sys.version.split()[0]}, {sys.argv[1:]}\n{text}\n")
