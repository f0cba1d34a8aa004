"""An `ssh` that connects to nothing: it runs the loop of the other end right here.

In: a folder. Out: an environment in which hosts can be reached. Never becomes root, and needs no sshd.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from warren.hosts.ssh import Target, line

# What a test wants to go wrong is in the file `wrong`, a shell text that sees the words; the connections are counted.
SSH = """#!/bin/sh
here=${0%/*}
for last; do
  [ "$before" != -S ] || control=$last
  before=$last
done
case " $* " in
*" -G "*) printf 'hostname %s\\nport 22\\nuserknownhostsfile /known/one /known/two\\n' "${last#*@}"; exit ;;
*" -M "*) echo $$ >"$control.pid"; echo connect >>"$here/log" ;;
*) echo join >>"$here/log" ;;
esac
[ ! -e "$here/wrong" ] || . "$here/wrong"
PATH=$here:$PATH
SSH_CONNECTION="198.51.100.7 5000 203.0.113.10 22"
export PATH SSH_CONNECTION
eval "$last"
"""


def install(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """Puts it first on the PATH, with an `id` that says that we are root."""
    for name, text in {"ssh": SSH, "id": "#!/bin/sh\necho 0\n"}.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    patch.setenv("PATH", str(folder), prepend=":")
    # No socket is made there, so it does not matter how long its path is.
    patch.setattr(line, "runtime", lambda: str(folder))
    return folder


def log(folder: Path) -> list[str]:
    """What was made: connections, and sessions that joined one."""
    return (folder / "log").read_text().split()


def cut(folder: Path) -> str:
    """A script that ends every connection in the middle of itself."""
    return f"cat {folder}/wrn-*/s.pid | xargs kill -9; sleep 9"


def goes_wrong(folder: Path, text: str) -> None:
    """A shell text that runs before anything else is said."""
    (folder / "wrong").write_text(text)


TARGET = Target("vps", "root@203.0.113.10")
