"""What runs at the other end: a loop of POSIX sh that takes one script after another, whole or not at all.

In: scripts and what they read. Out: the texts that travel. Never puts a script, or what it reads, on an argument list
or on a disk.

The far side says `ID begun` before the first command of a script and `ID end CODE` after its last one, the end on both
streams. A script begins only when its last line, which carries its ID, has arrived: one that was cut off on its way
never runs. So whoever could not send all of it may send it again, and whoever has sent all of it may not.
"""

from __future__ import annotations

import shlex

from warren.hosts.text import whole

HELLO = "warren hello\n"
# What `timeout` or our own check says; such a session is not used again, as what it would read next is not known.
CUT_OFF = 75
STOPPED = (124, 137, 143)
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# `head -c` may take more than its share from a pipe (busybox does), so nothing may follow a script before it ended.
ONE = r"""w=$(head -c "$2")
case $w in *"# $1") ;; *) exit 75 ;; esac
printf '%s begun\n' "$1"
shift 2
eval "$w" </dev/null"""

# `timeout` holds the script's limit here too: nobody may be left to end it from the other side.
LOOP = rf"""SSH_CONNECTION=$1 PATH={PATH}
export SSH_CONNECTION PATH
printf 'warren %s\n' hello
while read -r id size limit; do
  timeout -k 5 "$limit" sh -c "$2" sh "$id" "$size"
  code=$?
  printf '%s end %s\n' "$id" "$code"
  printf '%s end\n' "$id" >&2
  case $code in 75|124|137|143) exit ;; esac
done"""

BECOME_ROOT = """cd / || exit
[ "$(id -u)" != 0 ] || exec sh -c "$1" sh "$SSH_CONNECTION" "$2"
exec sudo -n sh -c "$1" sh "$SSH_CONNECTION" "$2" """


def command() -> str:
    """The one command that ssh is given. It holds nothing of any script."""
    return as_root(LOOP, ONE)


def as_root(*words: str) -> str:
    """A script of our own with its words, as a command for the shell of any login, whichever that is."""
    return shlex.join(["exec", "sh", "-c", BECOME_ROOT.strip(), "sh", *words])


def parcel(number: str, script: str, stdin: bytes, limit: int) -> bytes:
    """What is sent for one script: its ID, size and limit in seconds, then all of it."""
    text = f"{whole(script, stdin)}# {number}".encode()
    return f"{number} {len(text)} {limit}\n".encode() + text
