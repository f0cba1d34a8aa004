"""A spec as the file that it could have come from, with defaults filled in.

In: a spec. Out: YAML that reads back as the same spec, or plain values. Never a comment of the user's: the spec has
none.
"""

from __future__ import annotations

import re
from typing import TypeAlias

import yaml

from warren.spec.model import Spec

Plain: TypeAlias = "None | bool | int | float | str | list[Plain] | dict[str, Plain]"
# Words that no version of YAML reads as anything but text; the dumper itself knows about `true` and `null`.
SAFE = re.compile(r"[A-Za-z/][\w./@-]*(?: [\w./@-]+)*\Z", re.ASCII)


class _Dumper(yaml.SafeDumper):
    """Quotes whatever YAML 1.1 and 1.2 could read differently."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists stand indented below their key."""
        return super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = None if SAFE.match(value) else "|" if value.endswith("\n") and value.isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def document(spec: Spec) -> dict[str, Plain]:
    """The spec as plain values, without what is empty."""
    whole = spec.model_dump(mode="json", by_alias=True, exclude_none=True)
    said = spec.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)
    found = _without_empty(whole, said)
    assert isinstance(found, dict)
    return found


def text(spec: Spec) -> str:
    """The spec as a file."""
    return yaml.dump(document(spec), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def _without_empty(whole: Plain, said: Plain) -> Plain:
    """`whole` without empty values and refusals that are only the default of a key that nobody has said."""
    if isinstance(whole, dict):
        known = said if isinstance(said, dict) else {}
        kept = {key: _without_empty(value, known.get(key)) for key, value in whole.items()}
        return {key: value for key, value in kept.items() if key in known or value not in ([], {}, False)}
    if isinstance(whole, list):
        listed = said if isinstance(said, list) and len(said) == len(whole) else [None] * len(whole)
        return [_without_empty(one, other) for one, other in zip(whole, listed, strict=True)]
    return whole
