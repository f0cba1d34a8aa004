"""Questions and answers of the DNS as they travel (RFC 1035 section 4), as far as one asks for records of a kind.

In: a name and the number of a kind, or the bytes of an answer. Out: bytes, or the contents of the records that were
found. Never trusts a length that an answer says.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from warren.formats.dnswire import INTERNET, labels

HEAD = struct.Struct("!6H")
FIXED = struct.Struct("!HHIH")
RECURSE, TRUNCATED, IS_ANSWER, CODE = 0x0100, 0x0200, 0x8000, 0x000F
# Kind 41, with the size of answers that is sent everywhere without being cut (RFC 6891, DNS Flag Day 2020).
OPTIONS = b"\0" + struct.pack("!HHIH", 41, 1232, 0, 0)
POINTER = 0xC0


class Malformed(ValueError):
    """Bytes that are no answer to the question."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a name server said: the response code, whether there is more, and the contents of the records asked for."""

    code: int
    truncated: bool
    contents: tuple[bytes, ...]


def question(number: int, name: str, kind: int) -> bytes:
    """A question to a resolver."""
    asked = b"".join(bytes([len(part)]) + part.encode("ascii") for part in labels(name)) + b"\0"
    return HEAD.pack(number, RECURSE, 1, 0, 0, 1) + asked + struct.pack("!HH", kind, INTERNET) + OPTIONS


def answer(message: bytes, number: int, kind: int) -> Answer:
    """The answer to the question of this number. Raises `Malformed`."""
    try:
        found, flags, questions, answers, _, _ = HEAD.unpack_from(message)
        if found != number or not flags & IS_ANSWER:
            raise Malformed("an answer to something else")
        at = HEAD.size
        for _ in range(questions):
            at = _behind_name(message, at) + 4
        contents = []
        for _ in range(answers):
            at = _behind_name(message, at)
            its_kind, _, _, length = FIXED.unpack_from(message, at)
            at += FIXED.size + length
            if at > len(message):
                raise Malformed("an answer that is cut off")
            if its_kind == kind:
                contents.append(message[at - length : at])
    except (struct.error, IndexError) as cut:
        raise Malformed("an answer that is cut off") from cut
    return Answer(flags & CODE, bool(flags & TRUNCATED), tuple(contents))


def _behind_name(message: bytes, at: int) -> int:
    """Where a name ends; one that points elsewhere ends with the pointer."""
    while length := message[at]:
        if length & POINTER == POINTER:
            return at + 2
        at += 1 + length
    return at + 1
