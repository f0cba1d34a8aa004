"""Every example is a file that `warren check` accepts."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.repo.house import ROOT

EXAMPLES = sorted(ROOT.glob("examples/*/warren.yaml"))


def run(*arguments: str) -> object:
    """Run `warren` in this process and return its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["warren", *arguments])
        try:
            return import_module("warren.cli.main").main() or 0
        except SystemExit as end:
            return end.code or 0


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_examples_are_accepted(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run("check", str(path))
    assert code == 0, "".join(capsys.readouterr())
