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
CODE, UNKNOWN = "in-the-way", "not-understood"
PERHAPS = {"can now reach": "may now reach", "can no longer reach": "may no longer reach"}


def told(shut: Sequence[str], opened: Sequence[str], tables: Words, doubts: Words) -> Iterator[Diagnostic]:
    """First what is sure, then what depends on words that are not known, then those words."""
    ours = ", ".join(f"{table} on {host}" for host, held in tables.items() for table in held)
    hint = f"nftables tables that are not ours: {ours}; warren never changes them"
    either = dict.fromkeys((*shut, *opened))
    both = set(shut) & set(opened)
    perhaps = [each for each in either if each not in both]
    yield from (warning(CODE, each, None, hint) for each in either if each in both)
    where = "; ".join(f"{named(words)} in {table}" for table, words in doubts.items())
    depends = f"that depends on what warren does not know: {where}"
    yield from (warning(CODE, _may(each), None, depends) for each in perhaps)
    for table, words in doubts.items():
        sentence = f"{table} has {'a word' if len(words) == 1 else 'words'} that warren does not know: {named(words)}"
        yield warning(UNKNOWN, sentence, None, None if perhaps else "nothing of this network depends on it")


def _may(sentence: str) -> str:
    for sure, perhaps in PERHAPS.items():
        sentence = sentence.replace(sure, perhaps)
    return sentence
