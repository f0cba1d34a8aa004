"""ini: units of systemd and Quadlet, written and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warren.formats import ini
from warren.formats.ini import Section, Setting, Unit

TEXTS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=30)
HOSTILE = st.one_of(
    TEXTS,
    st.text(st.sampled_from("\"'\\$%; \n\t#[]=ab{}"), max_size=12),
    st.sampled_from([";", "", "\\", "%n", "$(reboot)", "${HOME}", "a\n[Service]\nExecStartPre=reboot", "\\\n", "-"]),
)


def test_a_file() -> None:
    unit = Unit(
        (
            Section("Unit", (Setting("Description", ini.literal("100 % of it")),)),
            Section("Empty", ()),
            Section("Service", (Setting("Environment", ini.words(["A=b c", "B=$x"])), Setting("Environment", "C=d"))),
        )
    )
    text = ini.write(unit, "Written by warren.")
    assert text == (
        "# Written by warren.\n"
        "[Unit]\nDescription=100 %% of it\n\n"
        '[Service]\nEnvironment="A=b c" B=$x\nEnvironment=C=d\n'
    )  # fmt: skip
    assert ini.read(text).section("Service").of("Environment") == ('"A=b c" B=$x', "C=d")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "plain"),
        ("", '""'),
        ("a b", '"a b"'),
        ('say "hi"', '"say \\"hi\\""'),
        ("it's", '"it\'s"'),
        ("back\\slash\\", '"back\\\\slash\\\\"'),
        ("two\nlines", '"two\\nlines"'),
        ("\x07\x1b", '"\\x07\\x1b"'),
        ("%n $HOME", '"%%n $HOME"'),
        (";", '";"'),
        ("#", '"#"'),
        ("é☃", '"é☃"'),
        ("\u2028\U000e0001", '"\\u2028\\U000e0001"'),
    ],
)
def test_words(text: str, written: str) -> None:
    assert ini.word(text) == written


def test_a_dollar_has_a_meaning_in_command_lines_alone() -> None:
    assert ini.arguments(["sh", "-c", "echo $HOME ${X} %n"]) == 'sh -c "echo $$HOME $${X} %%n"'


@given(st.lists(HOSTILE, max_size=5))
def test_words_are_read_back(texts: list[str]) -> None:
    assert [one.replace("%%", "%") for one in ini.split(ini.words(texts))] == texts
    assert [ini.plain(one) for one in ini.split(ini.arguments(texts))] == texts


@given(st.lists(st.tuples(st.sampled_from(["A", "B", "Exec"]), st.lists(HOSTILE, max_size=4)), min_size=1, max_size=5))
def test_a_file_is_read_back_whatever_its_values_are(lines: list[tuple[str, list[str]]]) -> None:
    unit = Unit((Section("Service", tuple(Setting(key, ini.words(texts)) for key, texts in lines)),))
    assert ini.read(ini.write(unit, "a comment")) == unit


@given(HOSTILE)
def test_no_value_leaves_its_line(text: str) -> None:
    try:
        value = ini.literal(text)
    except ValueError:
        return
    unit = Unit((Section("Unit", (Setting("Description", value), Setting("After", "x.target"))),))
    assert ini.read(ini.write(unit)) == unit


@pytest.mark.parametrize("text", ["a\nb", "a\\", " a", "a\t", "a\x00b", "a\u2028b"])
def test_a_literal_cannot_hold_everything(text: str) -> None:
    with pytest.raises(ValueError, match="cannot stand"):
        ini.literal(text)


@pytest.mark.parametrize("unit", [Section("A]\n[B", (Setting("a", "b"),)), Section("A", (Setting("a b", "c"),))])
def test_neither_can_a_name(unit: Section) -> None:
    with pytest.raises(ValueError, match="can be called"):
        ini.write(Unit((unit,)))


def test_what_others_write_is_read() -> None:
    text = (
        "\n# c\n; c\n[Unit]\nAfter = a \\\n# inside\n  b\\\n\n[Service]\nExecStart=x 'a b' \\x41\\s\\101\n[Unit]\nX=\n"
    )
    unit = ini.read(text)
    assert unit.section("Unit") == Section("Unit", (Setting("After", "a  b"), Setting("X", "")))
    assert ini.split(unit.section("Service").of("ExecStart")[0]) == ("x", "a b", "A A")


@pytest.mark.parametrize("text", ["A=b\n", "[A]\nb\n", "garbage"])
def test_what_is_no_unit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="neither"):
        ini.read(text)


@pytest.mark.parametrize("value", ['"open', "a\\"])
def test_open_words_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"closed|backslash"):
        ini.split(value)
