from __future__ import annotations

from warren.formats.nft.model import Chain, Hook, Table
from warren.prove.hooks import hooks


def test_chains_stand_by_priority_around_the_translation() -> None:
    table = Table(
        "inet",
        "t",
        chains=(
            Chain("late", (), Hook("filter", "prerouting", -90)),
            Chain("early", (), Hook("filter", "prerouting", -150)),
            Chain("nat", (), Hook("nat", "prerouting", -100)),
            Chain("plain"),
        ),
    )
    found = hooks([table, Table("ip6", "six", chains=(Chain("first", (), Hook("filter", "prerouting", -200)),))])
    assert [base.chain.name for base in found.before("prerouting")] == ["first", "early"]
    assert [base.chain.name for base in found.after("prerouting")] == ["late"]
    assert [base.chain.name for base in found.nats["prerouting"]] == ["nat"]
    first, early = found.before("prerouting")
    assert first.sees(6) and not first.sees(4) and early.sees(4) and early.policy == "accept"
