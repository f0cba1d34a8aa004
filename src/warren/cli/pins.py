"""Tags of images resolved on the hosts that run them.

In: what was understood of a file, and hosts. Out: the digest of each image, or `Refused` with all that have none. Never
writes: the command does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from warren.basis.diagnostic import Diagnostic, Refused, error
from warren.hosts.base import Host
from warren.pipeline import Understood
from warren.spec.model import Spec
from warren.spec.pinning import Written, images
from warren.survey.images import Asked, Told, digests
from warren.topology.passes.workloads import qualified


def wanted(spec: Spec, names: Sequence[str], pull: bool) -> tuple[list[Written], list[str]]:
    """The images to pin, and a sentence for each service that is passed over. Raises `Refused`."""
    found, passed = list[Written](), dict[str, None]()
    for written in images(spec, names):
        if not names and spec.services[written.service].update.policy != "none":
            passed[f"`{written.service}` takes new images by itself (`update`), and is not pinned"] = None
        elif "@" in written.image and (not pull or ":" not in written.tagged.rpartition("/")[2]):
            hint = "; --pull looks for a newer one" if not pull else ", and has no tag to look for"
            passed[f"`{written.image[:80]}` is pinned already{hint}"] = None
        else:
            found.append(written)
    return found, list(passed)


def resolved(
    understood: Understood, hosts: Mapping[str, Host], found: Sequence[Written], pull: bool
) -> dict[Written, str]:
    """The digest of each image as its host knows it. Raises `Refused` with every image that has none."""
    services = understood.topology.services
    by_host: dict[str, list[Written]] = {}
    for written in found:
        by_host.setdefault(services[written.service].host, []).append(written)
    asked = {host: [_asked(understood, each) for each in held] for host, held in by_host.items()}
    said = digests(hosts, asked, pull)
    pairs = [(host, each, told) for host, held in by_host.items() for each, told in zip(held, said[host], strict=True)]
    if problems := [*_problems(pairs, pull)]:
        raise Refused(problems)
    return {written: told.digest for _, written, told in pairs if told.digest}


def _asked(understood: Understood, written: Written) -> Asked:
    service = understood.topology.services[written.service]
    return Asked(service.name, service.uid, qualified(written.tagged))


def _problems(pairs: Sequence[tuple[str, Written, Told]], pull: bool) -> Iterator[Diagnostic]:
    for host, written, told in pairs:
        if told.digest is None:
            summary = f"`{host}` cannot say which image `{written.tagged}` is: {told.trouble[:200]}"
            hint = None if pull else "`warren apply` brings it there, or `warren pin --pull`"
            yield error("no-digest", summary, written.place, hint)
