"""The stages of one file, each timed: `python -m bench.stages FILE`, in a fresh interpreter as the command line has it.

In: the path of a file. Out: a line of JSON: seconds by stage, peak memory, number of changes. Never writes a lock file.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from pathlib import Path


def main() -> None:
    """Import, understand, lower, diff against nothing."""
    gc.disable()  # as `warren` itself: it ends before anything is worth collecting
    marks = [("", time.perf_counter())]
    from warren import pipeline
    from warren.desired.lower import lower
    from warren.plan.diff import diff

    marks.append(("import", time.perf_counter()))
    understood = pipeline.understand(Path(sys.argv[1]))
    marks.append(("understand", time.perf_counter()))
    desired = lower(understood.topology)
    marks.append(("lower", time.perf_counter()))
    plan = diff(desired, {})
    marks.append(("diff", time.perf_counter()))
    seconds = {name: at - before for (_, before), (name, at) in zip(marks, marks[1:], strict=False)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak, "changes": sum(map(len, plan.hosts.values()))}))


if __name__ == "__main__":
    main()
