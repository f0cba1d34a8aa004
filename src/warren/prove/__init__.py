"""What can reach what, from rules, routes and tunnels alone.

`prove(states, outside)` makes a `Proof`; `reach`, `compare`, `check` and `findings` ask it; `trace` follows one packet.
"""

from warren.prove.anew import prove_again as prove_again
from warren.prove.claim import Claim as Claim
from warren.prove.compare import Difference as Difference
from warren.prove.compare import check as check
from warren.prove.compare import compare as compare
from warren.prove.interpret import trace as trace
from warren.prove.invariants import Finding as Finding
from warren.prove.invariants import findings as findings
from warren.prove.matrix import Proof as Proof
from warren.prove.matrix import prove as prove
from warren.prove.outside import Outside as Outside
from warren.prove.outside import Uplink as Uplink
from warren.prove.reach import Reached as Reached
from warren.prove.reach import reach as reach
from warren.prove.trace import Trace as Trace
