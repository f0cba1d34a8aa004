"""Effects live in a few rooms; everything else is pure: no process, socket, clock, file, environment or print."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

import pytest

from tests.repo.house import SourceFile, assert_none, product, sample

EFFECT_ROOMS = {"source", "observe", "survey", "apply", "evidence", "probe", "secrets", "hosts", "lab"}
# The face of the product reads how it was called and prints what it found.
ROOM_MAY = {"cli": {"os.environ", "os.getenv", "print"}, "__main__": {"print"}}

# Modules whose import is the effect.
MODULES = {"subprocess", "socket", "ssl", "http", "urllib.request", "asyncio", "shutil", "tempfile", "random", "fcntl"}
# Builtins whose call is.
BUILTINS = {"open", "print", "input"}
# Names whose use is, dotted from the module.
NAMES = {
    "os.environ", "os.getenv", "os.system", "os.popen", "os.open", "os.stat", "os.listdir", "os.urandom", "os.getcwd",
    "time.time", "time.time_ns", "time.monotonic", "time.perf_counter", "time.sleep", "datetime.now", "datetime.utcnow",
    "datetime.today", "date.today", "uuid.uuid1", "uuid.uuid4", "Path.cwd", "Path.home",
}  # fmt: skip
# Methods of a path that touch the disk.
PATH_METHODS = {
    "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "exists", "is_file", "is_dir", "iterdir",
    "rglob", "touch", "rmdir", "stat",
}  # fmt: skip


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each import; `from os import environ` gives `os.environ`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def effect_of_import(name: str) -> str | None:
    """The effect that an import brings, by its name."""
    parts = name.split(".")
    beginnings = {".".join(parts[:count]) for count in range(1, len(parts) + 1)}
    return min((MODULES | NAMES) & beginnings, default=None)


def effect_of_use(node: ast.AST) -> str | None:
    """The effect of an expression, by its name."""
    if isinstance(node, ast.Call):
        return effect_of_call(node.func)
    if not isinstance(node, ast.Attribute):
        return None
    # `datetime.datetime.now` and `datetime.now` are one.
    dotted = ".".join(ast.unparse(node).split(".")[-2:])
    return dotted if dotted in NAMES else None


def effect_of_call(called: ast.expr) -> str | None:
    """The effect of calling a builtin or a method of a path, by its name."""
    if isinstance(called, ast.Name) and called.id in BUILTINS:
        return called.id
    return called.attr if isinstance(called, ast.Attribute) and called.attr in PATH_METHODS else None


def effects(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of every effect in a file."""
    for line, name in imports(tree):
        if effect := effect_of_import(name):
            yield line, effect
    for node in ast.walk(tree):
        if effect := effect_of_use(node):
            yield getattr(node, "lineno", 0), effect


def misplaced_effects(files: Iterable[SourceFile]) -> list[str]:
    """Effects outside the rooms that may have them."""
    return [
        f"{file.path}:{line}: {effect}"
        for file in files
        if file.room not in EFFECT_ROOMS
        for line, effect in effects(file.tree)
        if effect not in ROOM_MAY.get(file.room, set())
    ]


def test_effects_live_in_their_rooms() -> None:
    assert_none(misplaced_effects(product()))


@pytest.mark.parametrize(
    "text",
    [
        "import subprocess",
        "from urllib.request import urlopen",
        "from os import environ",
        "import os\nhome = os.environ['HOME']",
        "import datetime\nnow = datetime.datetime.now()",
        "from time import time",
        "text = open('/etc/hosts').read()",
        "def f(path: object) -> str:\n    return path.read_text()",
        "print('hello')",
    ],
)
def test_an_effect_in_a_pure_room_is_found(text: str) -> None:
    assert len(misplaced_effects([sample("src/warren/plan/diff.py", text)])) == 1


def test_effect_rooms_are_free_and_the_face_nearly() -> None:
    assert misplaced_effects([sample("src/warren/lab/build.py", "import subprocess")]) == []
    assert misplaced_effects([sample("src/warren/cli/main.py", "import os\nprint(os.environ)")]) == []
    assert misplaced_effects([sample("src/warren/cli/main.py", "import socket")]) == [
        "src/warren/cli/main.py:1: socket"
    ]


def test_pure_code_passes() -> None:
    text = "import datetime\nfrom warren.secrets import x\nhour = datetime.timedelta(hours=1)\nopen = x.opened"
    assert misplaced_effects([sample("src/warren/plan/diff.py", text)]) == []
