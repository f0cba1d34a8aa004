"""What runs in services goes back too: the image, the container, and the value of a secret."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.machines.faults import AT
from tests.machines.images import Behaviour, image
from tests.machines.rig import Rig, rig, until
from warren import pipeline
from warren.apply import Outcome
from warren.apply.terms import new_terms
from warren.cli import lock
from warren.desired.model import Platform
from warren.hosts.base import Unreachable
from warren.secrets import Unlocked

pytestmark = pytest.mark.long

FILE = """\
version: 1
network: {{name: NAME, dns: false}}
hosts:
  vps: {{ssh: root@203.0.113.10, public: 203.0.113.10}}
  home: {{ssh: admin@192.168.2.10, lan: 192.168.2.0/24, egress: vps}}
secrets: {{key: file:key.txt}}
services:
  cloud:
    host: home
    image: web:{version}
    ports: {{web: 80}}
    secrets: [{{source: key, type: env, target: KEY}}]
    stop_grace_period: 1s
  tool:
    host: home
    unit: {{command: [/usr/bin/sleep, infinity], secrets: [key, {{source: key, type: env, target: KEY}}]}}
"""
IMAGES = {
    "1": Behaviour.HEALTHY, "2": Behaviour.HEALTHY, "3": Behaviour.BROKEN, "4": Behaviour.SHORT, "5": Behaviour.BRIEF,
}  # fmt: skip
STORE = "/var/lib/warren/services/cloud/.local/share/containers/storage/secrets/filedriver/secretsdata.json"


class Cloud:
    """A service with a secret, on two machines."""

    def __init__(self, machines: Rig) -> None:
        self.machines, self.name = machines, machines.topology.name

    def say(self, version: str, secret: str) -> None:
        """What the file says, and the value beside it."""
        (self.machines.path.parent / "key.txt").write_text(secret)
        self.machines.say(FILE.format(version=version).replace("NAME", self.name))
        lock.keep(pipeline.understand(self.machines.path))

    def plan(self) -> tuple[pipeline.Planned, Unlocked]:
        """What would change."""
        unlocked = pipeline.unlock(pipeline.understand(self.machines.path), Platform.SYSTEMD)
        return pipeline.plan(unlocked.topology, self.machines.hosts, Platform.SYSTEMD), unlocked

    def apply(self) -> Outcome:
        """As `warren apply` does, secrets and all."""
        planned, unlocked = self.plan()
        return pipeline.apply(planned, self.machines.hosts, terms=new_terms(secrets=unlocked.values))

    def is_at(self, version: str, secret: str) -> bool:
        """Whether the hosts hold what this file says, and the container runs with it."""
        self.say(version, secret)
        found = self.machines.run("home", "tr '\\0' '\\n' < /proc/$(pgrep -n -f '[b]usybox|[h]ttpd')/environ || :")
        return self.plan()[0].plan.is_empty and (f"KEY={secret}" in found.splitlines() or not found)

    def program(self) -> tuple[str, str]:
        """The value as the plain program has it: in its folder of credentials, and as a variable."""
        read = "tr '\\0' '\\n' </proc/$(pgrep -u tool sleep)/environ | sed -n 's/^{}=//p'"
        folder, variable = (self.machines.run("home", read.format(name)) for name in ("CREDENTIALS_DIRECTORY", "KEY"))
        return self.machines.run("home", f"cat {folder}/key"), variable

    def value(self) -> str:
        """The store of secrets, as it lies there."""
        return self.machines.run("home", f"base64 -w0 {STORE}")


@pytest.fixture(scope="module")
def cloud(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """Version 1, with the first value."""
    folder = tmp_path_factory.mktemp("safe-workloads")
    (folder / "key.txt").write_text("first")
    with rig(folder, FILE.format(version="1")) as made:
        for version, behaviour in IMAGES.items():
            made.publish(image("web", version, behaviour), "docker.io/library/web", version)
        found = Cloud(made)
        found.say("1", "first")
        outcome = found.apply()
        assert outcome.succeeded, outcome.failure
        yield found


@pytest.mark.parametrize("version", ["3", "4", "5"])
def test_an_image_that_does_not_run_goes_back_with_its_secret(cloud: Cloud, version: str) -> None:
    before = cloud.value()
    cloud.say(version, "second")
    outcome = cloud.apply()
    assert outcome.failure and outcome.failure.restored, outcome
    assert "cloud" in outcome.failure.reason
    assert cloud.value() == before
    assert cloud.is_at("1", "first") and cloud.program() == ("first", "first")
    kept = "/var/lib/warren/credentials/tool"
    assert cloud.machines.run("home", f"cat {kept}/key; stat -c '%a %G' {kept}/key") == "first440 tool"
    assert cloud.machines.run("home", f"ls -A {kept}").split() == ["key", "tool.env.KEY"]


def test_a_secret_goes_back_after_a_power_cut(cloud: Cloud) -> None:
    before = cloud.value()
    cloud.say("2", "second")
    # Once the new value is in the store, and the container not started yet.
    strike = f'[ "$half" != first ] || [ "$(base64 -w0 {STORE})" = {before} ] || {{ : > {AT}; sleep 600; }}'
    cloud.machines.run("home", f"cat > /run/warren/fault <<'X'\n{strike}\nX")

    def tried() -> None:
        try:
            cloud.apply()
        except Unreachable:
            pass

    trying = threading.Thread(target=tried)
    trying.start()
    until(lambda: not cloud.machines.fails("home", f"[ -e {AT} ]"), 90)
    cloud.machines.machine("home").kill()
    cloud.machines.machine("home").boot()
    trying.join()
    until(lambda: cloud.is_at("1", "first"), 60, 1)
    assert cloud.value() == before and cloud.program() == ("first", "first")
    cloud.say("2", "second")
    assert cloud.apply().succeeded
    assert cloud.is_at("2", "second") and cloud.value() != before
    assert cloud.program() == ("second", "second")
