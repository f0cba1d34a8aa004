"""A text that is taken from the file is one word of what it is for: of a unit, a script, a Caddyfile, a rule (T33).

Every text of files that say everything is replaced by hostile ones, one at a time. What is not refused is lowered, and
what comes of it has the same shape as before: the same items, lines, keys and words, whatever is in them.
"""

from __future__ import annotations

import functools
import json
import re
import shlex
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import pytest

from tests.laws.everything import RUN, WEB
from tests.laws.mutants import DENSE
from tests.laws.test_mutants import INJECTIONS, NAME, NOWHERE, check_sentences, replaced, scalars
from warren.basis.diagnostic import Refused
from warren.desired.items.file import File
from warren.desired.items.rules import Rules
from warren.desired.lower import lower
from warren.desired.model import HostState, Item, Platform
from warren.desired.steps import Ctl, Feed, Ip, Nft, Sh, Step
from warren.formats import ini
from warren.formats.yaml12 import Mapping as Keys
from warren.formats.yaml12 import Node, Sequence, parse
from warren.spec.check import check
from warren.spec.load import Document, load
from warren.spec.schema import schema
from warren.topology.ledger import Ledger
from warren.topology.resolve import resolve

FILES = {"web": WEB, "run": RUN}
MORE = (
    "a\n[Service]\nExecStart=/bin/reboot",
    "a\n}\nreboot {\n",
    '`reboot` \\ "',
    "{$HOME}{env.TOKEN}",
    "a'$(reboot)'b",
    ";reboot;",
    "a,b=c",
)
HOSTILE = (*INJECTIONS, *MORE)
# A quick run tries so many of them.
EVERY = 8
# Words that are another program's own, and mean there what they say; and a command that the operator's machine runs.
OWN_WORDS = {"quadlet", "raw", "systemd"}
NOT_ON_HOSTS = ("secrets", "acknowledge", "description")
UNITS = re.compile(r".*\.(service|socket|timer|mount|target|container|volume|path|conf)$")
QUOTED = re.compile(r"'[^']*'")
CADDY = shutil.which("caddy")


def lowered(text: str) -> Mapping[str, HostState] | None:
    """What every host should hold, or None where the file is refused as it should be."""
    try:
        spec = load(Document(NAME, text))
        check(spec)
        topology = resolve(spec, Ledger())[0]
    except Refused as refused:
        check_sentences(refused, text)
        return None
    return lower(topology, platform=Platform.SYSTEMD)


@functools.cache
def original(name: str) -> Mapping[str, HostState]:
    """Of the file as it is."""
    made = lowered(FILES[name])
    assert made is not None
    return made


def items(states: Mapping[str, HostState]) -> Iterator[Item]:
    """Everything on all hosts."""
    for state in states.values():
        yield from state


def shape(states: Mapping[str, HostState]) -> Counter[str]:
    """Kinds of items, keys of units, lengths of scripts: all but the words themselves."""
    found = Counter[str]()
    for item in items(states):
        found[type(item).__name__] += 1
        if isinstance(item, File):
            found.update(_shape_of_file(item))
        for step in () if isinstance(item, File) else item.create():
            found.update(_shape_of_step(step))
    return found


def _shape_of_file(file: File) -> Iterator[str]:
    if UNITS.fullmatch(file.path) and "[" in file.content and not file.path.startswith("/etc/warren/"):
        for section in ini.read(file.content).sections:
            yield from (f"{section.name} {setting.key}" for setting in section.settings)
    elif file.path.endswith("boot.sh"):
        yield f"boot {len(_unquoted(file.content).splitlines())}"


def _shape_of_step(step: Step) -> Iterator[str]:
    match step:
        case Sh(line) | Ctl(line) | Feed(_, line):
            yield f"sh {len(shlex.split(line.replace(chr(10), ' ')))}"
        case Ip(line):
            yield f"ip {len(line.split())}"
        case Nft(text):
            yield f"nft {len(text.splitlines())}"
        case _:
            yield type(step).__name__


def _unquoted(text: str) -> str:
    """Without what stands in single quotes, in which nothing means anything to a shell."""
    return QUOTED.sub("''", text.replace("'\"'\"'", ""))


