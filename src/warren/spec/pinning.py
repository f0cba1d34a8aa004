"""Images of the file, and the file with their digests written behind them.

In: a spec and the text that it was read from. Out: where each image stands, or the text with nothing else changed.
Never guesses: an image that is written in a way that it does not know is refused with what to write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from warren.basis.diagnostic import Diagnostic, Place, Refused, did_you_mean, error
from warren.spec.checks.workloads import containers_of
from warren.spec.model import Spec

QUOTES = ("'", '"')


@dataclass(frozen=True, slots=True)
class Written:
    """One image of the file; `container` is its name where the service has several."""

    service: str
    container: str | None
    image: str
    place: Place

    @property
    def tagged(self) -> str:
        """The name without a digest."""
        return self.image.partition("@")[0]


def images(spec: Spec, names: Sequence[str] = ()) -> Iterator[Written]:
    """Those of the named services, or of all that others do not bring. Raises `Refused` for a name that is none."""
    for name in names:
        if name not in spec.services:
            hint = did_you_mean(name, spec.services)
            raise Refused([error("unknown-service", f"there is no service `{name}`", None, hint)])
    for name in names or spec.services:
        service = spec.services[name]
        for one, container, path in containers_of(name, service):
            place = spec.place(*path, "image")
            if container.pull_policy != "never" and place:
                image = str(getattr(container, "image", ""))
                yield Written(name, None if service.image else one, image, place)


def pinned(text: str, digests: Mapping[Written, str]) -> str:
    """The text with each image followed by its digest. Raises `Refused` with every image that is not found there."""
    lines, problems = text.split("\n"), list[Diagnostic]()
    for written in sorted(digests, key=lambda each: each.place, reverse=True):
        line = lines[written.place.line - 1] if written.place.line <= len(lines) else ""
        start = written.place.column - 1
        start += line[start : start + 1] in QUOTES
        end = start + len(written.image)
        fresh = f"{written.tagged}@{digests[written]}"
        if line[start:end] == written.image:
            lines[written.place.line - 1] = f"{line[:start]}{fresh}{line[end:]}"
        elif not line.startswith(fresh, start):
            summary = f"the image of `{written.service}` is not written here as one plain word"
            problems.append(error("not-plain", summary, written.place, f"write `image: {fresh}`"))
    if problems:
        raise Refused(problems)
    return "\n".join(lines)
