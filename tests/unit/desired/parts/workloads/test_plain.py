"""plain: a program without a container."""

from __future__ import annotations

from tests.topologies import DIRECT, pair, service
from warren.desired.parts.workloads.plain import folder, plain_file, wanting_file
from warren.formats import ini
from warren.topology.workload import Limits, PlainUnit, SecretUse

SERVICE = service("x", "home", pair(0, 2), DIRECT)


def test_nothing_in_its_words_stands_for_anything_else() -> None:
    unit = PlainUnit("x", ("/usr/bin/x", "$HOME %n", ";", ""), (("A", "$b %c"),), "/srv/a b")
    section = ini.read(plain_file(SERVICE, unit)).section("Service")
    assert section.of("ExecStart") == ('/usr/bin/x "$$HOME %%n" ";" ""',)
    assert section.of("Environment") == ('"A=$b %%c"',)
    assert section.of("WorkingDirectory") == ("/srv/a b",)


def test_limits_and_ends() -> None:
    unit = PlainUnit(
        "x", ("x",), limits=Limits(5, "1", 9), stop_signal="SIGINT", stop_grace_period="5s", raw=("PrivateTmp=yes",)
    )
    settings = {one.key: one.value for one in ini.read(plain_file(SERVICE, unit)).section("Service").settings}
    assert (settings["MemoryMax"], settings["TasksMax"], settings["KillSignal"]) == ("5", "9", "SIGINT")
    assert (settings["TimeoutStopSec"], settings["PrivateTmp"]) == ("5", "yes")


def test_it_starts_with_its_user() -> None:
    assert "Wants=x.service" in wanting_file(PlainUnit("x", ("x",)))
    assert folder(SERVICE) == "/etc/warren/units/x"


def test_secrets_are_credentials_or_variables_and_missing_ones_keep_it_from_starting() -> None:
    uses = (SecretUse("pw"), SecretUse("key", target="api.key"), SecretUse("pw", "DB_PASSWORD"))
    section = ini.read(plain_file(SERVICE, PlainUnit("x", ("x",), env_files=("a",), secrets=uses))).section("Service")
    place = "/var/lib/warren/credentials/x"
    assert section.of("LoadCredential") == (f"pw:{place}/pw", f"api.key:{place}/key")
    assert section.of("EnvironmentFile") == (f"{place}/x.env0", f"{place}/x.env.DB_PASSWORD")


def test_one_of_an_image_is_run_and_told_by_podman() -> None:
    raw = ("RuntimeDirectory=x", "ExecReload=caddy reload --config /a")
    unit = PlainUnit("x", ("caddy", "run"), secrets=(SecretUse("pw", "T"),), raw=raw, image="a.example/b:1")
    section = ini.read(plain_file(SERVICE, unit)).section("Service")
    [start] = section.of("ExecStart")
    assert start.startswith("/usr/bin/podman run --rm --replace ") and start.endswith(
        " --name=x a.example/b:1 caddy run"
    )
    assert " --network=host " in start and " --env=T " in start and section.of("Delegate") == ("yes",)
    assert section.of("ExecReload") == ("/usr/bin/podman exec x caddy reload --config /a",)
    assert section.of("RuntimeDirectory") == ("x",)
