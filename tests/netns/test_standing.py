"""Tables of others on a host that stands: what they drop is dropped, whatever ours accept; and the plan says so."""

from __future__ import annotations

import pytest

from tests.lab.running import running, said
from tests.topologies import two_hosts
from warren import pipeline

pytestmark = pytest.mark.netns

# As Docker and ufw leave a host: a chain of theirs in which nothing passes.
THEIRS = """
table ip filter {
  chain FORWARD { type filter hook forward priority 0; policy drop; iifname "docker0" accept; }
}
table ip6 strange {
  chain c { type filter hook forward priority 10; policy accept; tcp option maxseg size 1 drop; }
}
"""


def test_what_is_in_the_way_is_named() -> None:
    topology = two_hosts()
    with running(topology) as lab:
        hosts = {name: lab.host(name) for name in topology.hosts}
        outcome = pipeline.apply(pipeline.plan(topology, hosts), hosts)
        assert outcome.succeeded, outcome.failure
        assert pipeline.in_the_way(pipeline.plan(topology, hosts)) == ()
        said(lab, "home", f"nft -f - <<'END'\n{THEIRS}END")
        planned = pipeline.plan(topology, hosts)
        assert planned.plan.is_empty
        found = pipeline.in_the_way(planned)
        sentences = {each.summary for each in found}
        assert "cloud can no longer reach db:5432/tcp (IPv4 only)" in sentences
        assert "Internet can no longer reach game:12345/udp at vps" in sentences
        sure = [each for each in found if "can" in each.summary]
        assert sure and all(each.hint and "ip filter on home" in each.hint for each in sure)
        # Of the other it is not known what it drops.
        assert "cloud may no longer reach db:5432/tcp" in sentences
        assert found[-1].summary == "table ip6 strange on home has a word that warren does not know: `tcp option size`"
