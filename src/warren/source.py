"""The user's files: the only reader of them.

In: a path. Out: a document or the ledger, or `Refused` with the sentence why there is none. Never writes, never reads
more than a bounded amount, never follows what a file says to another file.
"""

from __future__ import annotations

from pathlib import Path
from stat import S_ISREG

from warren.basis.diagnostic import Place, Refused, error
from warren.spec.load import Document
from warren.topology.ledger import Ledger, parse_ledger

LARGEST = 16 << 20
LOCK = "warren.lock"


def read(path: Path) -> Document:
    """The file that says how the network is meant to be."""
    try:
        raw = _bytes(path)
    except OSError as found:
        hint = "`warren init` writes one to start from" if isinstance(found, FileNotFoundError) else None
        raise Refused([error("unreadable", f"{path} cannot be read: {_why(found)}", None, hint)]) from None
    return Document(str(path), _text(raw, path))


def read_ledger(path: Path) -> Ledger:
    """What was allocated for the user's file so far, nothing where there is no ledger yet."""
    lock = lock_path(path)
    try:
        raw = _bytes(lock)
    except FileNotFoundError:
        return Ledger()
    except OSError as found:
        raise Refused([error("unreadable", f"{lock} cannot be read: {_why(found)}")]) from None
    return parse_ledger(_text(raw, lock), str(lock))


def lock_path(path: Path) -> Path:
    """Where the ledger of a file is: `warren.lock` for `warren.yaml`, `NAME.lock` for `NAME.yaml`."""
    return path.with_name(LOCK) if path.stem == "warren" else path.with_name(path.stem + ".lock")


def _bytes(path: Path) -> bytes:
    # A pipe or device would never end, or wait for ever.
    if not S_ISREG(path.stat().st_mode):
        raise OSError(0, "it is not a regular file")
    with path.open("rb") as file:
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise OSError(0, f"it is larger than {LARGEST >> 20} MiB")
    return raw


def _why(found: OSError) -> str:
    sentence = found.strerror or str(found)
    return sentence[:1].lower() + sentence[1:]


def _text(raw: bytes, path: Path) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as found:
        before = raw[: found.start]
        line = before.count(b"\n") + 1
        column = found.start - (before.rfind(b"\n") + 1) + 1
        hint = "save the file as UTF-8"
        raise Refused([error("not-utf-8", "this is not UTF-8", Place(str(path), line, column), hint)]) from None
