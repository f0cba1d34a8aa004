"""Small files, small functions: what a reader can hold in mind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import median, quantiles

from tests.repo.house import SourceFile, assert_none, functions, length, product, python_files, sample

LONGEST_FILE = 500
MEDIAN_FILE = 170
LONGEST_FUNCTION = 60
MEDIAN_FUNCTION = 10
NINE_OF_TEN_FUNCTIONS = 35


def lines(file: SourceFile) -> int:
    """Lines of a file."""
    return len(file.text.splitlines())


def function_lengths(files: Iterable[SourceFile]) -> list[int]:
    """Lines of every function of these files."""
    return [length(function) for file in files for function in functions(file.tree)]


def too_long(files: Iterable[SourceFile]) -> Iterator[str]:
    """Files and functions over the limit that nobody may pass."""
    for file in files:
        if lines(file) > LONGEST_FILE:
            yield f"{file.path}: {lines(file)} lines, the limit is {LONGEST_FILE}"
        for function in functions(file.tree):
            if length(function) > LONGEST_FUNCTION:
                yield f"{file.path}:{function.lineno}: {function.name} has {length(function)} lines"


def nine_of_ten(numbers: Sequence[int]) -> float:
    """The number that nine of ten do not pass."""
    return quantiles(numbers, n=10, method="inclusive")[-1] if len(numbers) > 1 else max(numbers, default=0)


def largest(files: Iterable[SourceFile], number: int = 15) -> str:
    """The largest functions, for the message of a failure."""
    sizes = [(length(f), f"{file.path}:{f.lineno}: {f.name}") for file in files for f in functions(file.tree)]
    return "\n".join(f"{size:4} {name}" for size, name in sorted(sizes, reverse=True)[:number])


def test_nothing_is_too_long() -> None:
    assert_none(too_long(python_files("src", "tests", "bench", "scripts")))


def test_files_are_small_as_a_rule() -> None:
    sizes = {str(file.path): lines(file) for file in product()}
    assert median(sizes.values()) <= MEDIAN_FILE, sorted(sizes.items(), key=lambda entry: -entry[1])[:15]


def test_functions_are_small_as_a_rule() -> None:
    lengths = function_lengths(product())
    assert median(lengths) <= MEDIAN_FUNCTION, largest(product())
    assert nine_of_ten(lengths) <= NINE_OF_TEN_FUNCTIONS, largest(product())


def test_a_long_file_and_a_long_function_are_found() -> None:
    function = "def long() -> None:\n" + "    pass\n" * LONGEST_FUNCTION
    assert list(too_long([sample("src/warren/a.py", function)])) == ["src/warren/a.py:1: long has 61 lines"]
    assert list(too_long([sample("src/warren/b.py", "x = 1\n" * 501)])) == [
        "src/warren/b.py: 501 lines, the limit is 500"
    ]


def test_nine_of_ten() -> None:
    assert nine_of_ten([]) == 0
    assert nine_of_ten([7]) == 7
    assert nine_of_ten(list(range(1, 12))) == 10
