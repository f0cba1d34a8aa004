"""A beat for every host while its change goes on: each one over a new connection, each puts the way back off.

In: hosts with a change under way. Out: the first host that could not be reached any more. Never over an old
connection: one that was open before the change tells nothing about the way in.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from types import TracebackType

from warren.apply.ending import everywhere
from warren.apply.protocol import Line, Stopped
from warren.apply.terms import Terms
from warren.hosts.base import Unreachable


class Heart:
    """Beats while its block runs; `check` raises what a beat met."""

    def __init__(self, lines: Iterable[Line], terms: Terms) -> None:
        self.hosts = [line.host for line in lines]
        self.terms = terms
        self.met: Stopped | None = None
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Heart:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self._end.set()
        self._thread.join()

    def check(self) -> None:
        """Raises `Stopped` where a host could not be reached any more."""
        if self.met:
            raise self.met

    def _beat(self) -> None:
        while not self._end.wait(self.terms.window / 3) and not self.met:
            everywhere([Line(host) for host in self.hosts], self._renew)

    def _renew(self, line: Line) -> None:
        try:
            line.renew()
            line.tell("renew", self.terms.change, self.terms.lease, self.terms.window, timeout=self.terms.window / 3)
        except Unreachable as gone:
            self.met = Stopped(line.name, f"there is no new connection to it since the change began: {gone}")
        except Stopped as refused:
            self.met = refused
        finally:
            line.close()
