"""Rules as text are the rules that the product means, and no others."""

from __future__ import annotations

import pytest

from tests.topologies import everything
from warren.desired.items.rules import Rules
from warren.desired.lower import lower
from warren.desired.model import of_kind
from warren.formats.nft import read_rule, write_rule
from warren.hosts.fake.rule import rule
from warren.hosts.fake.words import Refusal


def test_every_rule_of_ours_is_understood() -> None:
    for state in lower(everything()).values():
        for rules in of_kind(state, Rules):
            for each in (each for chain in rules.table.chains for each in chain.rules):
                statements, comment = rule(write_rule.rule(each))
                assert read_rule.rule({"expr": statements, "comment": comment}) == each


def test_a_rule_is_listed_as_nft_lists_it() -> None:
    text = 'ct direction reply ct mark & 0xff000000 vmap @answers_by comment "back"'
    assert rule(text) == (
        [
            {"match": {"op": "==", "left": {"ct": {"key": "direction"}}, "right": "reply"}},
            {"vmap": {"key": {"&": [{"ct": {"key": "mark"}}, 0xFF000000]}, "data": "@answers_by"}},
        ],
        "back",
    )


@pytest.mark.parametrize("text", ["quota over 5 mbytes", "ip saddr 10.0.0.1 queue", "tcp"])
def test_words_that_we_do_not_use_are_refused(text: str) -> None:
    with pytest.raises(Refusal):
        rule(text)
