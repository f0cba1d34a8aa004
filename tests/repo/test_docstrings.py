"""Every module says what comes in and goes out; every public type and every longer public function what it is."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tests.repo.house import Definition, SourceFile, assert_none, length, product, sample

# A short function with a good name explains itself.
SHORT = 10
# These say what a folder or a command is; the others also say what comes in, what goes out and what they never do.
ONE_LINE_IS_ENOUGH = {"__init__.py", "__main__.py"}


def public(body: Iterable[ast.stmt]) -> Iterator[Definition]:
    """Public classes and functions of a module, and the public methods of its public classes."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


def undocumented(files: Iterable[SourceFile]) -> Iterator[str]:
    """Modules, types and functions that do not say what they are."""
    for file in files:
        opening = ast.get_docstring(file.tree) or ""
        told = [line for line in opening.splitlines() if line.strip()]
        if len(told) < (1 if file.path.name in ONE_LINE_IS_ENOUGH else 2):
            yield f"{file.path}: say in three lines what comes in, what goes out, what it never does"
        for node in public(file.tree.body):
            if not ast.get_docstring(node) and (isinstance(node, ast.ClassDef) or length(node) > SHORT):
                yield f"{file.path}:{node.lineno}: {node.name} has no docstring"


def test_everything_public_says_what_it_is() -> None:
    assert_none(undocumented(product()))


def test_silence_is_found() -> None:
    long = "def long() -> None:\n" + "    pass\n" * SHORT
    method = "class Loud:\n    '''Said.'''\n" + "".join(f"    {line}\n" for line in long.splitlines())
    text = f'"""A.\n\nB."""\n{long}{method}class Quiet: pass\ndef short() -> None: pass\nclass _Private: pass\n'
    found = list(undocumented([sample("src/warren/a.py", text)]))
    assert [line.split()[1] for line in found] == ["long", "long", "Quiet"]


def test_a_module_without_opening_is_found() -> None:
    files = [sample("src/warren/a.py", '"""One line."""'), sample("src/warren/b/__init__.py", '"""One line."""')]
    assert [line.split(":")[0] for line in undocumented(files)] == ["src/warren/a.py"]
