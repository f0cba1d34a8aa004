"""Which items are ours although nothing on them says so: a host remembers their keys.

In: an item. Out: whether its owner is known by memory alone. Never a thing that carries a mark of ours, such as a
link's group or a route's protocol.
"""

from __future__ import annotations

from warren.desired.items.file import File
from warren.desired.items.image import Image
from warren.desired.items.login import Login
from warren.desired.items.netns import Netns
from warren.desired.items.running import Running
from warren.desired.items.secret import Secret
from warren.desired.items.session import Session
from warren.desired.items.unit import Unit
from warren.desired.items.user import User
from warren.desired.model import Item

REMEMBERED = (Netns, File, User, Login, Unit, Session, Image, Secret, Running)


def is_remembered(item: Item) -> bool:
    """A name alone tells nobody whose a namespace, a file, a user or a unit is."""
    return isinstance(item, REMEMBERED)
