"""`warren lab apply`: change a running lab to what a file says now.

In: a file and its running lab. Out: what was done. Connections that a change does not concern survive it.
"""

from __future__ import annotations

from pathlib import Path

from warren.cli import events
from warren.cli.arguments import command as declare
from warren.cli.arguments import file_argument, name_option


@declare("apply", "Change a running lab to what the file says now.")
@file_argument
@name_option
@events.option
def command(path: Path, as_json: bool, name: str | None) -> int:
    """Change a running lab, in place, to what the file says now: hosts come and go, the rest is planned and applied."""
    from warren import pipeline
    from warren.cli import laboratory, lock, showing
    from warren.cli.ground import hosts_of, running
    from warren.cli.refusal import warn

    understood = pipeline.understand(path)
    lab = running(name or understood.topology.name)
    laboratory.hold(lab)
    if not as_json:
        warn(understood.warnings)
    lock.keep(understood)
    lab.extend(understood.topology)
    if not as_json:
        planned = pipeline.plan(understood.topology, hosts_of(lab), laboratory.platform(lab))
        showing.show_plan(planned, as_json=False, err=True)
    return showing.show_outcome(laboratory.settle(lab, understood.topology, folder=path.parent), as_json, lab=lab.name)
