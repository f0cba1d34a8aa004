"""Which image a name means, against hosts that answer as told."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from warren.hosts.base import Result, Unreachable
from warren.survey.images import Asked, Told, digests, repository, script, told

OWN, OF_LIST = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
WEB = Asked("web", 6001, "docker.io/library/web:1")


@dataclass(slots=True)
class Shelf:
    """A host that gives one answer, or none."""

    name: str
    said: str | None
    asked: list[str] = field(default_factory=list)

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        self.asked.append(script)
        if self.said is None:
            raise Unreachable("home cannot be reached")
        return Result(0, self.said.encode(), b"")

    def close(self) -> None:
        """See `Host.close`."""


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (f"{OWN} docker.io/library/web@{OWN}\n", Told(OWN)),
        (f"{OWN} docker.io/library/web@{OWN} docker.io/library/web@{OF_LIST}\n", Told(OF_LIST)),
        (f"{OWN} docker.io/other@{OF_LIST} docker.io/library/web@{OWN}\n", Told(OWN)),
        (f"{OWN} localhost/web@{OWN}\n", Told(trouble="it was made there, and has no digest of a registry")),
        ("Error: web:1: image not known\n", Told(trouble="Error: web:1: image not known")),
        ("", Told(trouble="it has no such image")),
    ],
)  # fmt: skip
def test_what_a_host_prints(answer: str, expected: Told) -> None:
    assert told(WEB.reference, answer) == expected


def test_a_port_is_no_tag() -> None:
    assert repository("r.example:5000/a/b") == "r.example:5000/a/b"
    assert repository(f"r.example:5000/a/b:2@{OWN}") == "r.example:5000/a/b"


def test_a_section_for_each_name_and_a_sentence_for_a_host_that_is_away() -> None:
    here = Shelf("home", f"%%warren \n{OWN} docker.io/library/web@{OWN}\n%%warren \n")
    found = digests({"home": here, "gone": Shelf("gone", None)}, {"home": [WEB, WEB], "gone": [WEB]})
    assert found["home"] == (Told(OWN), Told(trouble="it has no such image"))
    assert found["gone"] == (Told(trouble="home cannot be reached"),)


def test_registries_are_asked_only_when_that_is_wanted() -> None:
    assert "podman --log-level=error pull" not in script([WEB], False)
    assert "podman --log-level=error pull --quiet docker.io/library/web:1" in script([WEB], True)
