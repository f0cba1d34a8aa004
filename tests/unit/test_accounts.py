"""What services sent and received, out of the counters of two hosts."""

from __future__ import annotations

import json

from tests.topologies import two_hosts
from warren.accounts import Count, Path, Traffic, accounts

GAME = "10.86.1.4"


def listed(**sets: dict[tuple[str, ...], tuple[int, int]]) -> str:
    """The text of `nft -j` for these sets: key -> (packets, bytes)."""
    entries: list[dict[str, object]] = [{"table": {"family": "inet", "name": "warren_count"}}]
    for name, held in sets.items():
        by_link = not name.rstrip("46").endswith("_lan")
        kind: object = ["ipv4_addr", "ifname"] if by_link else "ipv4_addr"
        elements = [
            {
                "elem": {
                    "val": {"concat": list(key)} if by_link else key[0],
                    "counter": {"packets": packets, "bytes": size},
                }
            }
            for key, (packets, size) in held.items()
        ]
        entries.append(
            {
                "set": {
                    "family": "inet",
                    "name": name,
                    "table": "warren_count",
                    "type": kind,
                    "flags": ["dynamic"],
                    "stmt": [{"counter": None}],
                    "elem": elements,
                }
            }
        )
    return json.dumps({"nftables": entries})


def test_paths_and_directions() -> None:
    home = listed(
        out4={(GAME, "wrn-vps"): (1, 100), (GAME, "v-db"): (2, 200), (GAME, "eth0"): (3, 300)},
        in4={(GAME, "wrn-vps"): (4, 400)},
        out_lan4={(GAME,): (5, 500)},
    )
    assert accounts(two_hosts(), {"home": home})["game"] == {
        Path.TUNNEL: Traffic(Count(4, 400), Count(1, 100)),
        Path.INTERNAL: Traffic(sent=Count(2, 200)),
        Path.PUBLIC: Traffic(sent=Count(3, 300)),
        Path.LAN: Traffic(sent=Count(5, 500)),
    }


def test_a_gateway_adds_only_what_is_public() -> None:
    home = listed(out4={(GAME, "wrn-vps"): (1, 100)})
    vps = listed(out4={(GAME, "eth0"): (1, 100), (GAME, "wrn-vps"): (7, 700)})
    assert accounts(two_hosts(), {"home": home, "vps": vps})["game"] == {
        Path.TUNNEL: Traffic(sent=Count(1, 100)),
        Path.PUBLIC: Traffic(sent=Count(1, 100)),
    }


def test_strangers_and_silence_count_nothing() -> None:
    text = listed(out4={("10.86.1.99", "eth0"): (1, 100)})
    found = accounts(two_hosts(), {"home": text, "vps": ""})
    assert list(found) == ["blog", "cloud", "db", "game"]
    assert not any(found.values())
