"""The located tree: scalars of YAML 1.2, places, and every way in which a file is refused."""

from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from warren.basis.diagnostic import Diagnostic, Place, Refused
from warren.formats import yaml12
from warren.formats.yaml12 import Scalar, Sequence, parse, plain

SAMPLE = """\
version: 1
network: {name: nine-worlds, domain: example.org}

hosts:
  vps:  {ssh: root@203.0.113.10, public: [203.0.113.10, "2001:db8:10::10"]}
  home: {ssh: admin@home.lan, lan: 192.168.2.0/24, egress: vps}

services:
  game:
    host: home      # at home
    image: registry.example.org/game@sha256:00
    ports: {play: 12345/udp, query: 12346/tcp}
    command: |
      exec run \\
      \t--now
    expose:
      - {port: 12345/udp, to: play}
      - {port: 12346/tcp, to: query, limit: 20/second}
"""


def errors(text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(Refused) as refused:
        parse(text, "f")
    return refused.value.diagnostics


def only(text: str) -> Diagnostic:
    (found,) = errors(text)
    return found


def where(found: Diagnostic) -> tuple[str, int, int]:
    assert found.place is not None
    return found.code, found.place.line, found.place.column


def test_a_whole_file_as_plain_values() -> None:
    tree = plain(parse(SAMPLE, "f"))
    assert isinstance(tree, dict)
    assert tree["version"] == 1
    assert tree["hosts"] == {
        "vps": {"ssh": "root@203.0.113.10", "public": ["203.0.113.10", "2001:db8:10::10"]},
        "home": {"ssh": "admin@home.lan", "lan": "192.168.2.0/24", "egress": "vps"},
    }
    services = tree["services"]
    assert isinstance(services, dict) and isinstance(services["game"], dict)
    assert services["game"]["command"] == "exec run \\\n\t--now\n"


def test_quoted_scalars_are_text_and_raw_is_kept() -> None:
    node = parse("[80, '80', 0x10, !!str 80, !!int '80', !!float 1]", "f")
    assert isinstance(node, Sequence)
    scalars = [item for item in node.items if isinstance(item, Scalar)]
    assert [s.value for s in scalars] == [80, "80", 16, "80", 80, 1.0]
    assert [s.raw for s in scalars] == ["80", "80", "0x10", "80", "80", "1"]


def test_keys_are_their_raw_text() -> None:
    assert plain(parse("80: a\ntrue: b\n0x10: c\n'x y': d\n", "f")) == {"80": "a", "true": "b", "0x10": "c", "x y": "d"}


def test_duplicate_keys_name_both_places_and_all_are_reported() -> None:
    first, second = errors("a: 1\na: 2\nb: {80: 1, '80': 2}\n")
    assert where(first) == ("yaml-duplicate-key", 2, 1)
    assert first.related == (Place("f", 1, 1),)
    assert where(second) == ("yaml-duplicate-key", 3, 12)


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("", "yaml-empty", 1, 1),
        ("# only a comment\n", "yaml-empty", 1, 1),
        ("---\n", "yaml-empty", 1, 1),
        ("a: 1\n---\nb: 2\n", "yaml-documents", 2, 1),
        ("a: !x 1\n", "yaml-tag", 1, 4),
        ("a: !!python/object/apply:os.system [x]\n", "yaml-tag", 1, 4),
        ("a: !!int x\n", "yaml-tag", 1, 4),
        ("a: !!set {x}\n", "yaml-tag", 1, 4),
        ("%TAG ! tag:x,2000:\n---\na: 1\n", "yaml-tag", 1, 1),
        ("%YAML 1.1\n---\na: 1\n", "yaml-directive", 1, 1),
        ("<<: {a: 1}\n", "yaml-merge", 1, 1),
        ("[a]: b\n", "yaml-key", 1, 1),
        ("a: {{ x }}\n", "yaml-key", 1, 5),
        ("- &a x\n- *a : y\n", "yaml-key", 2, 3),
        ("?\n: 1\n", "yaml-key", 1, 2),
        ("- fd00::\n", "yaml-quote", 1, 3),
        ("a: *b\n", "yaml-alias", 1, 4),
        ("&a [*a]\n", "yaml-alias", 1, 5),
        ("a: &a {b: *a}\n", "yaml-alias", 1, 11),
        ("a:\n  - b\n   - c\n", "yaml-indentation", 3, 4),
        ('a: "x\\0"\n', "yaml-character", 1, 4),
        ("a: \u202eb\n", "yaml-character", 1, 4),
        ("\ufeffa: 1\n", "yaml-character", 1, 1),
        ("a: 1\nb:\tc\n", "yaml-tab", 2, 3),
        ("[" * 41 + "]" * 41, "yaml-too-deep", 1, 41),
        ("a: " + "x" * (4 * 1024 * 1024), "yaml-too-large", 1, 1),
    ],
)
def test_refusals(text: str, code: str, line: int, column: int) -> None:
    assert where(only(text)) == (code, line, column)


