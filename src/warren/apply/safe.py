"""A plan carried out on real hosts, where whoever runs this may be cut off by the very change.

In: hosts, a plan, the states before it, and terms. Out: what was done, or that all went back. Never the only one who
could put a host back: each holds its own way back, and a timer in process 1, before anything on it is touched.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from warren.apply import ending
from warren.apply.bundle import Bundle, Order, bundle
from warren.apply.ending import everywhere
from warren.apply.heart import Heart
from warren.apply.leaving import KEEP
from warren.apply.meanwhile import difference, what_is_left
from warren.apply.outcome import Failure, Outcome, Progress
from warren.apply.probes import answering, asking, default_probes, ways_of
from warren.apply.protocol import REMOTE, Line, Stopped, archive, pairs, spoken
from warren.apply.steady import Watch, started
from warren.apply.terms import Confirm, Terms
from warren.desired.model import HostState
from warren.desired.steps import Feed
from warren.hosts.base import Host, Unreachable
from warren.observe import Observed, decode
from warren.observe import script as observing
from warren.plan.brief import brief, listed
from warren.plan.model import HostPlan, Plan

# How long one call waits for a half, and how long a half may take altogether.
PATIENCE, LONGEST = 10, 1200.0
# So long services and tunnels may take until they are there.
SETTLING = 45.0
FIRST, SECOND = "first", "second"


@dataclass(slots=True)
class Course:
    """One apply. `lines` are all hosts of the plan, `changing` those that differ, in the order of the waves."""

    plan: Plan
    desired: Mapping[str, HostState]
    before: Mapping[str, Observed]
    terms: Terms
    progress: Progress
    lines: dict[str, Line]
    changing: list[list[Line]]
    bundles: dict[str, Bundle] = field(default_factory=dict)
    answered: frozenset[tuple[str, str]] = frozenset()
    began: float = 0.0
    asked: bool = False

    def run(self) -> Outcome:
        """The whole way; afterwards every host is old or new."""
        try:
            self._prepare()
        except (Stopped, Unreachable) as stopped:
            return self._fail(stopped, touched=False)
        except BaseException:
            self._return()
            raise
        try:
            with Heart(self._changed().values(), self.terms) as heart:
                self._switch(heart)
                self._probe(heart)
            return self._end()
        except (Stopped, Unreachable) as stopped:
            return self._fail(stopped, touched=True)
        except BaseException:
            self._return()
            raise

    def _changed(self) -> dict[str, Line]:
        return {line.name: line for wave in self.changing for line in wave}

    def _prepare(self) -> None:
        """Everything that can refuse before anything is touched."""
        terms = self.terms
        terms.stage("lock")
        ways = ways_of({name: self.before[name].state for name in self.lines}, self.before)
        held = everywhere(self.lines.values(), lambda line: self._lock(line, ways[line.name]))
        numbers = {name: number for name, (number, _) in held.items()}
        self.answered = frozenset((name, far) for name, (_, now) in held.items() for far in answering(now))
        self._heed({name: now for name, (_, now) in held.items()})
        number = max(numbers.values()) + 1
        for name in self._changed():
            # A host is told of its own part alone: what stands at home is none of the gateway's business.
            plan = self.plan.hosts[name]
            said = f"{terms.summary}: {brief(plan)}" if terms.summary else brief(plan)
            order = Order(terms.change, terms.who, number, said, len(self._changed()), listed(plan))
            self.bundles[name] = bundle(plan, self._wanted(name), self.before[name], order)
        terms.stage("stage")
        everywhere(self._changed().values(), lambda line: self._stage(line, numbers[line.name]))
        if self._changes_one():
            return
        terms.stage("arm")
        everywhere(self._changed().values(), lambda line: line.tell(*self._arming()))

    def _changes_one(self) -> bool:
        """Whether no other host may refuse what was staged here: it is armed in the same breath then."""
        return len(self._changed()) == 1

    def _arming(self) -> tuple[str, object, object, object]:
        return "arm", self.terms.change, self.terms.lease, self.terms.window

    def _wanted(self, name: str) -> HostState:
        return self.desired.get(name, HostState())

    def _lock(self, line: Line, ways: Mapping[str, str]) -> tuple[int, Observed]:
        """Holds the host, and looks at it again."""
        wanted = self._wanted(line.name)
        more = observing(wanted, asking(ways))
        answer = line.tell("lock", self.terms.change, self.terms.who, self.terms.lease, more=more)
        return int(pairs(answer).get("generation", "0")), decode(answer, wanted)

    def _heed(self, seen: Mapping[str, Observed]) -> None:
        """Hosts are still as the plan has seen them; what one has mended by itself meanwhile is not made again."""
        for name, now in seen.items():
            if differs := difference(self.before[name], now):
                left = what_is_left(self.plan.hosts[name], self._wanted(name), self.before[name], now)
                if left is None:
                    raise Stopped(name, f"it has changed since the plan was made: {differs}")
                self.plan = replace(self.plan, hosts={**self.plan.hosts, name: left})
                self.before = {**self.before, name: now}
        waves = ([line for line in wave if len(self.plan.hosts[line.name])] for wave in self.changing)
        self.changing = [wave for wave in waves if wave]

    def _stage(self, line: Line, generation: int) -> None:
        held = self.terms.secrets.get(line.name, {})
        needed = {name: held[name] for name in fed(self.plan.hosts[line.name]) if name in held}
        secrets = archive(needed) if needed else b""
        files = archive({**self.bundles[line.name].files, "remote.sh": REMOTE})
        words = (self.terms.change, self.terms.lease, generation, len(secrets))
        more = f"{KEEP}{spoken(*self._arming())} || exit\n" if self._changes_one() else KEEP
        line.tell("stage", *words, more=more, stdin=secrets + files, timeout=120)

    def _switch(self, heart: Heart) -> None:
        for half in (FIRST, SECOND):
            self.terms.stage(half)
            for wave in self.changing:
                busy = [line for line in wave if half in self.bundles[line.name].halves]
                everywhere(busy, lambda line, half=half: self._carry_out(line, half, heart))  # type: ignore[misc]
                self._tell(busy, half)
            if half == FIRST:
                self.began = time.monotonic()

    def _tell(self, busy: Iterable[Line], half: str) -> None:
        for line in busy:
            if self.bundles[line.name].halves[-1] == half:
                made = len(self.plan.hosts[line.name])
                self.progress(line.name, f"{made} {'change' if made == 1 else 'changes'} made")

    def _carry_out(self, line: Line, half: str, heart: Heart) -> None:
        """The host does it by itself; an answer that is lost is asked for again."""
        end = time.monotonic() + LONGEST
        while True:
            until = time.monotonic() + self.terms.window / 2
            answer = line.tell_again("switch", self.terms.change, self.terms.lease, half, PATIENCE, until=until)
            word, _, rest = answer.partition("\n")[0].partition(" ")
            if word == "done" and rest == "0":
                return
            if word != "running" or time.monotonic() > end:
                raise Stopped(line.name, _reason(word, answer))
            heart.check()

    def _probe(self, heart: Heart) -> None:
        """By connections that were opened after the change: that they open is the first probe."""
        self.terms.stage("probe")
        end = time.monotonic() + min(SETTLING, self.terms.window * 0.75)
        fresh = everywhere(self.lines.values(), Line.renew)
        watch = Watch(fresh, started(self.plan), self.began, end)
        pool = ThreadPoolExecutor(max_workers=1)
        try:
            self._stand(fresh, pool.submit(watch.run), end, heart)
        finally:
            # A host that hangs must not keep the others from going back.
            watch.over.set()
            pool.shutdown(wait=False)
        if self.terms.confirm is Confirm.MANUAL:
            # A person has all of the window.
            renewed = (self.terms.change, self.terms.lease, self.terms.window)
            everywhere(self._changed().values(), lambda line: line.tell("renew", *renewed))

    def _stand(self, fresh: Mapping[str, Host], watching: Future[list[str]], end: float, heart: Heart) -> None:
        """Everything that must hold does, and what was started has stayed up meanwhile."""
        probes = (*default_probes(self.desired, self.before, self.answered), *self.terms.probes)
        while complaints := [said for probe in probes for said in probe(fresh)]:
            heart.check()
            if time.monotonic() > end or (watching.done() and watching.result()):
                break
            time.sleep(0.5)
        if said := [*watching.result(), *complaints]:
            raise Stopped(said[0].partition(":")[0], "\n".join(each.partition(": ")[2] for each in said))
        heart.check()

    def _end(self) -> Outcome:
        done = sum(len(each) for each in self.plan.hosts.values())
        if self.terms.confirm is Confirm.MANUAL and self.changing:
            self._unlock(name for name in self.lines if name not in self._changed())
            return Outcome(done, window=self.terms.window)
        self.terms.stage("confirm")
        self.asked = True
        ending.confirm(self._changed(), self.terms.change, self.terms.lease, self.terms.window)
        self.terms.stage("forget")
        for said in ending.forget(self.lines, self.terms.change):
            self.progress(*_split(said))
        return Outcome(done)

    def _fail(self, stopped: Stopped | Unreachable, touched: bool) -> Outcome:
        host = stopped.host if isinstance(stopped, Stopped) else _host_of(stopped, self.lines)
        reason = stopped.reason if isinstance(stopped, Stopped) else str(stopped)
        return Outcome(0, Failure(host, reason, self._return() if touched else self._leave()))

    def _return(self) -> tuple[str, ...]:
        self.terms.stage("back")
        left = ending.put_back(self.changing, self.terms.change, "told", self.terms.window, self.asked)
        self._unlock(name for name in self.lines if name not in self._changed())
        return left

    def _leave(self) -> tuple[str, ...]:
        """Nothing was touched yet; a host that cannot be told drops what was staged by itself."""
        for line in self.lines.values():
            try:
                line.tell("back", self.terms.change, "untouched")
            except (Stopped, Unreachable):
                continue
        return ()

    def _unlock(self, names: Iterable[str]) -> None:
        for name in names:
            try:
                self.lines[name].tell("unlock", self.terms.change)
            except (Stopped, Unreachable):
                continue


def apply_safely(
    hosts: Mapping[str, Host],
    plan: Plan,
    desired: Mapping[str, HostState],
    before: Mapping[str, Observed],
    terms: Terms,
    progress: Progress = lambda host, words: None,
) -> Outcome:
    """Carries the plan out with a way back; an interrupt is raised again once every host is back."""
    if plan.is_empty:
        return Outcome(0)
    lines = {name: Line(hosts[name]) for name in plan.hosts if name in hosts}
    changing = [[lines[name] for name in wave if len(plan.hosts[name])] for wave in plan.waves]
    course = Course(plan, desired, before, terms, progress, lines, [wave for wave in changing if wave])
    try:
        return course.run()
    finally:
        for line in lines.values():
            line.close()


def fed(plan: HostPlan) -> frozenset[str]:
    """The names of the secrets that a change takes: no other value travels."""
    return frozenset(step.name for change in plan for step in change.steps if isinstance(step, Feed))


def _reason(word: str, answer: str) -> str:
    if word == "lost":
        return "the change was ended there before it was done"
    if word == "running":
        return "the change does not come to its end"
    said = answer.partition("\n")[2].strip()
    return said or f"a step failed: {answer.strip()}"


def _split(said: str) -> tuple[str, str]:
    host, _, words = said.partition(" ")
    return host, words


def _host_of(gone: Unreachable, lines: Iterable[str]) -> str:
    """A carrier's sentence begins with the name of its host."""
    first = str(gone).split(" ", 1)[0].rstrip(":")
    return first if first in lines else ""
