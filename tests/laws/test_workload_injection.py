"""Whatever a value of the file holds, it reaches the container as it is, or is refused; it is never anything else.

Every text of a container is drawn from hostile ones. What `check` lets through is lowered, read back as systemd would,
and given to Podman's own generator where there is one (T13, T33).
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tests.laws import quadlets
from tests.spec_texts import BASE
from warren.basis.diagnostic import Refused
from warren.desired.items.file import File
from warren.desired.parts.workloads import workloads
from warren.desired.view import views
from warren.formats import ini
from warren.spec.check import check
from warren.spec.load import Document, load
from warren.topology.ledger import Ledger
from warren.topology.model import Topology
from warren.topology.resolve import resolve
from warren.topology.workload import Container

CORPUS = (
    '"; drop', "$(reboot)", "`id`", "%n", "%%", "$$", "${HOME}", "$HOME", "a\n[Service]\nExecStartPre=reboot", "\\",
    "\\\n", "-", "--privileged", ";", "", " ", "a;b", "#", "'", '"', "{{.}}", "a,type=env,target=B", "a=b", "../..",
    "é☃\U0001f600", "\x07\x1b[2J", "\u200b", "\u00a0x\u00a0", "x:ro", "/a b", "/%n/$x", "end\\", "]\n[", "\t", "\x85",
)  # fmt: skip
TEXT = st.sampled_from(CORPUS) | st.text(st.sampled_from("\"'\\$%;:,= \n\t#[]ab{}/-\x85é"), max_size=10)
PAIRS = st.dictionaries(TEXT.filter(bool), TEXT, max_size=3)
PATHS = TEXT.map(lambda text: f"/srv/{text}")
KEYS: dict[str, st.SearchStrategy[object]] = {
    "command": st.lists(TEXT, max_size=4),
    "entrypoint": st.lists(TEXT, max_size=2),
    "environment": PAIRS,
    "labels": PAIRS,
    "annotations": PAIRS,
    "volumes": st.lists(st.builds("{}:{}".format, TEXT | PATHS, PATHS), max_size=2),
    "tmpfs": st.lists(PATHS, max_size=1),
    "devices": st.lists(TEXT, max_size=1),
    "working_dir": TEXT | PATHS,
    "user": TEXT,
    "hostname": TEXT,
    "security_opt": st.lists(TEXT.filter(bool), max_size=2),
    "cap_add": st.lists(TEXT, max_size=1),
    "stop_signal": TEXT,
    "extra_hosts": PAIRS,
    "sysctls": PAIRS,
    "healthcheck": st.fixed_dictionaries(
        {"test": TEXT | st.lists(TEXT, min_size=1, max_size=3).map(lambda o: ["CMD", *o])}
    ),
    "secrets": st.lists(st.fixed_dictionaries({"source": st.just("pw"), "target": TEXT}), max_size=1),
    "env_file": st.lists(TEXT, max_size=1),
}
# Those that nearly always pass, and each of the others by itself, so that one refusal does not hide the rest.
FREE = ("command", "entrypoint", "environment", "labels", "annotations", "healthcheck")
KNOWN = frozenset(
    "Description Wants After PartOf StartLimitIntervalSec StartLimitBurst Image ContainerName Pull LogDriver"
    " Label Network PodmanArgs Volume AddHost HostName Entrypoint Exec WorkingDir User Group GroupAdd UserNS"
    " Environment EnvironmentFile Annotation Sysctl Secret Tmpfs AddDevice AddCapability DropCapability ReadOnly"
    " RunInit HealthCmd Notify StopSignal StopTimeout Restart RestartSec RestartSteps RestartMaxDelaySec"
    " TimeoutStartSec RuntimeDirectory RuntimeDirectoryMode ExecStartPre ExecStartPost DefaultDependencies WantedBy"
    " VolumeName".split()
)


@st.composite
def containers(draw: st.DrawFn) -> dict[str, object]:
    """Keys of a container with hostile values."""
    some = draw(st.lists(st.sampled_from(FREE), unique=True))
    other = draw(st.sampled_from(sorted(set(KEYS) - set(FREE))))
    return {"image": "a:1", **{key: draw(KEYS[key]) for key in [*some, other]}}


def understood(containers: dict[str, dict[str, object]]) -> Topology:
    """The network with a service of such containers; refuses what `check` refuses."""
    service = {"host": "home", "containers": containers}
    text = BASE + f"  x: {json.dumps(service)}\nsecrets: {{pw: file:pw.txt}}\n"
    spec = load(Document("warren.yaml", text))
    check(spec)
    return resolve(spec, Ledger())[0]


def files(topology: Topology) -> Iterator[File]:
    """What the service is made of."""
    return (item for item in workloads(views(topology, {})["home"]) if isinstance(item, File))


def held(topology: Topology) -> tuple[Container, ...]:
    """The containers as they should be."""
    workload = topology.services["x"].workload
    assert workload is not None
    return workload.containers


@given(containers())
@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_no_value_becomes_a_line_of_its_own(keys: dict[str, object]) -> None:
    try:
        topology = understood({"one": keys})
    except Refused:
        assume(False)
    (one,) = held(topology)
    for file in files(topology):
        unit = ini.read(file.content)
        assert {section.name for section in unit.sections} <= {
            "Unit",
            "Container",
            "Volume",
            "Service",
            "Quadlet",
            "Install",
        }
        assert {setting.key for section in unit.sections for setting in section.settings} <= KNOWN
        if file.path.endswith(".container"):
            variables = {name: value for name, value in _pairs(unit, "Environment")}
            assert variables == dict(one.environment)


def _pairs(unit: ini.Unit, key: str) -> Iterator[tuple[str, str]]:
    for text in unit.section("Container").of(key):
        (word,) = ini.split(text)
        name, _, value = ini.plain(word).partition("=")
        yield name, value


@pytest.mark.skipif(bool(quadlets.why_not()), reason=quadlets.why_not())
@given(st.lists(containers(), min_size=20, max_size=20))
# The generator is a program of its own: what it gets wrong is shown as it is found, not made smaller.
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
def test_podman_gets_every_value_as_it_was_written(many: list[dict[str, object]]) -> None:
    passing: dict[str, dict[str, object]] = {}
    for number, keys in enumerate(many):
        try:
            understood({"one": keys})
        except Refused:
            continue
        passing[f"c{number}"] = keys
    assume(len(passing) > 1)
    topology = understood(passing)
    made = quadlets.units({file.path.rpartition("/")[2]: file.content for file in files(topology)})
    for one in held(topology):
        assert_arrives(one, quadlets.arguments(made[f"{one.unit}.service"]))


def assert_arrives(one: Container, words: list[str]) -> None:
    """Every value is one word of Podman's command line, and nothing stands behind the image but the command."""
    place = words.index(one.image)
    assert tuple(words[place + 1 :]) == (one.command or ())
    options = list(zip(words[:place], words[1:place], strict=False))
    for option, pairs in (("--env", one.environment), ("--label", one.labels), ("--annotation", one.annotations)):
        assert {f"{name}={value}" for name, value in pairs} <= {value for key, value in options if key == option}
    if one.entrypoint:
        (entrypoint,) = (value for key, value in options if key == "--entrypoint")
        assert tuple(json.loads(entrypoint)) == one.entrypoint
    if one.health and not one.health.disabled:
        (command,) = (value for key, value in options if key == "--health-cmd")
        meant = one.health.command if one.health.shell is None else whole(("CMD-SHELL", one.health.shell))
        assert checked(command) == meant
    assert "--privileged" not in words[:place]
    for mount in one.mounts:
        assert any(mount.target in value for key, value in options if key in ("-v", "--tmpfs"))
    if one.working_dir:
        assert ("--workdir", one.working_dir) in options or f"--workdir={one.working_dir}" in words[:place]


def checked(command: str) -> tuple[str, ...]:
    """The words that Podman would run (specgenutil, makeHealthCheckFromCli); one word in quotes stands for itself."""
    if command.startswith("CMD "):
        return tuple(command.split()[1:])
    return whole(tuple(json.loads(command)))


def whole(words: tuple[str, ...]) -> tuple[str, ...]:
    """A text for a shell that is one word in quotes runs as that word."""
    first, *rest = words
    try:
        quoted = shlex.split(rest[0]) if first == "CMD-SHELL" and rest[0].startswith("'") else []
    except ValueError:
        return words
    return tuple(quoted) if len(quoted) == 1 and shlex.quote(quoted[0]) == rest[0] else words
