"""A service's user runs commands outside its namespace, and what was started is written down."""

from __future__ import annotations

import shlex

from warren.desired.account import as_user, home, keep_stamp, stamp


def test_a_home_is_the_service_s_own() -> None:
    assert home("cloud") == "/var/lib/warren/services/cloud"


def test_no_login_is_made_and_nothing_of_root_s_environment_goes_along() -> None:
    words = shlex.split(as_user("cloud", 6001, "podman ps").strip("()"))
    assert words[:2] == ["cd", "/var/lib/warren/services/cloud"]
    assert words[words.index("setpriv") : words.index("env") + 2] == [
        "setpriv", "--reuid=6001", "--regid=6001", "--init-groups", "env", "-i",
    ]  # fmt: skip
    assert "XDG_RUNTIME_DIR=/run/user/6001" in words
    assert words[-2:] == ["podman", "ps"]


def test_a_stamp_is_gone_after_a_boot() -> None:
    assert stamp("user/6001/cloud.service") == "/run/warren/started/user/6001/cloud.service"
    assert keep_stamp("system/a.service", "86") == (
        "mkdir -p /run/warren/started/system && echo 86 > /run/warren/started/system/a.service"
    )
