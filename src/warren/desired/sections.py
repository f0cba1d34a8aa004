"""What only whole machines hold, as sections of the one script that observes a host.

In: the state that is wanted, or the sections that came back. Out: lines of shell, or items. Never one process a
service where one for all will do, and never the value of a secret.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from warren.desired.account import HOMES, STARTED
from warren.desired.items import image, running, secret, session, told, unit, user
from warren.desired.items.image import Image
from warren.desired.items.login import STACKS, Login
from warren.desired.items.session import LINGER, Session
from warren.desired.items.unit import Unit
from warren.desired.items.user import NETWORKED, SUBID_FILES, User
from warren.desired.model import HostState, Item, of_kind

# Where systemd has its control groups: alone, beside the old ones, or in them (systemd, cgroups).
STORES = f"{HOMES}/*/.local/share/containers/storage/*-images/images.json"
GROUPS = "/sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd"
SHOWN = "-p Id -p LoadState -p ActiveState -p UnitFileState"


def lines(wanted: HostState) -> Iterator[str]:
    """The sections; a host without anything of the kind, wanted or remembered, prints nothing."""
    yield f"if {'true' if _has_any(wanted) else '[ -e /etc/warren/boot.sh ]'}; then"
    yield from (f"  {line}" for line in _accounts())
    yield from (f"  {line}" for line in _units(wanted))
    yield from (f"  {line}" for line in _sessions(wanted))
    # With a single file grep(1) does not say which it is.
    yield f"  section images; grep -so '\"names\":\\[[^]]*\\]' /dev/null {STORES}"
    yield f"  section secrets; grep -rs . {secret.DIGESTS}"
    yield f"  section credentials; stat -c '%a %U %G %n' {secret.FILES}/*/* 2>/dev/null"
    yield f"  section login; grep -ls pam_usernet {' '.join(STACKS)}"
    yield "fi"


def _has_any(wanted: HostState) -> bool:
    return any(isinstance(item, User | Unit | Session) for item in wanted)


def _accounts() -> Iterator[str]:
    yield "section passwd; cat /etc/passwd"
    yield f"section subuid; cat {SUBID_FILES[0]}"
    yield f"section usernet; grep '^{NETWORKED}:' /etc/group"
    yield f"section linger; ls {LINGER} 2>/dev/null"
    yield f"section started; (cd {STARTED} 2>/dev/null && grep -rs . system session user files)"


def _units(wanted: HostState) -> Iterator[str]:
    names = " ".join(shlex.quote(item.name) for item in of_kind(wanted, Unit))
    yield f"u=$({{ printf '%s\\n' {names}; remembered unit; }} | sort -u)"
    yield f'section units; [ -z "$u" ] || systemctl show {SHOWN} $u'


def _sessions(wanted: HostState) -> Iterator[str]:
    """The first process of each manager, and in which namespace it is."""
    uids = " ".join(str(item.uid) for item in of_kind(wanted, Session))
    yield "section managers; p="
    yield f"for u in {uids} $(remembered session | sed 's|.*/||'); do for c in {GROUPS}; do"
    yield "  f=$c/user.slice/user-$u.slice/user@$u.service/init.scope/cgroup.procs"
    yield '  if [ -r "$f" ] && read -r m < "$f"; then echo "$u $m"; p="$p /proc/$m/ns/net"; break; fi'
    yield "done; done"
    yield "section inodes; stat -Lc '%i %n' $p /run/netns/* 2>/dev/null"
    yield f"section groups; for c in {GROUPS}; do"
    yield "  [ ! -d $c/user.slice ] || find $c/user.slice -name '*.service' -path '*/app.slice/*'"
    yield "done"


def items(sections: Mapping[str, str], wanted: HostState, owned: frozenset[str]) -> Iterator[Item]:
    """All items that the sections tell of; whose they are is for the caller to say."""
    if "passwd" not in sections:
        return
    users = [each for each in user.observed(sections) if f"user:{each.name}" in {*wanted.items, *owned}]
    names = {each.uid: each.name for each in users}
    yield from users
    yield from unit.observed(sections)
    yield from session.observed(sections, names)
    yield from running.observed(sections, names)
    yield from told.observed(sections, names)
    yield from secret.observed(sections, names)
    yield from image.observed(sections, _images(wanted, owned))
    if stacks := len(sections.get("login", "").split()):
        yield Login(stacks == len(STACKS))


def _images(wanted: HostState, owned: frozenset[str]) -> dict[str, tuple[str, int, str]]:
    found = {item.key: (item.user, item.uid, item.reference) for item in of_kind(wanted, Image)}
    for key in owned:
        kind, _, rest = key.partition(":")
        name, _, reference = rest.partition("/")
        uid, _, reference = reference.partition("/")
        if kind == "image" and uid.isdigit():
            found.setdefault(key, (name, int(uid), reference))
    return found
