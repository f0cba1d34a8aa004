"""Whether a plan leaves every packet where it goes.

In: a plan. Out: yes, when only images, files and units of what runs in services change. Never yes for a kind of item
that the proof reads, or that nobody has thought of here.
"""

from __future__ import annotations

from warren.desired.boot import SCRIPT
from warren.desired.items.file import QUADLETS, File
from warren.desired.items.image import Image
from warren.desired.items.login import Login
from warren.desired.items.running import Running
from warren.desired.items.secret import Secret
from warren.desired.items.session import Session
from warren.desired.items.told import Told
from warren.desired.items.user import User
from warren.desired.model import Item
from warren.desired.parts.machine.users import UNITS
from warren.plan.model import Plan

SILENT = (Image, Running, Secret, Session, User, Login, Told)
# The script of the boot makes what other items are, and remembers what was started; where nothing else changes, it says
# the same of the kernel as before.
PLACES = (QUADLETS, f"{UNITS}/", SCRIPT)


def is_quiet(plan: Plan) -> bool:
    """Whether nothing that a packet meets changes on any host."""
    return all(_is_silent(change.item) for host in plan.hosts.values() for change in host)


def _is_silent(item: Item) -> bool:
    return isinstance(item, SILENT) or (isinstance(item, File) and item.path.startswith(PLACES))
