from __future__ import annotations

from warren.prove.outside import Outside, Uplink


def test_a_host_without_a_key_has_its_name_for_one() -> None:
    outside = Outside((Uplink("vps", "eth0"), Uplink("home", "eth0")), {"vps": "abc="})
    assert (outside.key("vps"), outside.key("home")) == ("abc=", "home")
    assert [each.host for each in outside.of("home")] == ["home"]
