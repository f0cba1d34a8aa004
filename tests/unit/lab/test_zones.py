"""zones: a tree from the root, each zone in the hands of the one above."""

from __future__ import annotations

from warren.formats.dnssec import Key
from warren.formats.unbound import Record
from warren.lab.zones import SERVERS, Trust, zones

KEY = Key(b"\1" * 64, lambda text: bytes(range(64)))
RECORDS = [Record("www.example.org", "A", "192.0.2.1"), Record("odd.example", "A", "192.0.2.2")]


def found(**kinds: Trust) -> dict[str, list[str]]:
    """The lines of each zone."""
    trusted = {name.replace("_", "."): trust for name, trust in kinds.items()}
    return {name: text.splitlines() for name, text in zones(RECORDS, trusted, KEY).items()}


def has(lines: list[str], start: str) -> bool:
    """Whether a line begins so."""
    return any(line.startswith(start) for line in lines)


def test_every_first_label_is_a_signed_zone_below_the_root() -> None:
    tree = found()
    assert set(tree) == {".", "org.", "example.", "net."}
    assert has(tree["."], "org. 60 IN DS ") and has(tree["."], f"org. 60 IN NS {SERVERS[-1]}")
    assert has(tree["org."], "www.example.org. 60 IN RRSIG A ")


def test_a_record_lies_in_the_closest_zone() -> None:
    tree = found(example_org=Trust.PROVED)
    assert has(tree["example.org."], "www.example.org. 60 IN A ") and not has(tree["org."], "www.example.org.")
    assert has(tree["org."], "example.org. 60 IN DS ")


def test_who_signs_nothing_is_not_vouched_for() -> None:
    tree = found(odd_example=Trust.UNSIGNED)
    assert has(tree["example."], "odd.example. 60 IN NS ") and not has(tree["example."], "odd.example. 60 IN DS ")
    assert not any("RRSIG" in line for line in tree["odd.example."])


def test_a_forged_zone_has_a_true_key_and_false_addresses() -> None:
    forged, true = (found(odd_example=trust)["odd.example."] for trust in (Trust.FORGED, Trust.PROVED))
    different = {one.split()[4] for one in set(forged) ^ set(true)}
    assert different == {"A"}
