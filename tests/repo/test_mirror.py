"""One test file for each source file, in the same place; and no test file of nothing."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePosixPath

from tests.repo.house import PACKAGE, assert_none, product, python_files

UNIT = PurePosixPath("tests/unit")
NEEDS_NO_TEST = {"__init__.py", "__main__.py"}

# Source files still without a test of their own. Only ever shorten this: an entry that is not needed fails the test.
EXCEPTIONS: frozenset[str] = frozenset()


def sources() -> set[PurePosixPath]:
    """Source files that must have a test, from the package's folder."""
    return {file.path.relative_to(PACKAGE) for file in product() if file.path.name not in NEEDS_NO_TEST}


def written_tests() -> set[PurePosixPath]:
    """Unit tests, from their folder."""
    return {file.path.relative_to(UNIT) for file in python_files(str(UNIT)) if file.path.name.startswith("test_")}


def untested(sources: Collection[PurePosixPath], tests: Collection[PurePosixPath]) -> set[str]:
    """Source files without a test file."""
    return {str(source) for source in sources if source.with_name(f"test_{source.name}") not in tests}


def orphans(sources: Collection[PurePosixPath], tests: Collection[PurePosixPath]) -> set[str]:
    """Test files without a source file; `test_lower_limits.py` may stand beside `test_lower.py`."""
    return {str(test) for test in tests if not any(is_test_of(test, source) for source in sources)}


def is_test_of(test: PurePosixPath, source: PurePosixPath) -> bool:
    """Whether a test file speaks of a source file."""
    subject = test.stem.removeprefix("test_")
    return test.parent == source.parent and f"{subject}_".startswith(f"{source.stem}_")


def test_every_source_file_has_its_test() -> None:
    assert_none(untested(sources(), written_tests()) - EXCEPTIONS)


def test_every_exception_is_still_needed() -> None:
    assert_none(EXCEPTIONS - untested(sources(), written_tests()))


def test_every_test_has_its_source_file() -> None:
    assert_none(orphans(sources(), written_tests()))


def test_missing_and_orphaned_tests_are_found() -> None:
    written = [PurePosixPath("plan/diff.py"), PurePosixPath("plan/order.py")]
    tested = [
        PurePosixPath(p) for p in ("plan/test_diff.py", "plan/test_diff_large.py", "plan/test_gone.py", "test_order.py")
    ]
    assert untested(written, tested) == {"plan/order.py"}
    assert orphans(written, tested) == {"plan/test_gone.py", "test_order.py"}
