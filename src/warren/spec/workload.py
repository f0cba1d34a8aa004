"""What a service runs besides containers, and what belongs to the whole of it.

In: mappings of the file. Out: frozen models: a plain unit, updates, an interface on a LAN, where a secret is found.
Never a secret's value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from warren.spec.container import Duration, ProgramKeys, Secret, Strict
from warren.spec.fields import Line, Lines, Many, Mistake, Shorthand, Words, matching, shorten

Interface: TypeAlias = Annotated[str, matching(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}", "the name of an interface", "eth0")]
Mac: TypeAlias = Annotated[str, matching(r"[0-9a-f][02468ace](:[0-9a-f]{2}){5}", "a MAC address", "02:00:00:00:00:01")]
Variable: TypeAlias = Annotated[str, matching(r"[A-Za-z_][A-Za-z0-9_]{0,99}", "the name of a variable", "DB_PASSWORD")]
# systemd.time(7), calendar events: a word, or days, a date, a time, and where that is the time. What systemd cannot
# read would never come, and nobody would be told.
_OFTEN = "minutely|hourly|daily|weekly|monthly|quarterly|semiannually|annually|yearly"
_DAY = "([Mm]on|[Tt]ue(s)?|[Ww]ed(nes)?|[Tt]hu(rs)?|[Ff]ri|[Ss]at(ur)?|[Ss]un)(day)?"
_DAYS, _FIELD = rf"{_DAY}((,|\.\.){_DAY}){{0,12}}", "[0-9*][0-9*.,/]{0,40}"
_DATE, _TIME = f"({_FIELD}-)?{_FIELD}[-~]{_FIELD}", f"{_FIELD}:{_FIELD}(:{_FIELD})?"
_MOMENT = f"{_DAYS}( {_DATE})?( {_TIME})?|{_DATE}( {_TIME})?|{_TIME}"
When: TypeAlias = Annotated[
    str,
    matching(
        rf"({_OFTEN}|{_MOMENT})( [A-Z][A-Za-z]{{1,30}}(/[A-Za-z_]{{1,30}}){{0,2}})?",
        "a calendar expression of systemd",
        "daily",
        "Mon 04:00",
    ),
]
InterfaceAddress: TypeAlias = Annotated[
    str, matching(r"[0-9a-fA-F.:]{3,45}/[0-9]{1,3}", "an address with its prefix length", "192.168.2.50/24")
]
SOURCES = ("file", "env", "command", "age")


class UnitKeys(ProgramKeys):
    """A program of the host that runs in the service's namespace as its user, without a container."""

    command: Words
    """The program and its arguments; one text is split as a shell would, and no shell runs it."""
    env_file: Many[Line] = ()
    """Files with variables, beside this file; they are delivered as secrets."""
    secrets: Many[Annotated[Secret, Shorthand("source")]] = ()
    """Names of secrets: files in the folder `$CREDENTIALS_DIRECTORY`, or variables in the long form."""
    systemd: Lines = ()
    """Raw lines for the [Service] section of its unit, for all that has no key here."""


class UpdateKeys(Strict):
    """How new images of the same names come."""

    policy: Literal["registry", "none"] = "registry"
    """`registry` looks there for new ones."""
    when: When = "daily"
    """When: `daily`, `Mon 04:00`."""
    within: Duration = "5m"
    """The time in which the new image must work, or the old one comes back."""


class LanKeys(Strict):
    """An interface of the service on a LAN of its host, past all rules of this file."""

    parent: Interface
    """The host's interface on that LAN."""
    mode: Literal["macvlan", "ipvlan"] = "macvlan"
    """With a MAC address of its own, or with the host's."""
    address: Many[InterfaceAddress] = ()
    """Its addresses there: `192.168.2.50/24`."""
    mac: Mac | None = None
    """Its MAC address, for `macvlan`."""


def _spelt(value: object) -> object:
    if not isinstance(value, str):
        return value
    kind, colon, rest = value.partition(":")
    if not colon or kind not in SOURCES or not rest.strip():
        sentence = f"{shorten(value)} does not say where the secret is found"
        raise Mistake(
            "bad-secret", sentence, "write `file:db.txt`, `env:NAME`, `command:...` or `age:db.age`"
        ).for_pydantic()
    return {kind: rest}


@dataclass(frozen=True, slots=True)
class Spelt:
    """Marks a secret's source, which may also be written as `file:db.txt`."""

    def __get_pydantic_core_schema__(self, source: object, inner: GetCoreSchemaHandler) -> CoreSchema:
        """The short form as the mapping."""
        return core_schema.no_info_before_validator_function(_spelt, inner(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, inner: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The short form, or the mapping."""
        return {"anyOf": [{"type": "string", "pattern": f"^({'|'.join(SOURCES)}):"}, inner(schema)]}


class SecretKeys(Strict):
    """Where your machine finds a secret; one of the four. The value itself never stands in this file."""

    file: Line | None = None
    """A file beside this one."""
    env: Variable | None = None
    """A variable of your environment."""
    command: Words = ()
    """A command that prints it: `pass show db`."""
    age: Line | None = None
    """A file beside this one that is encrypted with age."""


SecretSource: TypeAlias = Annotated[SecretKeys, Spelt()]
