"""Names of one address that are decrypted on several hosts, none of them where the gateway could read along (T29)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator

import pytest

from tests.netns.visiting import GATEWAY, answer, curl
from tests.netns.world import World, world
from warren.lab import faults
from warren.verify.report import sentences

pytestmark = [pytest.mark.netns, pytest.mark.slow]

GATEWAY6 = "2001:db8:10::10"
CLIENTS = {"198.51.100.7", "2001:db8:ffff::7"}
FILE = """\
version: 1
network: {name: shared, domain: example.org}
hosts:
  vps: {public: [203.0.113.10, "2001:db8:10::10"]}
  home: {lan: 192.168.2.0/24, egress: vps}
  flat: {lan: 192.168.3.0/24, egress: vps}
services:
  blog: {host: vps, ports: {web: 80}, expose: [{https: www.example.org}]}
  cloud:
    host: home
    ports: {web: 80, api: 81}
    expose:
      - {https: cloud.example.org, to: web, tls: home}
      - {https: cloud.example.org, to: api, path: /api, tls: home}
      - {https: cloud.example.org, to: api, path: /friends, from: 192.0.2.0/24, tls: home}
  photos: {host: flat, ports: {web: 80}, expose: [{https: photos.example.org, tls: home}]}
"""
SITES = {"www.example.org": "blog", "cloud.example.org": "cloud", "photos.example.org": "photos"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("passing"), FILE) as found:
        report = found.verify()
        assert report.visits and report.holds, sentences(report)
        assert {one.client for one in report.visits if one.visit.welcome} == CLIENTS
        yield found


def code(made: World, words: str, place: str = "internet") -> str:
    """The status alone, 000 where there is none."""
    return curl(made, f"-o /dev/null -w '%{{http_code}}' {words}", place)[-3:]


def python(made: World, place: str, script: str) -> str:
    """What a script says at a place."""
    return made.said(place, f"python3 - <<'END'\n{script}\nEND")


@pytest.mark.parametrize(("name", "service"), SITES.items())
@pytest.mark.parametrize("address", [GATEWAY, f"[{GATEWAY6}]"])
def test_each_name_leads_to_its_service_with_the_clients_address(
    made: World, name: str, service: str, address: str
) -> None:
    lies = " ".join(f"-H '{header}: 6.6.6.6'" for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded"))
    found = answer(made, f"{name}/", lies, address)
    assert found["service"] == service and found["client"] in CLIENTS and found["real_ip"] == found["client"]
    assert (":" in found["client"]) == (address != GATEWAY)


def test_paths_and_sources_are_judged_where_it_is_decrypted(made: World) -> None:
    assert answer(made, "cloud.example.org/api/x")["port"] == 81
    assert code(made, "https://cloud.example.org/friends") == "000"
    assert code(made, "https://cloud.example.org/friends", place="internet2") == "200"


def test_what_is_passed_on_speaks_http2_and_offers_no_http3(made: World) -> None:
    heads = {name: curl(made, f"-o /dev/null -D - https://{name}/").lower() for name in SITES}
    assert all(head.startswith("http/2 200") for head in heads.values())
    assert {name for name, head in heads.items() if "alt-svc: h3=" in head} == {"www.example.org"}


def test_keys_are_at_home_alone(made: World) -> None:
    folders = "find /var/lib/warren/services /etc/warren -name '*cloud*' -o -name '*photos*'"
    assert made.said("vps", folders) == "" and "cloud" in made.said("home", folders)


@pytest.mark.parametrize(
    "words",
    [
        "-k https://nobody.example.org/",
        "-k https://203.0.113.10/",
        "http://nobody.example.org/",
        "http://203.0.113.10/",
        "-0 -H 'Host:' http://203.0.113.10/",
        "-k http://cloud.example.org:443/",
    ],
)
def test_a_name_that_nobody_has_is_closed(made: World, words: str) -> None:
    assert code(made, words) == "000"


def test_a_request_names_no_other_site_than_its_handshake(made: World) -> None:
    assert code(made, "https://www.example.org/ -H 'Host: cloud.example.org'") in ("421", "000")
    assert code(made, "https://cloud.example.org/ -H 'Host: photos.example.org'") in ("421", "000")


def test_plain_http_goes_to_https_and_the_authority_to_whom_it_asks_for(made: World) -> None:
    for name in SITES:
        found = curl(made, f"-o /dev/null -w '%{{http_code}} %{{redirect_url}}' 'http://{name}/a?b'")
        assert found == f"308 https://{name}/a?b"
        # Caddy knows nothing of this one, and so answers as for any other path.
        asked = curl(made, f"-o /dev/null -w '%{{http_code}}' http://{name}/.well-known/acme-challenge/x")
        assert asked == "308"


FORGED = """\
import socket, ssl, struct
lie = {lie}
trust = ssl._create_unverified_context()
try:
    with socket.create_connection(("{address}", {port}), 3) as plain:
        plain.settimeout(5)
        plain.sendall(lie)
        with trust.wrap_socket(plain, server_hostname="{name}") as secret:
            secret.sendall(b"GET / HTTP/1.1\\r\\nHost: {name}\\r\\nConnection: close\\r\\n\\r\\n")
            print(secret.recv(4096))
