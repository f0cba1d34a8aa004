"""`warren pin`: images by their digests.

In: a file, and hosts that have its images. Out: the same file, each image followed by the digest that it has there.
Never changes a host, nor anything else in the file.
"""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import click

from warren.cli import completing
from warren.cli.arguments import command as declare
from warren.cli.arguments import lab_option


@declare("pin", "Write the digests of images into the file.")
@lab_option
@click.argument("names", metavar="[SERVICE]...", nargs=-1, shell_complete=completing.services)
@click.option("--pull", is_flag=True, help="Have the hosts look for newer images of the same names first.")
@click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")
def command(path: Path, as_json: bool, lab: str | None, names: tuple[str, ...], pull: bool, dry_run: bool) -> int:
    """Pin images: `image: web:1` becomes `image: web:1@sha256:...`, the image that the service's host has now.

    From then on nobody who moves the tag changes what runs. Comments and all else in the file stay as they are.
    """
    from warren import pipeline, source
    from warren.cli import pins
    from warren.cli.ground import ground
    from warren.cli.views import json
    from warren.spec.check import check
    from warren.spec.load import Document, load
    from warren.spec.pinning import pinned

    understood, document = pipeline.understand(path), source.read(path)
    found, passed = pins.wanted(pipeline.written(path)[0], names, pull)
    for sentence in [] if as_json else passed:
        click.echo(sentence, err=True)
    digests = {}
    if found:
        standing = ground(understood.topology, lab, {understood.topology.services[each.service].host for each in found})
        _needs_podman(standing.is_plain)
        digests = pins.resolved(understood, standing.hosts, found, pull)
    text = pinned(document.text, digests)
    # What others refuse is not written; a file that says the same is not touched.
    check(load(Document(document.name, text)))
    if text != document.text and not dry_run:
        _write(path, text)
    if as_json:
        rows = [
            {"service": one.service, "container": one.container, "image": one.image, "digest": digest}
            for one, digest in digests.items()
        ]
        click.echo(json.text({"pinned": rows, "written": text != document.text and not dry_run, "passed": passed}))
        return 0
    before, after = document.text.splitlines(), text.splitlines()
    click.echo("\n".join(unified_diff(before, after, str(path), str(path), n=1, lineterm="")) or "nothing to pin")
    return 0


def _needs_podman(is_plain: bool) -> None:
    from warren.basis.diagnostic import Refused, error

    if is_plain:
        hint = "`warren lab up --machines` runs them"
        raise Refused([error("no-containers", "a lab of namespaces holds no images", None, hint)])


def _write(path: Path, text: str) -> None:
    """Whole, or as it was."""
    from warren.basis.diagnostic import Refused, error

    try:
        with click.open_file(str(path), "w", encoding="utf-8", atomic=True) as file:
            file.write(text)
    except OSError as found:
        raise Refused([error("unwritable", f"{path} cannot be written: {str(found.strerror).lower()}")]) from None