def test_every_error_is_reported_up_to_the_first_that_ends_parsing() -> None:
    codes = [d.code for d in errors("a: !x 1\na: 2\nb: *c\nd: [\n")]
    assert codes == ["yaml-tag", "yaml-duplicate-key", "yaml-alias", "yaml-unclosed"]


def test_aliases_stand_for_the_marked_value() -> None:
    assert plain(parse("a: &x {k: [1]}\nb: *x\n'<<': ok\n", "f")) == {"a": {"k": [1]}, "b": {"k": [1]}, "<<": "ok"}


def test_aliases_are_counted_as_what_they_stand_for() -> None:
    lines = ["a0: &a0 [" + "x, " * 10 + "]"]
    lines += [f"a{n}: &a{n} [" + f"*a{n - 1}, " * 10 + "]" for n in range(1, 30)]
    assert only("\n".join(lines)).code == "yaml-too-many"


def test_aliases_deepen_by_what_they_stand_for() -> None:
    lines = ["a0: &a0 []"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 60)]
    assert only("\n".join(lines)).code == "yaml-too-deep"


def test_nine_thousand_lines_are_read_at_once() -> None:
    body = SAMPLE[SAMPLE.index("  game:") :]
    text = "services:\n" + "".join(body.replace("game:", f"game{n}:", 1) for n in range(900))
    assert text.count("\n") >= 9000
    fastest = float("inf")
    for _ in range(3):
        start = time.process_time()
        parse(text, "f")
        fastest = min(fastest, time.process_time() - start)
    # Ten times what it takes: it tells what grows with the square, not what the machine does besides.
    assert fastest < 2.5 or yaml12.LOADER is yaml.SafeLoader


@pytest.mark.parametrize("loader", [yaml12.LOADER, yaml.SafeLoader])
def test_both_loaders_read_the_same(loader: type, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = parse(SAMPLE, "f")
    monkeypatch.setattr(yaml12, "LOADER", loader)
    assert parse(SAMPLE, "f") == expected


@pytest.mark.parametrize("text", ["%YAML 1.2x\n---\na", '"\\UFFFFFFFF"', '"\\ud800"', "a: &a\n", "%YAML " + "9" * 5000])
@pytest.mark.parametrize("loader", [yaml12.LOADER, yaml.SafeLoader])
def test_what_upsets_a_loader_is_refused(text: str, loader: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml12, "LOADER", loader)
    accepted_or_refused(text)


def accepted_or_refused(text: str) -> None:
    try:
        plain(parse(text, "f"))
    except Refused as refused:
        assert refused.diagnostics
        for found in refused.diagnostics:
            assert found.place is not None and found.place.line >= 1 and found.place.column >= 1
            assert "\n" not in found.summary and not found.summary.endswith(".")


PIECES = st.sampled_from(
    list("""[]{},:-?&*!|>'"%@`#~<\\\t\n ax08é""") + ["- ", ": ", "\n  ", "*a", "&a ", "<<", "!!", "---\n", "...\n"]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=40).map("".join)))
def test_any_text_is_accepted_or_refused(text: str) -> None:
    accepted_or_refused(text)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(SAMPLE)), st.integers(0, 3), st.lists(PIECES, max_size=4).map("".join))
def test_any_mutation_is_accepted_or_refused(index: int, removed: int, inserted: str) -> None:
    accepted_or_refused(SAMPLE[:index] + inserted + SAMPLE[index + removed :])


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 50_000, "- " * 100_000, "? " * 100_000, "&a " * 10_000])
def test_hostile_nesting_is_refused(text: str) -> None:
    assert errors(text)