except OSError as refused:
    print("refused")
"""
SECOND = (
    'b"\\r\\n\\r\\n\\0\\r\\nQUIT\\n" + struct.pack("!BBH4s4sHH", 0x21, 0x11, 12,'
    " bytes([6, 6, 6, 6]), bytes([203, 0, 113, 10]), 1, 443)"
)
FIRST = 'b"PROXY TCP4 6.6.6.6 203.0.113.10 1 443\\r\\n"'


@pytest.mark.parametrize("lie", [FIRST, SECOND])
@pytest.mark.parametrize("name", SITES)
def test_a_forged_header_is_refused_from_outside(made: World, name: str, lie: str) -> None:
    assert python(made, "internet", FORGED.format(lie=lie, address=GATEWAY, port=443, name=name)) == "refused"


@pytest.mark.parametrize("lie", [FIRST, SECOND])
def test_a_forged_header_is_refused_from_other_services(made: World, lie: str) -> None:
    """Where a header is expected nobody but the gateway's entry is let in, and elsewhere none is expected."""
    home = made.topology.services["web1-g0"].addresses.v4
    script = FORGED.format(lie=lie, address=home, port=443, name="cloud.example.org")
    assert python(made, "blog", script) == "refused"
    for place in ("blog", "photos", "vps"):
        assert made.run(place, f"curl -s --max-time 2 telnet://{home}:8443 </dev/null").code in (7, 28), place


def test_even_a_service_that_reaches_the_port_is_not_believed(made: World) -> None:
    """The rules are one witness; HAProxy itself is the other: it asks from the entry's own host, past all rules."""
    home = made.topology.services["web1-g0"].addresses.v4
    script = FORGED.format(lie=SECOND, address=home, port=8443, name="cloud.example.org")
    assert python(made, "home", script) == "refused"


STRANGER = """\
import socket
with socket.socket() as sock:
    sock.settimeout(2)
    sock.setsockopt(socket.SOL_IP, 15, 1)
    sock.bind(("6.6.6.6", 0))
    try:
        sock.connect(("{address}", {port}))
        print("connected")
    except OSError:
        print("dropped")
"""


def test_what_may_come_from_any_address_does_so_over_the_loopback_alone(made: World) -> None:
    """With IP_FREEBIND, by which HAProxy does it (T3)."""
    blog = made.topology.services["blog"].addresses.v4
    inside = "ip netns exec web0 python3 - <<'END'\n{}\nEND"
    assert made.said("vps", inside.format(STRANGER.format(address="127.0.0.1", port=443))) == "connected"
    assert made.said("vps", inside.format(STRANGER.format(address=blog, port=80))) == "dropped"
    assert made.said("vps", inside.format(STRANGER.format(address=blog, port=80).replace("6.6.6.6", "0.0.0.0"))) == (
        "connected"
    )


def test_services_ask_the_near_address(made: World) -> None:
    found = json.loads(made.said("blog", "curl -sS --max-time 5 https://cloud.example.org/"))
    assert found["client"] in {str(each) for each in made.topology.services["blog"].addresses}
    found = json.loads(made.said("photos", "curl -sS --max-time 5 https://www.example.org/"))
    assert found["client"] in {str(each) for each in made.topology.services["photos"].addresses}


