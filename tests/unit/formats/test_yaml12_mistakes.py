"""Each common mistake gets its own sentence, from the C parser and from the pure one."""

from __future__ import annotations

import pytest
import yaml

from warren.basis.diagnostic import Diagnostic, Refused
from warren.formats import yaml12
from warren.formats.yaml12_mistakes import explain, quoted, shown

BOTH = pytest.mark.parametrize("loader", [yaml12.LOADER, yaml.SafeLoader])


def mistake(text: str, loader: type, monkeypatch: pytest.MonkeyPatch) -> Diagnostic:
    monkeypatch.setattr(yaml12, "LOADER", loader)
    with pytest.raises(Refused) as refused:
        yaml12.parse(text, "f")
    return refused.value.diagnostics[-1]


@BOTH
@pytest.mark.parametrize(
    ("text", "place", "summary", "hint"),
    [
        ("a:\n\tb: 1\n", "f:2:1", "a tab stands where spaces are expected", "use spaces"),
        ("a: b\n\tc: d\n", "f:2:1", "a tab stands where spaces are expected", "use spaces"),
        ("a:\n  image:nginx\n  b: 1\n", "f:2:9", "a space is missing after `image:`", "write `image: nginx`"),
        ("a: 1\nb:2\n", "f:2:3", "a space is missing after `b:`", "write `b: 2`"),
        ("a:\n  -x\n  -y: 1\n", "f:3:4", "a space is missing after the `-`", "write `- y: 1`"),
        ('a: "x\nb: 1\n', "f:1:4", "the quote that opens here is never closed", None),
        ("a: [1, 2\nb: 3\n", "f:1:4", "the `[` that opens here is not closed", "write `]` at its end"),
        ("a: {x: 1\nb: 3\n", "f:1:4", "the `{` that opens here is not closed", "write `}` at its end"),
        ("a: [1, 2\n", "f:1:4", "the `[` that opens here is not closed", "write `]` at its end"),
        (
            "a:\n    b: 1\n  c: 2\n",
            "f:3:3",
            "the indentation of this line, 2 spaces, fits no line above",
            "indent it by 4 or 0",
        ),
        (
            "a: 1\n  b: 2\n",
            "f:2:3",
            "a key cannot stand here: the line above already has a value",
            "align it with the key that it belongs beside",
        ),
        ("a: b: c\n", "f:1:4", "a value that contains `: ` must be in quotes", 'write "b: c"'),
        ("lan: fd00::\n", "f:1:6", "a value that ends with `:` must be in quotes", 'write "fd00::"'),
        ("a: %x # y\n", "f:1:4", "a value that starts with `%` must be in quotes", 'write "%x"'),
        ("a: @x\n", "f:1:4", "a value that starts with `@` must be in quotes", 'write "@x"'),
        ("a: `x`\n", "f:1:4", "a value that starts with a backtick must be in quotes", 'write "`x`"'),
        ("- *.metrics\n", "f:1:3", "a value that starts with `*` must be in quotes", 'write "*.metrics"'),
        ("a: [*.m, b]\n", "f:1:5", "a value that starts with `*` must be in quotes", 'write "*.m"'),
        ("- &.x\n", "f:1:3", "a value that starts with `&` must be in quotes", 'write "&.x"'),
        ("a: [::1]:80\n", "f:1:5", "a value that starts with `:` must be in quotes", 'write "::1"'),
        ("a: >=5\n", "f:1:4", "a value that starts with `|` or `>` must be in quotes", 'write ">=5"'),
        ("a: ? b\n", "f:1:4", "a value that starts with `? ` must be in quotes", 'write "? b"'),
        ("a: ,b\n", "f:1:4", "a value that starts with `,` must be in quotes", 'write ",b"'),
        ("%x\n", "f:1:1", "a line may not start with `%`", "put the text in quotes"),
        ("a: ]\n", "f:1:4", "the `]` closes nothing", None),
        ("a: {b: c}}\n", "f:1:10", "the `}` closes nothing", None),
        ("a: [1,,2]\n", "f:1:7", "a value is missing before the comma", None),
        (
            "a: - b\n",
            "f:1:4",
            "a list cannot start in the line of its key",
            "start the list in the next line, or write it as [a, b]",
        ),
        ("b: c\n- a\n", "f:2:1", "a list item stands where a key is expected", None),
        ("- a\nb: c\n", "f:2:1", "a list item, which starts with `- `, is expected here", None),
        (
            "a: 'it's'\n",
            "f:1:8",
            "text follows the closing quote",
            "close the quotes of the lines above, and put text with quotes in it in the other kind of quotes",
        ),
        (
            "a: b\nc\n",
            "f:2:1",
            "this line is neither `key: value` nor an item of a list",
            "a value of several lines needs `|` after its key",
        ),
        ("a:\xa0b\nc: d\n", "f:1:3", "a no-break space (U+00A0) is not a space to YAML", "use spaces"),
        (
            "a: !e!x 1\n",
            "f:1:4",
            "a value that starts with `!` is a tag, and tags have no meaning here",
            'write "!e!x 1"',
        ),
        ("a: [2001:db8::]\n", "f:1:5", None, 'write "2001:db8::"'),
        (": 1\n", "f:1:1", "a key is missing before the colon", None),
    ],
)
def test_mistake(
    text: str, place: str, summary: str | None, hint: str | None, loader: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = mistake(text, loader, monkeypatch)
    assert (str(found.place), found.summary, found.hint) == (place, summary or found.summary, hint)


@BOTH
def test_an_unknown_escape_names_the_other_quotes(loader: type, monkeypatch: pytest.MonkeyPatch) -> None:
    found = mistake('a: "\\d"\n', loader, monkeypatch)
    assert found.code == "yaml-escape"
    assert found.hint == "use single quotes, in which a backslash is an ordinary character"


def test_an_error_without_place_or_known_words_still_has_a_sentence() -> None:
    found = explain(yaml.YAMLError("the moon\nis full"), "a", "f")
    assert (str(found.place), found.summary) == ("f:1:1", "this is not YAML: the moon is full")


def test_shown_is_one_bounded_line() -> None:
    assert shown("a\n  b") == "a b"
    assert shown("x" * 50) == "x" * 39 + "…"


def test_quoted_chooses_quotes_that_need_no_escape() -> None:
    assert quoted("*.metrics") == '"*.metrics"'
    assert quoted('say "it\'s"') == "'say \"it''s\"'"
    assert quoted("a\\b") == "'a\\b'"
