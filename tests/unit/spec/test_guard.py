"""guard: the ports that a host keeps for itself."""

from __future__ import annotations

from warren.spec.guard import SHADOW, TUNNEL_PORT, is_guarded, ssh_port
from warren.spec.model import Host


def host(**keys: object) -> Host:
    """A host with some keys."""
    return Host.model_validate(keys)


def test_ssh_is_said_by_the_firewall_else_by_the_target() -> None:
    assert ssh_port(host()) == 22
    assert ssh_port(host(ssh="root@vps:2222")) == 2222
    assert ssh_port(host(ssh="root@vps:2222", firewall={"ssh": {"port": 2200}})) == 2200
    assert ssh_port(host(ssh="root@vps:2222", firewall=False)) == 2222


def test_public_hosts_are_guarded_by_default() -> None:
    assert is_guarded(host(public="203.0.113.10"))
    assert not is_guarded(host())
    assert not is_guarded(host(public="203.0.113.10", firewall=False))
    assert is_guarded(host(firewall={}))


def test_the_tunnel_does_not_listen_where_gateways_answer_for_others() -> None:
    assert TUNNEL_PORT not in SHADOW
