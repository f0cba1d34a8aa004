"""ground: what every pass stands on."""

from __future__ import annotations

import pytest

from warren.basis.diagnostic import Place, Refused
from warren.topology.ground import refuse


def test_a_refusal_is_one_sentence_at_its_place() -> None:
    with pytest.raises(Refused) as refused:
        refuse("no-way", "there is no way", Place("warren.yaml", 3, 5), "make one")
    [one] = refused.value.diagnostics
    assert (one.code, one.summary, one.hint) == ("no-way", "there is no way", "make one")
    assert str(one.place) == "warren.yaml:3:5"
