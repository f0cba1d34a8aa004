"""What every test stands on.

In: the command line and the environment. Out: hypothesis profiles, `--accept`, and the reason where
namespaces are refused. Never makes anything of the product.
"""

from __future__ import annotations

import functools
import os
import subprocess

import pytest
from hypothesis import HealthCheck, settings

# Debian keeps nft and sysctl from an ordinary user's PATH.
os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])

# A busy machine must not fail a law: no deadline, and slowness of generation is no error.
settings.register_profile(
    "fast",
    deadline=None,
    max_examples=30,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", settings.get_profile("fast"), max_examples=3000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))

# A veth pair and a rule set are what every lab host needs; a refusal of either says why nothing else would work.
ATTEMPT = "ip link add name warren0 type veth peer name warren1 && nft add table inet warren"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare `--accept`."""
    parser.addoption("--accept", action="store_true", help="rewrite golden texts instead of comparing with them")


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """True when golden texts are to be rewritten."""
    return bool(request.config.getoption("--accept"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what is marked `netns` where this machine refuses namespaces, with the machine's own reason."""
    if item.get_closest_marker("netns") and (reason := why_no_namespaces()):
        pytest.skip(reason)


@functools.cache
def why_no_namespaces() -> str | None:
    """The reason that this machine gives for refusing network namespaces, or None when it allows them."""
    become_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    command = ["unshare", *become_root, "--mount", "--net", "sh", "-ec", ATTEMPT]
    try:
        tried = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"no namespaces here: {error}"
    if tried.returncode == 0:
        return None
    return f"no namespaces here: {(tried.stderr.strip() or 'no reason given').splitlines()[-1]}"
