"""The repository as values that the tests of this folder judge.

In: the checkout. Out: source files with their syntax trees, and the committed texts. Never judges anything itself.
"""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = PurePosixPath("src/warren")
NOT_OURS = {".venv", ".git", "build", "dist", "__pycache__", ".hypothesis"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A Python file: its path from the root of the repository, and its text."""

    path: PurePosixPath
    text: str

    @property
    def tree(self) -> ast.Module:
        return parse(self.text)

    @property
    def room(self) -> str:
        """The folder or module directly under `src/warren`: `plan`, `cli`, `pipeline`, `__init__`."""
        return PurePosixPath(self.path.relative_to(PACKAGE).parts[0]).stem


@functools.cache
def parse(text: str) -> ast.Module:
    """The syntax tree of a text."""
    return ast.parse(text)


def sample(path: str, text: str) -> SourceFile:
    """A made-up file, for trying a rule on."""
    return SourceFile(PurePosixPath(path), text)


@functools.cache
def python_files(*folders: str) -> tuple[SourceFile, ...]:
    """Every Python file under these folders of the repository."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(SourceFile(PurePosixPath(path.relative_to(ROOT)), path.read_text()) for path in paths)


@functools.cache
def product() -> tuple[SourceFile, ...]:
    """Every Python file of the package."""
    return python_files(str(PACKAGE))


@functools.cache
def committed() -> tuple[PurePosixPath, ...]:
    """Every file that git tracks; in an unpacked archive, every file that is not generated."""
    # Root may test a checkout of somebody else: git must not refuse to list it.
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return tuple(sorted(unpacked()))
    return tuple(path for path in map(PurePosixPath, listed.split("\0")) if (ROOT / path).is_file())


def unpacked() -> Iterator[PurePosixPath]:
    """Every file below the root but what tools leave behind."""
    for path in ROOT.rglob("*"):
        relative = path.relative_to(ROOT)
        if path.is_file() and not NOT_OURS.intersection(relative.parts):
            yield PurePosixPath(relative)


@functools.cache
def committed_texts() -> dict[PurePosixPath, str]:
    """The committed files that are text."""
    texts = {}
    for path in committed():
        try:
            texts[path] = (ROOT / path).read_text()
        except UnicodeDecodeError:
            continue
    return texts


def definitions(tree: ast.AST) -> Iterator[Definition]:
    """Every class and function, wherever it is nested."""
    for node in ast.walk(tree):
        if isinstance(node, Definition):
            yield node


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function and method, wherever it is nested."""
    for node in definitions(tree):
        if not isinstance(node, ast.ClassDef):
            yield node


def assert_none(offenders: Iterable[str]) -> None:
    """Fail with the whole list, one offender a line."""
    found = sorted(offenders)
    assert not found, "\n" + "\n".join(found)


def length(node: Definition) -> int:
    """Lines from `def` to the end, without decorators."""
    return (node.end_lineno or node.lineno) - node.lineno + 1
