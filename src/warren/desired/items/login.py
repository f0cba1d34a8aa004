"""Sessions of services' users begin in their namespaces: pam_usernet in the stack of every session.

In: nothing. Out: the profile switched on by pam-auth-update(8), and whether it is. Never changes a session of anybody
else: pam_usernet passes over whoever is not in its group.
"""

from __future__ import annotations

from dataclasses import dataclass

from warren.desired.model import Item, Rank
from warren.desired.steps import Sh, Step

PROFILE = "/usr/share/pam-configs/warren"
STACKS = ("/etc/pam.d/common-session", "/etc/pam.d/common-session-noninteractive")
# A user's manager has its namespace from its unit; libpam-net before 0.4 would hide the control groups from it, so that
# it does not start (Debian 12).
PROFILE_TEXT = """\
Name: warren: sessions of services in their network namespaces
Default: yes
Priority: 0
Session-Type: Additional
Session:
	[success=1 default=ignore]	pam_succeed_if.so quiet service = systemd-user
	required	pam_usernet.so
"""


@dataclass(frozen=True, slots=True)
class Login:
    """Whether the profile is in force."""

    active: bool = True

    @property
    def key(self) -> str:
        return "login:usernet"

    @property
    def rank(self) -> Rank:
        return Rank.LOGIN

    @property
    def inside(self) -> str | None:
        return None

    def describe(self) -> str:
        return "sessions of services' users begin in their namespaces"

    def create(self) -> tuple[Step, ...]:
        return (Sh("DEBIAN_FRONTEND=noninteractive pam-auth-update --package --enable warren"),)

    def change(self, old: Item) -> tuple[Step, ...]:
        return self.create()

    def remove(self) -> tuple[Step, ...]:
        return (Sh("DEBIAN_FRONTEND=noninteractive pam-auth-update --package --remove warren"),)

    def differences(self, old: Item) -> tuple[str, ...]:
        return ("is not in every stack",)