def awake(states: Mapping[str, HostState]) -> list[str]:
    """Lines of shell and rules in which a hostile text is more than a text."""
    steps = [step for item in items(states) if not isinstance(item, File) for step in item.create()]
    lines = [_unquoted(step.line) for step in steps if isinstance(step, Sh | Ctl | Feed)]
    scripts = [
        _unquoted(item.content) for item in items(states) if isinstance(item, File) and item.path.endswith(".sh")
    ]
    rules = [
        step.text
        for item in items(states)
        if isinstance(item, Rules)
        for step in item.create()
        if isinstance(step, Nft)
    ]
    return [
        line
        for text in (*lines, *scripts, *rules)
        for line in text.splitlines()
        if "reboot" in line or "drop table" in line
    ]


def taken(name: str, hostile: Iterable[str]) -> Iterator[tuple[tuple[str, ...], str, Mapping[str, HostState]]]:
    """What is not refused, of every text of a file in turn."""
    tree = parse(FILES[name], NAME)
    for text in hostile:
        for path, is_key in scalars(tree):
            made = lowered(replaced(tree, path, is_key, text))
            if made is not None:
                yield path, text, made


@pytest.mark.parametrize(
    "hostile",
    [
        each if number % EVERY == 0 else pytest.param(each, marks=pytest.mark.slow)
        for number, each in enumerate(HOSTILE)
    ],
)
@pytest.mark.parametrize("name", FILES)
def test_a_text_that_is_taken_is_one_word_of_what_it_is_for(name: str, hostile: str) -> None:
    wanted = shape(original(name))
    for path, text, made in taken(name, [hostile]):
        assert awake(made) == [], (path, text)
        if not set(path) & OWN_WORDS and path[0] not in NOT_ON_HOSTS:
            assert shape(made) == wanted, (path, text, shape(made) - wanted, wanted - shape(made))


def caddyfiles(states: Mapping[str, HostState]) -> list[str]:
    """What Caddy is told, without a module and a word that the one here may not have."""
    found = [item.content for item in items(states) if isinstance(item, File) and item.path.endswith("Caddyfile")]
    return [re.sub(r"\t(acme_dns|stream_close_delay) .*\n", "", text) for text in found]


def understood(text: str) -> object:
    """The skeleton of what Caddy understands: every text of it is one."""
    assert CADDY
    done = subprocess.run(
        [CADDY, "adapt", "--adapter", "caddyfile", "--config", "/dev/stdin"],
        input=text,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 0, (text, done.stderr)
    return _bones(json.loads(done.stdout))


def _bones(found: object) -> object:
    if isinstance(found, dict):
        return (
            {key: _bones(each) for key, each in found.items()}
            if "handler" in found
            else sorted((_bones(e) for e in found.values()), key=repr)
        )
    if isinstance(found, list):
        return [_bones(each) for each in found]
    return type(found).__name__


@pytest.mark.slow
@pytest.mark.skipif(CADDY is None, reason="caddy is not installed")
def test_caddy_takes_every_text_as_one() -> None:
    (plain,) = caddyfiles(original("web"))
    wanted, tried = understood(plain), set[str]()
    for path, text, made in taken("web", HOSTILE):
        if set(path) & {"offline", "headers", "request_headers", "path", "uri", "copy", "basic", "email", "ca"}:
            (told,) = caddyfiles(made)
            if told not in tried:
                tried.add(told)
                assert understood(told) == wanted, (path, text)
    assert tried


def test_every_key_of_the_file_is_tried() -> None:
    tried = set[str]()
    for text in (DENSE, *FILES.values()):
        tried |= set(_keys(parse(text, NAME)))
    assert set(_offered(schema())) - tried == set()


def _keys(node: Node) -> Iterator[str]:
    if isinstance(node, Keys):
        for entry in node.entries:
            yield entry.key
            yield from _keys(entry.node)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _keys(item)


def _offered(found: object) -> Iterator[str]:
    if isinstance(found, dict):
        yield from found.get("properties", {})
        for each in found.values():
            yield from _offered(each)
    elif isinstance(found, list):
        for each in found:
            yield from _offered(each)


def test_the_file_as_it_is_lies_nowhere_awake() -> None:
    assert NOWHERE and all(awake(original(name)) == [] for name in FILES)
