"""Plain scalars by the core schema of YAML 1.2.

In: the text of a scalar. Out: the value that it stands for; `017` is 17, as 1.2 has it, and not 15.
Never reads `no`, `on`, `22:22` or a date as anything but text.
"""

from __future__ import annotations

import re

from warren.formats.yaml12_tree import Value

MAXIMUM_DIGITS = 100
CONSTANTS: dict[str, Value] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
MAYBE_NUMBER = frozenset("0123456789+-.")
DECIMAL = re.compile(r"[-+]?[0-9]+\Z")
OTHER_BASE = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
INFINITY = re.compile(r"[-+]?\.(inf|Inf|INF)\Z")


def scalar_value(raw: str) -> Value:
    """What a plain scalar means; a number of more than a hundred digits stays text."""
    if raw in CONSTANTS:
        return CONSTANTS[raw]
    if raw[0] not in MAYBE_NUMBER or len(raw) > MAXIMUM_DIGITS:
        return raw
    if DECIMAL.match(raw):
        return int(raw)
    if OTHER_BASE.match(raw):
        return int(raw, 0)
    if FLOAT.match(raw):
        return float(raw)
    if INFINITY.match(raw):
        return float(raw.replace(".", ""))
    return raw


CORE = "tag:yaml.org,2002:"
KINDS: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
    "null": (type(None),),
}


def is_kind(value: Value, tag: str) -> bool:
    """Whether a value is what a tag of the core schema, such as `int`, says."""
    return type(value) in KINDS[tag]
