"""What tables of others open or close, said once: for sure, or perhaps.

In: sentences of what changes where words that are not known shut, and where they open. Out: warnings. Never a guess:
where the two differ, it is said to depend on the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from warren.basis.diagnostic import Diagnostic, warning
from warren.prove.doubt import named

Words: TypeAlias = Mapping[str, tuple[str, ...]]
NOW = "can now reach"
PERHAPS = {NOW: "may now reach", "can no longer reach": "may no longer reach"}


def told(shut: Sequence[str], opened: Sequence[str], tables: Words, doubts: Words) -> Iterator[Diagnostic]:
    """First what is sure, then what depends on words that are not known, then those words."""
    ours = ", ".join(f"{table} on {host}" for host, held in tables.items() for table in held)
    hint = f"nftables tables that are not ours: {ours}; warren never changes them"
    # Whatever is cut although the words open all they can is cut, and the other way about.
    sure = (*(each for each in opened if not _opens(each)), *(each for each in shut if _opens(each)))
    perhaps = [each for each in dict.fromkeys((*shut, *opened)) if each not in sure]
    yield from (warning("in-the-way", each, None, hint) for each in sure)
    where = "; ".join(f"{named(words)} in {table}" for table, words in doubts.items())
    depends = f"that depends on what warren does not know: {where}"
    yield from (warning("in-the-way", _may(each), None, depends) for each in perhaps)
    for table, words in doubts.items():
        sentence = f"{table} has {'a word' if len(words) == 1 else 'words'} that warren does not know: {named(words)}"
        yield warning("not-understood", sentence, None, None if perhaps else "nothing of this network depends on it")


def _opens(sentence: str) -> bool:
    return NOW in sentence


def _may(sentence: str) -> str:
    for sure, perhaps in PERHAPS.items():
        sentence = sentence.replace(sure, perhaps)
    return sentence
