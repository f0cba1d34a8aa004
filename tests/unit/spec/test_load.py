"""load: text into a spec, or every error at once."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, said
from warren.basis.diagnostic import Refused
from warren.spec.load import Document, load


def test_all_errors_of_a_file_are_reported_at_once_in_its_order() -> None:
    text = BASE.replace("version: 1", "version: 2").replace("ports: {web: 80}", "ports: {web: 99999}, expoze: 1")
    assert said(text + "expect: [a]\n") == [
        "1:10 wrong-value `version` must be 1, found the number 2",
        "7:34 bad-port 99999 is not a port: ports go from 1 to 65535",
        "7:42 unknown-key `services.blog` has no key `expoze`",
        "9:10 bad-expectation expected one line `FROM -> TO: open|closed`, found the text `a`",
    ]


def test_unknown_keys_do_not_hide_what_else_is_wrong() -> None:
    text = BASE.replace("ports: {web: 80}", "prots: {web: 80}").replace(
        "sql: 5432", "sql: 5432}, needs: {to: x, wby: 1"
    )
    assert said(text) == [
        "7:21 unknown-key `services.blog` has no key `prots`",
        "8:52 unknown-name there is no service, group or host `x`",
        "8:55 unknown-key `services.db.needs[0]` has no key `wby`",
    ]


def test_what_a_misspelt_key_says_is_taken_as_meant() -> None:
    text = BASE.replace("ports: {web: 80}", "prots: {web: 80}") + "  x: {host: home, needs: [blog.web, blog.wbe]}\n"
    assert said(text)[1:] == ["9:37 unknown-port the service `blog` has no port `wbe`"]


def test_a_misspelt_key_is_not_missing_as_well() -> None:
    assert said(BASE.replace("hosts:", "hots:")) == ["3:1 unknown-key the file has no key `hots`"]
    assert "1:1 missing-key the file lacks `hosts`" in said("version: 1\nnetwork: {name: n}\n")


def test_a_key_without_value_is_an_error() -> None:
    assert said(BASE + "  x:\ngroups: {}\n") == ["9:5 empty-value `x` has no value"]
    assert said(BASE + "  x: {host: home, egress: ~}\n") == ["9:27 empty-value `egress` has no value"]


@pytest.mark.parametrize("text", ["hello", "[]", "5", "- a"])
def test_a_file_is_a_mapping(text: str) -> None:
    assert said(text) == ["1:1 not-a-mapping the file must be a mapping of keys and values"]


def test_yaml_has_its_own_sentences() -> None:
    with pytest.raises(Refused) as refused:
        load(Document("warren.yaml", "a: b: c"))
    assert refused.value.diagnostics[0].code == "yaml-quote"


def test_the_number_of_sentences_is_bounded() -> None:
    assert len(said("".join(f"k{number}: 1\n" for number in range(1000)))) <= 102


def test_defaults_fill_what_is_not_said() -> None:
    text = BASE + (
        '  x: {host: home, image: "a:1", restart: "no"}\n'
        '  y: {host: home, egress: lan, containers: {a: {image: "a:1"}, b: {image: "b:1", init: false}}}\n'
        "defaults:\n  service: {egress: none}\n  host: {site: attic}\n  container: {init: true, restart: always}\n"
    ).replace("site: attic", "egress: vps")
    spec = load(Document("warren.yaml", text))
    assert (spec.services["x"].egress, spec.services["y"].egress) == ("none", "lan")
    assert (spec.services["x"].restart, spec.services["x"].init) == ("no", True)
    assert not spec.services["blog"].init
    assert [one.init for one in spec.services["y"].containers.values()] == [True, False]
    assert spec.hosts["home"].egress == "vps"
