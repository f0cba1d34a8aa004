"""One word per thing: no names that say nothing, no texts that belong to one machine, no secrets."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

import pytest

from tests.repo.house import ROOT, SourceFile, assert_none, committed, committed_texts, python_files, sample

# Nowhere in a name.
EMPTY_WORDS = {"manager", "managers", "helper", "helpers", "util", "utils", "handler", "handlers"}
# Not in the name of a module or class, and not as the whole name of a function: what kind of data?
VAGUE_WORDS = {"data", "info", "process"}
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

FOREIGN_TEXTS = {
    "a home directory": re.compile(
        r"/Users/[a-z]|/root/\.(?:pyenv|cache|venv)|/home/[a-z]\w*/(?:src|code|dev|work|git)/"
    ),
    # A flag with its value, not the word.
    "a package mirror": re.compile(
        r"(?i)(?:artifactory|devpi|nexus)[\w-]*\.[a-z]|(?:index-url|find-links|PIP_[A-Z_]*URL)[ =]"
    ),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|AGE-SECRET-KEY-1[A-Z0-9]{20}"),
    # A fixture that repeats one letter is no secret.
    "a WireGuard key": re.compile(r"PrivateKey\s*=\s*(?!(.)\1{20})[A-Za-z0-9+/]{43}="),
    "a token": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}|\bAKIA[0-9A-Z]{16}\b|\bglpat-[\w-]{20}|\bxox[bp]-[\w-]{20}"),
}


def words(name: str) -> set[str]:
    """The words of a name in snake or camel case, in lower case."""
    return {word.lower() for word in WORD.findall(name)}


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of everything that a file gives a name to."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def vague(node: ast.AST) -> bool:
    """Whether a class or function has a name that says nothing."""
    if isinstance(node, ast.ClassDef):
        return bool(words(node.name) & VAGUE_WORDS)
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.strip("_") in VAGUE_WORDS


def bad_names(files: Iterable[SourceFile]) -> Iterator[str]:
    """Names that say nothing."""
    for file in files:
        for line, name in names(file.tree):
            if words(name) & EMPTY_WORDS:
                yield f"{file.path}:{line}: {name}"
        for node in ast.walk(file.tree):
            if vague(node):
                yield f"{file.path}:{getattr(node, 'lineno', 0)}: {getattr(node, 'name', '')}"


def bad_paths(paths: Iterable[PurePosixPath]) -> list[str]:
    """File and folder names that say nothing."""
    forbidden = EMPTY_WORDS | VAGUE_WORDS
    return [str(path) for path in paths if any(words(part.split(".")[0]) & forbidden for part in path.parts)]


def foreign_texts(texts: Mapping[PurePosixPath, str], checkout: Path) -> Iterator[str]:
    """Places in committed texts that belong to one machine or one person."""
    # A checkout directly under the root, such as /src, has a name too common to search for.
    here = {"this checkout": re.compile(re.escape(str(checkout)) + r"\b")} if len(checkout.parts) > 2 else {}
    for path, text in texts.items():
        for kind, pattern in {**FOREIGN_TEXTS, **here}.items():
            for found in pattern.finditer(text):
                yield f"{path}:{text.count(chr(10), 0, found.start()) + 1}: {kind}"


def test_names_say_something() -> None:
    assert_none(bad_names(python_files("src", "tests", "bench", "scripts")))
    assert_none(bad_paths(committed()))


def test_committed_texts_belong_to_no_machine() -> None:
    assert_none(foreign_texts(committed_texts(), ROOT))


@pytest.mark.parametrize(
    "text",
    [
        "class LinkManager: pass",
        "class HTTPHandler: pass",
        "def parse_helper() -> None: pass",
        "str_utils = 1",
        "def f(handler: int) -> None: pass",
        "class HostInfo: pass",
        "def process() -> None: pass",
    ],
)
def test_empty_names_are_found(text: str) -> None:
    assert len(list(bad_names([sample("src/warren/a.py", text)]))) == 1


def test_telling_names_pass() -> None:
    text = "metadata = 1\ndef utilisation(data: str) -> None: pass\nclass ProcessedPlan: pass"
    assert list(bad_names([sample("src/warren/a.py", text)])) == []


def test_empty_file_names_are_found() -> None:
    paths = ["src/warren/utils/text.py", "src/warren/spec/data.py", "docs/metadata.md"]
    assert bad_paths(map(PurePosixPath, paths)) == paths[:2]


@pytest.mark.parametrize(
    "text",
    [
        "see /srv/checkouts/" + "warren/src",
        "/Users/" + "anna/warren",
        "pip install --index-" + "url https://pypi.example.org",
        "-----BEGIN OPENSSH " + "PRIVATE KEY-----",
        "PrivateKey = " + "aB3" * 14 + "c=",
        "token: ghp" + "_" + "a1" * 18,
    ],
)
def test_foreign_texts_are_found(text: str) -> None:
    assert len(list(foreign_texts({PurePosixPath("a.md"): text}, Path("/srv/checkouts/warren")))) == 1


def test_ordinary_texts_pass() -> None:
    text = "PrivateKey = " + "A" * 42 + "=\nvolumes: [/home/app:/data]\nPyPI has an index"
    assert list(foreign_texts({PurePosixPath("a.md"): text}, Path("/srv/checkouts/warren"))) == []
