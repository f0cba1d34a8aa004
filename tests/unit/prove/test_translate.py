from __future__ import annotations

from ipaddress import ip_address

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.formats.nft import model as nft
from warren.prove.header import packet
from warren.prove.judge import Ruling
from warren.prove.look import View
from warren.prove.network import network
from warren.prove.translate import chosen, ends, translated

HOME = network(states_of(two_hosts()), outside_of(two_hosts())).nodes["home"]
VIEW = View(packet("10.86.1.2", "198.51.100.7", "tcp", 80, 40000), iif="v-cloud", oif="eth0")


def after(
    translation: nft.Dnat | nft.Snat | nft.Masquerade | nft.Redirect, leads: nft.Key = (), view: View = VIEW
) -> str:
    return str(translated(HOME, "prerouting", view, Ruling("accept", view, translation=translation, leads=leads)))


def test_each_kind_of_translation() -> None:
    there = nft.Endpoint(nft.Prefix.of("10.86.1.3"), 8080)
    lookup = nft.MapLookup(nft.Meta("mark"), nft.SetReference("m"))
    assert after(nft.Dnat(None, there)) == "tcp 10.86.1.2:40000 -> 10.86.1.3:8080"
    assert after(nft.Dnat("ip", lookup), (nft.Prefix.of("10.86.1.3"),)) == "tcp 10.86.1.2:40000 -> 10.86.1.3:80"
    assert after(nft.Snat(None, there)) == "tcp 10.86.1.3:8080 -> 198.51.100.7:80"
    assert after(nft.Masquerade(nft.Span(61000, 65535))) == "tcp 192.168.2.10:61000 -> 198.51.100.7:80"
    assert after(nft.Redirect(81)) == "tcp 10.86.1.2:40000 -> 10.86.1.1:81"


def test_without_an_address_there_is_no_masquerade() -> None:
    six = View(packet("fd00::1", "2001:db8::1", "tcp", 80), oif="eth0")
    assert after(nft.Masquerade(), view=six) == "None"


def test_ports_stay_where_they_may() -> None:
    assert [chosen(80, each) for each in (None, 81, nft.Span(70, 90), nft.Span(90, 99))] == [80, 81, 80, 90]
    assert ends((nft.Prefix.of("10.0.0.1"), 80)) == (int(ip_address("10.0.0.1")), 80)
