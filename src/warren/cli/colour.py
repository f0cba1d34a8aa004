"""Whether to use colour, which never carries a meaning alone.

In: the environment. Out: always, never, or (None) as each stream is a terminal. Never looks at a stream itself.
"""

from __future__ import annotations

import os
from collections.abc import Mapping


def wanted(environment: Mapping[str, str] | None = None) -> bool | None:
    """NO_COLOR wins, then FORCE_COLOR and CLICOLOR_FORCE, then CLICOLOR=0, then TERM=dumb."""
    given = os.environ if environment is None else environment
    if given.get("NO_COLOR"):
        return False
    if any(given.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    if given.get("CLICOLOR") == "0" or given.get("TERM") == "dumb":
        return False
    return None