def test_a_home_that_is_gone_is_closed_within_a_second_and_others_notice_nothing(made: World) -> None:
    faults.cut(made.lab, "home")
    try:
        begun = time.monotonic()
        assert code(made, "https://cloud.example.org/") == "000"
        assert time.monotonic() - begun < 2
        took = float(curl(made, "-o /dev/null -w '\\n%{time_total}' https://cloud.example.org/").rpartition("\n")[2])
        assert took < 1.1
        for name in ("www.example.org", "photos.example.org"):
            assert answer(made, f"{name}/")["service"] == SITES[name]
    finally:
        faults.heal(made.lab, "home")


LOAD = """\
end=$(($(date +%s) + 7)); bad=0; all=0
while [ "$(date +%s)" -lt $end ]; do
    for name in www cloud photos; do
        all=$((all+1))
        curl -sk -o /dev/null -f --max-time 4 --connect-to ::203.0.113.10: https://$name.example.org/ || bad=$((bad+1))
    done
done
echo $bad $all
"""
LONG = """\
import socket, ssl, time
plain = socket.create_connection(("203.0.113.10", 443), 3)
secret = ssl._create_unverified_context().wrap_socket(plain, server_hostname="photos.example.org")
for _ in range(14):
    secret.sendall(b"HEAD / HTTP/1.1\\r\\nHost: photos.example.org\\r\\n\\r\\n")
    assert b" 200 " in secret.recv(4096)
    time.sleep(0.5)
print("one connection")
"""


def test_a_name_is_added_without_one_failed_request_or_lost_connection(made: World) -> None:
    said: dict[str, str] = {}
    workers = [
        threading.Thread(target=lambda: said.update(load=made.said("internet", LOAD))),
        threading.Thread(target=lambda: said.update(long=python(made, "internet", LONG))),
    ]
    for worker in workers:
        worker.start()
    time.sleep(1)
    before = made.said("vps", "cat /run/lab/web0-names/pid")
    made.say(
        FILE.replace("https: cloud.example.org, to: web,", "https: [cloud.example.org, new.example.org], to: web,")
    )
    for worker in workers:
        worker.join()
    bad, requests = map(int, said["load"].split())
    assert bad == 0 and requests > 20
    assert said["long"] == "one connection"
    assert made.said("vps", "cat /run/lab/web0-names/pid") == before, "the master is the same"
    report = made.verify()
    assert report.holds, sentences(report)
    made.say(FILE)


def test_a_configuration_that_haproxy_refuses_changes_nothing(made: World) -> None:
    file = "/etc/warren/web0-names/haproxy.cfg"
    made.said("vps", f"cp {file} /run/kept; echo nonsense >> {file}")
    try:
        assert made.run("vps", f"haproxy -q -c -f {file}").code != 0
        assert answer(made, "photos.example.org/")["service"] == "photos"
    finally:
        made.said("vps", f"mv /run/kept {file}")


def test_what_is_passed_on_no_more_leaves_nothing_behind(made: World) -> None:
    alone = FILE.replace(", tls: home", "")
    made.say(alone)
    assert "passed" not in {port.name for one in made.topology.services.values() for port in one.ports}
    assert made.said("vps", "ip netns exec web0 ip rule").startswith("0:")
    assert made.run("vps", "ls /etc/warren/web0-names").code != 0
    report = made.verify()
    assert report.holds, sentences(report)
    made.say(FILE)
    assert answer(made, "photos.example.org/")["client"] in CLIENTS


def test_a_gateway_that_decrypts_nothing_has_nothing_to_decrypt_with(made: World) -> None:
    made.say(FILE.replace(", expose: [{https: www.example.org}]", ""))
    assert made.run("vps", "ls /etc/warren/web0").code != 0
    assert {str(one.protocol) for one in made.topology.exposures} == {"tcp"}
    report = made.verify()
    assert report.visits and report.holds, sentences(report)
    assert code(made, "-k https://www.example.org/") == "000"
    made.say(FILE)
