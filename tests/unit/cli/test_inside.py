"""Scripts that lead to where a service runs."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from tests.spec_texts import resolved
from warren.basis.diagnostic import Refused
from warren.cli import inside
from warren.topology.model import Topology

FILE = """\
version: 1
network: {name: test}
hosts:
  home: {ssh: admin@home}
services:
  cloud:
    host: home
    containers:
      app: {image: "example.org/app:1"}
      cache: {image: "example.org/cache:1"}
  alone: {host: home, image: "example.org/alone:1"}
"""


@pytest.fixture(scope="module")
def topology() -> Topology:
    return resolved(FILE)


def refused(topology: Topology, name: str, container: str) -> str:
    with pytest.raises(Refused) as found:
        inside.unit(inside.known(topology, name), container)
    one = found.value.diagnostics[0]
    return f"{one.summary} ({one.hint})"


def test_names(topology: Topology) -> None:
    assert inside.units(topology.services["cloud"]) == ("cloud-app", "cloud-cache")
    assert inside.units(topology.services["cloud"], "app") == ("cloud-app",)
    assert refused(topology, "clod", "app") == "there is no service `clod` (did you mean `cloud`?)"
    assert refused(topology, "cloud", "cach") == "`cloud` has no container `cach` (did you mean `cache`?)"
    assert refused(topology, "cloud", "x") == "`cloud` has no container `x` (there are app, cache)"


def test_a_service_that_somebody_else_sees_to(topology: Topology) -> None:
    bare = replace(topology.services["alone"], workload=None)
    assert inside.units(bare) == ("alone",)


def run(script: str, *here: str) -> subprocess.CompletedProcess[str]:
    """A script in a world where these functions stand for programs."""
    return subprocess.run(["sh", "-c", "\n".join([*here, script])], capture_output=True, text=True, check=False)


def test_a_service_that_is_not_built_is_said(topology: Topology) -> None:
    done = run(inside.entering(topology.services["cloud"], ["true"]))
    assert (done.returncode, done.stderr) == (
        1,
        "error: cloud does not stand on home yet; `warren apply` builds it\n",
    )


def test_a_command_enters_where_the_users_units_are(topology: Topology) -> None:
    cloud = topology.services["cloud"]
    script = inside.entering(cloud, ["echo", "a b"], "xterm").replace("/run/netns/cloud", "/")
    done = run(script.replace('exec "$@"', 'echo "$@"'), "systemctl() { echo 4711; }")
    assert done.stdout.startswith("nsenter --target 4711 --mount --net -- sh -c")
    assert f"setpriv --reuid={cloud.uid}" in done.stdout
    assert "TERM=xterm echo 'a b'" in done.stdout
    done = run(script.replace('exec "$@"', 'echo "$@"'), "systemctl() { echo 0; }")
    assert done.stdout.startswith("ip netns exec cloud sh -c")


def test_a_container_is_entered_among_its_users_units(topology: Topology) -> None:
    script = inside.into(topology.services["cloud"], "app", ["ls", "-l"])
    assert "systemd-run --user --quiet --collect --wait --pipe -- podman exec --interactive cloud-app ls -l" in script
    script = inside.into(topology.services["cloud"], "app", ["sh"], "xterm")
    assert "--pty -- podman exec --interactive --tty cloud-app sh" in script


def test_the_journal_of_a_service(topology: Topology) -> None:
    cloud = topology.services["cloud"]
    done = run(inside.journal(cloud, ["cloud-app"], ["--lines=9"]), "journalctl() { echo $*; }")
    assert done.stdout.split() == [
        "--no-pager", "--quiet", "--lines=9",
        f"_UID={cloud.uid}", "CONTAINER_NAME=cloud-app", "+",
        f"_UID={cloud.uid}", "_TRANSPORT=stdout", "_SYSTEMD_USER_UNIT=cloud-app.service", "+",
        f"_UID={cloud.uid}", "USER_UNIT=cloud-app.service",
    ]  # fmt: skip


def test_the_numbers_of_containers_tell_nobody_anything(topology: Topology) -> None:
    said = "2026 app[1]: hello\\n2026 app[2]: " + "0a" * 32 + "\\n2026 app[3]: deadbeef\\n"
    script = inside.journal(topology.services["cloud"], ["cloud-app"], [], sieve=True)
    assert (
        run(script, f"journalctl() {{ [ $# = 3 ] || printf '{said}'; }}").stdout
        == "2026 app[1]: hello\n2026 app[3]: deadbeef\n"
    )


@pytest.mark.parametrize(("text", "moment"), [("10m", "-10m"), ("2 hours ago", "2 hours ago"), ("today", "today")])
def test_a_moment(text: str, moment: str) -> None:
    assert inside.since(text) == moment
